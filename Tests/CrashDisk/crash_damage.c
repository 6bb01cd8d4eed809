// SPDX-License-Identifier: Apache-2.0
// Reelwork: what a crash does to the files that a test writes.
#define _GNU_SOURCE
#include "crash_damage.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { sector = 512, page = 4096 };

/// One write or truncation that no sync has confirmed.
struct change {
    struct change *next;
    struct change *previous;
    int64_t offset;
    /// Bytes written; -1: a truncation to `offset`.
    int64_t count;
    /// The size of the file before.
    int64_t size;
    /// What stood there before, as far as the file went, and what was written.
    unsigned char *before;
    int64_t before_count;
    unsigned char *after;
    /// A sync that was to confirm it has failed.
    bool is_doomed;
};

struct disk_file {
    struct disk_file *next;
    char *path;
    struct change *first;
    struct change *last;
};

static struct disk_file *files;
static uint64_t random_state;

static uint64_t random_next(void) {
    // splitmix64 (Steele, Lea, Flood: Fast Splittable Pseudorandom Number Generators, 2014).
    uint64_t mixed = (random_state += 0x9E3779B97F4A7C15ULL);
    mixed = (mixed ^ (mixed >> 30)) * 0xBF58476D1CE4E5B9ULL;
    mixed = (mixed ^ (mixed >> 27)) * 0x94D049BB133111EBULL;
    return mixed ^ (mixed >> 31);
}

void damage_begin(uint64_t seed) { random_state = seed; }

struct disk_file *damage_file(const char *path) {
    for (struct disk_file *file = files; file != NULL; file = file->next) {
        if (strcmp(file->path, path) == 0) {
            return file;
        }
    }
    struct disk_file *file = calloc(1, sizeof *file);
    char *copy = strdup(path);
    if (file == NULL || copy == NULL) {
        free(file);
        free(copy);
        return NULL;
    }
    file->path = copy;
    file->next = files;
    files = file;
    return file;
}

static void drop(struct disk_file *file, struct change *change) {
    *(change->previous == NULL ? &file->first : &change->previous->next) = change->next;
    *(change->next == NULL ? &file->last : &change->next->previous) = change->previous;
    free(change->before);
    free(change->after);
    free(change);
}

void damage_forget(struct disk_file *file, bool with_doomed) {
    for (struct change *change = file->first; change != NULL;) {
        struct change *next = change->next;
        if (with_doomed || !change->is_doomed) {
            drop(file, change);
        }
        change = next;
    }
}

int damage_remember(
    struct disk_file *file, sqlite3_file *real, const void *bytes, int64_t count, int64_t offset) {
    sqlite3_int64 size = 0;
    real->pMethods->xFileSize(real, &size);
    struct change *change = calloc(1, sizeof *change);
    if (change == NULL) {
        return SQLITE_NOMEM;
    }
    int64_t end = count < 0 ? size : offset + count;
    int64_t kept = (end < size ? end : size) - offset;
    change->offset = offset;
    change->count = count;
    change->size = size;
    change->before_count = kept > 0 ? kept : 0;
    change->before = malloc((size_t)change->before_count + 1);
    change->after = malloc((size_t)(count > 0 ? count : 0) + 1);
    if (change->before == NULL || change->after == NULL) {
        free(change->before);
        free(change->after);
        free(change);
        return SQLITE_NOMEM;
    }
    if (kept > 0) {
        real->pMethods->xRead(real, change->before, (int)kept, offset);
    }
    if (count > 0) {
        memcpy(change->after, bytes, (size_t)count);
    }
    change->previous = file->last;
    *(file->last == NULL ? &file->first : &file->last->next) = change;
    file->last = change;
    return SQLITE_OK;
}

void damage_doom(struct disk_file *file) {
    for (struct change *change = file->first; change != NULL; change = change->next) {
        change->is_doomed = true;
    }
}

// MARK: - After the crash

static bool put(int descriptor, const unsigned char *bytes, int64_t count, int64_t offset) {
    return count <= 0 || pwrite(descriptor, bytes, (size_t)count, offset) == count;
}

/// Writes of a change what the disk had time for, in pieces of `grain`; false where it cannot.
static bool put_part(int descriptor, const struct change *change, int64_t grain, bool *is_whole) {
    unsigned char junk[page];
    for (int64_t done = 0; done < change->count;) {
        int64_t at = change->offset + done;
        int64_t step = grain - at % grain;
        step = step < change->count - done ? step : change->count - done;
        uint64_t dice = random_next() % 16;
        if (dice < 8) {
            if (!put(descriptor, change->after + done, step, at)) {
                return false;
            }
        } else {
            *is_whole = false;
        }
        if (dice == 15) {
            // The sector that was under the head holds neither the old nor the new.
            for (int64_t index = 0; index < step; index += 1) {
                junk[index] = (unsigned char)random_next();
            }
            if (!put(descriptor, junk, step, at)) {
                return false;
            }
        }
        done += step;
    }
    return true;
}

/// Takes every change back, then makes those again for which the disk had time.
static int64_t settle(struct disk_file *file) {
    int descriptor = open(file->path, O_RDWR | O_CLOEXEC);
    if (descriptor < 0) {
        return file->first == NULL ? 0 : -1;
    }
    bool is_well = true;
    for (struct change *change = file->last; change != NULL; change = change->previous) {
        is_well = is_well && put(descriptor, change->before, change->before_count, change->offset)
            && ftruncate(descriptor, change->size) == 0;
    }
    int64_t lost = 0;
    // One disk wrote all that it was given, one nothing, one whole writes, the others pieces.
    uint64_t manner = random_next() % 6;
    int64_t grain = random_next() % 2 == 0 ? sector : page;
    for (struct change *change = file->first; change != NULL; change = change->next) {
        bool is_whole = true;
        if (manner == 1 || (manner == 2 && random_next() % 2 == 0)) {
            is_whole = false;
        } else if (change->count < 0) {
            is_well = is_well && ftruncate(descriptor, change->offset) == 0;
        } else if (manner == 0 || manner == 2) {
            is_well = is_well && put(descriptor, change->after, change->count, change->offset);
        } else {
            is_well = is_well && put_part(descriptor, change, grain, &is_whole);
        }
        lost += is_whole ? 0 : 1;
    }
    close(descriptor);
    return is_well ? lost : -1;
}

int64_t damage_settle(void) {
    int64_t lost = 0;
    while (files != NULL) {
        struct disk_file *file = files;
        size_t length = strlen(file->path);
        int64_t more = settle(file);
        lost = more < 0 || lost < 0 ? -1 : lost + more;
        damage_forget(file, true);
        char *memory = NULL;
        if (length > 4 && strcmp(file->path + length - 4, "-wal") == 0
            && (memory = strdup(file->path)) != NULL) {
            // The shared memory beside the log goes with the machine.
            memcpy(memory + length - 4, "-shm", 4);
            unlink(memory);
            free(memory);
        }
        files = file->next;
        free(file->path);
        free(file);
    }
    return lost;
}
