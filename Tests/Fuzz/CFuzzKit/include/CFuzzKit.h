// SPDX-License-Identifier: Apache-2.0
// Reelwork: how much memory a piece of work asked for.
#ifndef REELWORK_CFUZZKIT_H
#define REELWORK_CFUZZKIT_H

#include <stdint.h>

/// Begins to count what is allocated and freed; one thread at a time.
///
/// It counts by the hooks of AddressSanitizer; without that nothing is counted.
void reelwork_fuzz_memory_start(void);

/// Ends counting; answers the most bytes that were held at once beyond those at the start.
int64_t reelwork_fuzz_memory_stop(void);

/// Whether this program can count: 1 or 0.
int reelwork_fuzz_memory_counts(void);

#endif
