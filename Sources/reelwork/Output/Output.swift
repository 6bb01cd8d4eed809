// SPDX-License-Identifier: Apache-2.0
// Reelwork: standard output and standard error

import Glibc

/// Standard output and standard error, unbuffered: a line is there when it was written.
enum Output {
    /// Writes a line to standard output.
    static func line(_ text: String) { write(text + "\n", to: STDOUT_FILENO) }

    /// Writes a value as one line of JSON.
    static func json(_ value: JSONValue) { line(value.text) }

    /// Writes text to standard output as it is.
    static func text(_ text: String) { write(text, to: STDOUT_FILENO) }

    /// Writes bytes to standard output as they are.
    static func bytes(_ bytes: [UInt8]) { write(bytes, to: STDOUT_FILENO) }

    /// Writes a line to standard error.
    static func error(_ text: String) { write(text + "\n", to: STDERR_FILENO) }

    private static func write(_ text: String, to descriptor: Int32) {
        write(Array(text.utf8), to: descriptor)
    }

    private static func write(_ bytes: [UInt8], to descriptor: Int32) {
        var offset = 0
        while offset < bytes.count {
            let count = bytes[offset...].withUnsafeBytes { rest in
                Glibc.write(descriptor, rest.baseAddress, rest.count)
            }
            if count >= 0 {
                offset += count
            } else if errno == EPIPE, descriptor == STDOUT_FILENO {
                // The reader, such as `head`, has enough.
                _exit(CommandStatus.done.rawValue)
            } else if errno != EINTR, errno != EAGAIN {
                return
            }
        }
    }
}
