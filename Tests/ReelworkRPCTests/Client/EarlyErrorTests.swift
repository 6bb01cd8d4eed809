// SPDX-License-Identifier: Apache-2.0
// Reelwork: a server that ends a connection right behind its preface.

import Foundation
import Glibc
import ReelworkCore
import ReelworkRPC
import ReelworkWire
import Testing

// Goal: a client hears why a server ends, even where preface and ERROR come in one read. Method: a
// socket that answers the client's preface with both at once. The session fuzzer found it.
@Suite(.timeLimit(.minutes(1)))
struct EarlyErrorTests {
    @Test func theReasonBehindThePrefaceIsHeard() async throws {
        let folder = try temporaryFolder()
        defer { removeFolder(folder) }
        let path = folder + "/rpc"
        let listener = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(listener) }
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8) }
        let size = socklen_t(MemoryLayout<sockaddr_un>.size)
        let status = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { bind(listener, $0, size) }
        }
        try #require(status == 0 && listen(listener, 1) == 0)
        let words = "come back when there is room"
        let both =
            ServerPreface().encoded
            + frame(kind: .error) { ErrorMessage(.enhanceCalm, detail: words) }
        Thread.detachNewThread {
            let descriptor = accept(listener, nil, nil)
            var heard = [UInt8](repeating: 0, count: Preface.byteCount)
            _ = recv(descriptor, &heard, heard.count, Int32(MSG_WAITALL))
            _ = send(descriptor, both, both.count, Int32(MSG_NOSIGNAL))
            // Until the client has closed.
            while recv(descriptor, &heard, heard.count, 0) > 0 {}
            close(descriptor)
        }
        do throws(RPCError) {
            _ = try await RPCConnection.connect(to: .unix(path: path), role: .worker, agent: "t")
            Issue.record("it connected")
        } catch {
            #expect("\(error)".contains(words), "\(error)")
        }
    }
}
