// SPDX-License-Identifier: Apache-2.0
// Reelwork: durations for people

extension Duration {
    /// The duration as people say it: `350ms`, `1.5s`, `2m30s`, `3h05m`.
    public var words: String {
        let milliseconds = wholeMilliseconds
        guard milliseconds >= 0 else {
            // The least duration has no opposite, so the held milliseconds are turned round.
            return "-" + Duration.milliseconds(-max(milliseconds, -.max)).words
        }
        guard milliseconds >= 1000 else { return "\(milliseconds)ms" }
        let seconds = milliseconds / 1000
        guard seconds >= 60 else {
            let tenths = milliseconds % 1000 / 100
            return tenths == 0 ? "\(seconds)s" : "\(seconds).\(tenths)s"
        }
        let minutes = seconds / 60
        guard minutes >= 60 else {
            let rest = seconds % 60
            return rest == 0 ? "\(minutes)m" : "\(minutes)m\(Duration.twoDigits(rest))s"
        }
        return "\(minutes / 60)h\(Duration.twoDigits(minutes % 60))m"
    }

    private static func twoDigits(_ value: Int64) -> String {
        value < 10 ? "0\(value)" : "\(value)"
    }
}
