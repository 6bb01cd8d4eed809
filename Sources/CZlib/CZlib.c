// SPDX-License-Identifier: Apache-2.0
// Reelwork: whole-buffer zlib streams (RFC 1950) with contexts that are kept and reset.
#include "CZlib.h"

#include <limits.h>
#include <stdlib.h>

enum {
    /// Fastest: on job-like frames the higher levels cost much and win little.
    level = 1,
    /// 32 KiB window with the zlib wrapper; 8 to 15 means "zlib only", so gzip and raw fail.
    window_bits = 15,
    memory_level = 8,
};

struct reelwork_deflater {
    z_stream stream;
};

struct reelwork_inflater {
    z_stream stream;
    size_t bytes_max;
    size_t bytes_held;
};

// MARK: Compression

reelwork_deflater *reelwork_deflater_create(void) {
    reelwork_deflater *deflater = calloc(1, sizeof *deflater);
    if (deflater == NULL) {
        return NULL;
    }
    int status = deflateInit2(
        &deflater->stream, level, Z_DEFLATED, window_bits, memory_level, Z_DEFAULT_STRATEGY);
    if (status != Z_OK) {
        free(deflater);
        return NULL;
    }
    return deflater;
}

void reelwork_deflater_destroy(reelwork_deflater *deflater) {
    if (deflater != NULL) {
        (void)deflateEnd(&deflater->stream);
        free(deflater);
    }
}

ptrdiff_t reelwork_deflate(
    reelwork_deflater *deflater, const void *source, size_t count, void *target, size_t capacity) {
    if (count > UINT_MAX) {
        return REELWORK_ZLIB_TOO_LARGE;
    }
    if ((source == NULL && count > 0) || (target == NULL && capacity > 0)) {
        return REELWORK_ZLIB_MISUSE;
    }
    if (capacity == 0) {
        return REELWORK_ZLIB_DOES_NOT_FIT;
    }
    z_stream *stream = &deflater->stream;
    if (deflateReset(stream) != Z_OK) {
        return REELWORK_ZLIB_MISUSE;
    }
    // zlib does not write to its input; the cast is for builds without ZLIB_CONST.
    stream->next_in = (Bytef *)(uintptr_t)source;
    stream->avail_in = (uInt)count;
    stream->next_out = target;
    stream->avail_out = capacity > UINT_MAX ? UINT_MAX : (uInt)capacity;
    uInt room = stream->avail_out;
    int status = deflate(stream, Z_FINISH);
    uInt written = room - stream->avail_out;
    stream->next_in = NULL;
    stream->next_out = NULL;
    switch (status) {
    case Z_STREAM_END:
        return (ptrdiff_t)written;
    case Z_OK:
    case Z_BUF_ERROR:
        return REELWORK_ZLIB_DOES_NOT_FIT;
    case Z_MEM_ERROR:
        return REELWORK_ZLIB_NO_MEMORY;
    default:
        return REELWORK_ZLIB_MISUSE;
    }
}

// MARK: Decompression

/// Each block carries its size in front, so that freeing gives it back to the budget.
typedef union {
    size_t bytes;
    max_align_t alignment;
} block_head;

static voidpf block_allocate(voidpf opaque, uInt items, uInt size) {
    reelwork_inflater *inflater = opaque;
    // Two 32-bit factors cannot overflow 64 bits; size_t may be narrower than that.
    uint64_t wanted = (uint64_t)items * size;
    if (wanted > inflater->bytes_max - inflater->bytes_held) {
        return Z_NULL;
    }
    if (wanted > SIZE_MAX - sizeof(block_head)) {
        return Z_NULL;
    }
    block_head *head = malloc(sizeof *head + (size_t)wanted);
    if (head == NULL) {
        return Z_NULL;
    }
    head->bytes = (size_t)wanted;
    inflater->bytes_held += (size_t)wanted;
    return head + 1;
}

