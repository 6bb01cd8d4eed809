// SPDX-License-Identifier: Apache-2.0
// Reelwork: one job as it was asked for

import Glibc
import ReelworkClient
import ReelworkCore
import ReelworkEngineKit
import ReelworkSystem

/// One job as it was asked for on the command line or in a file.
struct JobOrder: Hashable, Sendable {
    var spec: JobSpec
    /// Made once, so that sending it again is not doing it again.
    var key: String
    /// Whether the submitter gave the key: the job may be done already.
    var isKeyGiven = false
    /// The line of the file that it came from; 0 = the command line.
    var line = 0

    init(spec: JobSpec, key: String? = nil, line: Int = 0) {
        self.spec = spec
        self.key = key ?? JobOrder.newKey()
        isKeyGiven = key != nil
        self.line = line
    }

    /// A key that nobody else has: a UUID of version 7 (RFC 9562), which sorts by time.
    static func newKey() -> String {
        var random = SystemRandomNumberGenerator()
        return JobID(at: SystemClock.wall(), random: (random.next(), random.next())).description
    }

    /// As the client sends it.
    var submission: Submission { Submission(spec, key: key) }

    /// One job for each number from 1 to `count`, with `{n}` replaced by the number.
    func expanded(count: Int, key given: String?) throws(CommandFailure) -> [JobOrder] {
        guard count == 1 || spec.output.contains(JobOrder.place) else {
            throw .usage(
                "--count \(count) would write \(count) times to one output",
                advice: "put \(JobOrder.place) into --output: it becomes 1 to \(count)"
            )
        }
        guard count == 1 || given.map({ $0.contains(JobOrder.place) }) ?? true else {
            throw .usage(
                "--count \(count) would give \(count) jobs one key",
                advice: "put \(JobOrder.place) into --key: it becomes 1 to \(count)"
            )
        }
        return (1...count).map { number in
            var order = self
            order.spec.input = spec.input.replacing(JobOrder.place, with: "\(number)")
            order.spec.output = spec.output.replacing(JobOrder.place, with: "\(number)")
            order.key = given?.replacing(JobOrder.place, with: "\(number)") ?? JobOrder.newKey()
            return order
        }
    }

    /// What `--count` replaces; without it, these letters are a part of the name.
    static let place = "{n}"

    /// Whether there is anything that `--count` would replace.
    var hasPlace: Bool {
        [spec.input, spec.output, isKeyGiven ? key : ""].contains { $0.contains(JobOrder.place) }
    }

    // MARK: - Places

    /// A path made absolute; a URL of a streaming protocol is left as it is.
    static func absolute(_ path: String, in folder: String) -> String {
        if path.isEmpty || path.hasPrefix("/") || MediaLocation(path) == .stream { return path }
        var rest = path[...]
        while rest.hasPrefix("./") { rest = rest.dropFirst(2).drop { $0 == "/" } }
        return folder == "/" ? "/" + rest : folder + "/" + rest
    }

    /// The current folder.
    static func currentFolder() throws(CommandFailure) -> String {
        guard let folder = getcwd(nil, 0) else {
            throw CommandFailure("the current folder is gone", advice: "change to one that exists")
        }
        defer { free(folder) }
        return String(cString: folder)
    }
}
