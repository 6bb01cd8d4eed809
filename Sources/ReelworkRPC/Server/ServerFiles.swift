// SPDX-License-Identifier: Apache-2.0
// Reelwork: files and sockets that a server needs.

internal import CReelworkSystem
internal import Glibc
internal import ReelworkCore

/// What a server asks of the system: limits, clock, and the file of its Unix socket.
enum ServerFiles {
    /// Connections that the open-files limit leaves room for.
    ///
    /// Three quarters of it: a quarter is for the pidfds of workers' processes.
    static var connectionsMax: Int {
        var now: UInt64 = 0
        guard reelwork_open_files_raise(UInt64(Limits.connectionsMax) / 3 * 4 + 256, &now) >= 0
        else { return Limits.connectionsUnauthenticatedMax }
        let room = Int(clamping: now) - 256
        return min(max(room / 4 * 3, 16), Limits.connectionsMax)
    }

    /// Processes that may be looked at beside so many connections.
    static func processesMax(connections: Int) -> Int { max(connections / 3, 16) }

    /// The wall clock, for display.
    static var wallClock: Timestamp {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return Timestamp(milliseconds: Int64(time.tv_sec) * 1_000 + Int64(time.tv_nsec) / 1_000_000)
    }

    /// A file as the file system knows it: another one may have its name.
    struct Identity: Hashable, Sendable {
        var device: UInt64
        var inode: UInt64
    }

    /// Binds a Unix socket, mode 0600 from its first moment; answers it and its file.
    ///
    /// A socket file that nobody answers on is removed first.
    static func bind(path: String) throws(RPCError) -> (socket: Int32, file: Identity) {
        try removeStale(path)
        let descriptor = socket(AF_UNIX, streamType, 0)
        guard descriptor >= 0 else { throw failure("make a socket for", path, errno) }
        // The mode of an unbound socket becomes that of its file (unix(7)): no moment of another.
        guard fchmod(descriptor, 0o600) == 0 else {
            let number = errno
            Glibc.close(descriptor)
            throw failure("protect", path, number)
        }
        let answer = withAddress(path) { Glibc.bind(descriptor, $0, $1) }
        guard answer == 0, let file = identity(path) else {
            let number = errno
            Glibc.close(descriptor)
            if number == EADDRINUSE { throw inUse(path) }
            throw failure("bind", path, number)
        }
        return (descriptor, file)
    }

    /// Removes the socket file, unless another has taken its name.
    static func remove(path: String, file: Identity) {
        if identity(path) == file { unlink(path) }
    }

    private static var streamType: Int32 {
        Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue) | Int32(SOCK_NONBLOCK.rawValue)
    }

    private static func identity(_ path: String) -> Identity? {
        var facts = stat()
        guard lstat(path, &facts) == 0 else { return nil }
        return Identity(device: UInt64(facts.st_dev), inode: UInt64(facts.st_ino))
    }

    private static func removeStale(_ path: String) throws(RPCError) {
        var facts = stat()
        guard lstat(path, &facts) == 0 else { return }
        guard facts.st_mode & S_IFMT == S_IFSOCK else {
            throw RPCError(
                .addressInUse,
                "`\(path)` is there and is no socket; move it away or choose another path"
            )
        }
        let descriptor = socket(AF_UNIX, streamType, 0)
        guard descriptor >= 0 else { throw failure("make a socket for", path, errno) }
        defer { Glibc.close(descriptor) }
        let answer = withAddress(path) { Glibc.connect(descriptor, $0, $1) }
        let number = answer == 0 ? 0 : errno
        switch number {
        case ECONNREFUSED:
            guard unlink(path) == 0 || errno == ENOENT else {
                throw failure("remove the stale socket", path, errno)
            }
        case ENOENT: break
        case 0, EAGAIN, EINPROGRESS: throw inUse(path)
        default: throw failure("look at the socket", path, number)
        }
    }

    private static func inUse(_ path: String) -> RPCError {
        RPCError(
            .addressInUse,
            "another server answers on `\(path)`; stop it or choose another path"
        )
    }

    private static func failure(_ what: String, _ path: String, _ number: Int32) -> RPCError {
        let words = String(cString: strerror(number))
        return RPCError(
            .socketFailed,
            "cannot \(what) `\(path)`; check that its folder exists and may be written",
            cause: "\(words), errno \(number)"
        )
    }

    private static func withAddress(
        _ path: String,
        _ body: (UnsafePointer<sockaddr>, socklen_t) -> Int32
    ) -> Int32 {
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { target in
            // The path was checked: it is shorter than the field, whose rest stays zero.
            target.copyBytes(from: path.utf8.prefix(target.count - 1))
        }
        let size = socklen_t(MemoryLayout<sockaddr_un>.size)
        return withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { body($0, size) }
        }
    }
}
