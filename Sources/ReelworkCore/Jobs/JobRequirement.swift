// SPDX-License-Identifier: Apache-2.0
// Reelwork: what a worker must have for a job

/// What a worker must have for a job.
///
/// Jobs with equal requirements wait in one line.
public struct JobRequirement: Hashable, Sendable {
    /// Engines that could run it, the preferred one first.
    ///
    /// A worker fits by the first that it has.
    public var candidates: [EngineCandidate]
    /// What it uses up; `slot` is always among it.
    public var needs: [ResourceAmount]
    /// Labels that the worker must carry.
    public var require: [Label]
    /// Labels that are better to have.
    public var prefer: [Label]

    /// Makes a requirement; a `slot` is added where needs name none, and what is named twice is
    /// summed, so that each need can be held against a worker's capacity by itself.
    public init(
        candidates: [EngineCandidate],
        needs: [ResourceAmount] = [],
        require: [Label] = [],
        prefer: [Label] = []
    ) {
        self.candidates = candidates
        self.needs = JobRequirement.summed(needs)
        self.require = require
        self.prefer = prefer
    }

    private static func summed(_ needs: [ResourceAmount]) -> [ResourceAmount] {
        var result: [ResourceAmount] = []
        for need in needs {
            if let place = result.firstIndex(where: { $0.name == need.name }) {
                let (sum, overflow) = result[place].amount.addingReportingOverflow(need.amount)
                result[place].amount = overflow ? .max : sum
            } else {
                result.append(need)
            }
        }
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
        for candidate in candidates {
            let fits = engines.contains { report in
                report.name == candidate.engine && report.problem == nil
                    && candidate.encoders.allSatisfy { report.encoders.contains($0) }
            }
            if fits { return candidate.engine }
        }
        return nil
    }
}
