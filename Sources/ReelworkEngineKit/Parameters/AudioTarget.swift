// SPDX-License-Identifier: Apache-2.0
// Reelwork: what becomes of the sound

/// What becomes of the sound.
public enum AudioTarget: Hashable, Sendable {
    /// It is encoded, where the input has any.
    case encode(AudioEncoder)
    /// It is copied as it is, where the input has any.
    case copy
    /// It is left out.
    case none
}
