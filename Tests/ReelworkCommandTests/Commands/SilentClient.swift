// SPDX-License-Identifier: Apache-2.0
// Reelwork: a client that shakes hands and then says nothing

import Glibc
import ReelworkCore
import ReelworkWire
import Testing

/// A client that shakes hands and then says nothing, not even goodbye.
final class SilentClient {
    private let descriptor: Int32

    init(_ path: String) throws {
        descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
        try #require(descriptor >= 0)
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8) }
        let size = socklen_t(MemoryLayout<sockaddr_un>.size)
        let answer = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(descriptor, $0, size)
            }
        }
        try #require(answer == 0)
        send(ClientPreface(role: .submitter).encoded)
        _ = read(Preface.byteCount)
        var encoder = FrameEncoder(frameBytesMax: Limits.frameBytesCeiling)
        var deflater = Deflater()
        try encoder.append(
            Hello(codecs: [], agent: "silent"),
            kind: .hello,
            methodField: 0,
            requestID: 0,
            &deflater
        )
        send(encoder.array)
        try #require(try frame() == .helloAck)
        // An open request keeps the connection through the goodbye.
        encoder.reset()
        try encoder.append(
            Watch.Request(refs: []),
            kind: .request,
            methodField: FrameHeader.field(.watch),
            requestID: 1,
            &deflater
        )
        send(encoder.array)
    }

    deinit {
        close(descriptor)
    }

    /// Waits for GOAWAY.
    func waitForFarewell() {
        while let kind = try? frame(), kind != .goaway {}
    }

    private func frame() throws -> FrameKind? {
        let bytes = read(FrameHeader.byteCount)
        guard bytes.count == FrameHeader.byteCount else { return nil }
        let header = try FrameHeader(reading: bytes.span.bytes)
        _ = read(Int(header.wireLength))
        return FrameKind(rawValue: header.type)
    }

    private func send(_ bytes: [UInt8]) {
        _ = Glibc.send(descriptor, bytes, bytes.count, Int32(MSG_NOSIGNAL))
    }

    private func read(_ count: Int) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: count)
        let got = count == 0 ? 0 : recv(descriptor, &bytes, count, Int32(MSG_WAITALL))
        return Array(bytes.prefix(max(0, got)))
    }
}
