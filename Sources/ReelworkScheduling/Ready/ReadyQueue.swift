// SPDX-License-Identifier: Apache-2.0
// Reelwork: who waits, and for whom

import HeapModule
import ReelworkCore

/// Who waits, and for whom: lines of ready jobs a tenant and requirement, and the free workers for
/// each requirement.
///
/// Nothing is ever ranked again: entries carry the stamp of what they describe, and a stale one is
/// dropped when it comes to the top. A heap that holds mostly stale entries is made anew.
struct ReadyQueue: Sendable {
    private(set) var requirements: [RequirementRecord] = []
    private var requirementIndex: [JobRequirement: RequirementIndex] = [:]
    private var requirementsFree: [RequirementIndex] = []
    private(set) var lines: [ReadyLine] = []
    private var lineIndex: [LineKey: Int] = [:]
    private var tenants: [String] = []
    private var tenantIndex: [String: TenantIndex] = [:]
    /// Jobs of each tenant in workers' hands.
    private var tenantHeld: [Int] = []

    private struct LineKey: Hashable {
        var requirement: RequirementIndex
        var tenant: TenantIndex
    }

    // MARK: - Interning

    /// The place of a tenant's name.
    mutating func tenant(_ name: String) -> TenantIndex {
        if let index = tenantIndex[name] { return index }
        let index = TenantIndex(value: Int32(tenants.count))
        tenants.append(name)
        tenantHeld.append(0)
        tenantIndex[name] = index
        return index
    }

    /// The place of a requirement, counted as used by one more job; `isNew` where free workers must
    /// be looked for.
    mutating func use(
        _ requirement: JobRequirement
    ) -> (index: RequirementIndex, isNew: Bool) {
        if let index = requirementIndex[requirement] {
            requirements[Int(index.value)].jobs += 1
            return (index, false)
        }
        var record = RequirementRecord(requirement)
        record.jobs = 1
        let index: RequirementIndex
        if let free = requirementsFree.popLast() {
            index = free
            requirements[Int(free.value)] = record
        } else {
            index = RequirementIndex(value: Int32(requirements.count))
            requirements.append(record)
        }
        requirementIndex[requirement] = index
        return (index, true)
    }

    /// A job that used a requirement is over.
    ///
    /// An unused one is kept until its place is needed, for the next job most likely wants the
    /// same.
    mutating func release(_ index: RequirementIndex) {
        requirements[Int(index.value)].jobs -= 1
        guard requirements[Int(index.value)].jobs == 0,
            requirementIndex.count > ReadyQueue.requirementsKept
        else { return }
        requirementIndex[requirements[Int(index.value)].requirement] = nil
        requirements[Int(index.value)].free = Heap()
        for line in lines.indices where lines[line].requirement == index {
            lines[line].entries = Heap()
        }
        requirementsFree.append(index)
    }

    /// Requirements that are kept although no job uses them.
    private static let requirementsKept = 64

    /// The record of a requirement.
    subscript(index: RequirementIndex) -> RequirementRecord { requirements[Int(index.value)] }

    /// What a requirement uses up.
    func needs(of index: RequirementIndex) -> [ResourceAmount] {
        requirements[Int(index.value)].requirement.needs
    }

    /// The engine with which `worker` would run a job of a requirement; nil where it cannot.
    func engine(for index: RequirementIndex, on worker: Worker) -> String? {
        requirements[Int(index.value)].engine(on: worker)
    }

    // MARK: - Waiting jobs

    /// Puts a job into its line.
    mutating func enqueue(_ job: LiveJob) {
        let key = LineKey(requirement: job.requirement, tenant: job.tenant)
        let place: Int
        if let known = lineIndex[key] {
            place = known
        } else {
            place = lines.count
            lines.append(ReadyLine(requirement: job.requirement, tenant: job.tenant))
            lineIndex[key] = place
        }
        lines[place].entries.insert(
            ReadyEntry(rank: job.rank, number: job.number, moves: job.machine.moves)
        )
    }

    /// The entry at the head of a line.
    func head(ofLine line: Int) -> ReadyEntry? { lines[line].entries.min }

    /// Drops the head of a line.
    mutating func dropHead(ofLine line: Int) { _ = lines[line].entries.popMin() }

    /// The numbers of all entries that wait for a requirement, in order; some may be stale.
    func waiting(for requirement: RequirementIndex) -> [JobNumber] {
        lines.filter { $0.requirement == requirement }
            .flatMap { $0.entries.unordered.map(\.number) }.sorted()
    }

    /// Notes since when no known worker fits a requirement.
    mutating func setUnfit(_ requirement: RequirementIndex, since: BootInstant?) {
        requirements[Int(requirement.value)].unfitSince = since
    }

    // MARK: - Tenants

    /// Jobs of a tenant in workers' hands.
    func held(by tenant: TenantIndex) -> Int { tenantHeld[Int(tenant.value)] }

    /// Counts a job of a tenant into or out of workers' hands.
    mutating func countHeld(by tenant: TenantIndex, _ change: Int) {
        tenantHeld[Int(tenant.value)] += change
    }

    // MARK: - Free workers

    /// Notes that a worker may be free, for every requirement that it fits.
    mutating func refresh(_ index: WorkerIndex, _ worker: Worker, fleetCount: Int) {
        guard worker.isOfUse else { return }
        for place in requirements.indices {
            refresh(RequirementIndex(value: Int32(place)), index, worker)
            guard requirements[place].free.count > 4 * fleetCount + 64 else { continue }
            var seen: Set<UInt64> = []
            // Only the newest entry of a worker can be fresh; the others go.
            let fresh = requirements[place].free.unordered.sorted { $0.stamp > $1.stamp }
                .filter { seen.insert(UInt64($0.worker.value)).inserted }
            requirements[place].free = Heap(fresh)
        }
    }

    /// Notes that a worker may be free, for one requirement.
    mutating func refresh(
        _ requirement: RequirementIndex,
        _ index: WorkerIndex,
        _ worker: Worker
    ) {
        // No copy of the record may live while its heap grows, or the heap is copied each time.
        let place = Int(requirement.value)
        guard worker.isFree(for: requirements[place].requirement.needs),
            requirements[place].engine(on: worker) != nil
        else { return }
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
    }

    /// The best entry for a requirement, fresh or not.
    func bestFree(_ requirement: RequirementIndex) -> FreeEntry? {
        requirements[Int(requirement.value)].free.min
    }

    /// Drops the best entry for a requirement.
    mutating func dropBestFree(_ requirement: RequirementIndex) {
        _ = requirements[Int(requirement.value)].free.popMin()
    }

    /// Puts an entry back that was only passed over.
    mutating func putBack(_ entry: FreeEntry, for requirement: RequirementIndex) {
        requirements[Int(requirement.value)].free.insert(entry)
    }
}
