// SPDX-License-Identifier: Apache-2.0
// Reelwork: where a server listens and a client connects.

import ReelworkCore

/// Where a server listens and a client connects.
package enum RPCEndpoint: Hashable, Sendable, CustomStringConvertible {
    /// A Unix socket.
    case unix(path: String)
    /// A TCP port; 0 lets the kernel choose one.
    case tcp(host: String, port: Int)

    /// Reads `unix:PATH`, `tcp:HOST:PORT` or `tcp:[ADDRESS]:PORT`; a text that begins with `/` or
    /// `.` is a path.
    package init(parsing text: String) throws(RPCError) {
        if text.hasPrefix("/") || text.hasPrefix("./") || text.hasPrefix("../") {
            self = try RPCEndpoint.checkedPath(text)
        } else if text.hasPrefix("unix:") {
            self = try RPCEndpoint.checkedPath(String(text.dropFirst(5)))
        } else if text.hasPrefix("tcp:") {
            let rest = text.dropFirst(4)
            guard let colon = rest.lastIndex(of: ":"),
                let port = Int(rest[rest.index(after: colon)...]), (0...65_535).contains(port)
            else {
                throw RPCError(
                    .endpointInvalid,
                    "`\(text)` has no port between 0 and 65535; write tcp:HOST:PORT"
                )
            }
            var host = rest[..<colon]
            if host.hasPrefix("["), host.hasSuffix("]") { host = host.dropFirst().dropLast() }
            guard !host.isEmpty else {
                throw RPCError(
                    .endpointInvalid,
                    "`\(text)` names no host; write tcp:HOST:PORT, such as tcp:127.0.0.1:7411"
                )
            }
            self = .tcp(host: String(host), port: port)
        } else {
            throw RPCError(
                .endpointInvalid,
                "`\(text)` is no endpoint; write unix:PATH or tcp:HOST:PORT"
            )
        }
    }

    /// As it is written: `unix:PATH` or `tcp:HOST:PORT`.
    package var description: String {
        switch self {
        case .unix(let path): "unix:\(path)"
        case .tcp(let host, let port):
            host.contains(":") ? "tcp:[\(host)]:\(port)" : "tcp:\(host):\(port)"
        }
    }

    private static func checkedPath(_ path: String) throws(RPCError) -> RPCEndpoint {
        let endpoint = RPCEndpoint.unix(path: path)
        try endpoint.check()
        return endpoint
    }

    /// Checks what the kernel would refuse without saying why.
    func check() throws(RPCError) {
        guard case .unix(let path) = self else { return }
        guard !path.isEmpty, !path.utf8.contains(0) else {
            throw RPCError(
                .endpointInvalid,
                "a socket path is empty or holds a zero byte; write unix:PATH"
            )
        }
        let count = path.utf8.count
        guard count <= Limits.socketPathBytesMax else {
            throw RPCError(
                .pathTooLong,
                "the socket path `\(path)` has \(count) bytes and the kernel takes at most "
                    + "\(Limits.socketPathBytesMax); choose a shorter one"
            )
        }
    }
}
