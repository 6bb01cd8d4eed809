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
    ) async throws -> [(connection: RPCConnection, code: ResultCode?, session: UInt64)] {
        var connections: [RPCConnection] = []
        for _ in 0..<Self.racers { connections.append(try await harness.connect(.worker)) }
        return await withTaskGroup(of: (Int, ResultCode?, UInt64).self) { group in
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
                        let answer = try await connection.call(Register.self, request)
                        return (index, .ok, answer.session)
                    } catch {
                        guard case .remote(let code) = error.code else { return (index, nil, 0) }
                        return (index, code.value, 0)
                    }
                }
            }
            var all: [(connection: RPCConnection, code: ResultCode?, session: UInt64)] = []
            for await (index, code, session) in group {
                all.append((connections[index], code, session))
            }
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

    @Test func ofOneProcessTheNewestSessionAloneIsHeard() async throws {
        try await DaemonHarness.open { harness in
            let all = try await race(harness) { _ in 7 }
            let newest = try #require(all.max { $0.session < $1.session })
            #expect(Set(all.filter { $0.code == .ok }.map(\.session)).count > 0)
            newest.connection.send(Credit.self, Credit.Event(assignLimit: 1))
            let submitter = try await harness.connect(.submitter)
            _ = try await submitter.submit([DaemonHarness.item("a")])
            let assignment = try await newest.connection.assignment()
            for older in all where older.session != newest.session {
                let stolen = try? await older.connection.report(
                    assignment,
                    .started(ReportItem.Start())
                )
                #expect(stolen?.code != .known(.ok))
            }
            #expect(try await submitter.job(assignment.number).state == .known(.assigned))
            let answer = try await newest.connection.report(
                assignment,
                .started(ReportItem.Start())
            )
            #expect(answer.code == .known(.ok))
        }
    }
}
