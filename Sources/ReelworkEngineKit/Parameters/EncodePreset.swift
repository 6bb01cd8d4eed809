// SPDX-License-Identifier: Apache-2.0
// Reelwork: speed against size

/// How much time an encoder may take for a smaller file, by the names of x264.
public enum EncodePreset: String, CaseIterable, Hashable, Sendable {
    /// The fastest.
    case ultrafast
    /// Very fast.
    case superfast
    /// Faster than most need.
    case veryfast
    /// Fast.
    case faster
    /// A little fast.
    case fast
    /// The usual balance.
    case medium
    /// A little slow.
    case slow
    /// Slow.
    case slower
    /// The slowest that is worth it.
    case veryslow

    /// Its place from 0, the fastest, to 8, the slowest.
    public var slowness: Int { Self.allCases.firstIndex(of: self) ?? 5 }
}
