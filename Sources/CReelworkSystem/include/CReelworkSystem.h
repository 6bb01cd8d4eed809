// SPDX-License-Identifier: Apache-2.0
// Reelwork: calls of Linux that Swift cannot import, each under a name of ours.
#ifndef REELWORK_CREELWORKSYSTEM_H
#define REELWORK_CREELWORKSYSTEM_H

#include <stdbool.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

// Every function answers 0 or more on success and the negative errno on failure: -2 is -ENOENT.
// None keeps state; all may be called from any thread. Descriptors that they open are closed on
// exec.

// MARK: Sockets

/// Who connected: as the kernel saw it at the time of connect() or socketpair().
typedef struct {
    int32_t pid;
    uint32_t uid;
    uint32_t gid;
} reelwork_peer;

/// Asks a connected Unix socket for its peer (unix(7), SO_PEERCRED).
///
/// The pid is 0 where the peer lives in a pid namespace that this process cannot see. -ENOTCONN
/// where the socket has no peer or is not of the Unix family.
int reelwork_peer_credentials(int socket, reelwork_peer *_Nonnull peer);

// MARK: Files

/// Renames `source` to `target` unless `target` exists (renameat2(2), RENAME_NOREPLACE).
///
/// -EEXIST where `target` exists, even as a dangling symbolic link; -EINVAL where the file system
/// cannot do it.
int reelwork_rename_no_replace(const char *_Nonnull source, const char *_Nonnull target);

/// Makes the names in a folder durable (fsync(2) on the folder).
int reelwork_folder_sync(const char *_Nonnull path);

/// Opens (or makes, mode 0600), locks and fills a pid file; answers its descriptor.
///
/// The lock (flock(2)) lives as long as the descriptor and dies with the process, so a file that is
/// left over does no harm and need not be removed. -EWOULDBLOCK where another process holds it:
/// then `*holder`, where not null, is the pid that stands in the file, or 0. A symbolic link in
/// the last place of the path is refused (-ELOOP).
int reelwork_pid_file_lock(const char *_Nonnull path, int32_t *_Nullable holder);

/// What lies under a path.
typedef struct {
    /// Bytes that a process without privileges may still write.
    uint64_t bytes_free;
    /// Size of the whole file system.
    uint64_t bytes_total;
    /// The kernel's number for the kind of file system (statfs(2), f_type).
    uint64_t kind;
    /// Over a network, a cluster, a hypervisor or FUSE: locks, mmap and fsync cannot be trusted.
    bool is_remote;
} reelwork_file_system;

/// Asks for the file system under a path (statfs(2)).
int reelwork_file_system_at(const char *_Nonnull path, reelwork_file_system *_Nonnull facts);

/// Answers whether a kind of file system is one that `is_remote` speaks of.
bool reelwork_file_system_kind_is_remote(uint64_t kind);

/// Makes a pipe whose ends are closed on exec from the first (pipe2(2)): an end that slips into
/// another child keeps the pipe from ending.
int reelwork_pipe(int *_Nonnull reading, int *_Nonnull writing);

// MARK: Processes and threads

/// Opens a descriptor that becomes readable when the process ends (pidfd_open(2)).
int reelwork_pidfd_open(int32_t pid);

/// Sends a signal to just the process that the descriptor names (pidfd_send_signal(2)); 0 asks
/// whether it is there.
int reelwork_pidfd_signal(int pidfd, int signal);

/// Asks for a signal when the parent *thread* of this process ends (prctl(2), PR_SET_PDEATHSIG);
/// 0 takes it back.
int reelwork_parent_death_signal(int signal);

/// Names the calling thread, for ps and debuggers; the kernel keeps the first 15 bytes.
int reelwork_thread_name(const char *_Nonnull name);

/// Raises this process's soft limit of open files to `wanted`, or to the hard limit if that is
/// lower; never lowers it. `*now`, where not null, becomes the soft limit after the call.
int reelwork_open_files_raise(uint64_t wanted, uint64_t *_Nullable now);

// MARK: Time

/// Nanoseconds since boot, time of sleep included; never goes back (CLOCK_BOOTTIME). 0 if the
/// kernel has no such clock, which Linux has had since 2.6.39.
uint64_t reelwork_boottime_nanoseconds(void);

// MARK: Waking an event loop

/// Opens a counter that is readable while it is not zero (eventfd(2)), not blocking.
int reelwork_eventfd_open(void);

/// Adds one to the counter. A counter that is full is a signal already: that is success.
int reelwork_eventfd_signal(int eventfd);

/// Takes the counter back to zero and answers what it was, at most INT64_MAX; 0 if it was zero.
int64_t reelwork_eventfd_drain(int eventfd);

#ifdef __cplusplus
}
#endif

#endif
