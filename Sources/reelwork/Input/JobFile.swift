// SPDX-License-Identifier: Apache-2.0
// Reelwork: a file of jobs

import Glibc
import ReelworkCore
import ReelworkSystem

/// A file of jobs, one a line; `-` is standard input.
///
/// All of it is read before anything is submitted: a file with a bad line submits nothing.
struct JobFile {
    /// The longest line: a spec of the largest size, escaped, fits.
    static let lineBytesMax = 8 * Limits.specBytesMax
    /// Bad lines that are shown.
    static let problemsShownMax = 20

    /// The jobs, and what is wrong with the other lines.
    static func read(
        _ path: String,
        defaults: JobSpec,
        folder: String
    ) throws(CommandFailure) -> [JobOrder] {
        let bytes = try contents(path)
        let path = path == "-" ? "standard input" : path
        let (orders, problems) = parse(bytes, defaults: defaults, folder: folder)
        guard problems.isEmpty else {
            for problem in problems.prefix(problemsShownMax) {
                Output.error("\(ShownLine.escaped(path)):\(problem.line): \(problem.message)")
            }
            let count = problems.count
            throw .usage(
                "\(count) \(count == 1 ? "line" : "lines") of \(path) "
                    + "\(count == 1 ? "is no job" : "are no jobs"); nothing was submitted",
                advice: "mend \(count == 1 ? "it" : "them") and submit the file again"
            )
        }
        guard !orders.isEmpty else {
            throw .usage("\(path) holds no job", advice: "write one JSON object a line")
        }
        return orders
    }

    /// Reads the lines; empty ones are passed over.
    static func parse(
        _ bytes: [UInt8],
        defaults: JobSpec,
        folder: String
    ) -> (orders: [JobOrder], problems: [JobLine.Problem]) {
        var orders: [JobOrder] = []
        var problems: [JobLine.Problem] = []
        let now = SystemClock.wall()
        var number = 0
        for line in bytes.split(separator: 0x0A, omittingEmptySubsequences: false) {
            number += 1
            let isBlank = line.allSatisfy { $0 == 0x20 || $0 == 0x09 || $0 == 0x0D }
            if isBlank { continue }
            do throws(JobLine.Problem) {
                guard line.count <= lineBytesMax else {
                    throw JobLine.Problem(
                        line: number,
                        message: "longer than \(lineBytesMax) bytes; a job is at most that"
                    )
                }
                orders.append(
                    try JobLine.order(
                        Array(line),
                        line: number,
                        defaults: defaults,
                        folder: folder,
                        now: now
                    )
                )
            } catch {
                problems.append(error)
            }
        }
        return (orders, problems)
    }

    private static func contents(_ path: String) throws(CommandFailure) -> [UInt8] {
        let descriptor = path == "-" ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw failure(path) }
        defer { if descriptor != STDIN_FILENO { close(descriptor) } }
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 64 << 10)
        while true {
            let count = Glibc.read(descriptor, &buffer, buffer.count)
            if count == 0 { return bytes }
            if count < 0 {
                if errno == EINTR { continue }
                throw failure(path)
            }
            bytes += buffer[..<count]
        }
    }

    private static func failure(_ path: String) -> CommandFailure {
        .usage(
            "cannot read \(path): \(String(cString: strerror(errno)))",
            advice: "give --from FILE.jsonl, or --from - for standard input"
        )
    }
}
