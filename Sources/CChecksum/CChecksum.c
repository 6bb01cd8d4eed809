// SPDX-License-Identifier: Apache-2.0
// Reelwork: CRC-32C (Castagnoli), by the processor where it can and by tables elsewhere.
#include "CChecksum.h"

#include <string.h>

#if defined(__x86_64__)
#include <nmmintrin.h>
#endif

// MARK: Tables

// A CRC is linear: the entry of a byte is the XOR of the entries of its bits. So eight constants
// make a table of 256 entries, and the compiler does the rest. Table k holds the sum of a byte that
// is followed by k zero bytes; constant b of a row is that of the byte with only bit b set.
#define ENTRY(n, a, b, c, d, e, f, g, h) \
    (((n)&1 ? a : 0) ^ ((n)&2 ? b : 0) ^ ((n)&4 ? c : 0) ^ ((n)&8 ? d : 0) ^ \
     ((n)&16 ? e : 0) ^ ((n)&32 ? f : 0) ^ ((n)&64 ? g : 0) ^ ((n)&128 ? h : 0))
#define FOUR(n, ...) \
    ENTRY(n, __VA_ARGS__), ENTRY(n + 1, __VA_ARGS__), ENTRY(n + 2, __VA_ARGS__), \
        ENTRY(n + 3, __VA_ARGS__)
#define SIXTEEN(n, ...) \
    FOUR(n, __VA_ARGS__), FOUR(n + 4, __VA_ARGS__), FOUR(n + 8, __VA_ARGS__), \
        FOUR(n + 12, __VA_ARGS__)
#define SIXTY_FOUR(n, ...) \
    SIXTEEN(n, __VA_ARGS__), SIXTEEN(n + 16, __VA_ARGS__), SIXTEEN(n + 32, __VA_ARGS__), \
        SIXTEEN(n + 48, __VA_ARGS__)
#define TABLE(...) \
    { \
        SIXTY_FOUR(0, __VA_ARGS__), SIXTY_FOUR(64, __VA_ARGS__), SIXTY_FOUR(128, __VA_ARGS__), \
            SIXTY_FOUR(192, __VA_ARGS__) \
    }

static const uint32_t tables[8][256] = {
    TABLE(
        0xf26b8303u, 0xe13b70f7u, 0xc79a971fu, 0x8ad958cfu,
        0x105ec76fu, 0x20bd8edeu, 0x417b1dbcu, 0x82f63b78u),
    TABLE(
        0x13a29877u, 0x274530eeu, 0x4e8a61dcu, 0x9d14c3b8u,
        0x3fc5f181u, 0x7f8be302u, 0xff17c604u, 0xfbc3faf9u),
    TABLE(
        0xa541927eu, 0x4f6f520du, 0x9edea41au, 0x38513ec5u,
        0x70a27d8au, 0xe144fb14u, 0xc76580d9u, 0x8b277743u),
    TABLE(
        0xdd45aab8u, 0xbf672381u, 0x7b2231f3u, 0xf64463e6u,
        0xe964b13du, 0xd725148bu, 0xaba65fe7u, 0x52a0c93fu),
    TABLE(
        0x38116facu, 0x7022df58u, 0xe045beb0u, 0xc5670b91u,
        0x8f2261d3u, 0x1ba8b557u, 0x37516aaeu, 0x6ea2d55cu),
    TABLE(
        0xef306b19u, 0xdb8ca0c3u, 0xb2f53777u, 0x6006181fu,
        0xc00c303eu, 0x85f4168du, 0x0e045bebu, 0x1c08b7d6u),
    TABLE(
        0x68032cc8u, 0xd0065990u, 0xa5e0c5d1u, 0x4e2dfd53u,
        0x9c5bfaa6u, 0x3d5b83bdu, 0x7ab7077au, 0xf56e0ef4u),
    TABLE(
        0x493c7d27u, 0x9278fa4eu, 0x211d826du, 0x423b04dau,
        0x847609b4u, 0x0d006599u, 0x1a00cb32u, 0x34019664u),
};

/// Reads four bytes, lowest first, whatever the processor's order and alignment.
static uint32_t four_bytes(const uint8_t *bytes) {
    return (uint32_t)bytes[0] | (uint32_t)bytes[1] << 8 | (uint32_t)bytes[2] << 16 |
        (uint32_t)bytes[3] << 24;
}

uint32_t reelwork_crc32c_portable(uint32_t crc, const void *bytes, size_t count) {
    const uint8_t *next = bytes;
    crc = ~crc;
    for (; count >= 8; count -= 8, next += 8) {
        uint32_t low = four_bytes(next) ^ crc;
        uint32_t high = four_bytes(next + 4);
        crc = tables[7][low & 255] ^ tables[6][low >> 8 & 255] ^ tables[5][low >> 16 & 255] ^
            tables[4][low >> 24] ^ tables[3][high & 255] ^ tables[2][high >> 8 & 255] ^
            tables[1][high >> 16 & 255] ^ tables[0][high >> 24];
    }
    for (; count > 0; count -= 1, next += 1) {
        crc = crc >> 8 ^ tables[0][(crc ^ *next) & 255];
    }
    return ~crc;
}

// MARK: The processor's instruction

#if defined(__x86_64__)

bool reelwork_crc32c_hardware_available(void) {
    return __builtin_cpu_supports("sse4.2") != 0;
}

__attribute__((target("sse4.2"))) static uint32_t by_instruction(
    uint32_t crc, const uint8_t *next, size_t count) {
    uint64_t sum = (uint32_t)~crc;
    for (; count >= 8; count -= 8, next += 8) {
        uint64_t word;
        memcpy(&word, next, sizeof word);
        sum = _mm_crc32_u64(sum, word);
    }
    uint32_t rest = (uint32_t)sum;
    for (; count > 0; count -= 1, next += 1) {
        rest = _mm_crc32_u8(rest, *next);
    }
    return ~rest;
}

uint32_t reelwork_crc32c_hardware(uint32_t crc, const void *bytes, size_t count) {
    if (!reelwork_crc32c_hardware_available()) {
        return reelwork_crc32c_portable(crc, bytes, count);
    }
    return by_instruction(crc, bytes, count);
}

#else

bool reelwork_crc32c_hardware_available(void) {
    return false;
}

uint32_t reelwork_crc32c_hardware(uint32_t crc, const void *bytes, size_t count) {
    return reelwork_crc32c_portable(crc, bytes, count);
}

#endif

uint32_t reelwork_crc32c(uint32_t crc, const void *bytes, size_t count) {
    return reelwork_crc32c_hardware(crc, bytes, count);
}
