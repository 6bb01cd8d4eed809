// SPDX-License-Identifier: Apache-2.0
// Reelwork: the client's first 16 bytes

package import ReelworkCore

/// The client's first 16 bytes.
package struct ClientPreface: Hashable, Sendable {
    /// The lowest protocol version that it speaks, from 1.
    package var versionLowest: UInt8
    /// The highest, not below the lowest.
    package var versionHighest: UInt8
    /// The message family; an unknown one is answered ``PrefaceStatus/denied``.
    package var role: OpenEnum<PeerRole>

    /// Makes a preface.
    package init(
        role: PeerRole,
        versionLowest: UInt8 = Preface.version,
        versionHighest: UInt8 = Preface.version
    ) {
        self.role = .known(role)
        self.versionLowest = versionLowest
        self.versionHighest = versionHighest
    }

    /// Reads a preface; nil where more bytes are needed.
    package init?(reading bytes: RawSpan) throws(FrameError) {
        guard let middle = try Preface.middle(of: bytes) else { return nil }
        guard middle.3 == 0 else {
            throw FrameError(silent: "byte 11 of the preface is not 0")
        }
        guard middle.0 > 0, middle.0 <= middle.1 else {
            throw FrameError(silent: "the preface offers versions \(middle.0) to \(middle.1)")
        }
        versionLowest = middle.0
        versionHighest = middle.1
        role = OpenEnum(rawValue: middle.2)
    }

    /// The 16 bytes.
    package var encoded: [UInt8] {
        Preface.encode([versionLowest, versionHighest, role.rawValue, 0])
    }

    /// Whether it offers this program's version.
    package var hasVersion: Bool {
        (versionLowest...max(versionLowest, versionHighest)).contains(Preface.version)
    }
}
