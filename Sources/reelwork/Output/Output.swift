// SPDX-License-Identifier: Apache-2.0
// Reelwork: what the program prints

import Glibc
import Synchronization

/// Standard output and standard error, unbuffered: a line is there when it was written.
///
/// What cannot be written to standard output ends the program: whoever reads a list must not take
/// the half of it for the whole. A full disk ends it with 1 and a message; a reader that has
/// enough, such as `head`, ends it by SIGPIPE without a word, as it ends the programs of coreutils.
enum Output {
    /// What is done before the program ends because it cannot print.
    private static let farewell = Mutex<(@Sendable () -> Void)?>(nil)

    /// Makes the three descriptors safe to use; to be called before anything is opened.
    ///
    /// One that is closed would be given to the next file or socket, and lines would go there. A
    /// handler, unlike an ignored signal, is not inherited by programs that are started.
    static func open() {
        for (descriptor, mode) in [
            (STDIN_FILENO, O_WRONLY), (STDOUT_FILENO, O_RDONLY), (STDERR_FILENO, O_WRONLY),
        ] where fcntl(descriptor, F_GETFD) < 0 {
            // The wrong mode on purpose: what reads or writes there gets an error.
            _ = Glibc.open("/dev/null", mode)
        }
        signal(SIGPIPE) { _ in }
    }

    /// Closes standard output: some file systems say only now that it is not all on the disk.
    static func close() {
        guard Glibc.close(STDOUT_FILENO) != 0, errno != EBADF, errno != EINTR else { return }
        fail(errno)
    }

    /// Does this before the program ends because it cannot print; nil for nothing.
    static func beforeFailing(_ body: (@Sendable () -> Void)?) {
        farewell.withLock { $0 = body }
    }

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
                continue
            }
            switch errno {
            case EINTR: continue
            case EAGAIN:
                // Whoever shares the terminal or pipe has made it non-blocking.
                var ready = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
                _ = poll(&ready, 1, -1)
            case let number where descriptor == STDOUT_FILENO: fail(number)
            case _: return
            }
        }
    }

    private static func fail(_ number: Int32) -> Never {
        if let body = farewell.withLock({ $0.take() }) { body() }
        if number == EPIPE {
            signal(SIGPIPE, SIG_DFL)
            var pipe = sigset_t()
            sigemptyset(&pipe)
            sigaddset(&pipe, SIGPIPE)
            pthread_sigmask(SIG_UNBLOCK, &pipe, nil)
            raise(SIGPIPE)
        }
        error("reelwork: cannot write standard output: \(String(cString: strerror(number)))")
        _exit(CommandStatus.failed.rawValue)
    }
}
