// SPDX-License-Identifier: Apache-2.0
// Reelwork: how much memory a piece of work asked for.
#include "CFuzzKit.h"

#include <stddef.h>

// Declared in sanitizer/allocator_interface.h; absent where AddressSanitizer is not linked.
int __sanitizer_install_malloc_and_free_hooks(
    void (*on_malloc)(const volatile void *, size_t), void (*on_free)(const volatile void *))
    __attribute__((weak));
size_t __sanitizer_get_allocated_size(const volatile void *address) __attribute__((weak));

static int is_installed;
static int is_counting;
static int64_t held;
static int64_t most;

static void on_malloc(const volatile void *address, size_t count) {
    (void)address;
    if (!is_counting) {
        return;
    }
    held += (int64_t)count;
    if (held > most) {
        most = held;
    }
}

static void on_free(const volatile void *address) {
    if (is_counting && address != NULL) {
        held -= (int64_t)__sanitizer_get_allocated_size(address);
    }
}

int reelwork_fuzz_memory_counts(void) {
    if (!is_installed && __sanitizer_install_malloc_and_free_hooks != NULL &&
        __sanitizer_get_allocated_size != NULL) {
        is_installed = __sanitizer_install_malloc_and_free_hooks(on_malloc, on_free) != 0;
    }
    return is_installed;
}

void reelwork_fuzz_memory_start(void) {
    held = 0;
    most = 0;
    is_counting = reelwork_fuzz_memory_counts();
}

int64_t reelwork_fuzz_memory_stop(void) {
    is_counting = 0;
    return most;
}
