// SPDX-License-Identifier: Apache-2.0
// Reelwork: a worker without encoders

import ReelworkCore
import ReelworkRPC
import ReelworkWire
import Synchronization

/// A worker without encoders: it begins what it is handed, and then says only that it lives.
final class HoldingWorker: Sendable {
    let name: String
    private let connection: RPCConnection
    private let limit: Duration?
    private let slots: UInt64
    private let held: Mutex<[Assignment]>

    /// Registers one that holds `holding` from before; its jobs may take `limit`.
    ///
    /// - Throws: ``BenchError`` where the scheduler would have it end something that it holds.
    static func enter(
        _ endpoint: RPCEndpoint,
        name: String,
        slots: Int,
        limit: Duration? = nil,
        holding: [Assignment] = []
    ) async throws -> HoldingWorker {
        let connection = try await RPCConnection.connect(
            to: endpoint,
            role: .worker,
            agent: "bench"
        )
        let answer = try await connection.call(
            Register.self,
            Register.Request(
                worker: WorkerRegistration(
                    name: name,
                    incarnation: 1,
                    capacity: [
                        ResourceAmount(name: ResourceAmount.slotName, amount: UInt64(slots))
                    ],
                    engines: [
                        EngineReport(name: "ffmpeg", version: "1", encoders: ["libx264", "aac"])
                    ]
                ),
                held: holding.map {
                    HeldAttempt(id: $0.id, attempt: $0.attempt, phase: .known(.running))
                }
            )
        )
        for verdict in answer.verdicts where verdict.kind != .known(.keep) {
            throw BenchError("\(name) was told to end what it runs: \(verdict)")
        }
        let worker = HoldingWorker(connection, name, slots: slots, limit, holding)
        connection.send(Credit.self, Credit.Event(assignLimit: worker.slots))
        return worker
    }

    private init(
        _ connection: RPCConnection,
        _ name: String,
        slots: Int,
        _ limit: Duration?,
        _ holding: [Assignment]
    ) {
        self.connection = connection
        self.name = name
        self.limit = limit
        self.slots = UInt64(slots)
        held = Mutex(holding)
    }

    /// What it holds.
    var holding: [Assignment] { held.withLock { $0 } }

    /// Takes what it is handed, `told` each time, until the connection ends.
    func run(beat: Duration, told: @escaping @Sendable () -> Void = {}) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await self.take(told) }
            group.addTask {
                while true {
                    try await Task.sleep(for: beat)
                    // Any frame counts as life.
                    self.connection.send(Credit.self, Credit.Event(assignLimit: self.slots))
                }
            }
            try await group.next()
            group.cancelAll()
        }
    }

    private func take(_ told: () -> Void) async throws {
        for await push in connection.pushes {
            guard case .assign(let event) = push else { continue }
            let starts = event.assignments.map { assignment in
                ReportItem(
                    number: assignment.number,
                    attempt: assignment.attempt,
                    at: Timestamp(milliseconds: 0),
                    content: .started(ReportItem.Start(limit: limit))
                )
            }
            held.withLock { $0 += event.assignments }
            _ = try await connection.call(Report.self, Report.Request(items: starts))
            told()
        }
    }

    /// Ends its connection as a crash would.
    func abort() async { await connection.abort() }
}
