// SPDX-License-Identifier: Apache-2.0
// Reelwork: what a worker must have for a job

/// What a worker must have for a job.
///
/// Jobs with equal requirements wait in one line.
public struct JobRequirement: Hashable, Sendable {
    /// Engines that could run it, the preferred one first.
    ///
    /// A worker fits by the first that it has, and runs a job with the first that it has room for.
    public let candidates: [EngineCandidate]
    /// What it uses up whatever the engine; `slot` is always among it.
    public let needs: [ResourceAmount]
    /// Labels that the worker must carry.
    public var require: [Label]
    /// Labels that are better to have.
    public var prefer: [Label]

    /// Makes a requirement; a `slot` is added where needs name none, and what is named twice is
    /// summed, so that each need can be held against a worker's capacity by itself.
    ///
    /// What the needs say of a resource takes the place of what candidates say of it.
    public init(
        candidates: [EngineCandidate],
        needs: [ResourceAmount] = [],
        require: [Label] = [],
        prefer: [Label] = []
    ) {
        let said = Set(needs.map(\.kind)).union([ResourceAmount.slotName])
        self.candidates = candidates.map { candidate in
            var candidate = candidate
            candidate.needs = JobRequirement.summed(candidate.needs, without: said)
            candidate.estimates = JobRequirement.summed(candidate.estimates, without: said)
            return candidate
        }
        self.needs = JobRequirement.withSlot(JobRequirement.summed(needs))
        self.require = require
        self.prefer = prefer
    }

    private static func summed(
        _ needs: [ResourceAmount],
        without said: Set<String> = []
    ) -> [ResourceAmount] {
        var result: [ResourceAmount] = []
        for need in needs where !said.contains(need.kind) {
            if let place = result.firstIndex(where: { $0.name == need.name }) {
                let (sum, overflow) = result[place].amount.addingReportingOverflow(need.amount)
                result[place].amount = overflow ? .max : sum
            } else {
                result.append(need)
            }
        }
        return result
    }

    private static func withSlot(_ needs: [ResourceAmount]) -> [ResourceAmount] {
        var result = needs
        if let slot = result.firstIndex(where: { $0.name == ResourceAmount.slotName }) {
            result[slot].amount = max(1, result[slot].amount)
        } else {
            result.insert(ResourceAmount(name: ResourceAmount.slotName, amount: 1), at: 0)
        }
        return result
    }

    /// The first candidate that these engines can run; nil where none can.
    ///
    /// An engine with a problem or without a needed encoder does not fit.
    public func engine(among engines: [EngineReport]) -> String? {
        candidates.first { $0.isProved(by: engines) }?.engine
    }
}
