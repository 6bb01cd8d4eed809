// SPDX-License-Identifier: Apache-2.0
// Reelwork: the line to a running helper

import Glibc
import ReelworkCore
import ReelworkEngineKit
import ReelworkSystem
import Synchronization

/// The line to a running helper: one socket, on which orders go out and its report comes in.
///
/// When this end closes, for whatever reason, the helper ends its program.
final class HelperLine: Sendable {
    private struct State {
        var descriptor: Int32
    }

    /// What the helper reports, in order; it ends when the helper does.
    let reports: AsyncStream<HelperReport>
    private let state: Mutex<State>
    private let continuation: AsyncStream<HelperReport>.Continuation

    /// Takes over our end of the socket.
    init(descriptor: Int32) {
        state = Mutex(State(descriptor: descriptor))
        (reports, continuation) = AsyncStream.makeStream(of: HelperReport.self)
    }

    /// Makes a connected pair of sockets (socketpair(2)); both close on exec.
    static func pair() throws(FileError) -> (ours: Int32, theirs: Int32) {
        var ends: [Int32] = [-1, -1]
        let kind = Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue)
        guard socketpair(AF_UNIX, kind, 0, &ends) == 0 else {
            throw FileError("socketpair", "control", errno)
        }
        return (ends[0], ends[1])
    }

    /// Begins to read the reports, on a thread of its own; false where there is none left.
    func begin() -> Bool {
        let descriptor = state.withLock { $0.descriptor }
        if DedicatedThread(name: "report", { [self] in read(descriptor) }) != nil { return true }
        finish()
        return false
    }

    /// Asks the helper to end its program: TERM, and KILL when the grace is over.
    ///
    /// Zero asks for KILL at once. A later order can only shorten an earlier one's grace.
    func stop(grace: Duration = Limits.terminateGrace) {
        guard grace > .zero else { return send("k") }
        // Never rounded to nothing: that would be another order.
        send("g\(max(1, min(grace, Limits.terminateGraceMax).wholeMilliseconds))t")
    }

    private func send(_ order: String) {
        let bytes = Array(order.utf8)
        state.withLock { state in
            guard state.descriptor >= 0 else { return }
            // A helper that has just ended needs no order, so an error says nothing.
            _ = Glibc.send(state.descriptor, bytes, bytes.count, Int32(MSG_NOSIGNAL))
        }
    }

    /// Ends the line; the reading thread closes it, so that no descriptor is taken from under it.
    func hangUp() {
        state.withLock { state in
            guard state.descriptor >= 0 else { return }
            _ = shutdown(state.descriptor, Int32(SHUT_RDWR))
        }
    }

    private func finish() {
        state.withLock { state in
            if state.descriptor >= 0 { close(state.descriptor) }
            state.descriptor = -1
        }
        continuation.finish()
    }

    private func read(_ descriptor: Int32) {
        var lines = LineSplitter(lineBytesMax: 512)
        var piece = [UInt8](repeating: 0, count: 512)
        while true {
            let count = recv(descriptor, &piece, piece.count, 0)
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { break }
            lines.consume(piece[..<count]) { line in
                if let report = HelperReport(line: line) { continuation.yield(report) }
            }
        }
        finish()
    }
}
