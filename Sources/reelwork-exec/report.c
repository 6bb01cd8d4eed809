// SPDX-License-Identifier: Apache-2.0
// Reelwork: the lines by which reelwork-exec tells what became of the encoder.
#define _GNU_SOURCE
#include "report.h"

#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <limits.h>
#include <poll.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

/// How long a full pipe may keep the helper waiting before the report counts as lost.
enum { write_wait_ms_max = 5000 };

struct report report_make(int fd, const char *path) {
    return (struct report){.fd = fd, .path = path};
}

static bool write_all(int fd, const char *bytes, size_t count) {
    while (count > 0) {
        ssize_t written = write(fd, bytes, count);
        if (written >= 0) {
            bytes += written;
            count -= (size_t)written;
        } else if (errno == EAGAIN) {
            struct pollfd room = {.fd = fd, .events = POLLOUT};
            int ready = poll(&room, 1, write_wait_ms_max);
            if (ready == 0 || (ready < 0 && errno != EINTR)) {
                return false;
            }
        } else if (errno != EINTR) {
            return false;
        }
    }
    return true;
}

static bool folder_sync(const char *path) {
    char copy[PATH_MAX];
    if (snprintf(copy, sizeof copy, "%s", path) >= (int)sizeof copy) {
        return false;
    }
    int folder = open(dirname(copy), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (folder < 0) {
        return false;
    }
    bool is_synced = fsync(folder) == 0;
    (void)close(folder);
    return is_synced;
}

/// Writes all lines so far beside the file, then takes its place.
static bool file_replace(const struct report *report, bool is_last) {
    char beside[PATH_MAX];
    if (snprintf(beside, sizeof beside, "%s.tmp", report->path) >= (int)sizeof beside) {
        return false;
    }
    // One that a killed helper has left behind must not be written through.
    (void)unlink(beside);
    int file = open(beside, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (file < 0) {
        return false;
    }
    bool is_written = write_all(file, report->text, report->count);
    // The first line is of use only while this boot lasts, and the encoder need not wait for it.
    if (is_written && is_last) {
        is_written = fsync(file) == 0;
    }
    if (close(file) != 0 || !is_written || rename(beside, report->path) != 0) {
        (void)unlink(beside);
        return false;
    }
    return !is_last || folder_sync(report->path);
}

__attribute__((format(printf, 3, 4))) static void line_add(
    struct report *report, bool is_last, const char *format, ...) {
    char *line = report->text + report->count;
    size_t room = sizeof report->text - report->count;
    va_list values;
    va_start(values, format);
    int count = vsnprintf(line, room, format, values);
    va_end(values);
    if (count < 0 || (size_t)count >= room) {
        report->has_failed = true;
        return;
    }
    report->count += (size_t)count;
    if (report->fd >= 0 && !write_all(report->fd, line, (size_t)count)) {
        report->has_failed = true;
    }
    if (report->path != NULL && !file_replace(report, is_last)) {
        report->has_failed = true;
    }
}

void report_started(struct report *report, pid_t pid) {
    line_add(report, false, "started %ld\n", (long)pid);
}

static long long microseconds(struct timeval time) {
    return (long long)time.tv_sec * 1000000 + time.tv_usec;
}

void report_ended(struct report *report, int wait_status) {
    struct rusage usage;
    memset(&usage, 0, sizeof usage);
    // Of all children that were waited for: the encoder, what it waited for, and what was swept.
    (void)getrusage(RUSAGE_CHILDREN, &usage);
    bool is_signal = WIFSIGNALED(wait_status);
    line_add(
        report, true, "%s %d %lld %lld %ld\n", is_signal ? "signal" : "exit",
        is_signal ? WTERMSIG(wait_status) : WEXITSTATUS(wait_status),
        microseconds(usage.ru_utime), microseconds(usage.ru_stime), usage.ru_maxrss);
}

void report_error(struct report *report, int error, const char *what) {
    line_add(report, true, "error %d %s\n", error, what);
}
