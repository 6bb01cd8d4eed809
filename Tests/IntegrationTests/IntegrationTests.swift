// SPDX-License-Identifier: Apache-2.0
// Reelwork: the tests with the real programs

import Testing

/// Goal: what the parts promise holds for the programs together.
///
/// Method: the real `reelwork`, `reelwork-exec` and, where the claim is not about real encoders,
/// the fake engine, as processes in a folder of their own, over Unix sockets.
///
/// One test at a time: they measure, and each needs the machine for itself.
@Suite(.serialized)
enum IntegrationTests {}
