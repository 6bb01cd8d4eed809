// SPDX-License-Identifier: Apache-2.0
// Reelwork: what the fake engine takes for a film.
#ifndef REELWORK_FAKE_FILM_H
#define REELWORK_FAKE_FILM_H

#include <stdbool.h>
#include <stddef.h>

/// A fake input or a fake film: how it looks, and how an encode of it is to go.
struct film {
    long long frames;
    long long fps;
    long long width;
    long long height;
    bool has_audio;
    bool is_matroska;
    char video[16];
    char audio[16];

    long long ms;
    long long exit_code;
    long long crash_signal;
    long long stall;
    long long truncate;
    long long grandchild;
    long long ignore_term;
    long long noise;
};

/// A film with the values that stand where a file says nothing.
struct film film_standard(void);

/// Reads a fake input or fake film; prints what is wrong as the engine would and answers false.
bool film_read(const char *path, struct film *film);

/// Writes a fake film whole.
bool film_write(int file, const struct film *film, const char *input);

/// How long it plays.
long long film_duration_us(const struct film *film);

/// Takes "file:" off a name, as the engine does.
const char *path_of(const char *name);

/// Reads a whole number; answers false, and leaves the value, for anything else.
bool number_read(const char *text, long long *value);

/// Runs a fake ffmpeg, a fake ffprobe.
int encode_main(int count, char **arguments);
int probe_main(int count, char **arguments);

/// Appends a line to the file named by REELWORK_FAKE_LOG by one write, if it is set. Bytes up to
/// the space, backslash and delete stand as \xHH in words, so a line is a line.
void log_words(const char *const *words, size_t count);

/// Appends "NAME PID VALUE".
void log_event(const char *name, long pid, long long value);

#endif
