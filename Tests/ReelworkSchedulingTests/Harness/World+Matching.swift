// SPDX-License-Identifier: Apache-2.0
// Reelwork: jobs with needs of their own, and workers with capacities

import ReelworkCore

@testable import ReelworkScheduling

extension World {
    /// Submits a job whose engine's adapter says this of it.
    mutating func job(
        needs: [String: UInt64] = [:],
        of candidates: [EngineCandidate]
    ) -> JobNumber {
        let name = "matching-\(model.jobs.count)"
        let spec = JobSpec(engine: "ffmpeg", input: "/in", output: "/out/\(name)")
        let requirement = JobRequirement(candidates: candidates, needs: World.amounts(needs))
        let submission = Submission(
            key: name,
            bytes: Array(name.utf8),
            content: .success(Submission.Content(spec: spec, requirement: requirement))
        )
        return submit([submission]).first?.number ?? JobNumber(0)
    }

    /// An engine that takes this up for certain, and that by a guess.
    static func candidate(
        _ engine: String = "ffmpeg",
        needs: [String: UInt64] = [:],
        estimates: [String: UInt64] = [:]
    ) -> EngineCandidate {
        EngineCandidate(
            engine: engine,
            encoders: [],
            needs: amounts(needs),
            estimates: amounts(estimates)
        )
    }

    static func amounts(_ amounts: [String: UInt64]) -> [ResourceAmount] {
        amounts.sorted { $0.key < $1.key }.map { ResourceAmount(name: $0.key, amount: $0.value) }
    }

    /// A worker that has more than slots.
    static func registration(
        _ name: String,
        slots: UInt64,
        capacity: [String: UInt64],
        declared: [String] = [],
        scratchFree: UInt64? = nil,
        engines: [EngineReport] = [World.ffmpeg]
    ) -> WorkerRegistration {
        var registration = World.registration(name, slots: slots, engines: engines)
        registration.capacity += amounts(capacity)
        registration.declared = declared
        registration.scratchFreeMebibytes = scratchFree
        return registration
    }

    mutating func worker(_ registration: WorkerRegistration) -> SessionID {
        let session = newSession()
        _ = register(registration, as: session)
        credit(session, 1_000)
        return session
    }

    /// A heartbeat that says how much room for films there is.
    mutating func beat(_ session: SessionID, scratchFree: UInt64) {
        let open = assignments(session).filter { state($0.number)?.isHeld == true }
        beat(
            session,
            seen: UInt64(assignments(session).count),
            open: open.map { ($0.number, $0.attempt.rawValue) },
            scratchFree: scratchFree
        )
    }

    mutating func beat(
        _ session: SessionID,
        seen: UInt64,
        open: [(JobNumber, UInt32)],
        scratchFree: UInt64
    ) {
        var digest = OpenSetDigest()
        for (number, attempt) in open { digest.toggle(number, AttemptNumber(attempt)) }
        let note = HeartbeatNote(
            assignedSeen: seen,
            open: UInt64(open.count),
            digest: digest,
            scratchFreeMebibytes: scratchFree
        )
        scheduler.handle(.heartbeat(tag(), session, note), now: now)
        settle()
    }

    /// The devices that were sent with a job, as text.
    func devices(_ session: SessionID, _ number: JobNumber) -> [String]? {
        assignments(session).last { $0.number == number }?.devices.map { "\($0.name)=\($0.amount)" }
    }

    /// What a worker's jobs use, by name.
    mutating func used(_ name: String) -> [String: UInt64] {
        let used = views().first { $0.name == name }?.used ?? []
        return Dictionary(used.map { ($0.name, $0.amount) }) { first, _ in first }
    }
}
