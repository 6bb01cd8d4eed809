// SPDX-License-Identifier: Apache-2.0
// Reelwork: a disk under SQLite that fails, and forgets at a crash what was not synced.
//
// crash_disk_install makes it SQLite's standard file system. It concerns itself with files alone
// whose path holds "/crash-disk-"; all others are as they were. Of those it remembers every write
// since the last sync of its file. One test at a time may use it.
//
// Source: https://www.sqlite.org/vfs.html, and what https://www.sqlite.org/testing.html says of
// crash tests.
#ifndef REELWORK_CRASH_DISK_H
#define REELWORK_CRASH_DISK_H

#include <stdbool.h>
#include <stdint.h>

/// What happens at the operation that was named.
enum crash_disk_fault {
    /// Nothing.
    CRASH_DISK_NONE = 0,
    /// The power goes: from then on nothing is written, and every operation fails.
    CRASH_DISK_CRASH = 1,
    /// A write fails with EIO; half of it may be on the disk.
    CRASH_DISK_WRITE = 2,
    /// A write finds no space.
    CRASH_DISK_FULL = 3,
    /// A sync fails: what it was to make durable never is, whatever later syncs say.
    CRASH_DISK_SYNC = 4,
    /// A read fails with EIO.
    CRASH_DISK_READ = 5,
};

/// Makes it SQLite's standard file system; the second call does nothing. Answers 0 or a code of
/// SQLite.
int crash_disk_install(void);

/// Begins to count operations from 1 (writes, truncations, syncs, removals; for CRASH_DISK_READ
/// reads), and lets `fault` happen at the first fitting one from `at` on: once, or `is_lasting`.
void crash_disk_arm(enum crash_disk_fault fault, int64_t at, bool is_lasting, uint64_t seed);

/// Operations since it was armed.
int64_t crash_disk_operations(void);

/// Whether the fault has happened.
bool crash_disk_has_struck(void);

/// The machine is on again: of what was not synced a random part is on the disk, torn at sectors
/// and out of order; -shm files are gone. To be called when every connection is closed. Answers how
/// many writes were not on the disk as a whole, or -1 where a file could not be repaired so.
int64_t crash_disk_settle(void);

#endif
