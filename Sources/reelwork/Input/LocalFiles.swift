// SPDX-License-Identifier: Apache-2.0
// Reelwork: a first look at a job's files

import Glibc
import ReelworkCore
import ReelworkEngineKit
import ReelworkSystem

/// A first look at a job's files, where the scheduler is on this machine.
///
/// The worker looks again before it starts and has the last word.
enum LocalFiles {
    /// What is wrong; nil where nothing is.
    ///
    /// - Parameters:
    ///   - spec: the job.
    ///   - mayBeDone: it may be known to the scheduler and done, so that its output is there.
    /// - Returns: what is wrong, and what to do.
    static func problem(_ spec: JobSpec, mayBeDone: Bool = false) -> CommandFailure? {
        var input: FileFacts?
        if MediaLocation(spec.input) == .file {
            switch FileFacts.look(at: spec.input) {
            case .failed(let number): return missing(spec.input, number)
            case .found(let facts): input = facts
            }
            if let input, let failure = unreadable(spec.input, input) { return failure }
        }
        guard MediaLocation(spec.output) == .file else { return nil }
        if spec.input == spec.output { return same(spec.input) }
        if let facts = FileFacts.of(spec.output) {
            if let input, input.isSame(as: facts) { return same(spec.output) }
            if facts.isFolder {
                return CommandFailure(
                    "the output \(spec.output) is a folder",
                    advice: "name a file in it, such as \(spec.output)/film.mp4"
                )
            }
            if !spec.overwrite, !mayBeDone {
                return CommandFailure(
                    "the output \(spec.output) is there already",
                    advice: "give --overwrite to replace it, or name another"
                )
            }
            return nil
        }
        return folderProblem(spec.output)
    }

    private static func missing(_ path: String, _ number: Int32) -> CommandFailure {
        if number == EACCES {
            return CommandFailure(
                .denied,
                "the input \(path) cannot be reached: a folder on its way is closed to this user",
                advice: "ask its owner, or run as another user"
            )
        }
        return CommandFailure(
            "the input \(path) cannot be read: \(String(cString: strerror(number)))",
            advice: "check the path; it is taken relative to the current folder"
        )
    }

    private static func unreadable(_ path: String, _ facts: FileFacts) -> CommandFailure? {
        guard !facts.isFolder else {
            return CommandFailure("the input \(path) is a folder", advice: "name a film in it")
        }
        guard access(path, R_OK) == 0 else {
            return CommandFailure(
                .denied,
                "the input \(path) may not be read by this user",
                advice: "run: chmod +r \(ShownLine.shellWord(path))"
            )
        }
        return nil
    }

    private static func same(_ path: String) -> CommandFailure {
        CommandFailure(
            "input and output are the same file: \(path)",
            advice: "name another output; the input is never written"
        )
    }

    private static func folderProblem(_ output: String) -> CommandFailure? {
        guard let slash = output.lastIndex(of: "/") else { return nil }
        let folder = slash == output.startIndex ? "/" : String(output[..<slash])
        switch FileFacts.look(at: folder) {
        case .found(let facts) where facts.isFolder: return nil
        case .found:
            return CommandFailure(
                "the output's folder \(folder) is a file",
                advice: "name an output in a folder"
            )
        case .failed:
            return CommandFailure(
                "the output's folder \(folder) does not exist",
                advice: "make it first: mkdir -p \(ShownLine.shellWord(folder))"
            )
        }
    }
}
