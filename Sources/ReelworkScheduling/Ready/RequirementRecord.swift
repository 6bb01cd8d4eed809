// SPDX-License-Identifier: Apache-2.0
// Reelwork: a requirement and who fits it

import HeapModule
import ReelworkCore

/// A requirement that some live job has, with the workers that are free for it.
struct RequirementRecord: Sendable {
    let requirement: JobRequirement
    /// What a job takes up, for each candidate.
    let needs: [[ResourceAmount]]
    /// It needs room for films, of which heartbeats say how much there is.
    let needsScratch: Bool
    /// It may need such room, by a guess.
    let mayNeedScratch: Bool
    /// Live jobs that have it.
    var jobs = 0
    /// Workers that are free for it; entries may be stale.
    var free = Heap<FreeEntry>()
    /// Since when no known worker fits it; nil while one does.
    var unfitSince: BootInstant?

    init(_ requirement: JobRequirement) {
        self.requirement = requirement
        needs = requirement.candidates.map { requirement.needs + $0.needs }
        let isScratch = { (need: ResourceAmount) in need.name == ResourceAmount.scratchName }
        needsScratch = needs.contains { $0.contains(where: isScratch) }
        mayNeedScratch = requirement.candidates.contains { $0.estimates.contains(where: isScratch) }
    }

    /// The engine with which `worker` could ever run it; nil where it cannot.
    func engine(on worker: Worker) -> String? {
        guard hasLabels(worker) else { return nil }
        for (candidate, needs) in zip(requirement.candidates, needs)
        where candidate.isProved(by: worker.registration.engines) {
            if worker.hasCapacity(for: needs) { return candidate.engine }
        }
        return nil
    }

    /// How `worker` would run it now: with the first engine that it has room for; nil where it has
    /// for none.
    func fit(on worker: Worker) -> WorkerFit? {
        guard worker.isReady, hasLabels(worker) else { return nil }
        for (candidate, needs) in zip(requirement.candidates, needs) {
            guard let allotted = worker.allotment(of: needs, from: .free),
                worker.hasRoom(for: candidate.estimates),
                candidate.isProved(by: worker.registration.engines)
            else { continue }
            return WorkerFit(
                engine: candidate.engine,
                needs: allotted,
                estimates: candidate.estimates
            )
        }
        return nil
    }

    /// What of `worker` is too little for it, with the first engine that is proved there.
    func shortage(on worker: Worker, from room: Worker.Room) -> RoomShortage? {
        for (candidate, needs) in zip(requirement.candidates, needs)
        where candidate.isProved(by: worker.registration.engines) {
            return worker.shortage(of: needs, candidate.estimates, from: room)
        }
        return worker.shortage(of: requirement.needs, [], from: room)
    }

    /// What an attempt takes up that `worker` has already, with this engine and these devices.
    func held(
        with engine: String,
        devices: [ResourceAmount],
        on worker: Worker
    ) -> OpenAttempt {
        let place = requirement.candidates.firstIndex { $0.engine == engine }
        return OpenAttempt(
            needs: worker.retaken(place.map { needs[$0] } ?? requirement.needs, devices: devices),
            estimates: place.map { requirement.candidates[$0].estimates } ?? [],
            isSeen: true
        )
    }

    /// How many preferred labels the worker lacks.
    func preferencesMissed(by worker: Worker) -> Int {
        requirement.prefer.count { !worker.registration.labels.contains($0) }
    }

    private func hasLabels(_ worker: Worker) -> Bool {
        requirement.require.allSatisfy { worker.registration.labels.contains($0) }
    }
}
