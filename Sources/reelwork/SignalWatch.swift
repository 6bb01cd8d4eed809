// SPDX-License-Identifier: Apache-2.0
// Reelwork: hears TERM and INT

import Glibc
import ReelworkSystem
import Synchronization

/// Hears TERM and INT, or others, and tells of each on a thread of its own.
///
/// The handler only writes a byte to a pipe (signal-safety(7)). A handler, unlike an ignored
/// signal, is not inherited by programs that are started. One may be at work at a time.
final class SignalWatch: Sendable {
    /// The writing end of the pipe of the watch that is at work.
    private static let line = Atomic<Int32>(-1)
    private let signals: [Int32]

    /// The same signal so soon is the same wish: timeout(1) signals a process, then its group.
    private static let echoTime = Duration.milliseconds(100)

    private let ends: (read: Int32, write: Int32)

    /// Starts to listen; nil where no descriptor or thread is left.
    init?(
        _ signals: [Int32] = [SIGTERM, SIGINT],
        _ heard: @escaping @Sendable (Int32) -> Void
    ) {
        var ends: [Int32] = [-1, -1]
        guard pipe(&ends) == 0 else { return nil }
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        self.ends = (ends[0], ends[1])
        self.signals = signals
        SignalWatch.line.store(ends[1], ordering: .sequentiallyConsistent)
        let read = ends[0]
        let thread = DedicatedThread(name: "signals") {
            var byte: UInt8 = 0
            var last: (signal: UInt8, at: ContinuousClock.Instant)?
            while true {
                let count = Glibc.read(read, &byte, 1)
                if count < 0, errno == EINTR { continue }
                // A zero is the word to stop.
                guard count == 1, byte != 0 else { return }
                let now = ContinuousClock.now
                let isEcho = last.map { $0.signal == byte && now - $0.at < SignalWatch.echoTime }
                last = (byte, now)
                if isEcho != true { heard(Int32(byte)) }
            }
        }
        guard thread != nil else {
            close(ends[0])
            close(ends[1])
            return nil
        }
        for signal in signals {
            Glibc.signal(signal) { number in
                let before = errno
                var byte = UInt8(truncatingIfNeeded: number)
                _ = Glibc.write(SignalWatch.descriptor, &byte, 1)
                errno = before
            }
        }
    }

    private static var descriptor: Int32 { line.load(ordering: .sequentiallyConsistent) }

    /// Listens no more; signals do again what they do by default.
    func stop() {
        for signal in signals { Glibc.signal(signal, SIG_DFL) }
        var byte: UInt8 = 0
        _ = Glibc.write(ends.write, &byte, 1)
    }
}
