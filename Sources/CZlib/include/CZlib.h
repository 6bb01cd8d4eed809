// SPDX-License-Identifier: Apache-2.0
// Reelwork: whole-buffer zlib streams (RFC 1950) with contexts that are kept and reset.
#ifndef REELWORK_CZLIB_H
#define REELWORK_CZLIB_H

#include <stddef.h>
#include <stdint.h>
#include <zlib.h>

#ifdef __cplusplus
extern "C" {
#endif

// Swift cannot call deflateInit and inflateInit, which are macros. These functions stand in for
// them. A context costs tens of microseconds to make and about one to reset, so it is made once
// and used for many frames. A context belongs to one thread at a time. Each call is a stream of
// its own: nothing of an earlier call, not even of one that failed, can reach a later one.

/// What a call answers when it does not answer a number of bytes. All are negative.
enum {
    /// The compressed stream is longer than the room given.
    REELWORK_ZLIB_DOES_NOT_FIT = -1,
    /// Not a zlib stream (raw deflate and gzip are not), a broken one, or a wrong Adler-32.
    REELWORK_ZLIB_BAD_DATA = -2,
    /// The stream ends properly, but before the promised length.
    REELWORK_ZLIB_TOO_SHORT = -3,
    /// The stream goes on past the promised length.
    REELWORK_ZLIB_TOO_LONG = -4,
    /// The input ends before the stream does.
    REELWORK_ZLIB_TRUNCATED = -5,
    /// The stream has ended at the promised length, and input is left over.
    REELWORK_ZLIB_TRAILING_BYTES = -6,
    /// The stream asks for a preset dictionary (FDICT), which is never given.
    REELWORK_ZLIB_NEEDS_DICTIONARY = -7,
    /// zlib could not get memory.
    REELWORK_ZLIB_NO_MEMORY = -8,
    /// A length over 4 GiB - 1, more than zlib counts in one step.
    REELWORK_ZLIB_TOO_LARGE = -9,
    /// A null pointer with a length, or a context that zlib does not know.
    REELWORK_ZLIB_MISUSE = -10,
};

/// A compressor: level 1, window of 32 KiB, zlib wrapper; about 268 KB of memory.
typedef struct reelwork_deflater reelwork_deflater;

/// Makes a compressor; NULL where there is no memory.
reelwork_deflater *_Nullable reelwork_deflater_create(void);

/// Frees a compressor; NULL is allowed.
void reelwork_deflater_destroy(reelwork_deflater *_Nullable deflater);

/// Compresses `count` bytes into at most `capacity` bytes, as one whole stream.
///
/// Give as `capacity` the longest stream that is worth sending: the call stops as soon as the
/// stream would be longer. Bytes of `target` past the answered number are unspecified.
///
/// Answers the bytes written, or DOES_NOT_FIT, NO_MEMORY, TOO_LARGE, MISUSE.
ptrdiff_t reelwork_deflate(
    reelwork_deflater *_Nonnull deflater, const void *_Nullable source, size_t count,
    void *_Nullable target, size_t capacity);

/// A decompressor; about 7 KB of memory, and 32 KiB more once a stream needed a window.
typedef struct reelwork_inflater reelwork_inflater;

/// Makes a decompressor; NULL where there is no memory.
reelwork_inflater *_Nullable reelwork_inflater_create(void);

/// Makes a decompressor for which zlib may hold `bytes_max` bytes in all; NULL where that is not
/// enough. Streams that need more end in NO_MEMORY.
reelwork_inflater *_Nullable reelwork_inflater_create_bounded(size_t bytes_max);

/// Frees a decompressor; NULL is allowed.
void reelwork_inflater_destroy(reelwork_inflater *_Nullable inflater);

/// Inflates the whole input into a buffer of exactly `plain_count` bytes.
///
/// It succeeds only if the stream ends, its checksum is right, it gave exactly `plain_count`
/// bytes and no input is left. It never writes past `target + plain_count`. After a failure the
/// contents of `target` are unspecified and must not be used.
///
/// Answers 0, or BAD_DATA, TOO_SHORT, TOO_LONG, TRUNCATED, TRAILING_BYTES, NEEDS_DICTIONARY,
/// NO_MEMORY, TOO_LARGE, MISUSE.
ptrdiff_t reelwork_inflate(
    reelwork_inflater *_Nonnull inflater, const void *_Nullable source, size_t count,
    void *_Nullable target, size_t plain_count);

/// Answers the version of the zlib in use, as "1.2.13".
const char *_Nonnull reelwork_zlib_version(void);

#ifdef __cplusplus
}
#endif

#endif
