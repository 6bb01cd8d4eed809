// SPDX-License-Identifier: Apache-2.0
// Reelwork: bytes without TLS where TLS is spoken.

/// What came first on a socket that speaks TLS was no TLS.
struct PlainBytesError: Error {}
