// SPDX-License-Identifier: Apache-2.0
// Reelwork: the compression codecs

/// The compression codecs.
package enum WireCodec: UInt8, CaseIterable, Hashable, Sendable {
    /// Nothing is compressed.
    case none = 0
    /// One zlib stream (RFC 1950) a frame.
    case zlib = 1

    /// The name in the specification.
    package var name: String {
        switch self {
        case .none: "none"
        case .zlib: "zlib"
        }
    }
}
