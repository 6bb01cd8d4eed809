// SPDX-License-Identifier: Apache-2.0
// Reelwork: the start of the encoder, and the end of all that it has started.
#ifndef REELWORK_EXEC_ENCODER_H
#define REELWORK_EXEC_ENCODER_H

#include "options.h"

#include <stdbool.h>
#include <sys/types.h>

/// What a child that could not become the encoder tells its parent.
struct start_failure {
    int error;
    /// Index into the names of `encoder_step_name`.
    int step;
};

/// Forks the encoder in a process group of its own and answers its pid, or the negative errno.
///
/// `*failures` becomes the reading end of a pipe: it ends without a byte once the program runs, and
/// carries one `start_failure` if it never will.
pid_t encoder_start(const struct options *options, int *failures);

/// Answers the word that the report uses for a step: "exec", "cgroup", "rlimit-as" ...
const char *encoder_step_name(int step);

/// Answers whether a step is the execution of the program itself.
bool encoder_step_is_exec(int step);

/// Looks for children that have ended: reaps strangers, and answers whether the encoder is among
/// them. The encoder stays unreaped, so that its number, and its group's, cannot be used anew.
bool encoder_has_ended(pid_t encoder);

/// Sends a signal to the encoder and its group.
void encoder_signal(pid_t encoder, int signal);

/// Kills what is left of the ended encoder's group, reaps the encoder and answers its wait status.
int encoder_reap(pid_t encoder);

/// Kills and reaps every other descendant.
///
/// `signals` is a signalfd for SIGCHLD. Answers false if some would not die in time: they hang in
/// the kernel with their KILL pending, or belong to another user.
bool descendants_end(int signals);

/// Milliseconds of a clock that never goes back.
long long milliseconds_now(void);

#endif
