// SPDX-License-Identifier: Apache-2.0
// Reelwork: stops a worker between its grant and its rename, for tests.
#ifndef REELWORK_PUBLISH_PAUSE_H
#define REELWORK_PUBLISH_PAUSE_H

/// The variable that names the mark: the first process that comes to the rename of a part makes
/// that file and stops itself (SIGSTOP). Without the variable nothing is different.
///
/// The library is loaded before the C library (LD_PRELOAD, ld.so(8)) into a worker as it is, which
/// holds no code for tests.
#define PUBLISH_PAUSE_MARK "REELWORK_TEST_PAUSE_MARK"

#endif
