// SPDX-License-Identifier: Apache-2.0
// Reelwork: what of a worker's capacity is special

import ReelworkCore

/// What of a worker's capacity is special: found once, when it registers.
struct CapacityTraits: Sendable {
    /// Whether a person said how much there is, for each resource in the order of the capacity.
    let isDeclared: [Bool]
    /// Where the room for films stands in the capacity; nil where it does not.
    let scratch: Int?

    init(_ registration: WorkerRegistration) {
        let declared = Set(registration.declared)
        isDeclared = registration.capacity.map { declared.contains($0.name) }
        scratch = registration.capacity.firstIndex { $0.name == ResourceAmount.scratchName }
    }

    /// Whether estimates of a film's size count.
    var isScratchDeclared: Bool { scratch.map { isDeclared[$0] } ?? false }
}
