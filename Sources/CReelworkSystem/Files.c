// SPDX-License-Identifier: Apache-2.0
// Reelwork: names, folders, pid files and file systems.
#define _GNU_SOURCE
#include "CReelworkSystem.h"

#include <errno.h>
#include <fcntl.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

int reelwork_rename_no_replace(const char *source, const char *target) {
    return renameat2(AT_FDCWD, source, AT_FDCWD, target, RENAME_NOREPLACE) == 0 ? 0 : -errno;
}

int reelwork_folder_sync(const char *path) {
    int folder = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (folder < 0) {
        return -errno;
    }
    int answer = fsync(folder) == 0 ? 0 : -errno;
    (void)close(folder);
    return answer;
}

// MARK: Pid files

static int32_t pid_in(int file) {
    char text[16];
    ssize_t count = pread(file, text, sizeof text - 1, 0);
    if (count <= 0) {
        return 0;
    }
    text[count] = '\0';
    long pid = strtol(text, NULL, 10);
    return pid > 0 && pid <= INT32_MAX ? (int32_t)pid : 0;
}

static int pid_write(int file) {
    char text[16];
    int count = snprintf(text, sizeof text, "%ld\n", (long)getpid());
    if (ftruncate(file, 0) != 0) {
        return -errno;
    }
    ssize_t written = pwrite(file, text, (size_t)count, 0);
    if (written < 0) {
        return -errno;
    }
    return written == count ? 0 : -ENOSPC;
}

int reelwork_pid_file_lock(const char *path, int32_t *holder) {
    if (holder != NULL) {
        *holder = 0;
    }
    int file = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (file < 0) {
        return -errno;
    }
    int answer = 0;
    if (flock(file, LOCK_EX | LOCK_NB) != 0) {
        answer = -errno;
        if (answer == -EWOULDBLOCK && holder != NULL) {
            *holder = pid_in(file);
        }
    } else {
        answer = pid_write(file);
    }
    if (answer < 0) {
        (void)close(file);
        return answer;
    }
    return file;
}

// MARK: File systems

/// Kinds whose files another machine or a process of a user answers for. The numbers are those of
/// statfs(2) and the kernel's magic.h; not all of them are in the headers of every system.
static const uint32_t kinds_remote[] = {
    0x00006969,  // NFS
    0x0000517b,  // SMB
    0xff534d42,  // CIFS
    0xfe534d42,  // SMB 2 and 3
    0x65735546,  // FUSE: sshfs, s3fs, gluster and many more
    0x01021997,  // 9P
    0x786f4256,  // VirtualBox shared folders
    0x00c36400,  // Ceph
    0x5346414f,  // AFS
    0x6b414653,  // kAFS
    0x73757245,  // Coda
    0x0000564c,  // NCP
    0x01161970,  // GFS2
    0x7461636f,  // OCFS2
    0x0bd00bd0,  // Lustre
    0x19830326,  // BeeGFS
    0x47504653,  // GPFS
};

bool reelwork_file_system_kind_is_remote(uint64_t kind) {
    for (size_t index = 0; index < sizeof kinds_remote / sizeof *kinds_remote; index += 1) {
        if (kind == kinds_remote[index]) {
            return true;
        }
    }
    return false;
}

/// Multiplies, and stays at the greatest number where the product would not fit.
static uint64_t product(uint64_t blocks, uint64_t size) {
    uint64_t bytes = 0;
    return __builtin_mul_overflow(blocks, size, &bytes) ? UINT64_MAX : bytes;
}

int reelwork_file_system_at(const char *path, reelwork_file_system *facts) {
    struct statfs buffer;
    int answer;
    do {
        answer = statfs(path, &buffer);
    } while (answer != 0 && errno == EINTR);
    if (answer != 0) {
        return -errno;
    }
    // Blocks are counted in fragments where the file system has them (statfs(2), f_frsize).
    uint64_t size = (uint64_t)(buffer.f_frsize > 0 ? buffer.f_frsize : buffer.f_bsize);
    facts->bytes_free = product(buffer.f_bavail, size);
    facts->bytes_total = product(buffer.f_blocks, size);
    // f_type is a signed word: numbers such as CIFS's are negative on 32 bits.
    facts->kind = (uint32_t)buffer.f_type;
    facts->is_remote = reelwork_file_system_kind_is_remote(facts->kind);
    return 0;
}
