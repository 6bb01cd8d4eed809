// SPDX-License-Identifier: Apache-2.0
// Reelwork: a body that says nothing

internal import ReelworkCore
package import ReelworkWire

/// A body that says nothing: sessions look at headers alone.
package struct FuzzFiller: WireMessage {
    /// How many bytes it has.
    package var count: Int
    /// What its bytes are made of; 0 shrinks best.
    package var seed: UInt8

    /// Makes a body.
    package init(count: Int, seed: UInt8) {
        self.count = count
        self.seed = seed
    }

    /// The name in errors.
    package static let wireName: StaticString = "filler"

    /// Nobody reads it.
    package static func decode(from reader: inout WireReader) throws(WireError) -> FuzzFiller {
        FuzzFiller(count: reader.bytesLeft, seed: 0)
    }

    /// Writes it.
    package func encode(into writer: inout WireWriter) {
        writer.fixedBytes((0..<count).map { UInt8(truncatingIfNeeded: $0 / 7 * Int(seed)) })
    }
}
