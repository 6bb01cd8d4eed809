// SPDX-License-Identifier: Apache-2.0
// Reelwork: the server's first 16 bytes

package import ReelworkCore

/// The server's first 16 bytes.
package struct ServerPreface: Hashable, Sendable {
    /// The version chosen; 0 = none in common.
    package var version: UInt8
    /// Whether to go on; with anything but ok both sides close.
    package var status: OpenEnum<PrefaceStatus>
    /// Not before this; on the wire in units of 100 ms, rounded up, at most 6,553.5 s.
    package var retryAfter: Duration

    /// Makes a preface.
    package init(
        status: PrefaceStatus = .ok,
        version: UInt8? = nil,
        retryAfter: Duration = .zero
    ) {
        self.status = .known(status)
        self.version = version ?? (status == .noVersion ? 0 : Preface.version)
        self.retryAfter = retryAfter
    }

    /// Reads a preface; nil where more bytes are needed.
    ///
    /// Only 16 bytes are looked at: a server that ends at once says why right behind them.
    package init?(reading bytes: RawSpan) throws(FrameError) {
        let bytes = bytes.extracting(first: Preface.byteCount)
        guard let middle = try Preface.middle(of: bytes) else { return nil }
        version = middle.0
        status = OpenEnum(rawValue: middle.1)
        retryAfter = .milliseconds(Int64(UInt16(middle.3) << 8 | UInt16(middle.2)) * 100)
    }

    /// Reads the answer to `offer`: a version that was not offered, or a wait beside ok, is
    /// refused.
    package init?(reading bytes: RawSpan, answering offer: ClientPreface) throws(FrameError) {
        try self.init(reading: bytes)
        guard status == .known(.ok) else { return }
        guard version >= offer.versionLowest, version <= offer.versionHighest else {
            throw FrameError(silent: "the server chose version \(version), which was not offered")
        }
        guard retryAfter == .zero else {
            throw FrameError(silent: "the server said ok and to come back later")
        }
    }

    /// The 16 bytes.
    package var encoded: [UInt8] {
        let tenths = UInt16(
            clamping: (retryAfter.wholeMilliseconds.clampedTo(max: 6_553_500) + 99) / 100
        )
        return Preface.encode([
            version, status.rawValue, UInt8(truncatingIfNeeded: tenths), UInt8(tenths >> 8),
        ])
    }
}

extension Int64 {
    fileprivate func clampedTo(max: Int64) -> Int64 { Swift.min(Swift.max(self, 0), max) }
}
