// SPDX-License-Identifier: Apache-2.0
// Reelwork: the lines by which reelwork-exec tells what became of the encoder.
#ifndef REELWORK_EXEC_REPORT_H
#define REELWORK_EXEC_REPORT_H

#include <stdbool.h>
#include <sys/types.h>

/// Where lines go, and the lines so far.
///
/// A descriptor gets each line by one write. A file is replaced as a whole each time, so that a
/// reader sees either no file, the first line, or all of them.
struct report {
    int fd;
    const char *path;
    char text[256];
    size_t count;
    bool has_failed;
};

/// Starts a report; `fd` -1 or `path` NULL where that place is not wanted.
struct report report_make(int fd, const char *path);

/// Reports the encoder's pid, which is its process group too: "started PID".
void report_started(struct report *report, pid_t pid);

/// Reports how the encoder ended, with what it and all that it started have used:
/// "exit CODE utime_us stime_us maxrss_kib" or "signal N utime_us stime_us maxrss_kib".
void report_ended(struct report *report, int wait_status);

/// Reports that the encoder could not be started: "error ERRNO what".
void report_error(struct report *report, int error, const char *what);

#endif
