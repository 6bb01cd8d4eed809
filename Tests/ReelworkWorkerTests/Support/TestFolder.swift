// SPDX-License-Identifier: Apache-2.0
// Reelwork: a folder for one test

import Foundation

@testable import ReelworkWorker

/// A folder for one test, removed with the value.
final class TestFolder: Sendable {
    let path: String
    let state: StateFolder

    init() throws {
        let base = FileManager.default.temporaryDirectory.path
        path = "\(base)/reelwork-worker-test-\(UUID().uuidString)"
        state = StateFolder(scratch: path + "/scratch", worker: "w1")
        try FileManager.default.createDirectory(
            atPath: state.path,
            withIntermediateDirectories: true
        )
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    func write(_ name: String, _ text: String) throws -> String {
        let file = path + "/" + name
        try Data(text.utf8).write(to: URL(fileURLWithPath: file))
        return file
    }

    func read(_ name: String) -> String? {
        FileManager.default.contents(atPath: path + "/" + name).map {
            String(decoding: $0, as: UTF8.self)
        }
    }

    func exists(_ name: String) -> Bool {
        FileManager.default.fileExists(atPath: path + "/" + name)
    }

    /// The size of a file.
    func bytes(_ file: String) throws -> Int {
        Int(clamping: try FileCalls.facts(file).size)
    }

    /// The names that lie there, hidden ones too.
    var names: [String] {
        ((try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []).sorted()
    }
}
