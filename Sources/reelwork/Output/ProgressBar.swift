// SPDX-License-Identifier: Apache-2.0
// Reelwork: a bar that fills

/// A bar that fills by eighths of a column.
enum ProgressBar {
    private static let eighths = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"]

    /// The bar for a share of 0 to 1,000.
    static func text(permille: UInt32, columns: Int) -> String {
        let parts = Int(min(permille, 1_000)) * columns * 8 / 1_000
        let full = parts / 8
        var bar = String(repeating: "█", count: full)
        if full < columns {
            let part = eighths[parts % 8]
            bar += part
            bar += String(repeating: "░", count: columns - full - part.count)
        }
        return bar
    }

    /// A duration as a clock shows it: `0:03`, `12:40`, `1:02:03`.
    static func clock(_ duration: Duration) -> String {
        let seconds = max(0, duration.components.seconds)
        let tail = padded(seconds % 60)
        guard seconds >= 3_600 else { return "\(seconds / 60):\(tail)" }
        return "\(seconds / 3_600):\(padded(seconds / 60 % 60)):\(tail)"
    }

    private static func padded(_ value: Int64) -> String { value < 10 ? "0\(value)" : "\(value)" }
}
