// SPDX-License-Identifier: Apache-2.0
// Reelwork: a store whose disk fails

import CCrashDisk
import Foundation
import ReelworkCore
import ReelworkStore

/// A store whose disk fails at one operation; what it holds afterwards is judged.
struct CrashedStore {
    /// What is to happen, and when.
    struct Fault: CustomStringConvertible {
        var kind: crash_disk_fault
        var at: Int64
        var isLasting = false
        var seed: UInt64 = 1

        var description: String {
            "fault \(kind.rawValue)\(isLasting ? " for ever" : "") at \(at), seed \(seed)"
        }
    }

    let script: CrashScript
    private let template: DataFolder

    /// Makes the file that every run begins with: migrated and empty.
    init(_ script: CrashScript) throws {
        guard crash_disk_install() == 0 else { throw CrashDiskError.notInstalled }
        self.script = script
        template = DataFolder()
        try template.open().close()
    }

    /// Operations of a whole run.
    func operations() throws -> Int64 {
        var count: Int64 = 0
        try inCopy { folder in
            crash_disk_arm(CRASH_DISK_NONE, 0, false, 0)
            let store = try DataFolder.open(folder, CrashedStore.configure)
            for step in script.steps { try CrashedStore.perform(step, store) }
            store.close()
            count = crash_disk_operations()
            guard crash_disk_settle() == 0 else { throw CrashDiskError.unsettled }
        }
        return count
    }

    /// Reads of a whole run.
    func reads() throws -> Int64 {
        var count: Int64 = 0
        try inCopy { folder in
            crash_disk_arm(CRASH_DISK_READ, .max, false, 0)
            let store = try DataFolder.open(folder, CrashedStore.configure)
            for step in script.steps { try CrashedStore.perform(step, store) }
            store.close()
            count = crash_disk_operations()
            guard crash_disk_settle() == 0 else { throw CrashDiskError.unsettled }
        }
        return count
    }

    /// Runs the script into the fault and starts again; what is wrong, empty where nothing is.
    ///
    /// As the scheduler does, it asks again after a full disk and ends after any other failure.
    func run(_ fault: Fault) throws -> [String] {
        var found: [String] = []
        try inCopy { folder in
            crash_disk_arm(fault.kind, fault.at, fault.isLasting, fault.seed)
            var answered = 0
            var ended: StoreError?
            do throws(StoreError) {
                let store = try DataFolder.open(folder, CrashedStore.configure)
                defer { store.close() }
                for step in script.steps {
                    do throws(StoreError) {
                        try CrashedStore.perform(step, store)
                    } catch {
                        guard case .full = error, !fault.isLasting else { throw error }
                        try CrashedStore.perform(step, store)
                    }
                    if case .apply = step {
                        answered += 1
                        if fault.kind == CRASH_DISK_CRASH, crash_disk_has_struck() {
                            found.append("answered after the power went")
                        }
                    }
                }
            } catch {
                ended = error
            }
            if !crash_disk_has_struck() { found.append("the fault did not happen") }
            let isToBeFull = fault.kind == CRASH_DISK_FULL && fault.isLasting
            if isToBeFull, crash_disk_has_struck(), !isFull(ended) {
                found.append("a full disk was told as \(ended.map { "\($0)" } ?? "nothing")")
            }
            guard crash_disk_settle() >= 0 else { throw CrashDiskError.unsettled }
            found += judge(folder, answered)
        }
        return found.map { "\(fault): \($0)" }
    }

    private func isFull(_ error: StoreError?) -> Bool {
        guard case .full? = error else { return false }
        return true
    }

    /// What was answered is there, what was not is there as a whole or not at all, and it goes on.
    private func judge(_ folder: String, _ answered: Int) -> [String] {
        do {
            let store = try DataFolder.open(folder, CrashedStore.configure)
            defer { store.close() }
            var found = try store.check(isDeep: true).filter { !$0.isSound }.map {
                "\($0.name): \($0.detail ?? "")"
            }
            let content = try CrashScript.content(of: store)
            let most = min(answered + 1, script.contents.count - 1)
            guard let durable = (answered...most).first(where: { script.contents[$0] == content })
            else {
                let other = script.contents.firstIndex(of: content)
                found.append(
                    "\(answered) batches were answered, and it holds "
                        + (other.map { "\($0)" } ?? "what no number of batches makes")
                )
                return found
            }
            var count = 0
            for case .apply(let batch) in script.steps {
                count += 1
                if count == durable + 1 { try store.apply(batch) }
            }
            let next = min(durable + 1, script.contents.count - 1)
            if try CrashScript.content(of: store) != script.contents[next] {
                found.append("it does not go on from there")
            }
            return found
        } catch {
            return ["it does not start again: \(error)"]
        }
    }

    private static func configure(_ configuration: inout SQLiteStoreConfiguration) {
        // The readers' own reads come at any time: one is enough, and it has little to keep.
        configuration.readersMax = 1
        configuration.lockWait = .seconds(1)
    }

    private static func perform(
        _ step: CrashScript.Step,
        _ store: SQLiteJobStore
    ) throws(StoreError) {
        switch step {
        case .apply(let batch): try store.apply(batch)
        case .checkpoint: try store.checkpoint(isFinal: true)
        }
    }

    private func inCopy(_ body: (String) throws -> Void) throws {
        let folder = NSTemporaryDirectory() + "crash-disk-\(UUID().uuidString)"
        try FileManager.default.copyItem(atPath: template.path, toPath: folder)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        try body(folder)
    }
}
