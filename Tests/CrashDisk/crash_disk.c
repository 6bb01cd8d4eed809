// SPDX-License-Identifier: Apache-2.0
// Reelwork: a disk under SQLite that fails, and forgets at a crash what was not synced.
#define _GNU_SOURCE
#include "crash_disk.h"

#include "crash_damage.h"

#include <pthread.h>
#include <sqlite3.h>
#include <string.h>

struct open_file {
    sqlite3_file base;
    struct disk_file *file;
    sqlite3_file *real;
};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static sqlite3_vfs disk;
static sqlite3_vfs *unix_disk;
static enum crash_disk_fault armed;
static int64_t armed_at;
static bool armed_lasting;
static bool struck;
static int64_t operations;

/// Whether the fault happens at this operation.
static bool strikes(enum crash_disk_fault fault) {
    if (armed != fault || operations < armed_at || (struck && !armed_lasting)) {
        return false;
    }
    struck = true;
    return true;
}

static bool is_dark(void) { return armed == CRASH_DISK_CRASH && struck; }

/// Counts an operation and says whether the power goes just at it.
static bool goes_dark(void) {
    if (is_dark()) {
        return true;
    }
    if (armed != CRASH_DISK_READ) {
        operations += 1;
    }
    return strikes(CRASH_DISK_CRASH);
}

// MARK: - One open file

static struct open_file *as_open(sqlite3_file *file) { return (struct open_file *)file; }

static int disk_close(sqlite3_file *file) {
    struct open_file *open = as_open(file);
    int code = open->real->pMethods->xClose(open->real);
    file->pMethods = NULL;
    return code;
}

static int disk_read(sqlite3_file *file, void *bytes, int count, sqlite3_int64 offset) {
    struct open_file *open = as_open(file);
    pthread_mutex_lock(&lock);
    bool fails = is_dark();
    if (armed == CRASH_DISK_READ) {
        operations += 1;
        fails = fails || strikes(CRASH_DISK_READ);
    }
    pthread_mutex_unlock(&lock);
    return fails ? SQLITE_IOERR_READ
                 : open->real->pMethods->xRead(open->real, bytes, count, offset);
}

static int disk_write(sqlite3_file *file, const void *bytes, int count, sqlite3_int64 offset) {
    struct open_file *open = as_open(file);
    pthread_mutex_lock(&lock);
    int code = SQLITE_IOERR_WRITE;
    bool was_dark = is_dark();
    if (goes_dark()) {
        // What was being written when the power went may be on the disk in part.
        if (!was_dark
            && damage_remember(open->file, open->real, bytes, count, offset) == SQLITE_OK) {
            open->real->pMethods->xWrite(open->real, bytes, count, offset);
        }
    } else if (strikes(CRASH_DISK_FULL)) {
        code = SQLITE_FULL;
    } else if (strikes(CRASH_DISK_WRITE)) {
        if (damage_remember(open->file, open->real, bytes, count / 2, offset) == SQLITE_OK) {
            open->real->pMethods->xWrite(open->real, bytes, count / 2, offset);
        }
    } else {
        code = damage_remember(open->file, open->real, bytes, count, offset);
        if (code == SQLITE_OK) {
            code = open->real->pMethods->xWrite(open->real, bytes, count, offset);
        }
    }
    pthread_mutex_unlock(&lock);
    return code;
}

static int disk_truncate(sqlite3_file *file, sqlite3_int64 size) {
    struct open_file *open = as_open(file);
    pthread_mutex_lock(&lock);
    int code = SQLITE_IOERR_TRUNCATE;
    if (!goes_dark() && !strikes(CRASH_DISK_WRITE)) {
        code = damage_remember(open->file, open->real, NULL, -1, size);
        if (code == SQLITE_OK) {
            code = open->real->pMethods->xTruncate(open->real, size);
        }
    }
    pthread_mutex_unlock(&lock);
    return code;
}

static int disk_sync(sqlite3_file *file, int flags) {
    struct open_file *open = as_open(file);
    (void)flags;
    pthread_mutex_lock(&lock);
    int code = SQLITE_IOERR_FSYNC;
    if (goes_dark()) {
        // Nothing is confirmed.
    } else if (strikes(CRASH_DISK_SYNC)) {
        // The kernel forgets that these pages are dirty: no later sync writes them.
        damage_doom(open->file);
    } else {
        // The real disk need not sync: no test here outlives the power.
        damage_forget(open->file, false);
        code = SQLITE_OK;
    }
    pthread_mutex_unlock(&lock);
    return code;
}

static int disk_size(sqlite3_file *file, sqlite3_int64 *size) {
    return as_open(file)->real->pMethods->xFileSize(as_open(file)->real, size);
}

static int disk_lock(sqlite3_file *file, int level) {
    return as_open(file)->real->pMethods->xLock(as_open(file)->real, level);
}

static int disk_unlock(sqlite3_file *file, int level) {
    return as_open(file)->real->pMethods->xUnlock(as_open(file)->real, level);
}

static int disk_reserved(sqlite3_file *file, int *is_reserved) {
    sqlite3_file *real = as_open(file)->real;
    return real->pMethods->xCheckReservedLock(real, is_reserved);
}

static int disk_control(sqlite3_file *file, int operation, void *argument) {
    // A size hint would grow the file behind our back.
    if (operation == SQLITE_FCNTL_SIZE_HINT || operation == SQLITE_FCNTL_CHUNK_SIZE) {
        return SQLITE_OK;
    }
    return as_open(file)->real->pMethods->xFileControl(as_open(file)->real, operation, argument);
}

