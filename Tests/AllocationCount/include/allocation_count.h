// SPDX-License-Identifier: Apache-2.0
// Reelwork: counts what a program asks of the heap, thread by thread, for measurements.
#ifndef REELWORK_ALLOCATION_COUNT_H
#define REELWORK_ALLOCATION_COUNT_H

#include <stdint.h>

/// The variable that names a file of ALLOCATION_COUNT_BYTES, which the counts are written to while
/// they rise. Without the variable nothing is counted.
///
/// The library is loaded before the C library (LD_PRELOAD, ld.so(8)) into a program as it is. It
/// counts calls of malloc, calloc, realloc, aligned_alloc, memalign and posix_memalign.
#define ALLOCATION_COUNT_FILE "REELWORK_ALLOCATION_COUNT"

/// Threads that are told apart; what later ones ask for is counted by none.
#define ALLOCATION_COUNT_THREADS 256

/// What one thread asked for; the file is an array of these, in the machine's byte order.
struct allocation_count {
    /// gettid(2); 0 where the place is free.
    uint64_t thread;
    uint64_t calls;
    /// A place fills a line of the cache: threads do not slow each other down.
    uint64_t unused[6];
};

#define ALLOCATION_COUNT_BYTES (ALLOCATION_COUNT_THREADS * sizeof(struct allocation_count))

#endif
