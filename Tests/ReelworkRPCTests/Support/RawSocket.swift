// SPDX-License-Identifier: Apache-2.0
// Reelwork: a socket that sends exactly the bytes a test gives it.

import Glibc
import ReelworkCore
import ReelworkWire

/// A blocking Unix socket; reads give up after some seconds, so that a test fails instead of
/// waiting.
final class RawSocket {
    let descriptor: Int32

    init(_ path: String) throws {
        descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
        guard descriptor >= 0 else { throw SystemFailure(number: errno) }
        var limit = timeval(tv_sec: 20, tv_usec: 0)
        setsockopt(
            descriptor,
            SOL_SOCKET,
            SO_RCVTIMEO,
            &limit,
            socklen_t(MemoryLayout<timeval>.size)
        )
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8) }
        let size = socklen_t(MemoryLayout<sockaddr_un>.size)
        let answer = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(descriptor, $0, size)
            }
        }
        guard answer == 0 else { throw SystemFailure(number: errno) }
    }

    deinit {
        close(descriptor)
    }

    func send(_ bytes: [UInt8]) throws {
        var sent = 0
        while sent < bytes.count {
            let count = bytes[sent...].withUnsafeBytes {
                Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
            }
            guard count > 0 else { throw SystemFailure(number: errno) }
            sent += count
        }
    }

    /// Reads exactly so many bytes, or fewer where the peer has closed.
    func read(_ count: Int) throws -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: count)
        var got = 0
        while got < count {
            let more = bytes.withUnsafeMutableBytes {
                recv(descriptor, $0.baseAddress?.advanced(by: got), count - got, 0)
            }
            if more == 0 || (more < 0 && errno == ECONNRESET) { break }
            guard more > 0 else { throw SystemFailure(number: errno) }
            got += more
        }
        return Array(bytes.prefix(got))
    }

    /// Everything until the peer closes.
    func readAll() throws -> [UInt8] {
        var all: [UInt8] = []
        while true {
            let more = try read(1)
            if more.isEmpty { return all }
            all += more
        }
    }

    /// Reads a frame: its header and its plain body; nil where the peer has closed.
    func readFrame() throws -> (header: FrameHeader, body: [UInt8])? {
        let bytes = try read(FrameHeader.byteCount)
        guard bytes.count == FrameHeader.byteCount else { return nil }
        let header = try FrameHeader(reading: bytes.span.bytes)
        return (header, try read(Int(header.wireLength)))
    }

    /// Shakes hands without a codec; `step` cuts what is sent.
    func shakeHands(_ role: PeerRole, step: Int = .max) throws {
        try sendCut(ClientPreface(role: role).encoded, step)
        _ = try read(Preface.byteCount)
        try sendCut(hello, step)
        _ = try readFrame()
    }

    func sendCut(_ bytes: [UInt8], _ step: Int) throws {
        var rest = bytes[...]
        while !rest.isEmpty {
            try send(Array(rest.prefix(step)))
            rest = rest.dropFirst(step)
        }
    }
}

/// A HELLO of a client without a codec.
let hello = frame(kind: .hello) { Hello(codecs: [], agent: "raw") }

/// A plain frame.
func frame(
    kind: FrameKind,
    _ method: Method? = nil,
    id: UInt32 = 0,
    _ body: () -> some WireMessage
) -> [UInt8] {
    var encoder = FrameEncoder(frameBytesMax: Limits.frameBytesCeiling)
    var deflater = Deflater()
    do throws(FrameError) {
        try encoder.append(
            body(),
            kind: kind,
            methodField: method.map { FrameHeader.field($0) } ?? 0,
            requestID: id,
            &deflater
        )
    } catch {
        return []
    }
    return encoder.array
}

/// A REQUEST for job `number`.
func getJob(_ number: UInt64, id: UInt32) -> [UInt8] {
    frame(kind: .request, .getJob, id: id) {
        GetJob.Request(ref: .number(JobNumber(number)), detail: .short)
    }
}

/// A header whose checksum is right, with a body that is not looked at.
func header(
    _ kind: FrameKind,
    _ method: Method,
    id: UInt32,
    _ body: [UInt8]
) -> [UInt8] {
    FrameHeader(
        type: kind.rawValue,
        methodField: FrameHeader.field(method),
        requestID: id,
        wireLength: UInt32(body.count),
        plainLength: UInt32(body.count),
        payloadChecksum: Checksum.crc32c(body.span.bytes)
    ).encoded + body
}
