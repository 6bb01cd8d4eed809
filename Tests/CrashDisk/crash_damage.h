// SPDX-License-Identifier: Apache-2.0
// Reelwork: what a crash does to the files that a test writes; crash_disk.c holds its lock.
#ifndef REELWORK_CRASH_DAMAGE_H
#define REELWORK_CRASH_DAMAGE_H

#include <sqlite3.h>
#include <stdbool.h>
#include <stdint.h>

/// One file, however often it is open, with every change that no sync has confirmed.
struct disk_file;

/// Begins anew with the dice.
void damage_begin(uint64_t seed);

/// The file of this path; NULL where there is no memory.
struct disk_file *damage_file(const char *path);

/// Remembers what is about to change: a write, or with `count` -1 a truncation to `offset`. Answers
/// 0 or SQLITE_NOMEM.
int damage_remember(
    struct disk_file *file, sqlite3_file *real, const void *bytes, int64_t count, int64_t offset);

/// The changes are durable, the doomed ones only where the file itself is gone.
void damage_forget(struct disk_file *file, bool with_doomed);

/// No later sync makes durable what was changed so far.
void damage_doom(struct disk_file *file);

/// Brings every file into a state that it may have after a crash, and forgets them all.
int64_t damage_settle(void);

#endif
