// SPDX-License-Identifier: Apache-2.0
// Reelwork: errors of the connection and of the form

import ReelworkCore
import ReelworkWire

extension Provocation {
    /// Errors of the connection and of the form.
    static let connection = [
        Provocation(.protocolError, ["GET_JOB.request", "number", "expected", "(byte 1)"]) {
            let peer = try $0.raw()
            peer.send(RawPeer.request(.getJob, id: 1, body: [1]))
            return try said(peer)
        },
        Provocation(.checksum, ["GET_JOB", "request 5", "expected CRC32C", "found 00000007"]) {
            let peer = try $0.raw()
            peer.send(RawPeer.request(.getJob, id: 5, body: [1, 1, 0, 0], checksum: 7))
            return try said(peer)
        },
        Provocation(.frameTooLarge, ["SUBMIT_BATCH", "request 1", "at most 1048576", "1048577"]) {
            let peer = try $0.raw()
            let body = [UInt8](repeating: 7, count: Limits.frameBytesMax + 1)
            peer.send(RawPeer.request(.submitBatch, id: 1, body: body))
            return try said(peer)
        },
        Provocation(.decompress, ["GET_JOB", "request 1", "zlib stream"]) {
            let peer = try $0.strangerRaw()
            try peer.shakeHands(.submitter, Hello(agent: "raw"))
            peer.send(
                RawPeer.request(
                    .getJob,
                    id: 1,
                    body: [UInt8](repeating: 9, count: 100),
                    flags: FrameHeader.compressedFlag,
                    plainLength: 1_000
                )
            )
            return try said(peer)
        },
        Provocation(.unimplemented, ["method 21 version 1", "submitter"]) {
            let peer = try $0.raw()
            peer.send(RawPeer.request(.heartbeat, id: 1, body: [0]))
            return try said(peer)
        },
        Provocation(.handshakeTimeout, ["HELLO", "5s"]) {
            let peer = try $0.strangerRaw()
            peer.send(ClientPreface(role: .submitter).encoded)
            _ = try peer.read(Preface.byteCount)
            return try said(peer)
        },
        Provocation(.enhanceCalm, ["10 PINGs in 10 s"]) {
            let peer = try $0.raw()
            for opaque in 0...UInt64(Limits.pingsPerTenSeconds) {
                peer.send(try RawPeer.frame(.ping, nil, id: 0, Ping(opaque: opaque)))
            }
            return try said(peer)
        },
        Provocation(.sessionSuperseded, ["connected with it", "--name"]) { scene in
            let (first, _) = try await scene.rawWorker()
            let second = try scene.raw(.worker)
            let worker = WorkerRegistration(
                name: "raw",
                incarnation: 2,
                capacity: [],
                engines: []
            )
            try second.ask(Register.self, Register.Request(worker: worker, held: []), id: 1)
            return try withExtendedLifetime(first) { try said(second) }
        },
        Provocation(.draining, endsServer: true) { scene in
            let peer = try scene.raw()
            // What was sent can still be read when the server has gone.
            await scene.harness.stop()
            let farewell = try peer.next(.goaway, GoAway.self)
            return Said(farewell)
        },
    ]

    /// The next ERROR, and whether the connection is closed then where it should be.
    static func said(_ peer: RawPeer) throws -> Said {
        var said = try Said(try peer.readFrame(.error))
        if said.isClosed { said.isClosed = try peer.isClosed() }
        return said
    }
}
