// SPDX-License-Identifier: Apache-2.0
// Reelwork: reelwork-exec, the parent of one encoder.
//
// An encoder must not outlive the process that asked for it, and must not die while that process
// lives. The kernel's signal for a dead parent (prctl(2), PR_SET_PDEATHSIG) goes by the parent's
// *thread*, and a pool's threads come and go; so this helper, which has one thread for its whole
// life, stands between. It holds the reading end of a pipe: when that ends, its starter is gone.
//
// control in   'k' kill at once · 't' TERM, grace, KILL · 'g' digits 't' as 't' with so many ms of
//              grace · end of file: as 't' · else ignored; a later order can only shorten the grace
// signals in   TERM, INT, HUP, QUIT: as 't'
// report out   "started PID" after the fork, then one of
//              "exit CODE utime_us stime_us maxrss_kib"
//              "signal N utime_us stime_us maxrss_kib"
//              "error ERRNO what"        (what: exec, chdir, cgroup, nice, rlimit-as, fork ...)
//
// Both may be one socket: a starter whose children inherit standard descriptors alone gives it as
// standard input, with --control-fd 0 --report-fd 0.
//
// The encoder leads a process group of its own, has /dev/null as standard input, and inherits
// standard output and error and no other descriptor. The helper is the reaper of all that the
// encoder leaves behind. Should the helper itself be killed, the kernel kills the encoder; only the
// encoder's own children can then be left, in the group "PID" of the first report line.
#define _GNU_SOURCE
#include "encoder.h"
#include "options.h"
#include "report.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <unistd.h>

/// One running encoder and the three things that bring news of it.
struct watch {
    pid_t encoder;
    int signals;
    /// -1 once the starter is gone.
    int control;
    /// -1 once it is known whether the program runs.
    int failures;
    long grace_ms;
    /// The grace that an order is about to give; -1 while none is.
    long grace_order_ms;
    /// When KILL follows TERM; -1 while no TERM was sent, or KILL was.
    long long kill_time_ms;
    bool is_ending;
    bool has_failed;
    struct start_failure failure;
};

// MARK: Preparation

static void descriptor_check(int fd, const char *name) {
    int flags = fcntl(fd, F_GETFD);
    if (flags < 0) {
        fprintf(stderr, "reelwork-exec: descriptor %d for --%s is not open\n", fd, name);
        exit(exit_usage);
    }
    (void)fcntl(fd, F_SETFD, flags | FD_CLOEXEC);
}

static void descriptors_close(unsigned first, unsigned last) {
    if (first > last || close_range(first, last, 0) == 0) {
        return;
    }
    // A kernel before 5.9.
    unsigned count_max = (unsigned)sysconf(_SC_OPEN_MAX);
    for (unsigned fd = first; fd <= last && fd < count_max; fd += 1) {
        (void)close((int)fd);
    }
}

/// Keeps control, report and the three standard descriptors, and closes all others: a copy of the
/// writing end of our own control pipe among them would hide that the starter is gone.
static void descriptors_prepare(const struct options *options) {
    descriptor_check(options->control_fd, "control-fd");
    if (options->report_fd >= 0) {
        descriptor_check(options->report_fd, "report-fd");
    }
    for (int fd = 0; fd <= 2; fd += 1) {
        if (fcntl(fd, F_GETFD) < 0 && open("/dev/null", O_RDWR) != fd) {
            exit(exit_internal);
        }
    }
    int low = options->control_fd;
    int high = options->report_fd;
    if (low > high) {
        low = options->report_fd;
        high = options->control_fd;
    }
    unsigned next = 3;
    if (low >= 3) {
        descriptors_close(next, (unsigned)low - 1);
        next = (unsigned)low + 1;
    }
    if (high >= 3) {
        descriptors_close(next, (unsigned)high - 1);
        next = (unsigned)high + 1;
    }
    descriptors_close(next, ~0U);
}

/// Takes signals as news on a descriptor; answers it, or -1.
static int signals_open(void) {
    // Inherited "ignore" for CHLD would make the kernel reap, and the encoder's end be lost.
    (void)signal(SIGCHLD, SIG_DFL);
    (void)signal(SIGPIPE, SIG_IGN);
    sigset_t set;
    (void)sigemptyset(&set);
    (void)sigaddset(&set, SIGCHLD);
    (void)sigaddset(&set, SIGTERM);
    (void)sigaddset(&set, SIGINT);
    (void)sigaddset(&set, SIGHUP);
    (void)sigaddset(&set, SIGQUIT);
    if (sigprocmask(SIG_SETMASK, &set, NULL) != 0) {
        return -1;
    }
    return signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
}

/// Lets go of the encoder's standard output, so that its reader sees the end of it with the
/// encoder's own.
static void output_release(void) {
    int empty = open("/dev/null", O_WRONLY | O_CLOEXEC);
    if (empty >= 0) {
        (void)dup2(empty, STDOUT_FILENO);
        (void)close(empty);
    }
}

// MARK: Ending the encoder

static void encoder_kill(struct watch *watch) {
    watch->is_ending = true;
    watch->kill_time_ms = -1;
    encoder_signal(watch->encoder, SIGKILL);
}

/// TERM now, KILL after the grace; a second request can only shorten it.
static void encoder_terminate(struct watch *watch, long grace_ms) {
    long long kill_time_ms = milliseconds_now() + grace_ms;
    if (watch->is_ending) {
        if (kill_time_ms < watch->kill_time_ms) {
            watch->kill_time_ms = kill_time_ms;
        }
        return;
    }
    watch->is_ending = true;
    watch->kill_time_ms = kill_time_ms;
    encoder_signal(watch->encoder, SIGTERM);
    // A stopped process takes TERM only when it goes on.
    encoder_signal(watch->encoder, SIGCONT);
}

