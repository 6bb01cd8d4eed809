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

    /// How many frames begin before a time has passed, the first at once: the rule of cuts.
    ///
    /// A film that is cut to `duration` has exactly these where its frames are even and it is long
    /// enough: time × rate, rounded up. 1.01 s at 10 a second are 11 frames, since the eleventh
    /// begins at 1.00 s.
    ///
    /// - Parameter time: counted in whole microseconds; nothing where it is not above zero.
    /// - Returns: the number; `UInt64.max` where it is larger.
    public func framesBegun(within time: Duration) -> UInt64 {
        let parts = time.components
        guard parts.seconds >= 0, parts.attoseconds >= 0 else { return 0 }
        let (whole, isOver) = UInt64(parts.seconds).multipliedReportingOverflow(by: 1_000_000)
        let (micros, isMore) = whole.addingReportingOverflow(
            UInt64(parts.attoseconds / 1_000_000_000_000)
        )
        guard !isOver, !isMore else { return .max }
        let product = micros.multipliedFullWidth(by: UInt64(numerator))
        let divisor = UInt64(denominator) * 1_000_000
        guard product.high < divisor else { return .max }
        let (count, rest) = divisor.dividingFullWidth(product)
        return rest > 0 && count < .max ? count + 1 : count
    }

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
