// SPDX-License-Identifier: Apache-2.0
// Reelwork: the folder and the services of the demonstration

import Foundation
import ReelworkClient
import ReelworkCore
import Synchronization

/// The folder and the services of the demonstration: a scheduler and a worker, each a process of
/// its own, as anybody would start them.
final class DemoStage: Sendable {
    /// Everything lies in it.
    let folder: String
    /// Whether the folder stays.
    private let isKept: Bool
    private let services = Mutex<[DemoProcess]>([])
    private let leaving = Mutex(())

    init(isKept: Bool) throws(CommandFailure) {
        folder = try ScratchFolder.make()
        self.isKept = isKept
        Output.beforeFailing { [self] in leave() }
    }

    /// Where the scheduler answers.
    var endpoint: String { "unix:\(folder)/scheduler/reelwork.sock" }
    /// Where it answers administrators.
    var adminEndpoint: String { "unix:\(folder)/scheduler/admin.sock" }
    /// Where the films go.
    var films: String { folder + "/films" }

    /// Starts the scheduler; returns what it says when it is ready.
    func startScheduler() throws(CommandFailure) -> String {
        let (process, output) = try DemoProcess.subcommand(
            ["serve", "--data", folder + "/scheduler"],
            log: folder + "/scheduler.log"
        )
        services.withLock { $0.append(process) }
        var line: [UInt8] = []
        while let byte = try? output.read(upToCount: 1), let byte = byte.first, byte != 0x0A {
            line.append(byte)
        }
        let text = String(decoding: line, as: UTF8.self)
        guard text.hasPrefix("ready ") else {
            throw CommandFailure("the scheduler did not start", advice: process.logEnd)
        }
        return text
    }

    /// Starts the worker.
    func startWorker(slots: Int) throws(CommandFailure) {
        let (process, _) = try DemoProcess.subcommand(
            [
                "worker", "--connect", endpoint, "--name", "demo-worker", "--slots", "\(slots)",
                "--scratch", folder + "/scratch",
            ],
            log: folder + "/worker.log"
        )
        services.withLock { $0.append(process) }
    }

    /// Waits until the worker has probed its engines and registered.
    func awaitWorker(_ client: ReelworkClient) async throws -> WorkerView {
        while true {
            if let worker = try await client.workers(withEngines: true).first { return worker }
            let worker = services.withLock { $0.last }
            guard worker?.isRunning == true else {
                throw CommandFailure("the worker did not start", advice: worker?.logEnd ?? "")
            }
            try await Task.sleep(for: .milliseconds(50))
        }
    }

    /// Ends the services, the worker first, removes the folder, and ends the program where a
    /// status is given.
    ///
    /// Whoever comes second waits: the program must not end while the first still clears away.
    func leave(_ status: CommandStatus? = nil) {
        Output.beforeFailing(nil)
        leaving.withLock { _ in
            let processes = services.withLock { services in
                defer { services = [] }
                return services
            }
            for process in processes.reversed() {
                process.terminate()
                process.wait(.seconds(5))
            }
            if !isKept { ScratchFolder.remove(folder) }
            if let status { _exit(status.rawValue) }
        }
    }
}
