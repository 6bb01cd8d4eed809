// SPDX-License-Identifier: Apache-2.0
// Reelwork: times for people and JSON

extension Timestamp {
    /// The time as RFC 3339 in UTC with milliseconds: `2026-01-02T12:34:56.789Z`.
    ///
    /// Days are turned into dates by Howard Hinnant's algorithm (civil_from_days, 2013).
    public var text: String {
        let dayLength: Int64 = 86_400_000
        let day = (milliseconds >= 0 ? milliseconds : milliseconds - (dayLength - 1)) / dayLength
        let rest = milliseconds - day * dayLength
        let shifted = day + 719_468
        let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
        let dayOfEra = shifted - era * 146_097
        let yearOfEra =
            (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let monthShifted = (5 * dayOfYear + 2) / 153
        let month = monthShifted < 10 ? monthShifted + 3 : monthShifted - 9
        let year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
        let date = [
            Timestamp.padded(year, 4), Timestamp.padded(month, 2),
            Timestamp.padded(dayOfYear - (153 * monthShifted + 2) / 5 + 1, 2),
        ].joined(separator: "-")
        let time = [
            Timestamp.padded(rest / 3_600_000, 2), Timestamp.padded(rest / 60_000 % 60, 2),
            Timestamp.padded(rest / 1000 % 60, 2),
        ].joined(separator: ":")
        return "\(date)T\(time).\(Timestamp.padded(rest % 1000, 3))Z"
    }

    private static func padded(_ value: Int64, _ width: Int) -> String {
        let digits = String(value)
        return String(repeating: "0", count: max(0, width - digits.count)) + digits
    }
}
