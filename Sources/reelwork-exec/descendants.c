// SPDX-License-Identifier: Apache-2.0
// Reelwork: the end of the encoder and of all that it has started.
#define _GNU_SOURCE
#include "encoder.h"

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

/// How long killed descendants may take to die before the report goes out without them.
enum { sweep_ms_max = 5000 };

long long milliseconds_now(void) {
    struct timespec time;
    (void)clock_gettime(CLOCK_MONOTONIC, &time);
    return (long long)time.tv_sec * 1000 + time.tv_nsec / 1000000;
}

bool encoder_has_ended(pid_t encoder) {
    for (;;) {
        siginfo_t info;
        memset(&info, 0, sizeof info);
        if (waitid(P_ALL, 0, &info, WEXITED | WNOHANG | WNOWAIT) != 0) {
            if (errno == EINTR) {
                continue;
            }
            return false;
        }
        if (info.si_pid == 0) {
            return false;
        }
        if (info.si_pid == encoder) {
            return true;
        }
        // An orphan of the encoder that became ours (PR_SET_CHILD_SUBREAPER).
        (void)waitpid(info.si_pid, NULL, WNOHANG);
    }
}

void encoder_signal(pid_t encoder, int signal_number) {
    // The encoder is unreaped, so neither its number nor its group's can belong to anyone else.
    (void)kill(-encoder, signal_number);
    // By its own number only if it has left the group: encoders count the TERMs they get.
    if (getpgid(encoder) != encoder) {
        (void)kill(encoder, signal_number);
    }
}

int encoder_reap(pid_t encoder) {
    (void)kill(-encoder, SIGKILL);
    int status = 0;
    while (waitpid(encoder, &status, 0) < 0 && errno == EINTR) {
    }
    return status;
}

// MARK: Other descendants

/// Answers the parent of a process, or 0 if it has gone.
static pid_t parent_of(const char *pid_text) {
    char path[64];
    if (snprintf(path, sizeof path, "/proc/%s/stat", pid_text) >= (int)sizeof path) {
        return 0;
    }
    int file = open(path, O_RDONLY | O_CLOEXEC);
    if (file < 0) {
        return 0;
    }
    char text[512];
    ssize_t count = read(file, text, sizeof text - 1);
    (void)close(file);
    if (count <= 0) {
        return 0;
    }
    text[count] = '\0';
    // "PID (name) STATE PPID ...", and the name may hold anything, brackets too.
    const char *behind = strrchr(text, ')');
    long parent = 0;
    if (behind == NULL || sscanf(behind + 1, " %*c %ld", &parent) != 1) {
        return 0;
    }
    return (pid_t)parent;
}

/// Kills every child of this process. Their own children become ours when they die.
static void children_kill(void) {
    DIR *processes = opendir("/proc");
    if (processes == NULL) {
        return;
    }
    pid_t self = getpid();
    const struct dirent *entry;
    while ((entry = readdir(processes)) != NULL) {
        if (isdigit((unsigned char)entry->d_name[0]) && parent_of(entry->d_name) == self) {
            (void)kill((pid_t)strtol(entry->d_name, NULL, 10), SIGKILL);
        }
    }
    (void)closedir(processes);
}

/// Reaps what has ended; answers whether no child is left.
static bool children_reap(void) {
    for (;;) {
        pid_t ended = waitpid(-1, NULL, WNOHANG);
        if (ended == 0) {
            return false;
        }
        if (ended < 0 && errno != EINTR) {
            return true;
        }
    }
}

bool descendants_end(int signals) {
    long long deadline = milliseconds_now() + sweep_ms_max;
    while (!children_reap()) {
        children_kill();
        long long rest = deadline - milliseconds_now();
        if (rest <= 0) {
            return false;
        }
        // A process hands on its children before it tells of its own end, so each look that finds
        // too few is followed by another.
        struct pollfd news = {.fd = signals, .events = POLLIN};
        if (poll(&news, 1, (int)rest) > 0) {
            struct signalfd_siginfo infos[8];
            (void)!read(signals, infos, sizeof infos);
        }
    }
    return true;
}