static int disk_sector(sqlite3_file *file) {
    return as_open(file)->real->pMethods->xSectorSize(as_open(file)->real);
}

/// As the product sees it: a write that is torn harms no byte outside of it, and it does not here.
static int disk_traits(sqlite3_file *file) {
    return as_open(file)->real->pMethods->xDeviceCharacteristics(as_open(file)->real);
}

static int disk_shm_map(sqlite3_file *file, int region, int size, int extends, void volatile **at) {
    return as_open(file)->real->pMethods->xShmMap(as_open(file)->real, region, size, extends, at);
}

static int disk_shm_lock(sqlite3_file *file, int offset, int count, int flags) {
    return as_open(file)->real->pMethods->xShmLock(as_open(file)->real, offset, count, flags);
}

static void disk_shm_barrier(sqlite3_file *file) {
    as_open(file)->real->pMethods->xShmBarrier(as_open(file)->real);
}

static int disk_shm_unmap(sqlite3_file *file, int deletes) {
    return as_open(file)->real->pMethods->xShmUnmap(as_open(file)->real, deletes);
}

static const sqlite3_io_methods methods = {
    .iVersion = 2,
    .xClose = disk_close,
    .xRead = disk_read,
    .xWrite = disk_write,
    .xTruncate = disk_truncate,
    .xSync = disk_sync,
    .xFileSize = disk_size,
    .xLock = disk_lock,
    .xUnlock = disk_unlock,
    .xCheckReservedLock = disk_reserved,
    .xFileControl = disk_control,
    .xSectorSize = disk_sector,
    .xDeviceCharacteristics = disk_traits,
    .xShmMap = disk_shm_map,
    .xShmLock = disk_shm_lock,
    .xShmBarrier = disk_shm_barrier,
    .xShmUnmap = disk_shm_unmap,
};

// MARK: - The file system

static bool is_ours(const char *path) {
    return path != NULL && strstr(path, "/crash-disk-") != NULL;
}

static int disk_open(
    sqlite3_vfs *vfs, const char *path, sqlite3_file *file, int flags, int *flags_out) {
    (void)vfs;
    if (!is_ours(path)) {
        return unix_disk->xOpen(unix_disk, path, file, flags, flags_out);
    }
    struct open_file *open = as_open(file);
    memset(open, 0, sizeof *open);
    pthread_mutex_lock(&lock);
    open->file = damage_file(path);
    bool dark = is_dark();
    pthread_mutex_unlock(&lock);
    if (open->file == NULL || dark) {
        return open->file == NULL ? SQLITE_NOMEM : SQLITE_CANTOPEN;
    }
    open->real = (sqlite3_file *)(void *)(open + 1);
    int code = unix_disk->xOpen(unix_disk, path, open->real, flags, flags_out);
    // A method table that is set asks for xClose, also where the opening failed.
    file->pMethods = open->real->pMethods == NULL ? NULL : &methods;
    return code;
}

static int disk_delete(sqlite3_vfs *vfs, const char *path, int syncs) {
    (void)vfs;
    if (!is_ours(path)) {
        return unix_disk->xDelete(unix_disk, path, syncs);
    }
    pthread_mutex_lock(&lock);
    int code = SQLITE_IOERR_DELETE;
    if (!goes_dark()) {
        struct disk_file *file = damage_file(path);
        if (file != NULL) {
            damage_forget(file, true);
        }
        code = unix_disk->xDelete(unix_disk, path, 0);
    }
    pthread_mutex_unlock(&lock);
    return code;
}

int crash_disk_install(void) {
    static bool is_installed = false;
    pthread_mutex_lock(&lock);
    int code = SQLITE_OK;
    if (!is_installed) {
        unix_disk = sqlite3_vfs_find(NULL);
        code = unix_disk == NULL ? SQLITE_ERROR : SQLITE_OK;
        if (code == SQLITE_OK) {
            disk = *unix_disk;
            disk.zName = "reelwork-crash-disk";
            disk.pNext = NULL;
            disk.szOsFile = (int)sizeof(struct open_file) + unix_disk->szOsFile;
            disk.xOpen = disk_open;
            disk.xDelete = disk_delete;
            code = sqlite3_vfs_register(&disk, 1);
        }
        is_installed = code == SQLITE_OK;
    }
    pthread_mutex_unlock(&lock);
    return code;
}

void crash_disk_arm(enum crash_disk_fault fault, int64_t at, bool is_lasting, uint64_t seed) {
    pthread_mutex_lock(&lock);
    armed = fault;
    armed_at = at;
    armed_lasting = is_lasting;
    struck = false;
    operations = 0;
    damage_begin(seed);
    pthread_mutex_unlock(&lock);
}

int64_t crash_disk_operations(void) {
    pthread_mutex_lock(&lock);
    int64_t count = operations;
    pthread_mutex_unlock(&lock);
    return count;
}

bool crash_disk_has_struck(void) {
    pthread_mutex_lock(&lock);
    bool has = struck;
    pthread_mutex_unlock(&lock);
    return has;
}

int64_t crash_disk_settle(void) {
    pthread_mutex_lock(&lock);
    armed = CRASH_DISK_NONE;
    int64_t lost = damage_settle();
    pthread_mutex_unlock(&lock);
    return lost;
}
