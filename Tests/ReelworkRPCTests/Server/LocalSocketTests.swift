// SPDX-License-Identifier: Apache-2.0
// Reelwork: who may use a Unix socket, and which files it takes.

import Glibc
import ReelworkCore
import Testing

@testable import ReelworkRPC
@testable import ReelworkWire

/// Goal: a Unix socket is a file, is for its own user and root alone whatever the file's mode, and
/// takes no other file's place.
///
/// Security checklist 8 (CVE-2020-15257, CVE-2019-7304).
///
/// Method: real sockets; where this is root, a real process of another user, else a server that
/// belongs to another.
@Suite(.timeLimit(.minutes(1)))
struct LocalSocketTests {
    private func code(_ body: () async throws(RPCError) -> Void) async -> RPCError.Code? {
        do throws(RPCError) {
            try await body()
            return nil
        } catch {
            return error.code
        }
    }

    /// What a process of this user hears to a submitter's preface.
    private func answer(asUser uid: UInt32, _ path: String) throws -> [UInt8] {
        let preface = ClientPreface(role: .submitter).encoded.map { "\($0)" }
        let script = """
            import os, socket, sys
            s = socket.socket(socket.AF_UNIX)
            os.setgroups([]); os.setgid(\(uid)); os.setuid(\(uid))
            s.connect(sys.argv[1]); s.sendall(bytes([\(preface.joined(separator: ","))]))
            s.settimeout(20)
            got = b""
            while len(got) < 16:
                more = s.recv(16 - len(got))
                if not more: break
                got += more
            sys.stdout.buffer.write(got)
            """
        var ends: [Int32] = [-1, -1]
        guard pipe(&ends) == 0 else { throw SystemFailure(number: errno) }
        defer { close(ends[0]) }
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_adddup2(&actions, ends[1], STDOUT_FILENO)
        var pid: pid_t = 0
        let texts: [String] = ["python3", "-c", script, path]
        var words: [UnsafeMutablePointer<CChar>?] = texts.map { strdup($0) }
        words.append(nil)
        defer { for word in words { free(word) } }
        let failure = posix_spawnp(&pid, "python3", &actions, nil, words, environ)
        close(ends[1])
        guard failure == 0 else { throw SystemFailure(number: failure) }
        var bytes = [UInt8](repeating: 0, count: 64)
        let count = read(ends[0], &bytes, bytes.count)
        waitpid(pid, nil, 0)
        return Array(bytes.prefix(max(count, 0)))
    }

    @Test(.enabled(if: geteuid() == 0), arguments: [12_345, PeerOrigin.overflowUID])
    func anotherUserIsDeniedWhateverTheFileAllows(uid: UInt32) async throws {
        try await Served.run { served in
            // Everybody may open the file: the kernel's word on the peer decides alone.
            #expect(chmod(served.folder, 0o755) == 0)
            #expect(chmod(served.folder + "/rpc", 0o666) == 0)
            let answer = try answer(asUser: uid, served.folder + "/rpc")
            #expect(answer == ServerPreface(status: .denied).encoded)
            await (try served.connect()).close()
        }
    }

    @Test(.enabled(if: geteuid() == 0))
    func theOwnerIsAdmittedAndSoIsRoot() async throws {
        try await Served.run {
            $0.ownerUID = 12_345
        } _: { served in
            #expect(chmod(served.folder, 0o755) == 0)
            #expect(chmod(served.folder + "/rpc", 0o666) == 0)
            let answer = try answer(asUser: 12_345, served.folder + "/rpc")
            #expect(answer == ServerPreface().encoded)
            await (try served.connect()).close()
        }
    }

    // user_namespaces(7): every user without a number here has this one; it is nobody's, also where
    // the server itself runs as it.
    @Test(.enabled(if: geteuid() == 0))
    func theOverflowUserIsNobodyEvenWhereItOwnsTheServer() async throws {
        try await Served.run {
            $0.ownerUID = PeerOrigin.overflowUID
        } _: { served in
            #expect(chmod(served.folder, 0o755) == 0)
            #expect(chmod(served.folder + "/rpc", 0o666) == 0)
            let answer = try answer(asUser: PeerOrigin.overflowUID, served.folder + "/rpc")
            #expect(answer == ServerPreface(status: .denied).encoded)
        }
    }

    @Test(.enabled(if: geteuid() != 0))
    func aServerOfAnotherUserDeniesThisOne() async throws {
        try await Served.run {
            $0.ownerUID = geteuid() + 1
        } _: { served in
            let refusal = await code { () async throws(RPCError) in
                _ = try await served.connect()
            }
            #expect(refusal == .refused(.denied))
        }
    }

    @Test(arguments: [true, false])
    func aSymbolicLinkIsNotFollowed(isDangling: Bool) async throws {
        try await Served.run { served in
            let (path, target) = (served.folder + "/link", served.folder + "/target")
            if !isDangling { close(open(target, O_CREAT | O_WRONLY, 0o600)) }
            #expect(symlink(target, path) == 0)
            let refusal = await code { () async throws(RPCError) in
                try await served.server.listen(on: .unix(path: path), family: .rpc)
            }
            #expect(refusal == .addressInUse)
            var facts = stat()
            #expect(lstat(path, &facts) == 0)
            #expect(facts.st_mode & S_IFMT == S_IFLNK)
            #expect((access(target, F_OK) == 0) == !isDangling)
        }
    }

    // A link to a socket that somebody else answers on is no way to him, nor is he removed.
    @Test func aLinkToALiveSocketIsLeftAlone() async throws {
        try await Served.run { served in
            let path = served.folder + "/link"
            #expect(symlink(served.folder + "/rpc", path) == 0)
            let refusal = await code { () async throws(RPCError) in
                try await served.server.listen(on: .unix(path: path), family: .admin)
            }
            #expect(refusal == .addressInUse)
            await (try served.connect()).close()
        }
    }

    // An abstract socket has no file, so nothing but its name keeps others away.
    @Test(arguments: ["", "\0reelwork", "a\0b"])
    func anAbstractSocketIsRefused(path: String) async throws {
        try await Served.run { served in
            let refusal = await code { () async throws(RPCError) in
                try await served.server.listen(on: .unix(path: path), family: .rpc)
            }
            #expect(refusal == .endpointInvalid)
            #expect(throws: RPCError.self) { try RPCEndpoint(parsing: "unix:" + path) }
        }
    }

    @Test func thisProcessListensOnNoAbstractSocket() async throws {
        try await Served.run { served in
            // proc(5), /proc/net/unix: an abstract name begins with `@`.
            let file = try #require(fopen("/proc/net/unix", "r"))
            defer { fclose(file) }
            var line = [CChar](repeating: 0, count: 1_024)
            var own = 0
            while fgets(&line, Int32(line.count), file) != nil {
                let bytes = line.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }
                let text = String(decoding: bytes, as: UTF8.self)
                if text.contains(served.folder + "/") { own += 1 }
                #expect(!text.contains("@" + served.folder))
                #expect(!text.contains("@reelwork"))
            }
            #expect(own == 2)
        }
    }
}
