// SPDX-License-Identifier: Apache-2.0
// Reelwork: stops a worker between its grant and its rename, for tests.
#define _GNU_SOURCE
#include "publish_pause.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

/// Makes the mark and stops, once for each mark.
static void part_pause(const char *source) {
    const char *mark = getenv(PUBLISH_PAUSE_MARK);
    if (mark == NULL || strstr(source, "/.reelwork-") == NULL) {
        return;
    }
    int file = open(mark, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (file < 0) {
        return;
    }
    (void)close(file);
    // To this thread: the others may run on for an instant, but the rename comes after CONT.
    (void)raise(SIGSTOP);
}

int renameat2(int from, const char *source, int to, const char *target, unsigned flags) {
    part_pause(source);
    return (int)syscall(SYS_renameat2, from, source, to, target, flags);
}

int rename(const char *source, const char *target) {
    part_pause(source);
    return (int)syscall(SYS_renameat2, AT_FDCWD, source, AT_FDCWD, target, 0);
}
