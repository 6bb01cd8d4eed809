// SPDX-License-Identifier: Apache-2.0
// Reelwork: a store under test, in a folder of its own

import Foundation
import ReelworkCore
import ReelworkStore
import ReelworkTestKit

/// A store under test, in a folder of its own that goes with it.
final class StoreBench {
    let kind: StoreKind
    let folder: String
    private(set) var store: any JobStore

    init(_ kind: StoreKind) throws {
        self.kind = kind
        folder = NSTemporaryDirectory() + "reelwork-\(UUID().uuidString)"
        store = try StoreBench.open(kind, folder)
    }

    deinit {
        store.close()
        try? FileManager.default.removeItem(atPath: folder)
    }

    /// Closes the store and opens it again.
    func reopen() throws {
        guard kind == .sqlite else { return }
        store.close()
        store = try StoreBench.open(kind, folder)
    }

    /// Submits jobs 1 to `count`, each in its own commit, and returns their lives.
    func submit(_ count: UInt64) throws -> [JobLife] {
        var lives: [JobLife] = []
        for number in 1...count {
            var life = JobLife(number)
            try write { life.submit(into: &$0) }
            lives.append(life)
        }
        return lives
    }

    /// Applies what the closure writes, as one batch.
    func write(_ body: (inout StoreBatch) throws -> Void) throws {
        var batch = StoreBatch()
        try body(&batch)
        try store.apply(batch)
    }

    private static func open(_ kind: StoreKind, _ folder: String) throws -> any JobStore {
        switch kind {
        case .sqlite:
            var configuration = SQLiteStoreConfiguration()
            configuration.isCheckingReferences = true
            return try SQLiteJobStore(folder: folder, configuration: configuration)
        case .memory: return MemoryJobStore()
        }
    }
}
