// SPDX-License-Identifier: Apache-2.0
// Reelwork: the files of one run

import CReelworkSystem
import Foundation
import ReelworkCore
import ReelworkEngineKit

/// The files of one run: its scratch folder, its part, its input and its output.
///
/// All functions block.
struct AttemptFiles: Sendable {
    let key: AttemptKey
    /// As the submitter named them.
    let input: String
    let output: String
    let isOverwriting: Bool
    let scratch: String
    /// Resolved; empty = anywhere.
    let roots: [String]

    init(key: AttemptKey, spec: JobSpec, settings: AttemptSettings) {
        self.key = key
        input = spec.input
        output = spec.output
        isOverwriting = spec.overwrite
        scratch = settings.folder.scratch(key)
        roots = settings.roots
    }

    /// The folder that the output is named in; nil where the output is no path of a file.
    var outputFolder: String? {
        guard let slash = output.lastIndex(of: "/") else { return nil }
        return slash == output.startIndex ? "/" : String(output[..<slash])
    }

    /// The part's path, in the folder of the output.
    var part: String {
        let folder = outputFolder ?? ""
        return (folder == "/" ? "" : folder) + "/" + PartName(key).text
    }

    var inputLink: String { scratch + "/" + ScratchNames.input }
    var outputLink: String { scratch + "/" + ScratchNames.output }

    // MARK: - Before the encode

    /// Whether the output is a place where a film may be put; all is the submitter's to mend.
    func checkOutput() throws(ReportItem.Failure) {
        let shown = ShownText.quoted(output)
        guard output.hasPrefix("/"), !output.utf8.contains(0),
            output.utf8.count <= Limits.pathBytesMax, part.utf8.count <= Limits.pathBytesMax,
            let folder = outputFolder
        else { throw .user("the output \(shown) is no absolute path of a file; name one") }
        let name = output.split(separator: "/", omittingEmptySubsequences: false).last ?? ""
        guard !name.isEmpty, name != ".", name != "..", name.utf8.count <= 255 else {
            throw .user("the output \(shown) names no file; name one within a folder")
        }
        guard PartName(String(name)) == nil else {
            throw .user("the output \(shown) has a name that is kept for parts; name another")
        }
        do throws(FileError) {
            guard try FileCalls.facts(folder).isFolder else {
                throw FileError("stat", folder, ENOTDIR)
            }
            try FileCalls.requireAccess(folder, W_OK | X_OK)
        } catch {
            throw ReportItem.Failure(
                .userError,
                error,
                "the folder of the output \(shown) cannot be written to",
                "make it, or let the worker's user write there"
            )
        }
        try checkRoots(folder, "output")
        if let facts = try? FileCalls.facts(output, followsLinks: false), facts.isFolder {
            throw .user("the output \(shown) is a folder; name a file")
        }
    }

    /// Whether the input is there and may be read.
    func checkInput() throws(ReportItem.Failure) {
        let shown = ShownText.quoted(input)
        guard input.hasPrefix("/"), !input.utf8.contains(0),
            input.utf8.count <= Limits.pathBytesMax
        else { throw .input("the input \(shown) is no absolute path; name one") }
        let facts: FileCalls.Facts
        do throws(FileError) {
            facts = try FileCalls.facts(input)
        } catch {
            throw ReportItem.Failure(
                .inputError,
                error,
                "the input \(shown) cannot be found",
                "see that the worker's machine has it under this path"
            )
        }
        guard facts.isFile else { throw .input("the input \(shown) is no regular file") }
        do throws(FileError) {
            try FileCalls.requireAccess(input, R_OK)
        } catch {
            throw ReportItem.Failure(
                .inputError,
                error,
                "the input \(shown) cannot be read",
                "let the worker's user read it"
            )
        }
        if let target = try? FileCalls.facts(output), target.isSame(as: facts) {
            throw .user("input and output are the same file; name another output")
        }
        try checkRoots(input, "input")
    }

    private func checkRoots(_ path: String, _ role: String) throws(ReportItem.Failure) {
        guard !roots.isEmpty else { return }
        let real: String
        do throws(FileError) {
            real = try FileCalls.realPath(path)
        } catch {
            throw ReportItem.Failure(
                .userError,
                error,
                "the \(role) cannot be found",
                "see its path"
            )
        }
        guard roots.contains(where: { AttemptFiles.lies(real, under: $0) }) else {
            throw .user(
                "the \(role) \(ShownText.quoted(path)) does not lie under a folder that this "
                    + "worker may use; choose one of those given to it with --root"
            )
        }
    }

    static func lies(_ path: String, under root: String) -> Bool {
        root == "/" || path == root || path.hasPrefix(root + "/")
    }

    /// Removes the parts of earlier attempts and makes that durable: from now on a late rename of a
    /// paused worker fails, because its source is gone.
    func sweepOlderParts() throws(ReportItem.Failure) {
        guard let folder = outputFolder else { return }
        do throws(FileError) {
            var hasRemoved = false
            for name in try FileCalls.names(in: folder) {
                guard let other = PartName(name)?.key, other.id == key.id,
                    other.origin < key.origin
                else { continue }
                try FileCalls.remove((folder == "/" ? "" : folder) + "/" + name)
                hasRemoved = true
            }
            // Synced also where nothing was found: who removed it may not have got to its sync.
            if hasRemoved || key.origin > AttemptNumber(1) { try FileCalls.sync(folder: folder) }
        } catch {
            throw ReportItem.Failure(
                .platformError,
                error,
                "the parts of earlier attempts cannot be removed",
                "let the worker's user read and write the folder of the output"
            )
        }
    }

    /// The earlier grant whose film stands at the output, by size and checksum.
    func earlierFilm(_ grants: [Grant]) -> Grant? {
        guard let facts = try? FileCalls.facts(output, followsLinks: false), facts.isFile,
            grants.contains(where: { $0.size == facts.size }),
            let sum = try? FileSum.read(output, isSynced: true)
        else { return nil }
        return grants.last { $0.size == sum.size && $0.checksum == sum.checksum }
    }

    /// Whether a file stands at the output that may not be replaced.
    var isForeignFileThere: Bool {
        !isOverwriting && (try? FileCalls.facts(output, followsLinks: false)) != nil
    }

    /// Makes the scratch folder, mode 0700, with the link to the input.
    func makeScratch(input: String) throws(ReportItem.Failure) {
        do throws(FileError) {
            try FileCalls.removeTree(scratch)
            try FileCalls.makeFolders(scratch)
            try FileCalls.link(inputLink, to: input)
        } catch {
            throw ReportItem.Failure(
                .platformError,
                error,
                "the scratch folder cannot be made",
                "see that the worker may write to its --scratch folder"
            )
        }
    }

    /// What the link to the input points to: where there are roots, the path that was checked.
    var inputTarget: String { roots.isEmpty ? input : (try? FileCalls.realPath(input)) ?? input }

    /// Makes the empty part, with the mode that the umask leaves, and the link to it.
    func makePart() throws(ReportItem.Failure) {
        do throws(FileError) {
            try FileCalls.remove(part)
            let file = open(part, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o666)
            guard file >= 0 else { throw FileError("open", part, errno) }
            close(file)
            let target =
                roots.isEmpty
                ? part
                : try FileCalls.realPath(outputFolder ?? "/") + "/" + PartName(key).text
            try FileCalls.link(outputLink, to: target)
        } catch {
            throw ReportItem.Failure(
                .userError,
                error,
                "no file can be made in the folder of the output",
                "let the worker's user write there"
            )
        }
    }
}
