// SPDX-License-Identifier: Apache-2.0
// Reelwork: what becomes of the moving picture

/// What becomes of the moving picture.
public enum VideoTarget: Hashable, Sendable {
    /// It is encoded.
    case encode(VideoEncoder)
    /// It is copied as it is.
    case copy
}
