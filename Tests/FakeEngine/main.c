// SPDX-License-Identifier: Apache-2.0
// Reelwork: a fake engine for tests, standing first in PATH as ffmpeg and ffprobe.
//
// One program; the name it is called by (a symbolic link) decides which part it plays. It takes the
// command lines that are given to the real ones, is lenient about options, and works on text files
// in place of films.
//
// INPUT       fake [FIELD=VALUE ...]            words parted by white space; fields in any case
//   FRAMES=250 FPS=25 WIDTH=640 HEIGHT=360      how it looks; it plays FRAMES / FPS seconds
//   VIDEO=h264 AUDIO=aac|1|0                    its streams; 0: without sound
//   CONTAINER=mp4|matroska                      what ffprobe says of it
//   MS=5                                        how long an encode of it takes, in milliseconds
//   EXIT=N                                      half way, ffmpeg exits with N; the output is empty
//   CRASH=N                                     half way, it dies by signal N; the output is empty
//   STALL=1                                     half way, it hangs for ever, until TERM
//   IGNORETERM=1                                it takes no notice of TERM and INT
//   TRUNCATE=1|2|3                              exit code 0, and half the frames in the output;
//                                               2: it says that the disk is full, as the real does;
//                                               3: it says so in words of its own
//   NOISE=N                                     half way, it says N MiB on standard error, in lines
//   GRANDCHILD=1|2                              it leaves a process behind that ignores TERM and
//                                               never ends; 2: in a session of its own
//   A field that is not known makes the file invalid, so that a slip in a test shows.
// OUTPUT      fake-film frames=N duration_us=M fps=.. width=.. height=.. video=.. audio=..
//             container=.. pid=P time_us=T input=NAME
//   T is the time of day in microseconds. A film can be input again, and ffprobe knows it. The
//   output is made, empty, when the encode starts, as the real one does.
//
// ffmpeg      obeys -i (the first), -y, -t, -r, -s, -vf scale= fps=, -frames:v, -c:v, -c:a, -an,
//             -f, -progress pipe:N; the last argument is the output. "-f lavfi" before -i: the
//             input is generated. "-f null": nothing is written. To "pipe:1" goes, at once, what
//             begins as Matroska does: a probe of an encoder looks no further. On TERM it writes
//             what it has so far and exits with 255. Answers -version, -encoders, -muxers,
//             -hwaccels.
// ffprobe     obeys -show_format, -show_streams, -count_packets, -count_frames, -show_entries
//             (shows all); writes JSON. What is no fake film is an error with exit code 1.
//
// REELWORK_FAKE_MS    MS where the input does not say (standard 5)
// REELWORK_FAKE_LOG   a file that gets a line for each event, each by one write:
//                     "start PID NAME ARGUMENT ...", "grandchild PID KIND", "end PID EXITCODE"
#define _GNU_SOURCE
#include "film.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

void log_words(const char *const *words, size_t count) {
    const char *path = getenv("REELWORK_FAKE_LOG");
    if (path == NULL || path[0] == '\0') {
        return;
    }
    size_t room = 1;
    for (size_t index = 0; index < count; index += 1) {
        room += strlen(words[index]) * 4 + 1;
    }
    char *line = malloc(room);
    if (line == NULL) {
        return;
    }
    size_t used = 0;
    for (size_t index = 0; index < count; index += 1) {
        for (const char *next = words[index]; *next != '\0'; next += 1) {
            unsigned char byte = (unsigned char)*next;
            if (byte <= 0x20 || byte == 0x7f || byte == '\\') {
                used += (size_t)snprintf(line + used, room - used, "\\x%02x", byte);
            } else {
                line[used] = *next;
                used += 1;
            }
        }
        line[used] = index + 1 < count ? ' ' : '\n';
        used += 1;
    }
    int file = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
    if (file < 0 || write(file, line, used) != (ssize_t)used) {
        fprintf(stderr, "fake engine: cannot write to %s\n", path);
    }
    if (file >= 0) {
        (void)close(file);
    }
    free(line);
}

void log_event(const char *name, long pid, long long value) {
    char pid_text[24];
    char value_text[24];
    (void)snprintf(pid_text, sizeof pid_text, "%ld", pid);
    (void)snprintf(value_text, sizeof value_text, "%lld", value);
    const char *words[] = {name, pid_text, value_text};
    log_words(words, 3);
}

static void log_start(const char *role, int count, char **arguments) {
    const char **words = calloc((size_t)count + 2, sizeof *words);
    if (words == NULL) {
        return;
    }
    char pid_text[24];
    (void)snprintf(pid_text, sizeof pid_text, "%ld", (long)getpid());
    words[0] = "start";
    words[1] = pid_text;
    words[2] = role;
    for (int index = 1; index < count; index += 1) {
        words[index + 2] = arguments[index];
    }
    log_words(words, (size_t)count + 2);
    free(words);
}

int main(int count, char **arguments) {
    const char *role = count > 0 ? strrchr(arguments[0], '/') : NULL;
    role = role != NULL ? role + 1 : count > 0 ? arguments[0] : "";
    bool is_probe = strcmp(role, "ffprobe") == 0;
    if (!is_probe && strcmp(role, "ffmpeg") != 0) {
        fprintf(stderr, "fake engine: call it as ffmpeg or ffprobe, through a symbolic link\n");
        return 64;
    }
    // A crash on request leaves no core file in the folder of a test.
    struct rlimit none = {0, 0};
    (void)setrlimit(RLIMIT_CORE, &none);
    log_start(role, count, arguments);
    int code = is_probe ? probe_main(count, arguments) : encode_main(count, arguments);
    (void)fflush(stdout);
    log_event("end", (long)getpid(), code);
    return code;
}
