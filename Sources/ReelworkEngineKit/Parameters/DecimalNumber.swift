// SPDX-License-Identifier: Apache-2.0
// Reelwork: strict decimal numbers

/// Strict decimal numbers without sign or exponent, held as whole units.
public enum DecimalNumber {
    /// Reads `12` or `12.5` in units of 10 to the power of minus `fractionDigits`.
    ///
    /// - Parameters:
    ///   - bytes: at least one digit before a dot, and one to `fractionDigits` after it.
    ///   - fractionDigits: 0 to 9.
    ///   - isCutting: whether more digits after the dot are allowed and left off.
    /// - Returns: the units; nil for anything else and where the value does not fit.
    public static func parse(
        _ bytes: some Collection<UInt8>,
        fractionDigits: Int,
        isCutting: Bool = false
    ) -> UInt64? {
        guard bytes.count <= 40, (0...9).contains(fractionDigits) else { return nil }
        let parts = bytes.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        guard let first = parts.first, parts.count <= 2, var value = WholeNumber.parse(first)
        else { return nil }
        let fraction = parts.count == 2 ? Array(parts[1]) : []
        guard parts.count == 1 || !fraction.isEmpty else { return nil }
        guard isCutting || fraction.count <= fractionDigits else { return nil }
        guard fraction.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) })
        else { return nil }
        for index in 0..<fractionDigits {
            let digit = index < fraction.count ? UInt64(fraction[index] - UInt8(ascii: "0")) : 0
            let (product, isTooLarge) = value.multipliedReportingOverflow(by: 10)
            let (sum, isOver) = product.addingReportingOverflow(digit)
            guard !isTooLarge, !isOver else { return nil }
            value = sum
        }
        return value
    }

    /// Reads a duration that a program printed in seconds, such as `5.312000`.
    ///
    /// - Returns: the duration, to the microsecond; nil for `N/A` and anything else.
    public static func seconds(_ bytes: some Collection<UInt8>) -> Duration? {
        guard let micros = parse(bytes, fractionDigits: 6, isCutting: true),
            let signed = Int64(exactly: micros)
        else { return nil }
        return .microseconds(signed)
    }

    /// Reads `H:MM:SS` with or without a fraction, as GStreamer prints times.
    ///
    /// - Returns: the time, to the nanosecond; nil for anything else and from 1,000,000 hours on.
    public static func clock(_ bytes: some Collection<UInt8>) -> Duration? {
        guard bytes.count <= 40 else { return nil }
        let parts = bytes.split(separator: UInt8(ascii: ":"), omittingEmptySubsequences: false)
        guard parts.count == 3, let hours = WholeNumber.parse(parts[0]), hours < 1_000_000,
            let minutes = WholeNumber.parse(parts[1]), minutes < 60,
            let nanos = parse(parts[2], fractionDigits: 9, isCutting: true),
            nanos < 60_000_000_000
        else { return nil }
        return .seconds(Int64(hours * 3_600 + minutes * 60)) + .nanoseconds(Int64(nanos))
    }
}
