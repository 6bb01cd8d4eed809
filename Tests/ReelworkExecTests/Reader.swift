// SPDX-License-Identifier: Apache-2.0
// Reelwork: lines from a pipe, waited for with a limit.

import Glibc

/// Reads lines; every wait has an end, so that a broken helper fails a test and does not hang it.
final class Reader {
    private let descriptor: Int32
    private var bytes: [UInt8] = []
    private var isAtEnd = false

    init(_ descriptor: Int32) {
        self.descriptor = descriptor
    }

    deinit {
        close(descriptor)
    }

    /// The next line without its end; nil at the end of the pipe, or after 30 seconds of nothing.
    func line() -> String? {
        while true {
            if let end = bytes.firstIndex(of: UInt8(ascii: "\n")) {
                let line = String(decoding: bytes[..<end], as: UTF8.self)
                bytes.removeSubrange(...end)
                return line
            }
            guard !isAtEnd, fill() else { return nil }
        }
    }

    /// All lines up to the end of the pipe.
    func lines() -> [String] {
        var lines: [String] = []
        while let next = line() {
            lines.append(next)
        }
        return lines
    }

    private func fill() -> Bool {
        var news = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        guard poll(&news, 1, 30_000) == 1 else { return false }
        var buffer = [UInt8](repeating: 0, count: 4096)
        let count = read(descriptor, &buffer, buffer.count)
        isAtEnd = count <= 0
        bytes.append(contentsOf: buffer[..<max(0, count)])
        return count > 0
    }
}
