// SPDX-License-Identifier: Apache-2.0
// Reelwork: a TCP port that nobody listens on

import Glibc

/// A TCP port of loopback that nobody listens on.
enum FreePort {
    /// Lets the kernel choose one, and gives it back.
    static func find() throws -> UInt16 {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        guard descriptor >= 0 else { throw Surprise("no socket: errno \(errno)") }
        defer { close(descriptor) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let answer = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { pointer in
                let bound = bind(descriptor, pointer, size)
                return bound == 0 ? getsockname(descriptor, pointer, &size) : bound
            }
        }
        guard answer == 0 else { throw Surprise("no port: errno \(errno)") }
        return UInt16(bigEndian: address.sin_port)
    }
}
