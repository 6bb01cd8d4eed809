// SPDX-License-Identifier: Apache-2.0
// Reelwork: the start of the encoder.
#define _GNU_SOURCE
#include "encoder.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

/// What a child does before it executes the program; limits follow as step_limit + index.
enum step {
    step_exec,
    step_death_signal,
    step_group,
    step_input,
    step_cgroup,
    step_folder,
    step_nice,
    step_limit,
};

static const char *const step_names[] = {
    "exec",  "death-signal", "group",        "stdin",      "cgroup",        "chdir",
    "nice",  "rlimit-as",    "rlimit-fsize", "rlimit-cpu", "rlimit-nofile", "rlimit-core",
};

const char *encoder_step_name(int step) {
    int count = (int)(sizeof step_names / sizeof *step_names);
    return step >= 0 && step < count ? step_names[step] : "start";
}

bool encoder_step_is_exec(int step) {
    return step == step_exec;
}

_Noreturn static void give_up(int failures, int step) {
    struct start_failure failure = {.error = errno, .step = step};
    // Far below PIPE_BUF into an empty pipe: one write, whole.
    (void)!write(failures, &failure, sizeof failure);
    _exit(exit_not_found);
}

/// Leaves nothing of the helper's handling of signals to the program.
static void signals_reset(void) {
    for (int signal_number = 1; signal_number < NSIG; signal_number += 1) {
        // KILL, STOP and those that the C library keeps for itself refuse; that is as it should be.
        (void)signal(signal_number, SIG_DFL);
    }
    sigset_t none;
    (void)sigemptyset(&none);
    (void)sigprocmask(SIG_SETMASK, &none, NULL);
}

static bool input_is_empty(void) {
    int empty = open("/dev/null", O_RDONLY | O_CLOEXEC);
    return empty >= 0 && dup2(empty, STDIN_FILENO) >= 0;
}

/// Moves the calling process into a control group; "0" means the writer.
static bool cgroup_join(const char *path) {
    char file_path[PATH_MAX];
    if (snprintf(file_path, sizeof file_path, "%s/cgroup.procs", path) >= (int)sizeof file_path) {
        errno = ENAMETOOLONG;
        return false;
    }
    int file = open(file_path, O_WRONLY | O_CLOEXEC);
    return file >= 0 && write(file, "0", 1) == 1;
}

static bool nice_add(int increment) {
    errno = 0;
    return nice(increment) != -1 || errno == 0;
}

/// Lowers one limit; one that is stricter already stays.
static bool limit_apply(const struct limit *limit) {
    struct rlimit now;
    if (getrlimit((__rlimit_resource_t)limit->resource, &now) != 0) {
        return false;
    }
    rlim_t hard = limit->value;
    if (limit->resource == RLIMIT_CPU) {
        // The soft limit sends XCPU, on which an encoder can close its file; the hard one kills.
        hard += 1;
    }
    struct rlimit wanted = {
        .rlim_cur = limit->value < now.rlim_max ? limit->value : now.rlim_max,
        .rlim_max = hard < now.rlim_max ? hard : now.rlim_max,
    };
    return setrlimit((__rlimit_resource_t)limit->resource, &wanted) == 0;
}

/// Executes the program. Not execvp: that hands a file it cannot execute to a shell, and looks in
/// the current folder for an empty or relative element of PATH.
static void program_execute(char **arguments) {
    const char *name = arguments[0];
    if (strchr(name, '/') != NULL) {
        (void)execv(name, arguments);
        return;
    }
    const char *element = getenv("PATH");
    if (element == NULL) {
        element = "/usr/local/bin:/usr/bin:/bin";
    }
    int error = ENOENT;
    while (*element != '\0') {
        size_t count = strcspn(element, ":");
        char path[PATH_MAX];
        if (element[0] == '/' && count + 1 + strlen(name) < sizeof path) {
            (void)snprintf(path, sizeof path, "%.*s/%s", (int)count, element, name);
            (void)execv(path, arguments);
            if (errno != ENOENT && errno != ENOTDIR && errno != EACCES) {
                return;
            }
            // Remembered, for "not executable" says more than "not found further on".
            error = errno == EACCES ? EACCES : error;
        }
        element += count + (element[count] == ':');
    }
    errno = error;
}

_Noreturn static void encoder_become(const struct options *options, pid_t helper, int failures) {
    // First of all, that no failure of the helper from here on leaves this process behind. The
    // helper has one thread for its whole life, so its death is the death of the thread that forks.
    if (prctl(PR_SET_PDEATHSIG, (unsigned long)SIGKILL, 0UL, 0UL, 0UL) != 0) {
        give_up(failures, step_death_signal);
    }
    if (getppid() != helper) {
        // It died before the signal was asked for.
        _exit(exit_internal);
    }
    if (setpgid(0, 0) != 0) {
        give_up(failures, step_group);
    }
    signals_reset();
    if (!input_is_empty()) {
        give_up(failures, step_input);
    }
    if (options->cgroup_path != NULL && !cgroup_join(options->cgroup_path)) {
        give_up(failures, step_cgroup);
    }
    if (options->folder_path != NULL && chdir(options->folder_path) != 0) {
        give_up(failures, step_folder);
    }
    if (options->nice_is_set && !nice_add(options->nice)) {
        give_up(failures, step_nice);
    }
    for (int index = 0; index < limits_count; index += 1) {
        if (options->limits[index].is_set && !limit_apply(&options->limits[index])) {
            give_up(failures, step_limit + index);
        }
    }
    program_execute(options->arguments);
    give_up(failures, step_exec);
}

pid_t encoder_start(const struct options *options, int *failures) {
    int ends[2];
    if (pipe2(ends, O_CLOEXEC) != 0) {
        return -errno;
    }
    pid_t helper = getpid();
    pid_t encoder = fork();
    if (encoder == 0) {
        (void)close(ends[0]);
        encoder_become(options, helper, ends[1]);
    }
    int error = errno;
    (void)close(ends[1]);
    if (encoder < 0) {
        (void)close(ends[0]);
        return -error;
    }
    // Also from this side, so that the group is there before the first signal is sent to it. The
    // child may have done it, or have executed its program, or be gone: all the same.
    (void)setpgid(encoder, encoder);
    *failures = ends[0];
    return encoder;
}
