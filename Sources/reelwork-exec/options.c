// SPDX-License-Identifier: Apache-2.0
// Reelwork: the command line of reelwork-exec.
#define _GNU_SOURCE
#include "options.h"

#include <errno.h>
#include <getopt.h>
#include <limits.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    control_fd_standard = 0,
    report_fd_standard = 3,
    grace_ms_standard = 500,
};

/// What getopt_long answers for each option; limits follow as option_limit + index.
enum option_key {
    option_control_fd = 256,
    option_report_fd,
    option_report_file,
    option_grace_ms,
    option_nice,
    option_cgroup,
    option_chdir,
    option_help,
    option_limit,
};

static const struct option table[] = {
    {"control-fd", required_argument, NULL, option_control_fd},
    {"report-fd", required_argument, NULL, option_report_fd},
    {"report-file", required_argument, NULL, option_report_file},
    {"grace-ms", required_argument, NULL, option_grace_ms},
    {"nice", required_argument, NULL, option_nice},
    {"cgroup", required_argument, NULL, option_cgroup},
    {"chdir", required_argument, NULL, option_chdir},
    {"help", no_argument, NULL, option_help},
    {"rlimit-as", required_argument, NULL, option_limit},
    {"rlimit-fsize", required_argument, NULL, option_limit + 1},
    {"rlimit-cpu", required_argument, NULL, option_limit + 2},
    {"rlimit-nofile", required_argument, NULL, option_limit + 3},
    {"rlimit-core", required_argument, NULL, option_limit + 4},
    {NULL, 0, NULL, 0},
};

static const char usage_text[] =
    "usage: reelwork-exec [options] -- PROGRAM [ARGUMENT ...]\n"
    "Runs PROGRAM so that it cannot outlive the process that started this helper.\n"
    "  --control-fd N        pipe from the starter; its end ends PROGRAM (standard: 0)\n"
    "  --report-fd N         where the report lines go (standard: 3); a socket may serve as\n"
    "                        control and report in one\n"
    "  --report-file PATH    a file for the report lines, replaced as a whole\n"
    "  --grace-ms N          time between TERM and KILL (standard: 500)\n"
    "  --nice N              added to PROGRAM's nice value, -20 to 19\n"
    "  --rlimit-as BYTES     limit of PROGRAM's address space\n"
    "  --rlimit-fsize BYTES  limit of a file that PROGRAM writes\n"
    "  --rlimit-cpu SECONDS  limit of PROGRAM's processor time\n"
    "  --rlimit-nofile N     limit of PROGRAM's open files\n"
    "  --rlimit-core BYTES   limit of a core file; 0 = none\n"
    "  --cgroup PATH         control group that PROGRAM is put in\n"
    "  --chdir DIR           folder that PROGRAM starts in\n"
    "exit codes: 0 reported, 64 wrong usage, 70 could not start, 74 could not report,\n"
    "            126 PROGRAM not executable, 127 PROGRAM not found\n";

_Noreturn static void usage_error(const char *what, const char *value) {
    fprintf(
        stderr, "reelwork-exec: %s%s%s; see reelwork-exec --help\n", what,
        value != NULL ? ": " : "", value != NULL ? value : "");
    exit(exit_usage);
}

/// Reads a whole decimal number between two bounds, or ends with a usage error.
static long long number(const char *name, const char *text, long long low, long long high) {
    char *end = NULL;
    errno = 0;
    long long value = strtoll(text, &end, 10);
    if (errno != 0 || end == text || *end != '\0' || value < low || value > high) {
        fprintf(
            stderr, "reelwork-exec: --%s takes a whole number from %lld to %lld, not \"%s\"\n",
            name, low, high, text);
        exit(exit_usage);
    }
    return value;
}

static void descriptors_check(const struct options *options) {
    if (options->control_fd == 1 || options->control_fd == 2) {
        usage_error("the control descriptor cannot be the encoder's output", NULL);
    }
    // A socket carries both ways: then control and report share it, whatever its number is.
    if (options->report_fd >= 0 && options->report_fd < 3 &&
        options->report_fd != options->control_fd) {
        usage_error("the report descriptor must be 3 or more, or that of --control-fd", NULL);
    }
}

static void option_apply(struct options *options, int key) {
    switch (key) {
    case option_control_fd:
        options->control_fd = (int)number("control-fd", optarg, 0, INT_MAX);
        break;
    case option_report_fd:
        options->report_fd = (int)number("report-fd", optarg, 0, INT_MAX);
        break;
    case option_report_file:
        options->report_path = optarg;
        break;
    case option_grace_ms:
        options->grace_ms = (long)number("grace-ms", optarg, 0, grace_ms_max);
        break;
    case option_nice:
        options->nice = (int)number("nice", optarg, -20, 19);
        options->nice_is_set = true;
        break;
    case option_cgroup:
        options->cgroup_path = optarg;
        break;
    case option_chdir:
        options->folder_path = optarg;
        break;
    case option_help:
        fputs(usage_text, stdout);
        exit(0);
    default:
        if (key < option_limit || key >= option_limit + limits_count) {
            // getopt_long has said what is wrong.
            exit(exit_usage);
        }
        struct limit *limit = &options->limits[key - option_limit];
        limit->value = (rlim_t)number(limit->name, optarg, 0, INT64_MAX);
        limit->is_set = true;
    }
}

struct options options_parse(int count, char **arguments) {
    struct options options = {
        .control_fd = control_fd_standard,
        .report_fd = -1,
        .grace_ms = grace_ms_standard,
        // In the order of `table`.
        .limits =
            {
                {.name = "rlimit-as", .resource = RLIMIT_AS},
                {.name = "rlimit-fsize", .resource = RLIMIT_FSIZE},
                {.name = "rlimit-cpu", .resource = RLIMIT_CPU},
                {.name = "rlimit-nofile", .resource = RLIMIT_NOFILE},
                {.name = "rlimit-core", .resource = RLIMIT_CORE},
            },
    };
    int key;
    // "+" stops at the first word that is no option, so PROGRAM's options are never ours.
    while ((key = getopt_long(count, arguments, "+", table, NULL)) != -1) {
        option_apply(&options, key);
    }
    if (strcmp(arguments[optind - 1], "--") != 0) {
        usage_error(
            "PROGRAM must stand behind \"--\"", optind < count ? arguments[optind] : NULL);
    }
    if (optind >= count || arguments[optind][0] == '\0') {
        usage_error("no PROGRAM given", NULL);
    }
    options.arguments = arguments + optind;
    if (options.report_fd < 0 && options.report_path == NULL) {
        if (options.control_fd == report_fd_standard) {
            usage_error("control and report share a descriptor only if both are named", NULL);
        }
        options.report_fd = report_fd_standard;
    }
    descriptors_check(&options);
    return options;
}
