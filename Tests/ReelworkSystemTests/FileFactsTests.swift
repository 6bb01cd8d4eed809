// SPDX-License-Identifier: Apache-2.0
// Reelwork: what the system says of files

import ReelworkSystem
import Testing

/// Goal: the facts are those of the path, and a path that is not there says why.
///
/// Method: paths that every Linux has.
struct FileFactsTests {
    @Test func aFolderIsOneAndItselfUnderAnyName() throws {
        let proc = try #require(FileFacts.of("/proc"))
        let same = try #require(FileFacts.of("/proc/../proc/."))
        let other = try #require(FileFacts.of("/"))
        #expect(proc.isFolder && proc.isSame(as: same) && !proc.isSame(as: other))
        #expect(!proc.isWritableByOthers)
        #expect(FileFacts.of("/tmp")?.isWritableByOthers == true)
        #expect(FileFacts.of("/proc/self/stat")?.isFolder == false)
    }

    @Test func whatIsNotThereSaysWhy() {
        guard case .failed(2) = FileFacts.look(at: "/no such file") else {
            Issue.record("ENOENT is 2")
            return
        }
    }
}
