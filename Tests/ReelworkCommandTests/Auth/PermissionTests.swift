// SPDX-License-Identifier: Apache-2.0
// Reelwork: what a credential may do over TLS

import ReelworkCore
import ReelworkRPC
import ReelworkWire
import Testing

@testable import reelwork

// Goal: a role does what it may, and a worker speaks for itself alone. Method: as
// PeerIdentityTests.
@Suite(.timeLimit(.minutes(1)))
struct PermissionTests {
    private func item(_ name: String) -> SubmitItem {
        let spec = JobSpec(engine: "ffmpeg", input: "/in/\(name).mov", output: "/out/\(name).mp4")
        return SubmitItem(key: name, spec: spec.encoded)
    }

    private func code(_ body: () async throws -> Void) async -> ResultCode? {
        do {
            try await body()
            return .ok
        } catch let error as RPCError {
            if case .remote(let code) = error.code { return code.value }
            return nil
        } catch {
            return nil
        }
    }

    private func register(
        _ connection: RPCConnection,
        as name: String
    ) async throws(RPCError) {
        _ = try await connection.call(
            Register.self,
            Register.Request(
                worker: WorkerRegistration(
                    name: name,
                    incarnation: 1,
                    capacity: [ResourceAmount(name: ResourceAmount.slotName, amount: 1)],
                    engines: [
                        EngineReport(name: "ffmpeg", version: "1", encoders: ["libx264", "aac"])
                    ]
                ),
                held: []
            )
        )
        connection.send(Credit.self, Credit.Event(assignLimit: 1))
    }

    @Test(arguments: CredentialRole.allCases)
    func aRoleConnectsAsWhatItIs(role: CredentialRole) async throws {
        try await TLSHouse.run { house in
            for family in [PeerRole.worker, .submitter, .admin] {
                let security = try house.certificate("x", role)
                let fits = (role == .worker ? PeerRole.worker : .submitter) == family
                if fits {
                    await (try house.connect(family, security)).close()
                    continue
                }
                let error = try await house.refusal(family, security)
                // The socket is not for administrators at all.
                let expected: RPCError.Code =
                    family == .admin ? .refused(.denied) : .remote(.known(.denied))
                #expect(error.code == expected)
            }
        }
    }

    @Test func aReaderLooksAndChangesNothing() async throws {
        try await TLSHouse.run { house in
            let reader = try await house.connect(
                .submitter,
                token: try house.token("eye", .reader)
            )
            let submitted = await code {
                _ = try await reader.call(
                    SubmitBatch.self,
                    SubmitBatch.Request(isAtomic: false, items: [item("a")])
                )
            }
            #expect(submitted == .denied)
            let canceled = await code {
                _ = try await reader.call(
                    CancelJob.self,
                    CancelJob.Request(refs: [.number(JobNumber(1))], reason: "r")
                )
            }
            #expect(canceled == .denied)
            // Refused requests cost the connection nothing.
            let listed = await code {
                _ = try await reader.call(WorkersList.self, TLSHouse.everybody)
            }
            #expect(listed == .ok)
            await reader.close()
        }
    }

    @Test func aSubmitterOperatesAndAdministersNothing() async throws {
        try await TLSHouse.run { house in
            let submitter = try await house.connect(.submitter, token: try house.token("ci"))
            let drained = await code {
                _ = try await submitter.call(
                    WorkerSet.self,
                    WorkerSet.Request(name: "w", action: .drain, reason: "r")
                )
            }
            // Served, and not for him: to look after workers is an operator's.
            #expect(drained == .denied)
            let recovered = await code {
                _ = try await submitter.call(
                    Recover.self,
                    Recover.Request(
                        target: .allOrphans,
                        refs: [],
                        worker: "",
                        action: .recover,
                        reason: "r"
                    )
                )
            }
            // Not of a submitter's family, whatever he may do.
            #expect(recovered == .unimplemented)
            let registered = await code { try await register(submitter, as: "ci") }
            #expect(registered == .unimplemented)
            await submitter.close()
        }
    }

    @Test func aWorkerRegistersUnderItsOwnNameAlone() async throws {
        try await TLSHouse.run { house in
            let shown = try await house.connect(.worker, try house.certificate("w1", .worker))
            let sent = try await house.connect(.worker, token: try house.token("w2", .worker))
            for (connection, own, other) in [(shown, "w1", "w2"), (sent, "w2", "w1")] {
                let stolen = await code { try await register(connection, as: other) }
                #expect(stolen == .denied)
                let right = await code { try await register(connection, as: own) }
                #expect(right == .ok)
            }
            await shown.close()
            await sent.close()
        }
    }

    // Lesson 36: any key holder could complete any job.
    @Test func aWorkerReportsOnWhatItHoldsAlone() async throws {
        try await TLSHouse.run { house in
            let submitter = try await house.connect(.submitter, token: try house.token("ci"))
            let holder = try await house.connect(.worker, try house.certificate("w1", .worker))
            try await register(holder, as: "w1")
            _ = try await submitter.call(
                SubmitBatch.self,
                SubmitBatch.Request(isAtomic: false, items: [item("a")])
            )
            var assignment: Assignment?
            for await push in holder.pushes {
                guard case .assign(let event) = push else { continue }
                assignment = event.assignments.first
                break
            }
            let held = try #require(assignment)

            let thief = try await house.connect(.worker, try house.certificate("w2", .worker))
            try await register(thief, as: "w2")
            let ends: [ReportItem.Content] = [
                .started(ReportItem.Start()), .released(.notStarted, error: nil),
                .finished(nil, ReportItem.Finish(hasNoFile: true)),
            ]
            for content in ends {
                let answer = try await thief.call(
                    Report.self,
                    Report.Request(
                        assignLimit: 0,
                        items: [
                            ReportItem(
                                number: held.number,
                                attempt: held.attempt,
                                at: Timestamp(milliseconds: 1),
                                content: content
                            )
                        ]
                    )
                )
                #expect(answer.results.first?.code == .known(.staleAttempt))
            }
            let job = try await submitter.call(
                GetJob.self,
                GetJob.Request(ref: .number(held.number), detail: .short)
            ).job
            #expect(job.state == .known(.assigned))
            #expect(job.worker == "w1")
            for connection in [submitter, holder, thief] { await connection.close() }
        }
    }
}
