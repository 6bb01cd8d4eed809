// SPDX-License-Identifier: Apache-2.0
// Reelwork: all files below a folder

import Foundation

/// All files below a folder.
enum FileTree {
    /// Their paths below the folder, sorted; what begins with one of `skipping` is left out.
    static func list(_ folder: String, skipping: [String] = []) -> [String] {
        let all = FileManager.default.enumerator(atPath: folder)?.compactMap { $0 as? String } ?? []
        return all.filter { path in !skipping.contains { path.hasPrefix($0) } }.sorted()
    }
}
