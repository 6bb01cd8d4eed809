// SPDX-License-Identifier: Apache-2.0
// Reelwork: what of a worker is free

import ReelworkCore

extension Worker {
    /// What of a capacity is looked at.
    enum Room {
        /// What nobody has now.
        case free
        /// All that there is.
        case whole
    }

    /// Whether it could ever hold a job that needs `needs`.
    func hasCapacity(for needs: [ResourceAmount]) -> Bool {
        allotment(of: needs, from: .whole) != nil
    }

    /// What a job with these needs takes up: each resource by its full name, one of several devices
    /// by the one of which most is there; nil where there is not so much.
    func allotment(of needs: [ResourceAmount], from room: Room) -> [ResourceAmount]? {
        var isAnyDevice = false
        for need in needs {
            guard let place = place(of: need.name) else {
                isAnyDevice = isAnyDevice || need.amount > 0
                continue
            }
            guard need.amount <= amount(at: place, of: room) else { return nil }
        }
        guard isAnyDevice else { return needs }
        // Last those that take any device: what the others name is not there for them.
        var allotted = needs.filter { place(of: $0.name) != nil }
        for need in needs where need.amount > 0 && place(of: need.name) == nil {
            guard let (place, left) = mostFree(for: need, from: room, beside: allotted),
                need.amount <= left
            else { return nil }
            let name = registration.capacity[place].name
            allotted.append(ResourceAmount(name: name, amount: need.amount))
        }
        return allotted
    }

    /// Whether the estimates of a job leave room for it, as far as they count here.
    ///
    /// A worker with nothing in its hands takes any job: a guess keeps none from running.
    func hasRoom(for estimates: [ResourceAmount]) -> Bool {
        open.isEmpty || estimates.allSatisfy { shortage(ofGuessed: $0) == nil }
    }

    private func shortage(ofGuessed estimate: ResourceAmount) -> RoomShortage? {
        guard let place = place(of: estimate.name), traits.isDeclared[place] else { return nil }
        let most = amount(at: place, of: .whole)
        let need = ResourceAmount(name: estimate.name, amount: min(estimate.amount, most))
        return shortage(of: need, at: place, beside: amount(at: place, of: .free))
    }

    private func shortage(
        of need: ResourceAmount,
        at place: Int,
        beside left: UInt64
    ) -> RoomShortage? {
        guard need.amount > left else { return nil }
        let whole = amount(at: place, of: .whole)
        return RoomShortage(need: need, whole: whole, taken: whole - min(whole, left))
    }

    /// The first need or estimate for which there is too little room; nil where there is enough.
    func shortage(
        of needs: [ResourceAmount],
        _ estimates: [ResourceAmount],
        from room: Room
    ) -> RoomShortage? {
        // As they are allotted: those that take any device last.
        var allotted = needs.filter { place(of: $0.name) != nil }
        for need in allotted {
            guard let place = place(of: need.name) else { continue }
            let left = amount(at: place, of: room)
            if let short = shortage(of: need, at: place, beside: left) { return short }
        }
        for need in needs where need.amount > 0 && place(of: need.name) == nil {
            guard let (place, left) = mostFree(for: need, from: room, beside: allotted) else {
                return RoomShortage(need: need, whole: 0, taken: 0)
            }
            if let short = shortage(of: need, at: place, beside: left) { return short }
            let name = registration.capacity[place].name
            allotted.append(ResourceAmount(name: name, amount: need.amount))
        }
        guard case .free = room, !open.isEmpty else { return nil }
        return estimates.lazy.compactMap { shortage(ofGuessed: $0) }.first
    }

    /// What an attempt takes up that it had before this scheduler knew of it.
    ///
    /// By the devices that its worker says it has; for others the one of which most is free, even
    /// if that is too little.
    func retaken(
        _ needs: [ResourceAmount],
        devices: [ResourceAmount]
    ) -> [ResourceAmount] {
        var allotted: [ResourceAmount] = []
        for need in needs {
            if place(of: need.name) != nil {
                allotted.append(need)
            } else if let known = devices.first(where: {
                need.isMet(by: $0.name) && place(of: $0.name) != nil
            }) {
                allotted.append(ResourceAmount(name: known.name, amount: need.amount))
            } else if let (place, _) = mostFree(for: need, from: .free, beside: allotted) {
                let name = registration.capacity[place].name
                allotted.append(ResourceAmount(name: name, amount: need.amount))
            }
        }
        return allotted
    }

    /// Where and how much an attempt counts in `used`.
    func uses(of attempt: OpenAttempt) -> [(place: Int, amount: UInt64)] {
        var uses: [(place: Int, amount: UInt64)] = []
        uses.reserveCapacity(attempt.needs.count)
        for need in attempt.needs {
            if let place = place(of: need.name) { uses.append((place, need.amount)) }
        }
        for estimate in attempt.estimates {
            guard let place = place(of: estimate.name), traits.isDeclared[place]
            else { continue }
            uses.append((place, min(estimate.amount, registration.capacity[place].amount)))
        }
        return uses
    }

    /// How much there is of a resource.
    ///
    /// Of the room for films never more than the worker says is free; and where it says that more
    /// is free than there was when it began, and nobody said how much it may be, the disk was
    /// cleared.
    private func amount(at place: Int, of room: Room) -> UInt64 {
        var capacity = registration.capacity[place].amount
        let said = place == traits.scratch ? registration.scratchFreeMebibytes : nil
        if let said, !traits.isDeclared[place] { capacity = max(capacity, said) }
        switch room {
        case .whole: return capacity
        case .free:
            let left = capacity - min(capacity, used[place])
            return min(left, said ?? left)
        }
    }

    /// The device of which most is there beside what is allotted already, and how much that is; the
    /// first of several.
    private func mostFree(
        for need: ResourceAmount,
        from room: Room,
        beside allotted: [ResourceAmount]
    ) -> (place: Int, left: UInt64)? {
        var best: (place: Int, left: UInt64)?
        for (place, resource) in registration.capacity.enumerated()
        where need.isMet(by: resource.name) {
            let there = amount(at: place, of: room)
            let taken = allotted.first { $0.name == resource.name }?.amount ?? 0
            let left = there - min(there, taken)
            if best.map({ left > $0.left }) ?? true { best = (place, left) }
        }
        return best
    }

    private func place(of name: String) -> Int? {
        registration.capacity.firstIndex { $0.name == name }
    }
}
