// SPDX-License-Identifier: Apache-2.0
// Reelwork: a requirement and who fits it

import HeapModule
import ReelworkCore

/// A requirement that some live job has, with the workers that are free for it.
struct RequirementRecord: Sendable {
    let requirement: JobRequirement
    /// Live jobs that have it.
    var jobs = 0
    /// Workers that are free for it; entries may be stale.
    var free = Heap<FreeEntry>()
    /// Since when no known worker fits it; nil while one does.
    var unfitSince: BootInstant?

    init(_ requirement: JobRequirement) {
        self.requirement = requirement
    }

    /// The engine with which `worker` would run it; nil where it cannot.
    func engine(on worker: Worker) -> String? {
        guard worker.hasCapacity(for: requirement.needs) else { return nil }
        for label in requirement.require
        where !worker.registration.labels.contains(label) { return nil }
        return requirement.engine(among: worker.registration.engines)
    }

    /// How many preferred labels the worker lacks.
    func preferencesMissed(by worker: Worker) -> Int {
        requirement.prefer.count { !worker.registration.labels.contains($0) }
    }
}
