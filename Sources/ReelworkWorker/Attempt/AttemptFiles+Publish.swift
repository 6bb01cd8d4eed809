// SPDX-License-Identifier: Apache-2.0
// Reelwork: the files of one run, after the encode

import CReelworkSystem
import Foundation
import ReelworkCore

extension AttemptFiles {
    /// Syncs the part to disk and sums it.
    func seal() throws(ReportItem.Failure) -> FileSum {
        do throws(FileError) {
            return try FileSum.read(part, isSynced: true)
        } catch {
            if error.code == ENOENT { throw .partGone }
            throw ReportItem.Failure(
                .platformError,
                error,
                "the part cannot be read back",
                "look at the disk that holds the output"
            )
        }
    }

    /// Moves the part to its place in one step and makes that durable.
    func publish() throws(ReportItem.Failure) {
        let code = isOverwriting ? (rename(part, output) == 0 ? 0 : errno) : renameToFree()
        switch code {
        case 0: break
        case ENOENT: throw .partGone
        case EEXIST: throw .outputExists
        default:
            throw ReportItem.Failure(
                .userError,
                FileError("rename", output, code),
                "the film cannot be moved to the output",
                "see what stands there"
            )
        }
        do throws(FileError) {
            try FileCalls.sync(folder: outputFolder ?? "/")
        } catch {
            throw ReportItem.Failure(
                .platformError,
                error,
                "the folder of the output cannot be synced",
                "look at the disk that holds it"
            )
        }
    }

    /// Renames unless something stands at the output; 0 or the error's number.
    private func renameToFree() -> Int32 {
        let answer = -reelwork_rename_no_replace(part, output)
        guard answer == EINVAL || answer == ENOSYS else { return answer }
        // File systems without that call have hard links mostly, which never replace either.
        guard link(part, output) == 0 else { return errno }
        _ = unlink(part)
        return 0
    }

    /// Removes what the run has made, but for the published film.
    ///
    /// - Returns: what could not be removed.
    func clean() -> [FileError] {
        var problems: [FileError] = []
        for remove in [removePart, removeScratch] {
            do throws(FileError) { try remove() } catch { problems.append(error) }
        }
        return problems
    }

    private func removePart() throws(FileError) {
        guard outputFolder != nil, !output.utf8.contains(0) else { return }
        do throws(FileError) {
            try FileCalls.remove(part)
        } catch {
            guard error.code != ENOTDIR, error.code != ENAMETOOLONG else { return }
            throw error
        }
    }

    private func removeScratch() throws(FileError) { try FileCalls.removeTree(scratch) }
}
