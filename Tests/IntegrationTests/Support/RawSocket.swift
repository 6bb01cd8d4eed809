// SPDX-License-Identifier: Apache-2.0
// Reelwork: a socket for bytes that nobody should send

import Glibc
import ReelworkCore
import ReelworkWire

/// A Unix socket that sends exactly the bytes that it is given.
final class RawSocket {
    private let descriptor: Int32

    init(_ path: String) throws {
        descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { throw SystemError(what: "make a socket", number: errno) }
        // A server that does not close fails the test instead of stopping it.
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
        guard answer == 0 else { throw SystemError(what: "connect to \(path)", number: errno) }
    }

    deinit { close(descriptor) }

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

    /// Reads so many bytes, or all until the server closes; throws where neither comes in time.
    func read(_ wanted: Int = .max) throws -> [UInt8] {
        var all: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 4_096)
        while all.count < wanted {
            let count = recv(descriptor, &buffer, min(buffer.count, wanted - all.count), 0)
            if count == 0 || (count < 0 && errno == ECONNRESET) { break }
            guard count > 0 else { throw SystemError(what: "read an answer", number: errno) }
            all += buffer[..<count]
        }
        return all
    }

    /// Shakes hands as a submitter without compression.
    func shakeHands() throws {
        send(ClientPreface(role: .submitter).encoded)
        _ = try read(Preface.byteCount)
        send(try RawSocket.frame(.hello, nil, id: 0, Hello(codecs: [], agent: "raw")))
        _ = try readFrame()
    }

    /// The next frame; nil where the server has closed.
    func readFrame() throws -> (header: FrameHeader, body: [UInt8])? {
        let bytes = try read(FrameHeader.byteCount)
        guard bytes.count == FrameHeader.byteCount else { return nil }
        let header = try FrameHeader(reading: bytes.span.bytes)
        return (header, try read(Int(header.wireLength)))
    }

    /// A frame with a message.
    static func frame(
        _ kind: FrameKind,
        _ method: Method?,
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

    /// A frame whose checksums are right, around any bytes.
    static func frame(_ kind: FrameKind, _ method: Method, id: UInt32, body: [UInt8]) -> [UInt8] {
        FrameHeader(
            type: kind.rawValue,
            methodField: FrameHeader.field(method),
            requestID: id,
            wireLength: UInt32(body.count),
            plainLength: UInt32(body.count),
            payloadChecksum: Checksum.crc32c(body.span.bytes)
        ).encoded + body
    }
}
