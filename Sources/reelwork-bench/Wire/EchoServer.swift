// SPDX-License-Identifier: Apache-2.0
// Reelwork: the least that swift-nio can do

import Foundation
import NIOCore
import NIOPosix

/// The least that swift-nio can do with one loop: what comes goes back.
enum EchoServer {
    /// Listens until the process ends.
    static func run(path: String) async throws {
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        let channel = try await ServerBootstrap(group: group)
            .serverChannelOption(.backlog, value: 1_024)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(EchoHandler())
                }
            }
            .bind(unixDomainSocketPath: path).get()
        FileHandle.standardOutput.write(Data("ready\n".utf8))
        try await channel.closeFuture.get()
    }
}
