// SPDX-License-Identifier: Apache-2.0
// Reelwork: a scheduler in which errors are provoked

import ReelworkCore
import ReelworkRPC
import ReelworkTestKit
import ReelworkWire

/// A real scheduler with one job, a bystander's connection, and a store that can be made ill.
struct ErrorScene: Sendable {
    let harness: DaemonHarness
    let store: SickStore
    let submitter: RPCConnection
    /// The job that was submitted first.
    let job: JobNumber

    static func open() async throws -> ErrorScene {
        let store = SickStore(MemoryJobStore())
        var policy = SchedulerPolicy()
        policy.jobsLiveMax = 8
        let harness = try await DaemonHarness.start(policy: policy, store: store)
        let submitter = try await harness.connect(.submitter)
        let results = try await submitter.submit([DaemonHarness.item("first")])
        guard let job = results.first?.number else { throw RPCError(.closed, "no job") }
        return ErrorScene(harness: harness, store: store, submitter: submitter, job: job)
    }

    /// A raw peer that has shaken hands.
    func raw(_ role: PeerRole = .submitter) throws -> RawPeer {
        let peer = try strangerRaw()
        try peer.shakeHands(role)
        return peer
    }

    /// A raw peer that has not.
    func strangerRaw() throws -> RawPeer { try RawPeer(harness.folder + "/reelwork.sock") }

    /// A raw worker that has the first job, and what it was handed.
    func rawWorker() async throws -> (RawPeer, Assignment) {
        let peer = try raw(.worker)
        try peer.ask(
            Register.self,
            Register.Request(
                worker: WorkerRegistration(
                    name: "raw",
                    incarnation: 1,
                    capacity: [ResourceAmount(name: ResourceAmount.slotName, amount: 1)],
                    engines: [
                        EngineReport(name: "ffmpeg", version: "1", encoders: ["libx264", "aac"])
                    ]
                ),
                held: []
            ),
            id: 1
        )
        _ = try peer.readFrame(.response)
        peer.send(try RawPeer.frame(.event, .credit, id: 0, Credit.Event(assignLimit: 1)))
        let event = try peer.next(.event, Assign.Event.self)
        guard let assignment = event.assignments.first else { throw RPCError(.closed, "no job") }
        return (peer, assignment)
    }

    /// What a raw worker's report of one thing is answered.
    func report(
        _ peer: RawPeer,
        _ assignment: Assignment,
        _ content: ReportItem.Content,
        id: UInt32,
        attempt: AttemptNumber? = nil
    ) throws -> ItemResult {
        let item = ReportItem(
            number: assignment.number,
            attempt: attempt ?? assignment.attempt,
            at: Timestamp(milliseconds: 1),
            content: content
        )
        try peer.ask(Report.self, Report.Request(items: [item]), id: id)
        let answer = try peer.next(.response, Report.Response.self)
        guard let result = answer.results.first else { throw RPCError(.closed, "no result") }
        return result
    }

    /// What a raw submission is answered.
    func submit(
        _ peer: RawPeer,
        _ items: [SubmitItem],
        isAtomic: Bool = false,
        id: UInt32 = 1
    ) throws -> [SubmitResult] {
        try peer.ask(SubmitBatch.self, .init(isAtomic: isAtomic, items: items), id: id)
        return try peer.next(.response, SubmitBatch.Response.self).results
    }

    /// What a raw CANCEL_JOB of the first job is answered.
    func cancel(_ peer: RawPeer, id: UInt32 = 1) throws -> ItemResult {
        try peer.ask(CancelJob.self, .init(refs: [.number(job)], reason: "test"), id: id)
        let answer = try peer.next(.response, CancelJob.Response.self)
        guard let result = answer.results.first else { throw RPCError(.closed, "no result") }
        return result
    }

    /// The film of an attempt.
    static func film(size: UInt64) -> ReportItem.Film {
        ReportItem.Film(
            output: "/out/first.mp4",
            size: size,
            mediaDuration: .seconds(1),
            checksum: 7
        )
    }
}
