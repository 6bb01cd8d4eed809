// SPDX-License-Identifier: Apache-2.0
// Reelwork: files that hold secrets.

internal import Glibc
internal import ReelworkCore

/// Files that hold keys and tokens.
package enum SecretFile {
    /// A key or a token is far smaller.
    private static let bytesMax = 64 << 10

    /// Reads a small file.
    ///
    /// A secret that others may read is none: such a file is refused, as is one that the group may
    /// change.
    package static func read(_ path: String, isSecret: Bool) throws(RPCError) -> [UInt8] {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else { throw failure("open", path, errno) }
        defer { close(descriptor) }
        var facts = stat()
        guard fstat(descriptor, &facts) == 0 else { throw failure("look at", path, errno) }
        guard facts.st_mode & S_IFMT == S_IFREG else {
            throw RPCError(.credentials, "`\(path)` is no file; name a file")
        }
        guard !isSecret || facts.st_mode & 0o027 == 0 else {
            throw RPCError(
                .credentials,
                "`\(path)` may be read by others than its owner; make it private with "
                    + "`chmod 600 \(path)`"
            )
        }
        guard facts.st_size <= bytesMax else {
            throw RPCError(
                .credentials,
                "`\(path)` has \(facts.st_size) bytes and is neither key nor token; name another"
            )
        }
        return try read(descriptor, path)
    }

    private static func read(_ descriptor: Int32, _ path: String) throws(RPCError) -> [UInt8] {
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 4_096)
        while bytes.count <= bytesMax {
            let count = Glibc.read(descriptor, &chunk, chunk.count)
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw failure("read", path, errno) }
            guard count > 0 else { break }
            bytes += chunk[..<count]
        }
        return bytes
    }

    /// Reads a token; white space around it is dropped.
    package static func token(_ path: String) throws(RPCError) -> [UInt8] {
        let bytes = try read(path, isSecret: true)
        let isBlank: (UInt8) -> Bool = { $0 == 32 || (9...13).contains($0) }
        let rest = bytes.drop(while: isBlank)
        let token = Array(rest.reversed().drop(while: isBlank).reversed())
        guard AccessToken(token) != nil else {
            throw RPCError(
                .credentials,
                "`\(path)` holds no token; make one with `reelwork auth token`"
            )
        }
        return token
    }

    private static func failure(_ what: String, _ path: String, _ number: Int32) -> RPCError {
        RPCError(
            .credentials,
            "cannot \(what) `\(path)`; check that it is there and that this user may read it",
            cause: "\(String(cString: strerror(number))), errno \(number)"
        )
    }
}
