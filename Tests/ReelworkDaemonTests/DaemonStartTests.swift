// SPDX-License-Identifier: Apache-2.0
// Reelwork: a start that fails half-way

import Foundation
import Logging
import ReelworkCore
import ReelworkDaemon
import ReelworkRPC
import ReelworkStore
import Testing

/// Goal: a start that fails leaves nothing behind: no thread, no descriptor, no socket, no lock.
///
/// Method: the admin socket cannot be bound after all else has begun; in a process of its own, so
/// that the threads of other tests are not counted.
@Suite(.timeLimit(.minutes(1)))
struct DaemonStartTests {
    @Test func aFailedStartLeavesNothingBehindAndTheNextOneWorks() async {
        await #expect(processExitsWith: .success) {
            let folder = DaemonHarness.temporaryFolder()
            defer { try? FileManager.default.removeItem(atPath: folder) }
            // What is made once and stays, such as the threads of Swift's pool, is there already.
            let warm = try await DaemonHarness.start(in: folder)
            await warm.stop()
            let before = DaemonStartTests.descriptors()
            for _ in 0..<3 {
                let store = try SQLiteJobStore(folder: folder)
                let daemon = try DaemonHarness.daemon(
                    on: store,
                    in: folder,
                    admin: folder + "/no/such/folder.sock"
                )
                await #expect(throws: DaemonError.self) { _ = try await daemon.start() }
                #expect(!FileManager.default.fileExists(atPath: folder + "/reelwork.sock"))
                // A store that was closed already may be asked to once more.
                await daemon.stop()
            }
            let left = await DaemonStartTests.threads(atMost: 0)
            #expect(left.isEmpty, "\(left)")
            let after = DaemonStartTests.descriptors()
            #expect(after.count <= before.count, "\(after.subtracting(before))")
            let harness = try await DaemonHarness.start(in: folder)
            let submitter = try await harness.connect(.submitter)
            let results = try await submitter.submit([DaemonHarness.item("a")])
            #expect(results.first?.code == .known(.ok))
            await submitter.close()
            await harness.stop()
        }
    }

    /// The threads of a scheduler by name; asked again for a while where there are too many, for a
    /// thread that has ended is seen for a moment more.
    private static func threads(atMost most: Int) async -> [String] {
        let latest = ContinuousClock.now + .seconds(10)
        var found = threads()
        while found.count > most, ContinuousClock.now < latest {
            await Task.yield()
            found = threads()
        }
        return found
    }

    private static func threads() -> [String] {
        let ours = ["scheduler", "commit", "read", "NIO-ELT"]
        let tasks = try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/task")
        return (tasks ?? []).compactMap { task in
            let path = "/proc/self/task/\(task)/comm"
            guard let name = try? String(contentsOfFile: path, encoding: .utf8) else { return nil }
            return ours.contains { name.hasPrefix($0) } ? name : nil
        }
    }

    /// The open descriptors, with what they are.
    private static func descriptors() -> Set<String> {
        let folder = "/proc/self/fd/"
        let files = FileManager.default
        let names = (try? files.contentsOfDirectory(atPath: folder)) ?? []
        return Set(
            names.compactMap { name in
                let target = try? files.destinationOfSymbolicLink(atPath: folder + name)
                return target.map { "\(name) \($0)" }
            }
        )
    }
}
