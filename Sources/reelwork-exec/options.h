// SPDX-License-Identifier: Apache-2.0
// Reelwork: the command line of reelwork-exec.
#ifndef REELWORK_EXEC_OPTIONS_H
#define REELWORK_EXEC_OPTIONS_H

#include <stdbool.h>
#include <sys/resource.h>

/// Exit codes of the helper itself; the encoder's own end is in the report.
enum exit_code {
    /// The encoder ran and its end was reported, whatever it was.
    exit_reported = 0,
    /// The command line is wrong (EX_USAGE); nothing was started.
    exit_usage = 64,
    /// Something before the encoder's first instruction failed (EX_SOFTWARE); reported.
    exit_internal = 70,
    /// The report could not be written (EX_IOERR).
    exit_unreported = 74,
    /// The program was found and could not be executed; reported.
    exit_not_executable = 126,
    /// The program was not found; reported.
    exit_not_found = 127,
};

enum {
    limits_count = 5,
    /// Ten minutes: whoever needs more time to stop has hung.
    grace_ms_max = 600000,
};

/// One resource limit of the encoder.
struct limit {
    const char *name;
    int resource;
    bool is_set;
    rlim_t value;
};

/// What the command line asks for.
struct options {
    int control_fd;
    /// -1 where only a file is wanted.
    int report_fd;
    /// NULL where only a descriptor is wanted.
    const char *report_path;
    long grace_ms;
    bool nice_is_set;
    int nice;
    struct limit limits[limits_count];
    const char *cgroup_path;
    const char *folder_path;
    /// PROGRAM and its arguments, ended by NULL.
    char **arguments;
};

/// Reads the command line; prints what is wrong, or the help, and ends the process for both.
struct options options_parse(int count, char **arguments);

#endif