// MARK: News

/// Reads pending signals; answers whether a child may have ended.
static bool signals_read(struct watch *watch) {
    bool has_child_news = false;
    struct signalfd_siginfo info;
    while (read(watch->signals, &info, sizeof info) == (ssize_t)sizeof info) {
        if (info.ssi_signo == (uint32_t)SIGCHLD) {
            has_child_news = true;
        } else {
            encoder_terminate(watch, watch->grace_ms);
        }
    }
    return has_child_news;
}

/// Takes the next byte of an order; one may come in pieces.
static void order_read(struct watch *watch, char byte) {
    long grace_ms = watch->grace_order_ms;
    if (byte >= '0' && byte <= '9' && grace_ms >= 0) {
        grace_ms = grace_ms * 10 + (byte - '0');
        watch->grace_order_ms = grace_ms < grace_ms_max ? grace_ms : grace_ms_max;
        return;
    }
    watch->grace_order_ms = byte == 'g' ? 0 : -1;
    if (byte == 'k') {
        encoder_kill(watch);
    } else if (byte == 't') {
        encoder_terminate(watch, grace_ms >= 0 ? grace_ms : watch->grace_ms);
    }
}

static void control_read(struct watch *watch) {
    char bytes[64];
    ssize_t count = read(watch->control, bytes, sizeof bytes);
    if (count < 0 && (errno == EINTR || errno == EAGAIN)) {
        return;
    }
    if (count <= 0) {
        watch->control = -1;
        encoder_terminate(watch, watch->grace_ms);
        return;
    }
    for (ssize_t index = 0; index < count; index += 1) {
        order_read(watch, bytes[index]);
    }
}

static void failures_read(struct watch *watch) {
    if (watch->failures < 0) {
        return;
    }
    ssize_t count = read(watch->failures, &watch->failure, sizeof watch->failure);
    if (count < 0 && errno == EINTR) {
        return;
    }
    watch->has_failed = count == (ssize_t)sizeof watch->failure;
    (void)close(watch->failures);
    watch->failures = -1;
}

/// Waits until the encoder has ended; it is left unreaped.
static void encoder_await(struct watch *watch) {
    while (!encoder_has_ended(watch->encoder)) {
        bool has_child_news = false;
        while (!has_child_news) {
            int timeout_ms = -1;
            if (watch->kill_time_ms >= 0) {
                long long rest = watch->kill_time_ms - milliseconds_now();
                if (rest <= 0) {
                    encoder_kill(watch);
                } else {
                    timeout_ms = (int)rest;
                }
            }
            struct pollfd news[] = {
                {.fd = watch->signals, .events = POLLIN},
                {.fd = watch->control, .events = POLLIN},
                {.fd = watch->failures, .events = POLLIN},
            };
            if (poll(news, 3, timeout_ms) <= 0) {
                continue;
            }
            if (news[2].revents != 0) {
                failures_read(watch);
            }
            if (news[1].revents != 0) {
                control_read(watch);
            }
            has_child_news = news[0].revents != 0 && signals_read(watch);
        }
    }
    // Both pieces of news may have come at once. The writer is gone, so this cannot block.
    failures_read(watch);
}

// MARK: The whole

static int finish(const struct report *report, int code) {
    if (report->has_failed) {
        fprintf(stderr, "reelwork-exec: the report could not be written\n");
        return exit_unreported;
    }
    return code;
}

static int fail(struct report *report, int error, const char *what) {
    fprintf(stderr, "reelwork-exec: %s: %s\n", what, strerror(error));
    report_error(report, error, what);
    return finish(report, exit_internal);
}

static int start_failed(
    struct report *report, const struct watch *watch, const char *program) {
    int error = watch->failure.error;
    const char *step = encoder_step_name(watch->failure.step);
    fprintf(stderr, "reelwork-exec: %s: %s: %s\n", program, step, strerror(error));
    report_error(report, error, step);
    int code = exit_internal;
    if (encoder_step_is_exec(watch->failure.step)) {
        code = error == ENOENT || error == ENOTDIR ? exit_not_found : exit_not_executable;
    }
    return finish(report, code);
}

int main(int count, char **arguments) {
    struct options options = options_parse(count, arguments);
    descriptors_prepare(&options);
    // Refused if the starter has made us a leader already, which is as good.
    (void)setsid();
    struct report report = report_make(options.report_fd, options.report_path);
    if (prctl(PR_SET_CHILD_SUBREAPER, 1UL, 0UL, 0UL, 0UL) != 0) {
        return fail(&report, errno, "subreaper");
    }
    struct watch watch = {
        .signals = signals_open(),
        .control = options.control_fd,
        .failures = -1,
        .grace_ms = options.grace_ms,
        .grace_order_ms = -1,
        .kill_time_ms = -1,
    };
    if (watch.signals < 0) {
        return fail(&report, errno, "signals");
    }
    watch.encoder = encoder_start(&options, &watch.failures);
    if (watch.encoder < 0) {
        return fail(&report, -watch.encoder, "fork");
    }
    output_release();
    report_started(&report, watch.encoder);
    encoder_await(&watch);
    int status = encoder_reap(watch.encoder);
    if (!descendants_end(watch.signals)) {
        fprintf(stderr, "reelwork-exec: a descendant of the encoder does not die\n");
    }
    if (watch.has_failed) {
        return start_failed(&report, &watch, options.arguments[0]);
    }
    report_ended(&report, status);
    return finish(&report, exit_reported);
}
