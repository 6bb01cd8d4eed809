// SPDX-License-Identifier: Apache-2.0
// Reelwork: what is moved into a folder

import Glibc

/// Counts what is moved into a folder (inotify(7)): each publication of a film is one such move.
final class FolderWatch {
    private let descriptor: Int32
    private var names: [String] = []

    init(_ folder: String) throws {
        descriptor = inotify_init1(Int32(O_NONBLOCK | O_CLOEXEC))
        guard descriptor >= 0 else { throw SystemError(what: "watch folders", number: errno) }
        guard inotify_add_watch(descriptor, folder, UInt32(0x80)) >= 0 else {
            let number = errno
            close(descriptor)
            throw SystemError(what: "watch \(folder)", number: number)
        }
    }

    deinit { close(descriptor) }

    /// The names of all that was moved in so far, in order; one that came twice is there twice.
    func movedIn() -> [String] {
        var buffer = [UInt8](repeating: 0, count: 64 << 10)
        while true {
            let count = read(descriptor, &buffer, buffer.count)
            guard count > 0 else { return names }
            var start = 0
            // A record: watch, mask, cookie, length, then the name, filled up with zeros.
            while start + 16 <= count {
                let length = (0..<4).reduce(0) { $0 | Int(buffer[start + 12 + $1]) << ($1 * 8) }
                let name = buffer[(start + 16)..<(start + 16 + length)].prefix { $0 != 0 }
                names.append(String(decoding: name, as: UTF8.self))
                start += 16 + length
            }
        }
    }
}
