// SPDX-License-Identifier: Apache-2.0
// Reelwork: a worker that does what a test says

import Foundation
import ReelworkCore
import ReelworkRPC
import ReelworkWire
import Testing

/// A worker that does nothing but what a test says; to the scheduler it is as good as any.
///
/// It sends no heartbeats: give it a lease that outlives the test.
struct WireWorker {
    let connection: RPCConnection

    /// Connects, registers with the encoders of the fake engine, and takes so many jobs.
    static func open(
        _ house: House,
        _ name: String,
        slots: UInt64 = 1
    ) async throws -> WireWorker {
        let connection = try await RPCConnection.connect(
            to: .unix(path: house.socket),
            role: .worker,
            agent: "test"
        )
        let registration = WorkerRegistration(
            name: name,
            incarnation: 1,
            capacity: [ResourceAmount(name: ResourceAmount.slotName, amount: slots)],
            engines: [EngineReport(name: "ffmpeg", version: "1", encoders: ["libx264", "aac"])]
        )
        _ = try await connection.call(
            Register.self,
            Register.Request(worker: registration, held: [])
        )
        connection.send(Credit.self, Credit.Event(assignLimit: slots))
        return WireWorker(connection: connection)
    }

    func close() async { await connection.close() }

    /// Waits for the next assignments, one or more.
    func assignments() async throws -> [Assignment] {
        for await push in connection.pushes {
            if case .assign(let event) = push { return event.assignments }
        }
        throw Surprise("the scheduler closed the connection")
    }

    /// Waits for the next thing that it has to give up.
    func revocation() async throws -> Revocation {
        for await push in connection.pushes {
            if case .revoke(let event) = push, let first = event.revocations.first {
                return first
            }
        }
        throw Surprise("the scheduler closed the connection")
    }

    /// Reports one thing of one attempt.
    @discardableResult
    func report(
        _ assignment: Assignment,
        _ content: ReportItem.Content
    ) async throws -> ItemResult {
        let item = ReportItem(
            number: assignment.number,
            attempt: assignment.attempt,
            at: Timestamp(milliseconds: 1),
            content: content
        )
        let answer = try await connection.call(Report.self, Report.Request(items: [item]))
        return try #require(answer.results.first)
    }

    /// Tells how much of the film is encoded.
    func progress(_ assignment: Assignment, media: Duration) {
        connection.send(
            ProgressReport.self,
            ProgressReport.Event(progress: [
                JobProgress(number: assignment.number, attempt: assignment.attempt, media: media)
            ])
        )
    }
}
