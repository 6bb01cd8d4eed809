// SPDX-License-Identifier: Apache-2.0
// Reelwork: a port that nobody listens on

import NIOCore
import NIOPosix

/// A port of 127.0.0.1 that nobody listens on.
enum FreePort {
    /// Lets the kernel choose one and gives it back; the next one who asks may still be given it.
    static func find() async throws -> Int {
        let channel = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .bind(host: "127.0.0.1", port: 0).get()
        let port = channel.localAddress?.port
        try await channel.close()
        guard let port else { throw BenchError("the kernel gave no port") }
        return port
    }
}
