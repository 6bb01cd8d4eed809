// SPDX-License-Identifier: Apache-2.0
// Reelwork: what a stream carries

/// What a stream carries.
public enum MediaKind: Hashable, Sendable {
    /// Moving pictures.
    case video
    /// Sound.
    case audio
    /// Anything else: subtitles, data, a cover picture.
    case other
}
