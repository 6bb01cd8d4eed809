// SPDX-License-Identifier: Apache-2.0
// Reelwork: peers, processes, threads, time and wake-ups.
#define _GNU_SOURCE
#include "CReelworkSystem.h"

#include <errno.h>
#include <fcntl.h>
#include <stddef.h>
#include <sys/eventfd.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

int reelwork_peer_credentials(int socket, reelwork_peer *peer) {
    struct ucred credentials;
    socklen_t size = sizeof credentials;
    if (getsockopt(socket, SOL_SOCKET, SO_PEERCRED, &credentials, &size) != 0) {
        return -errno;
    }
    // A socket that is not of the Unix family, or has no peer, answers uid -1.
    if (size != sizeof credentials || credentials.uid == (uid_t)-1) {
        return -ENOTCONN;
    }
    peer->pid = credentials.pid;
    peer->uid = credentials.uid;
    peer->gid = credentials.gid;
    return 0;
}

int reelwork_pipe(int *reading, int *writing) {
    int ends[2];
    if (pipe2(ends, O_CLOEXEC) != 0) {
        return -errno;
    }
    *reading = ends[0];
    *writing = ends[1];
    return 0;
}

// glibc 2.36 has these two calls under their own names; older ones do not.
int reelwork_pidfd_open(int32_t pid) {
    long answer = syscall(SYS_pidfd_open, (pid_t)pid, 0U);
    return answer >= 0 ? (int)answer : -errno;
}

int reelwork_pidfd_signal(int pidfd, int signal) {
    return syscall(SYS_pidfd_send_signal, pidfd, signal, NULL, 0U) == 0 ? 0 : -errno;
}

int reelwork_parent_death_signal(int signal) {
    return prctl(PR_SET_PDEATHSIG, (unsigned long)signal, 0UL, 0UL, 0UL) == 0 ? 0 : -errno;
}

int reelwork_thread_name(const char *name) {
    return prctl(PR_SET_NAME, name, 0UL, 0UL, 0UL) == 0 ? 0 : -errno;
}

int reelwork_open_files_raise(uint64_t wanted, uint64_t *now) {
    struct rlimit limit;
    if (getrlimit(RLIMIT_NOFILE, &limit) != 0) {
        return -errno;
    }
    rlim_t target = wanted < limit.rlim_max ? (rlim_t)wanted : limit.rlim_max;
    if (limit.rlim_cur < target) {
        limit.rlim_cur = target;
        if (setrlimit(RLIMIT_NOFILE, &limit) != 0) {
            return -errno;
        }
    }
    if (now != NULL) {
        *now = limit.rlim_cur;
    }
    return 0;
}

uint64_t reelwork_boottime_nanoseconds(void) {
    struct timespec time;
    if (clock_gettime(CLOCK_BOOTTIME, &time) != 0) {
        return 0;
    }
    return (uint64_t)time.tv_sec * 1000000000U + (uint64_t)time.tv_nsec;
}

int reelwork_eventfd_open(void) {
    int descriptor = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    return descriptor >= 0 ? descriptor : -errno;
}

int reelwork_eventfd_signal(int eventfd) {
    uint64_t one = 1;
    for (;;) {
        if (write(eventfd, &one, sizeof one) == (ssize_t)sizeof one) {
            return 0;
        }
        if (errno == EAGAIN) {
            return 0;
        }
        if (errno != EINTR) {
            return -errno;
        }
    }
}

int64_t reelwork_eventfd_drain(int eventfd) {
    uint64_t count = 0;
    for (;;) {
        if (read(eventfd, &count, sizeof count) == (ssize_t)sizeof count) {
            return count > INT64_MAX ? INT64_MAX : (int64_t)count;
        }
        if (errno == EAGAIN) {
            return 0;
        }
        if (errno != EINTR) {
            return -errno;
        }
    }
}
