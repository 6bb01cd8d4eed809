// SPDX-License-Identifier: Apache-2.0
// Reelwork: times as the predecessor wrote them

package import ReelworkCore

/// A time as the predecessor wrote it.
///
/// Its SQLite driver wrote `2006-01-02 15:04:05.999999999-07:00`, its JSON RFC 3339; SQL's
/// CURRENT_TIMESTAMP has no zone and is UTC. A plain number counts from 1970 in seconds,
/// milliseconds, microseconds or nanoseconds, by its size.
package enum PredecessorTime: Hashable, Sendable {
    /// Not set: NULL, empty, or the year 1, which is Go's zero time.
    case none
    /// A time.
    case known(Timestamp)
    /// Something else, or a time before 1970.
    case unreadable

    /// Reads a time.
    package init(_ text: String?) {
        let bytes = Array((text ?? "").utf8.drop { $0 == 0x20 })
        guard !bytes.isEmpty else {
            self = .none
            return
        }
        if let number = Double(String(decoding: bytes, as: UTF8.self)) {
            self = PredecessorTime.counted(number)
            return
        }
        var scanner = Scanner(bytes: bytes[...])
        guard let (year, milliseconds) = scanner.time() else {
            self = .unreadable
            return
        }
        if year <= 1 {
            self = .none
        } else {
            self =
                milliseconds < 0
                ? .unreadable : .known(Timestamp(milliseconds: milliseconds))
        }
    }

    /// The time; nil where there is none to read.
    package var timestamp: Timestamp? {
        guard case .known(let time) = self else { return nil }
        return time
    }

    private static func counted(_ number: Double) -> PredecessorTime {
        guard number.isFinite, number >= 0, number < 1e19 else { return .unreadable }
        if number == 0 { return .none }
        let milliseconds =
            switch number {
            case ..<1e11: number * 1e3
            case ..<1e14: number
            case ..<1e17: number / 1e3
            default: number / 1e6
            }
        return .known(Timestamp(milliseconds: Int64(milliseconds)))
    }

    /// Reads digits and signs from the front.
    private struct Scanner {
        var bytes: ArraySlice<UInt8>

        /// The year, and milliseconds since 1970; nil where it is no time to its end.
        mutating func time() -> (year: Int64, milliseconds: Int64)? {
            guard let year = digits(4), take("-"), let month = digits(2), take("-"),
                let day = digits(2), (1...12).contains(month),
                day >= 1, day <= Scanner.dayMax(year, month)
            else { return nil }
            var total = Scanner.days(year, month, day) * 86_400_000
            if !bytes.isEmpty {
                guard take("T") || take("t") || take(" "), let clock = clock(), let zone = zone()
                else { return nil }
                total += clock - zone
            }
            return (year, total)
        }

        private mutating func clock() -> Int64? {
            guard let hour = digits(2), hour < 24, take(":"), let minute = digits(2), minute < 60
            else { return nil }
            var milliseconds = (hour * 60 + minute) * 60_000
            guard take(":") else { return milliseconds }
            guard let second = digits(2), second <= 60 else { return nil }
            milliseconds += min(second, 59) * 1_000
            guard take(".") else { return milliseconds }
            var unit: Int64 = 100
            var count = 0
            while let digit = bytes.first, (48...57).contains(digit) {
                milliseconds += Int64(digit - 48) * unit
                unit /= 10
                count += 1
                bytes = bytes.dropFirst()
            }
            return count > 0 ? milliseconds : nil
        }

        /// The zone's offset; UTC where none stands there.
        private mutating func zone() -> Int64? {
            if bytes.isEmpty || (take("Z") || take("z")) && bytes.isEmpty { return 0 }
            _ = take(" ")
            let isWest = bytes.first == UInt8(ascii: "-")
            guard take("+") || take("-"), let hour = digits(2), hour < 24 else { return nil }
            _ = take(":")
            let minute = digits(2) ?? 0
            // Go's own form goes on with the zone's name and a monotonic clock.
            guard bytes.isEmpty || bytes.first == UInt8(ascii: " "), minute < 60 else { return nil }
            return (isWest ? -1 : 1) * (hour * 60 + minute) * 60_000
        }

        private mutating func take(_ character: Unicode.Scalar) -> Bool {
            guard let first = bytes.first, UInt32(first) == character.value else { return false }
            bytes = bytes.dropFirst()
            return true
        }

        private mutating func digits(_ count: Int) -> Int64? {
            guard bytes.count >= count else { return nil }
            var value: Int64 = 0
            for byte in bytes.prefix(count) {
                guard (48...57).contains(byte) else { return nil }
                value = value * 10 + Int64(byte - 48)
            }
            bytes = bytes.dropFirst(count)
            return value
        }

        private static func dayMax(_ year: Int64, _ month: Int64) -> Int64 {
            switch month {
            case 4, 6, 9, 11: 30
            case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
            default: 31
            }
        }

        /// Days since 1970 by Howard Hinnant's algorithm (days_from_civil, 2013).
        private static func days(_ year: Int64, _ month: Int64, _ day: Int64) -> Int64 {
            let shifted = month <= 2 ? year - 1 : year
            let era = shifted / 400
            let yearOfEra = shifted - era * 400
            let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
            let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
            return era * 146_097 + dayOfEra - 719_468
        }
    }
}