static void block_free(voidpf opaque, voidpf address) {
    reelwork_inflater *inflater = opaque;
    block_head *head = (block_head *)address - 1;
    inflater->bytes_held -= head->bytes;
    free(head);
}

reelwork_inflater *reelwork_inflater_create_bounded(size_t bytes_max) {
    reelwork_inflater *inflater = calloc(1, sizeof *inflater);
    if (inflater == NULL) {
        return NULL;
    }
    inflater->bytes_max = bytes_max;
    inflater->stream.zalloc = block_allocate;
    inflater->stream.zfree = block_free;
    inflater->stream.opaque = inflater;
    if (inflateInit2(&inflater->stream, window_bits) != Z_OK) {
        free(inflater);
        return NULL;
    }
    return inflater;
}

reelwork_inflater *reelwork_inflater_create(void) {
    return reelwork_inflater_create_bounded(SIZE_MAX);
}

void reelwork_inflater_destroy(reelwork_inflater *inflater) {
    if (inflater != NULL) {
        (void)inflateEnd(&inflater->stream);
        free(inflater);
    }
}

/// Judges a stream whose end was not reached.
///
/// With a full buffer it is either too long or cut off behind its last byte of plain text. A
/// spare byte of our own tells the two apart, so that the caller's buffer stays as it is.
static ptrdiff_t unfinished(z_stream *stream, int status) {
    if (status != Z_OK && status != Z_BUF_ERROR) {
        return REELWORK_ZLIB_MISUSE;
    }
    if (stream->avail_out > 0) {
        return REELWORK_ZLIB_TRUNCATED;
    }
    uint8_t spare = 0;
    stream->next_out = &spare;
    stream->avail_out = 1;
    status = inflate(stream, Z_FINISH);
    if (stream->avail_out == 0) {
        return REELWORK_ZLIB_TOO_LONG;
    }
    switch (status) {
    case Z_DATA_ERROR:
        return REELWORK_ZLIB_BAD_DATA;
    case Z_MEM_ERROR:
        return REELWORK_ZLIB_NO_MEMORY;
    default:
        return REELWORK_ZLIB_TRUNCATED;
    }
}

ptrdiff_t reelwork_inflate(
    reelwork_inflater *inflater, const void *source, size_t count, void *target,
    size_t plain_count) {
    if (count > UINT_MAX || plain_count > UINT_MAX) {
        return REELWORK_ZLIB_TOO_LARGE;
    }
    if ((source == NULL && count > 0) || (target == NULL && plain_count > 0)) {
        return REELWORK_ZLIB_MISUSE;
    }
    z_stream *stream = &inflater->stream;
    if (inflateReset(stream) != Z_OK) {
        return REELWORK_ZLIB_MISUSE;
    }
    uint8_t nowhere = 0;
    stream->next_in = (Bytef *)(uintptr_t)source;
    stream->avail_in = (uInt)count;
    // zlib refuses a null target even where there is no room in it.
    stream->next_out = target != NULL ? target : &nowhere;
    stream->avail_out = (uInt)plain_count;
    ptrdiff_t answer;
    int status = inflate(stream, Z_FINISH);
    switch (status) {
    case Z_STREAM_END:
        if (stream->avail_out > 0) {
            answer = REELWORK_ZLIB_TOO_SHORT;
        } else if (stream->avail_in > 0) {
            answer = REELWORK_ZLIB_TRAILING_BYTES;
        } else {
            answer = 0;
        }
        break;
    case Z_DATA_ERROR:
        answer = REELWORK_ZLIB_BAD_DATA;
        break;
    case Z_NEED_DICT:
        answer = REELWORK_ZLIB_NEEDS_DICTIONARY;
        break;
    case Z_MEM_ERROR:
        answer = REELWORK_ZLIB_NO_MEMORY;
        break;
    default:
        answer = unfinished(stream, status);
    }
    stream->next_in = NULL;
    stream->next_out = NULL;
    return answer;
}

const char *reelwork_zlib_version(void) {
    return zlibVersion();
}
