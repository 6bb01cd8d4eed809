// SPDX-License-Identifier: Apache-2.0
// Reelwork: tests of what the kernel lets a process have

import Foundation
import Testing

@testable import ReelworkWorker

/// Goal: the least limit of all groups counts, and nonsense is no limit.
///
/// Method: groups as files, in the form of the kernel's documentation.
struct ControlGroupTests {
    let folder: TestFolder

    init() throws {
        folder = try TestFolder()
        try FileManager.default.createDirectory(
            atPath: folder.path + "/a/b",
            withIntermediateDirectories: true
        )
    }

    private func group(_ membership: String) -> ControlGroup {
        ControlGroup(membership: membership, mount: folder.path)
    }

    @Test func theLeastOfAllGroupsCounts() throws {
        _ = try folder.write("a/b/memory.max", "max\n")
        _ = try folder.write("a/memory.max", "1073741824\n")
        _ = try folder.write("a/b/cpu.max", "250000 100000\n")
        _ = try folder.write("a/cpu.max", "max 100000\n")
        let inner = group("12:cpu:/elsewhere\n0::/a/b\n")
        #expect(inner.memoryMax == 1 << 30)
        #expect(inner.processorsMax == 3, "two and a half")
        #expect(group("0::/a\n").processorsMax == nil)
        #expect(group("0::/\n").memoryMax == nil)
    }

    @Test(arguments: ["", "0", "-1 100000", "x y", "100000 0", "0 0", "18446744073709551615 1"])
    func nonsenseIsNoLimit(text: String) throws {
        _ = try folder.write("cpu.max", text)
        _ = try folder.write("memory.max", "no number")
        let found = group("0::/../..\n")
        #expect(found.memoryMax == nil)
        #expect(found.processorsMax == nil || found.processorsMax == .max)
    }

    // This machine, whatever it is.
    @Test func somethingIsThere() {
        #expect(HostFacts.processorsAllowed >= 1)
        #expect(HostFacts.memoryMebibytes >= 1)
    }
}
