// SPDX-License-Identifier: Apache-2.0
// Reelwork: a size in pixels

/// A size in pixels.
public struct Resolution: Hashable, Sendable, CustomStringConvertible {
    /// Pixels across.
    public var width: UInt32
    /// Pixels down.
    public var height: UInt32

    /// Makes a size.
    public init(width: UInt32, height: UInt32) {
        self.width = width
        self.height = height
    }

    /// The smallest and largest side that may be asked for: below 16 encoders refuse, and above
    /// 8,192 no codec's common level reaches.
    public static let sides: ClosedRange<UInt32> = 16...8_192

    /// Whether both sides are even, as 4:2:0 pictures need.
    public var isEven: Bool { width.isMultiple(of: 2) && height.isMultiple(of: 2) }

    /// The size as `1280x720`.
    public var description: String { "\(width)x\(height)" }

    /// Reads `1280x720`: even sides within ``sides``; nil for anything else.
    public init?(parameter text: String) {
        let parts = text.utf8.prefix(32).split(
            separator: UInt8(ascii: "x"),
            omittingEmptySubsequences: false
        )
        guard text.utf8.count <= 32, parts.count == 2,
            let width = WholeNumber.parse(parts[0]), let height = WholeNumber.parse(parts[1]),
            let across = UInt32(exactly: width), let down = UInt32(exactly: height),
            Self.sides.contains(across), Self.sides.contains(down)
        else { return nil }
        self.init(width: across, height: down)
        guard isEven else { return nil }
    }
}
