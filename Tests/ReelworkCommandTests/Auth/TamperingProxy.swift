// SPDX-License-Identifier: Apache-2.0
// Reelwork: a man in the middle of a TLS connection

import NIOCore
import NIOPosix
import Synchronization

/// Stands between a client and a scheduler, and changes one record of TLS on its way.
final class TamperingProxy: Sendable {
    /// What is done to one record (RFC 8446, section 5.1: type, version, length, fragment).
    enum Fault: CaseIterable, Sendable {
        case type, version, length, first, middle, last, drop, precede
    }

    /// Where it meddles, and how.
    struct Plan: Sendable, CustomStringConvertible {
        var fault: Fault
        /// Whether it is a record of the client, else of the server.
        var isOfClient: Bool
        /// Counted from 0.
        var record: Int

        var description: String {
            "\(fault) of record \(record) of the \(isOfClient ? "client" : "server")"
        }
    }

    /// What both directions share.
    final class Note: Sendable {
        let plan: Plan?
        let hasMeddled = Atomic<Bool>(false)

        init(_ plan: Plan?) {
            self.plan = plan
        }
    }

    private let server: any Channel
    private let note: Note
    /// Where it listens.
    let port: Int

    private init(_ server: any Channel, _ port: Int, _ note: Note) {
        self.server = server
        self.port = port
        self.note = note
    }

    /// Whether the record came and was changed.
    var hasMeddled: Bool { note.hasMeddled.load(ordering: .acquiring) }

    /// Begins to listen; without a plan every byte goes on as it came.
    static func start(to target: Int, _ plan: Plan?) async throws -> TamperingProxy {
        let note = Note(plan)
        let server = try await ServerBootstrap(group: .singletonMultiThreadedEventLoopGroup)
            .childChannelInitializer { client in
                ClientBootstrap(group: client.eventLoop)
                    .channelInitializer { upstream in
                        upstream.eventLoop.makeCompletedFuture {
                            try upstream.pipeline.syncOperations.addHandler(
                                Meddler(to: client, isOfClient: false, note)
                            )
                        }
                    }
                    .connect(host: "127.0.0.1", port: target)
                    .flatMap { upstream in
                        client.eventLoop.makeCompletedFuture {
                            try client.pipeline.syncOperations.addHandler(
                                Meddler(to: upstream, isOfClient: true, note)
                            )
                        }
                    }
            }
            .bind(host: "127.0.0.1", port: 0).get()
        return TamperingProxy(server, server.localAddress?.port ?? 0, note)
    }

    /// Listens no longer.
    func close() async {
        try? await server.close()
    }
}

/// Hands on what one side sends, record by record, and changes the one that is meant.
private final class Meddler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    /// Type, version and length.
    private static let headerBytes = 5
    /// CHANGE_CIPHER_SPEC, which TLS 1.3 sends for middleboxes and does not protect.
    private static let changeCipherSpec: UInt8 = 20
    private static let applicationData: UInt8 = 23

    private let other: any Channel
    private let isOfClient: Bool
    private let note: TamperingProxy.Note
    private var held = ByteBuffer()
    private var record = 0

    init(to other: any Channel, isOfClient: Bool, _ note: TamperingProxy.Note) {
        self.other = other
        self.isOfClient = isOfClient
        self.note = note
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        var bytes = unwrapInboundIn(data)
        held.writeBuffer(&bytes)
        var out = ByteBuffer()
        while let length = held.getInteger(at: held.readerIndex + 3, as: UInt16.self),
            let whole = held.readBytes(length: Meddler.headerBytes + Int(length))
        {
            // What says nothing and is not protected does not count.
            let counts = whole[0] != Meddler.changeCipherSpec
            if counts, let plan = note.plan, plan.isOfClient == isOfClient, plan.record == record {
                out.writeBytes(changed(whole, plan.fault))
                note.hasMeddled.store(true, ordering: .releasing)
            } else {
                out.writeBytes(whole)
            }
            if counts { record += 1 }
        }
        if out.readableBytes > 0 { other.writeAndFlush(out, promise: nil) }
    }

    private func changed(_ whole: [UInt8], _ fault: TamperingProxy.Fault) -> [UInt8] {
        var bytes = whole
        switch fault {
        case .type: bytes[0] ^= 0x04
        case .version: bytes[1] ^= 0x80
        // Never longer than it is: then the peer would only wait.
        case .length: bytes[4] -= bytes[4] > 0 ? 1 : 0
        case .first: bytes[Meddler.headerBytes] ^= 0x40
        case .middle: bytes[Meddler.headerBytes + (bytes.count - Meddler.headerBytes) / 2] ^= 0x01
        case .last: bytes[bytes.count - 1] ^= 0x01
        case .drop: bytes = []
        case .precede:
            // A record that nobody has encrypted, as STARTTLS injections put before the others.
            bytes = [Meddler.applicationData, 3, 3, 0, 4] + Array("ping".utf8) + whole
        }
        return bytes
    }

    func channelInactive(context: ChannelHandlerContext) {
        other.close(promise: nil)
        context.fireChannelInactive()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        context.close(promise: nil)
    }
}
