// SPDX-License-Identifier: Apache-2.0
// Reelwork: counts what a program asks of the heap, thread by thread, for measurements.
#define _GNU_SOURCE
#include "allocation_count.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

// glibc exports its allocator under these names too, for those who put theirs before it.
extern void *__libc_malloc(size_t bytes);
extern void *__libc_calloc(size_t count, size_t bytes);
extern void *__libc_realloc(void *memory, size_t bytes);
extern void *__libc_memalign(size_t alignment, size_t bytes);

/// Null until the file is there: what the linker asks for before that is not counted.
static struct allocation_count *places;
static uint32_t places_taken;
/// Where threads without a place count.
static struct allocation_count nowhere;
static __thread struct allocation_count *place __attribute__((tls_model("initial-exec")));

__attribute__((constructor)) static void begin(void) {
    const char *path = getenv(ALLOCATION_COUNT_FILE);
    if (path == NULL) {
        return;
    }
    int file = open(path, O_RDWR | O_CLOEXEC);
    if (file < 0) {
        return;
    }
    void *memory =
        mmap(NULL, ALLOCATION_COUNT_BYTES, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
    (void)close(file);
    if (memory != MAP_FAILED) {
        __atomic_store_n(&places, memory, __ATOMIC_RELEASE);
    }
}

static void count(void) {
    if (place == NULL) {
        struct allocation_count *all = __atomic_load_n(&places, __ATOMIC_ACQUIRE);
        if (all == NULL) {
            return;
        }
        uint32_t index = __atomic_fetch_add(&places_taken, 1, __ATOMIC_RELAXED);
        if (index < ALLOCATION_COUNT_THREADS) {
            place = &all[index];
            __atomic_store_n(&place->thread, (uint64_t)gettid(), __ATOMIC_RELAXED);
        } else {
            place = &nowhere;
        }
    }
    // Only its thread writes to a place, so nothing is lost between the two.
    uint64_t calls = __atomic_load_n(&place->calls, __ATOMIC_RELAXED);
    __atomic_store_n(&place->calls, calls + 1, __ATOMIC_RELAXED);
}

void *malloc(size_t bytes) {
    count();
    return __libc_malloc(bytes);
}

void *calloc(size_t number, size_t bytes) {
    count();
    return __libc_calloc(number, bytes);
}

void *realloc(void *memory, size_t bytes) {
    count();
    return __libc_realloc(memory, bytes);
}

void *memalign(size_t alignment, size_t bytes) {
    count();
    return __libc_memalign(alignment, bytes);
}

void *aligned_alloc(size_t alignment, size_t bytes) {
    count();
    return __libc_memalign(alignment, bytes);
}

int posix_memalign(void **memory, size_t alignment, size_t bytes) {
    if (alignment % sizeof(void *) != 0 || alignment == 0 || (alignment & (alignment - 1)) != 0) {
        return EINVAL;
    }
    count();
    // Unlike its kin it leaves errno alone.
    int before = errno;
    void *made = __libc_memalign(alignment, bytes);
    errno = before;
    if (made == NULL) {
        return ENOMEM;
    }
    *memory = made;
    return 0;
}
