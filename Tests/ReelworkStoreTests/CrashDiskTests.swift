// SPDX-License-Identifier: Apache-2.0
// Reelwork: tests of the store on a disk that fails

import CCrashDisk
import Foundation
import ReelworkCore
import Testing

// Goal: whatever the disk does at whatever operation, nothing that was answered is lost, nothing
// stands by halves, and the store starts again and goes on (I1, I2, I6).
// Method: a file system under SQLite fails at each operation of a script in turn. At a crash it
// keeps a random part of what was not synced, torn and out of order. What stands after a new start
// is compared with a model, and every check of the store is run.
@Suite(.serialized, .timeLimit(.minutes(10))) struct CrashDiskTests {
    /// Seeds of damage at each operation; REELWORK_CRASH_SEEDS asks for more, which takes hours.
    private static let seedsAsked = UInt64(
        ProcessInfo.processInfo.environment["REELWORK_CRASH_SEEDS"] ?? ""
    )
    private static let seeds = seedsAsked ?? 8
    /// Failures other than a crash come at each of so many operations.
    private static let step = seedsAsked == nil ? 3 : 1

    private let store: CrashedStore

    init() throws { store = try CrashedStore(try CrashScript(rounds: 3)) }

    @Test func nothingAnsweredIsLostWhereverThePowerGoes() throws {
        let operations = try store.operations()
        var points = 0
        for at in 1...operations {
            for seed in 1...Self.seeds {
                points += 1
                let fault = CrashedStore.Fault(kind: CRASH_DISK_CRASH, at: at, seed: seed)
                let found = try store.run(fault)
                #expect(found.isEmpty, "\(found)")
            }
        }
        #expect(points >= 2_000)
    }

    @Test(arguments: [false, true], [CRASH_DISK_WRITE, CRASH_DISK_FULL, CRASH_DISK_SYNC])
    func nothingAnsweredIsLostWhereverTheDiskFails(
        isLasting: Bool,
        kind: crash_disk_fault
    ) throws {
        // The last operations may be of another kind; a fault that finds none is no fault.
        for at in stride(from: 1, through: Int(try store.operations()), by: Self.step) {
            let fault = CrashedStore.Fault(kind: kind, at: Int64(at), isLasting: isLasting)
            let found = try store.run(fault).filter { !$0.hasSuffix("the fault did not happen") }
            #expect(found.isEmpty, "\(found)")
        }
    }

    @Test func nothingAnsweredIsLostWhereverAReadFails() throws {
        for at in stride(from: 1, through: Int(try store.reads()), by: Self.step) {
            let found = try store.run(CrashedStore.Fault(kind: CRASH_DISK_READ, at: Int64(at)))
                .filter { !$0.hasSuffix("the fault did not happen") }
            #expect(found.isEmpty, "\(found)")
        }
    }
}
