// SPDX-License-Identifier: Apache-2.0
// Reelwork: the free workers for each requirement

import HeapModule
import ReelworkCore

extension ReadyQueue {
    /// Notes that a worker may be free, for every requirement whose free workers are kept and that
    /// it fits.
    ///
    /// They are kept for those with waiting jobs, and for those without until as many changes were
    /// noted for nothing as looking at the whole fleet again would cost.
    mutating func refresh(_ index: WorkerIndex, _ worker: Worker, fleetCount: Int) {
        guard worker.isOfUse else { return }
        var place = 0
        while place < tracked.count {
            let requirement = tracked[place]
            let room = Int(requirement.value)
            if rooms[room].waiting == 0 {
                rooms[room].touchesIdle += 1
                if rooms[room].touchesIdle > fleetCount + ReadyQueue.touchesIdleFree {
                    // The last of the list takes its place.
                    untrack(requirement)
                    continue
                }
            }
            refresh(requirement, index, worker)
            compactFree(room, fleetCount: fleetCount)
            place += 1
        }
    }

    /// Changes that are noted for a requirement without waiting jobs beyond the size of the fleet.
    private static let touchesIdleFree = 64

    /// Notes that a worker may be free, for one requirement.
    mutating func refresh(
        _ requirement: RequirementIndex,
        _ index: WorkerIndex,
        _ worker: Worker
    ) {
        // No copy of the record may live while its heap grows, or the heap is copied each time.
        let place = Int(requirement.value)
        steps += 1
        guard requirements[place].fit(on: worker) != nil else { return }
        let preferencesMissed = requirements[place].preferencesMissed(by: worker)
        requirements[place].free.insert(
            FreeEntry(
                preferencesMissed: preferencesMissed,
                running: worker.open.count,
                idleSince: worker.idleSince,
                worker: index,
                stamp: worker.stamp
            )
        )
        guard rooms[place].waiting > 0 else { return }
        for pool in rooms[place].pools where !pools[Int(pool.value)].refused.contains(index) {
            wake(pool)
        }
    }

    private mutating func compactFree(_ place: Int, fleetCount: Int) {
        guard requirements[place].free.count > 4 * fleetCount + 64 else { return }
        var seen: Set<UInt64> = []
        steps += UInt64(requirements[place].free.count)
        // Only the newest entry of a worker can be fresh; the others go.
        let fresh = requirements[place].free.unordered.sorted { $0.stamp > $1.stamp }
            .filter { seen.insert(UInt64($0.worker.value)).inserted }
        requirements[place].free = Heap(fresh)
    }

    /// Keeps a requirement's free workers up to date from now on; true where that begins.
    mutating func track(_ requirement: RequirementIndex) -> Bool {
        let room = Int(requirement.value)
        rooms[room].touchesIdle = 0
        guard rooms[room].trackedPlace == nil else { return false }
        rooms[room].trackedPlace = tracked.count
        tracked.append(requirement)
        countTracked(room, 1)
        return true
    }

    /// Forgets a requirement's free workers.
    mutating func untrack(_ requirement: RequirementIndex) {
        let room = Int(requirement.value)
        requirements[room].free = Heap()
        rooms[room].touchesIdle = 0
        guard let place = rooms[room].trackedPlace else { return }
        rooms[room].trackedPlace = nil
        countTracked(room, -1)
        if let last = tracked.popLast(), last != requirement {
            tracked[place] = last
            rooms[Int(last.value)].trackedPlace = place
        }
    }

    private mutating func countTracked(_ place: Int, _ change: Int) {
        if requirements[place].needsScratch { trackedByScratch.certain += change }
        if requirements[place].mayNeedScratch { trackedByScratch.guessed += change }
    }

    /// The best entry for a requirement, fresh or not.
    func bestFree(_ requirement: RequirementIndex) -> FreeEntry? {
        requirements[Int(requirement.value)].free.min
    }

    /// Drops the best entry for a requirement.
    mutating func dropBestFree(_ requirement: RequirementIndex) {
        steps += 1
        _ = requirements[Int(requirement.value)].free.popMin()
    }

    /// Puts an entry back that was only passed over.
    mutating func putBack(_ entry: FreeEntry, for requirement: RequirementIndex) {
        steps += 1
        requirements[Int(requirement.value)].free.insert(entry)
    }
}
