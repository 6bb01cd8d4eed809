// SPDX-License-Identifier: Apache-2.0
// Reelwork: two who say that they are the same worker

import ReelworkCore
import ReelworkRPC
import ReelworkWire
import Testing

/// Goal: a name has one session, whoever comes at the same time: another process is refused while
/// the lease lives, and a newer connection of the same process takes the place of the older, whose
/// reports say nothing any more.
///
/// Security checklist 11.
///
/// Method: a real daemon; many connections register one name at once.
@Suite(.timeLimit(.minutes(1)))
struct SessionRaceTests {
    private static let racers = 12

    /// Registers on many connections at once; each with its answer's code.
    private func race(
        _ harness: DaemonHarness,
        incarnation: @escaping @Sendable (Int) -> UInt64
    ) async throws -> [(connection: RPCConnection, code: ResultCode?)] {
        var connections: [RPCConnection] = []
        for _ in 0..<Self.racers { connections.append(try await harness.connect(.worker)) }
        return await withTaskGroup(of: (Int, ResultCode?).self) { group in
            for (index, connection) in connections.enumerated() {
                group.addTask {
                    let worker = WorkerRegistration(
                        name: "w1",
                        incarnation: incarnation(index),
                        capacity: [ResourceAmount(name: ResourceAmount.slotName, amount: 1)],
                        engines: [
                            EngineReport(
                                name: "ffmpeg",
                                version: "1",
                                encoders: ["libx264", "aac"]
                            )
                        ]
                    )
                    do throws(RPCError) {
                        let request = Register.Request(worker: worker, held: [])
                        _ = try await connection.call(Register.self, request)
                        return (index, .ok)
                    } catch {
                        guard case .remote(let code) = error.code else { return (index, nil) }
                        return (index, code.value)
                    }
                }
            }
            var all: [(connection: RPCConnection, code: ResultCode?)] = []
            for await (index, code) in group { all.append((connections[index], code)) }
            return all
        }
    }

    @Test func ofManyProcessesOneGetsTheName() async throws {
        try await DaemonHarness.open { harness in
            let all = try await race(harness) { UInt64($0 + 1) }
            let winners = all.filter { $0.code == .ok }
            #expect(winners.count == 1)
            #expect(all.filter { $0.code == .sessionSuperseded }.count == Self.racers - 1)
            // The one that has it works; a loser that goes on as if it had it changes nothing.
            let winner = try #require(winners.first)
            winner.connection.send(Credit.self, Credit.Event(assignLimit: 1))
            let submitter = try await harness.connect(.submitter)
            _ = try await submitter.submit([DaemonHarness.item("a")])
            let assignment = try await winner.connection.assignment()
            for loser in all where loser.code != .ok {
                let stolen = try? await loser.connection.report(
                    assignment,
                    .finished(nil, ReportItem.Finish(hasNoFile: true))
                )
                #expect(stolen?.code != .known(.ok))
            }
            #expect(try await submitter.job(assignment.number).state == .known(.assigned))
            let answer = try await winner.connection.report(
                assignment,
                .started(ReportItem.Start())
            )
            #expect(answer.code == .known(.ok))
        }
    }

    // Which of them comes last is nobody's to say.
    @Test func ofOneProcessTheLastConnectionAloneIsHeard() async throws {
        try await DaemonHarness.open { harness in
            let all = try await race(harness) { _ in 7 }
            for one in all { one.connection.send(Credit.self, Credit.Event(assignLimit: 1)) }
            let submitter = try await harness.connect(.submitter)
            _ = try await submitter.submit([DaemonHarness.item("a")])
            var heard: (connection: RPCConnection, assignment: Assignment)?
            var superseded: [RPCConnection] = []
            for one in all {
                do {
                    let assignment = try await one.connection.assignment()
                    #expect(heard == nil)
                    heard = (one.connection, assignment)
                } catch let error as RPCError {
                    #expect(error.code == .remote(.known(.sessionSuperseded)))
                    superseded.append(one.connection)
                }
            }
            #expect(superseded.count == Self.racers - 1)
            let (last, assignment) = try #require(heard)
            for older in superseded {
                let stolen = try? await older.report(assignment, .started(ReportItem.Start()))
                #expect(stolen == nil)
            }
            #expect(try await submitter.job(assignment.number).state == .known(.assigned))
            let answer = try await last.report(assignment, .started(ReportItem.Start()))
            #expect(answer.code == .known(.ok))
        }
    }
}
