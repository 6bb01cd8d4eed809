// SPDX-License-Identifier: Apache-2.0
// Reelwork: tests of the system calls that Swift cannot import.

import CReelworkSystem
import Glibc
import Testing

// Goal: each wrapper does what its header says, and answers the negative errno where it cannot.
// Method: real descriptors, files and processes of this machine.
struct SystemTests {
    @Test func aSocketPairNamesThisProcess() {
        var ends: [Int32] = [-1, -1]
        #expect(socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0, &ends) == 0)
        defer {
            for end in ends {
                close(end)
            }
        }
        var peer = reelwork_peer()
        #expect(reelwork_peer_credentials(ends[0], &peer) == 0)
        #expect(peer.pid == getpid())
        #expect(peer.uid == getuid())
        #expect(peer.gid == getgid())
    }

    @Test func whatHasNoPeerIsAnError() {
        var peer = reelwork_peer()
        let internet = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(internet) }
        #expect(reelwork_peer_credentials(internet, &peer) == -ENOTCONN)
        #expect(reelwork_peer_credentials(-1, &peer) == -EBADF)
    }

    @Test func aRenameReplacesNothing() throws {
        let folder = try #require(Folder())
        let source = folder.write("source", "new")
        let target = folder.write("target", "old")
        #expect(reelwork_rename_no_replace(source, target) == -EEXIST)
        #expect(folder.read("target") == "old")
        #expect(folder.read("source") == "new")
        #expect(unlink(target) == 0)
        #expect(symlink("nowhere", target) == 0)
        #expect(reelwork_rename_no_replace(source, target) == -EEXIST)
        #expect(unlink(target) == 0)
        #expect(reelwork_rename_no_replace(source, target) == 0)
        #expect(folder.read("target") == "new")
        #expect(reelwork_rename_no_replace(source, target) == -ENOENT)
    }

    @Test func aFolderIsSyncedAndAFileIsNot() throws {
        let folder = try #require(Folder())
        let file = folder.write("file", "")
        #expect(reelwork_folder_sync(folder.path) == 0)
        #expect(reelwork_folder_sync(file) == -ENOTDIR)
        #expect(reelwork_folder_sync(folder.path + "/absent") == -ENOENT)
    }

    @Test func aPidFileHasOneHolder() throws {
        let folder = try #require(Folder())
        let path = folder.path + "/pid"
        let held = reelwork_pid_file_lock(path, nil)
        #expect(held >= 0)
        #expect(folder.read("pid") == "\(getpid())\n")
        #expect(fcntl(held, F_GETFD) & FD_CLOEXEC != 0)
        // flock goes by open descriptions, so this process can stand for another.
        var holder: Int32 = -1
        #expect(reelwork_pid_file_lock(path, &holder) == -EWOULDBLOCK)
        #expect(holder == getpid())
        close(held)
        let again = reelwork_pid_file_lock(path, &holder)
        #expect(again >= 0)
        #expect(holder == 0)
        close(again)
        #expect(symlink(path, folder.path + "/link") == 0)
        #expect(reelwork_pid_file_lock(folder.path + "/link", nil) == -ELOOP)
    }

    @Test func aFileSystemHasRoom() throws {
        let folder = try #require(Folder())
        var facts = reelwork_file_system()
        #expect(reelwork_file_system_at(folder.path, &facts) == 0)
        #expect(facts.bytes_total > 0)
        #expect(facts.bytes_free <= facts.bytes_total)
        #expect(facts.is_remote == reelwork_file_system_kind_is_remote(facts.kind))
        #expect(reelwork_file_system_at(folder.path + "/absent", &facts) == -ENOENT)
        #expect(reelwork_file_system_at("/proc", &facts) == 0)
        #expect(facts.kind == 0x9FA0)
        #expect(!facts.is_remote)
    }

    @Test(
        arguments: [
            (0x6969, true), (0xFF53_4D42, true), (0xFE53_4D42, true), (0x517B, true),
            (0x6573_5546, true), (0xEF53, false), (0x5846_5342, false), (0x9123_683E, false),
            (0x0102_1994, false), (0x794C_7630, false),
        ] as [(UInt64, Bool)]
    )
    func kindsOfFileSystems(kind: UInt64, isRemote: Bool) {
        #expect(reelwork_file_system_kind_is_remote(kind) == isRemote)
    }

    @Test(.timeLimit(.minutes(1)))
    func aProcessDescriptorTellsOfTheEnd() {
        var pid: pid_t = 0
        var arguments = [strdup("sleep"), strdup("1000"), nil]
        defer {
            for argument in arguments {
                free(argument)
            }
        }
        #expect(posix_spawnp(&pid, "sleep", nil, nil, &arguments, environ) == 0)
        let descriptor = reelwork_pidfd_open(pid)
        #expect(descriptor >= 0)
        defer { close(descriptor) }
        var news = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        #expect(poll(&news, 1, 0) == 0)
        #expect(reelwork_pidfd_signal(descriptor, 0) == 0)
        #expect(reelwork_pidfd_signal(descriptor, SIGKILL) == 0)
        #expect(poll(&news, 1, -1) == 1)
        var status: Int32 = 0
        #expect(waitpid(pid, &status, 0) == pid)
        #expect(status & 0x7F == SIGKILL)
        #expect(reelwork_pidfd_signal(descriptor, SIGKILL) == -ESRCH)
        #expect(reelwork_pidfd_open(-1) == -EINVAL)
    }

    @Test func aDeathSignalIsTakenOrRefused() {
        #expect(reelwork_parent_death_signal(0) == 0)
        #expect(reelwork_parent_death_signal(1000) == -EINVAL)
    }

    @Test func aThreadKeepsFifteenBytesOfItsName() throws {
        let old = try #require(Folder.text(at: "/proc/thread-self/comm"))
        defer { #expect(reelwork_thread_name(String(old.dropLast())) == 0) }
        #expect(reelwork_thread_name("a name that is too long") == 0)
        #expect(Folder.text(at: "/proc/thread-self/comm") == "a name that is \n")
    }

    @Test func theLimitOfOpenFilesOnlyRises() {
        var limit = rlimit()
        #expect(getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0)
        var now: UInt64 = 0
        #expect(reelwork_open_files_raise(1, &now) == 0)
        #expect(now == UInt64(limit.rlim_cur))
        #expect(reelwork_open_files_raise(.max, &now) == 0)
        #expect(now == UInt64(limit.rlim_max))
    }

    @Test func timeSinceBootNeverGoesBack() {
        var last = reelwork_boottime_nanoseconds()
        #expect(last > 0)
        for _ in 0..<1000 {
            let next = reelwork_boottime_nanoseconds()
            #expect(next >= last)
            last = next
        }
    }

    @Test func aCounterWakesUntilItIsDrained() {
        let counter = reelwork_eventfd_open()
        #expect(counter >= 0)
        defer { close(counter) }
        var news = pollfd(fd: counter, events: Int16(POLLIN), revents: 0)
        #expect(poll(&news, 1, 0) == 0)
        #expect(reelwork_eventfd_drain(counter) == 0)
        #expect(reelwork_eventfd_signal(counter) == 0)
        #expect(reelwork_eventfd_signal(counter) == 0)
        #expect(poll(&news, 1, 0) == 1)
        #expect(reelwork_eventfd_drain(counter) == 2)
        #expect(poll(&news, 1, 0) == 0)
        // A full counter is a signal that was given.
        var full = UInt64.max - 1
        #expect(write(counter, &full, 8) == 8)
        #expect(reelwork_eventfd_signal(counter) == 0)
        #expect(reelwork_eventfd_drain(counter) == .max)
        #expect(reelwork_eventfd_signal(-1) == -EBADF)
        #expect(reelwork_eventfd_drain(-1) == -Int64(EBADF))
    }
}

/// A folder that goes with its owner.
private final class Folder {
    let path: String

    init?() {
        var template = Array("/tmp/reelwork-cellar-XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else { return nil }
        path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    deinit {
        for name in ["source", "target", "file", "pid", "link"] {
            unlink(path + "/" + name)
        }
        rmdir(path)
    }

    func write(_ name: String, _ text: String) -> String {
        let file = open(path + "/" + name, O_WRONLY | O_CREAT | O_TRUNC, 0o600)
        defer { close(file) }
        #expect(Glibc.write(file, text, text.utf8.count) == text.utf8.count)
        return path + "/" + name
    }

    func read(_ name: String) -> String? {
        Self.text(at: path + "/" + name)
    }

    static func text(at path: String) -> String? {
        let file = open(path, O_RDONLY)
        guard file >= 0 else { return nil }
        defer { close(file) }
        var bytes = [UInt8](repeating: 0, count: 256)
        let count = Glibc.read(file, &bytes, bytes.count)
        return count >= 0 ? String(decoding: bytes[..<count], as: UTF8.self) : nil
    }
}
