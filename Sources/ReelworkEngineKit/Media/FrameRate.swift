// SPDX-License-Identifier: Apache-2.0
// Reelwork: frames a second as a fraction

/// Frames a second as a fraction in lowest terms.
public struct FrameRate: Hashable, Sendable, CustomStringConvertible {
    /// Frames.
    public let numerator: UInt32
    /// In so many seconds; never 0.
    public let denominator: UInt32

    /// The highest rate that may be asked for.
    public static let rateMax: UInt32 = 1_000

    /// Makes a rate; nil where either part is 0 or above 1,000,000,000, or a frame lasts over an
    /// hour.
    public init?(_ numerator: UInt64, _ denominator: UInt64 = 1) {
        guard numerator > 0, denominator > 0, numerator <= 1_000_000_000,
            denominator <= 1_000_000_000, denominator <= numerator * 3_600
        else { return nil }
        var (larger, divisor) = (numerator, denominator)
        while divisor > 0 { (larger, divisor) = (divisor, larger % divisor) }
        guard let up = UInt32(exactly: numerator / larger),
            let down = UInt32(exactly: denominator / larger)
        else { return nil }
        self.numerator = up
        self.denominator = down
    }

    /// Frames a second.
    public var perSecond: Double { Double(numerator) / Double(denominator) }

    /// The rate as `30000/1001`.
    public var description: String { "\(numerator)/\(denominator)" }

    /// Reads a program's `25/1` or `25`; nil for `0/0` and anything else.
    public init?(fraction text: some StringProtocol) {
        let parts = text.utf8.prefix(32).split(
            separator: UInt8(ascii: "/"),
            omittingEmptySubsequences: false
        )
        guard let first = parts.first, parts.count <= 2, let up = WholeNumber.parse(first)
        else { return nil }
        guard parts.count == 2 else {
            self.init(up)
            return
        }
        guard let down = WholeNumber.parse(parts[1]) else { return nil }
        self.init(up, down)
    }

    /// Reads `25`, `23.976` or `30000/1001`, above 0 and at most ``rateMax``; nil for anything
    /// else.
    public init?(parameter text: String) {
        guard text.utf8.count <= 32 else { return nil }
        if let whole = FrameRate(fraction: text) {
            self = whole
        } else if let thousandths = DecimalNumber.parse(text.utf8, fractionDigits: 3) {
            guard let rate = FrameRate(thousandths, 1_000) else { return nil }
            self = rate
        } else {
            return nil
        }
        guard perSecond <= Double(Self.rateMax), denominator <= 1_000_000 else { return nil }
    }
}
