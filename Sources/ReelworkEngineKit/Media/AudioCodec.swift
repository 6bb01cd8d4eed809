// SPDX-License-Identifier: Apache-2.0
// Reelwork: the audio codecs that a job may ask for

/// The audio codecs that a job may ask for.
public enum AudioCodec: String, CaseIterable, Hashable, Sendable {
    /// AAC.
    case aac
    /// Opus.
    case opus
}
