// SPDX-License-Identifier: Apache-2.0
// Reelwork: CRC-32C (Castagnoli), by the processor where it can and by tables elsewhere.
#ifndef REELWORK_CCHECKSUM_H
#define REELWORK_CCHECKSUM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/// Continues a CRC-32C over `count` more bytes.
///
/// Polynomial 1EDC6F41 reflected (82F63B78), initial value and final XOR all ones, as in RFC 3720
/// appendix B.4; "123456789" gives E3069283. Start with `crc` 0 and give each answer to the next
/// call: the sum of a whole is the sum of its pieces in order. `bytes` may be null if `count` is 0.
uint32_t reelwork_crc32c(uint32_t crc, const void *_Nullable bytes, size_t count);

/// Answers whether this processor has the instruction (SSE 4.2).
bool reelwork_crc32c_hardware_available(void);

/// The same sum by eight tables of 256 entries, on any processor.
uint32_t reelwork_crc32c_portable(uint32_t crc, const void *_Nullable bytes, size_t count);

/// The same sum by the processor's instruction; by tables where it has none.
uint32_t reelwork_crc32c_hardware(uint32_t crc, const void *_Nullable bytes, size_t count);

#ifdef __cplusplus
}
#endif

#endif
