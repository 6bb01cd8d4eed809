// SPDX-License-Identifier: Apache-2.0
// Reelwork: where fuzzers begin.
#include "CFuzzKit.h"

#include <stddef.h>

// libFuzzer's (llvm.org/docs/LibFuzzer.html, "Using libFuzzer as a library").
int LLVMFuzzerRunDriver(int *count, char ***words, int (*test)(const uint8_t *data, size_t size));
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

// SwiftPM gives the function that a program begins with a name made of the program's.
#define BEGINNING(name) \
    int name##_main(int count, char **words) { \
        return LLVMFuzzerRunDriver(&count, &words, LLVMFuzzerTestOneInput); \
    }

BEGINNING(fuzz_frame)
BEGINNING(fuzz_message)
BEGINNING(fuzz_inflate)
BEGINNING(fuzz_handshake)
BEGINNING(fuzz_session)
