// SPDX-License-Identifier: Apache-2.0
// Reelwork: a socket that shows frames as they came

import Glibc
import ReelworkCore
import ReelworkWire

/// A blocking Unix socket that sends what a test gives it and shows frames as they came.
///
/// Reads give up after some seconds, so that a test fails instead of waiting.
final class RawPeer {
    /// Why a socket could not be used.
    struct Failure: Error {
        var number: Int32
    }

    private let descriptor: Int32

    init(_ path: String) throws {
        descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { throw Failure(number: errno) }
        var limit = timeval(tv_sec: 20, tv_usec: 0)
        let size = socklen_t(MemoryLayout<timeval>.size)
        setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &limit, size)
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8.prefix(107)) }
        let answer = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
        guard answer == 0 else { throw Failure(number: errno) }
    }

    deinit { close(descriptor) }

    /// Shakes hands; a HELLO of the test's own where it has one.
    @discardableResult
    func shakeHands(_ role: PeerRole = .submitter, _ hello: Hello? = nil) throws -> HelloAck {
        send(ClientPreface(role: role).encoded)
        _ = try read(Preface.byteCount)
        send(try RawPeer.frame(.hello, nil, id: 0, hello ?? Hello(codecs: [], agent: "raw")))
        guard let answer = try readFrame() else { throw Failure(number: ECONNRESET) }
        return try HelloAck.decode(answer.body.span.bytes)
    }

    /// Sends what the server takes: one that has closed already takes no more.
    func send(_ bytes: [UInt8]) {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes {
                Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
            }
            guard count > 0 else { return }
            rest = rest.dropFirst(count)
        }
    }

    /// Sends a REQUEST.
    func ask<Call: WireCall>(_ call: Call.Type, _ request: Call.Request, id: UInt32) throws {
        send(try RawPeer.frame(.request, Call.method, id: id, request))
    }

    /// Reads so many bytes; fewer where the server closes.
    func read(_ wanted: Int) throws -> [UInt8] {
        var all: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 4_096)
        while all.count < wanted {
            let count = recv(descriptor, &buffer, min(buffer.count, wanted - all.count), 0)
            if count == 0 || (count < 0 && errno == ECONNRESET) { break }
            guard count > 0 else { throw Failure(number: errno) }
            all += buffer[..<count]
        }
        return all
    }

    /// The next frame; nil where the server has closed.
    func readFrame() throws -> (header: FrameHeader, body: [UInt8])? {
        let bytes = try read(FrameHeader.byteCount)
        guard bytes.count == FrameHeader.byteCount else { return nil }
        let header = try FrameHeader(reading: bytes.span.bytes)
        return (header, try read(Int(header.wireLength)))
    }

    /// The next frame of a kind; others are passed over.
    func readFrame(_ kind: FrameKind) throws -> (header: FrameHeader, body: [UInt8]) {
        while let frame = try readFrame() {
            if frame.header.kind == kind { return frame }
        }
        throw Failure(number: ECONNRESET)
    }

    /// The message of the next frame of a kind.
    func next<Message: WireMessage>(_ kind: FrameKind, _ type: Message.Type) throws -> Message {
        let frame = try readFrame(kind)
        return try Message.decode(frame.body.span.bytes)
    }

    /// Whether the server closes without another word.
    func isClosed() throws -> Bool { try read(1).isEmpty }

    /// A frame with a message.
    static func frame(
        _ kind: FrameKind,
        _ method: ReelworkCore.Method?,
        id: UInt32,
        _ message: some WireMessage
    ) throws -> [UInt8] {
        var encoder = FrameEncoder(frameBytesMax: Limits.frameBytesCeiling)
        var deflater = Deflater()
        try encoder.append(
            message,
            kind: kind,
            methodField: method.map { FrameHeader.field($0) } ?? 0,
            requestID: id,
            &deflater
        )
        return encoder.array
    }

    /// A REQUEST around any bytes; its checksum is right unless one is given.
    static func request(
        _ method: ReelworkCore.Method,
        id: UInt32,
        body: [UInt8],
        flags: UInt8 = 0,
        plainLength: UInt32? = nil,
        checksum: UInt32? = nil
    ) -> [UInt8] {
        FrameHeader(
            type: FrameKind.request.rawValue,
            flags: flags,
            methodField: FrameHeader.field(method),
            requestID: id,
            wireLength: UInt32(body.count),
            plainLength: plainLength ?? UInt32(body.count),
            payloadChecksum: checksum ?? Checksum.crc32c(body.span.bytes)
        ).encoded + body
    }
}
