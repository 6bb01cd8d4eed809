// SPDX-License-Identifier: Apache-2.0
// Reelwork: who waits, and for whom

import HeapModule
import ReelworkCore

/// Who waits, and for whom: lines of ready jobs a tenant, in pools of those that wait for the same
/// workers, and the free workers for each requirement.
///
/// Nothing is ever ranked again: entries carry what they were made from, and a stale one is dropped
/// or mended when it comes to the top. Only pools of which something has changed are looked at. A
/// job that comes, leaves or is handed out costs O(log n) steps, whatever waits beside it; a worker
/// that changes costs one look at each requirement with waiting jobs. `steps` counts them.
///
/// Empty lines, and tenants and requirements without jobs, are dropped.
struct ReadyQueue: Sendable {
    // Requirements.
    var requirements: [RequirementRecord] = []
    var rooms: [ReadyRoom] = []
    private var requirementIndex: [JobRequirement: RequirementIndex] = [:]
    private var requirementsFree: [RequirementIndex] = []
    /// Requirements whose free workers are kept up to date.
    var tracked: [RequirementIndex] = []
    /// How many of those need room for films, for certain and by a guess.
    var trackedByScratch = (certain: 0, guessed: 0)

    // Pools and lines.
    var pools: [ReadyPool] = []
    var poolsFree: [PoolIndex] = []
    var awake: [PoolIndex] = []
    var lines: [ReadyLine] = []
    var linesFree: [LineIndex] = []
    var lineIndex: [LineKey: LineIndex] = [:]
    /// Queues of which nothing is handed out, by their number.
    var isPaused: [Bool] = Array(repeating: false, count: JobQueue.placeCount)

    // Tenants.
    var tenants: [TenantRecord] = []
    var tenantsFree: [TenantIndex] = []
    var tenantIndex: [String: TenantIndex] = [:]
    /// Tenants that had no live job when they were noted here.
    var tenantsIdle: [TenantIndex] = []
    /// The virtual time at which a job was handed out last: where whoever begins to wait starts.
    var time: UInt64 = 0
    /// All that was ever handed out.
    var turnLast: UInt64 = 0

    /// Steps made so far: entries moved, and pools and requirements looked at.
    var steps: UInt64 = 0

    struct LineKey: Hashable {
        var pool: PoolIndex
        var tenant: TenantIndex
    }

    // MARK: - Requirements

    /// The place of a requirement, counted as used by one more job.
    mutating func use(_ requirement: JobRequirement) -> RequirementIndex {
        if let index = requirementIndex[requirement] {
            requirements[Int(index.value)].jobs += 1
            return index
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
            rooms.append(ReadyRoom())
        }
        requirementIndex[requirement] = index
        return index
    }

    /// A job that used a requirement is over.
    ///
    /// An unused one is kept until its place is needed, for the next job most likely wants the
    /// same.
    mutating func release(_ index: RequirementIndex) {
        let place = Int(index.value)
        requirements[place].jobs -= 1
        guard requirements[place].jobs == 0, requirementIndex.count > ReadyQueue.requirementsKept
        else { return }
        requirementIndex[requirements[place].requirement] = nil
        untrack(index)
        for pool in rooms[place].pools { free(pool) }
        rooms[place] = ReadyRoom()
        requirementsFree.append(index)
    }

    /// Requirements that are kept although no job uses them.
    private static let requirementsKept = 64

    /// The record of a requirement.
    subscript(index: RequirementIndex) -> RequirementRecord { requirements[Int(index.value)] }

    /// How `worker` would run a job of a requirement now; nil where it cannot.
    func fit(for index: RequirementIndex, on worker: Worker) -> WorkerFit? {
        requirements[Int(index.value)].fit(on: worker)
    }

    /// Whether an entry that was not mended since its worker changed still holds.
    ///
    /// Only the room for films becomes less without that.
    func isStillFree(_ index: RequirementIndex, on worker: Worker) -> Bool {
        let place = Int(index.value)
        guard worker.isReady else { return false }
        guard requirements[place].needsScratch || requirements[place].mayNeedScratch
        else { return true }
        return requirements[place].fit(on: worker) != nil
    }

    /// Whether it matters that a worker has more room for films than before.
    func heedsScratch(of worker: Worker) -> Bool {
        trackedByScratch.certain > 0
            || trackedByScratch.guessed > 0 && worker.traits.isScratchDeclared
    }

    /// What an attempt of a requirement takes up that `worker` has already.
    func held(
        _ index: RequirementIndex,
        with engine: String,
        devices: [ResourceAmount],
        on worker: Worker
    ) -> OpenAttempt {
        requirements[Int(index.value)].held(with: engine, devices: devices, on: worker)
    }

    /// Notes since when no known worker fits a requirement.
    mutating func setUnfit(_ requirement: RequirementIndex, since: BootInstant?) {
        requirements[Int(requirement.value)].unfitSince = since
    }

    // MARK: - Pools

    /// The pool of jobs that have this requirement and queue, and were refused by these workers.
    mutating func pool(
        _ requirement: RequirementIndex,
        _ queue: JobQueue,
        refused: [WorkerIndex]
    ) -> PoolIndex {
        let room = Int(requirement.value)
        let key = ReadyRoom.Key(queue: queue, refused: refused)
        let known = refused.isEmpty ? rooms[room].plain[queue.place] : rooms[room].refused[key]
        if let known { return known }
        let pool = ReadyPool(requirement: requirement, queue: queue, refused: refused)
        let index: PoolIndex
        if let free = poolsFree.popLast() {
            index = free
            pools[Int(free.value)] = pool
        } else {
            index = PoolIndex(value: Int32(pools.count))
            pools.append(pool)
        }
        rooms[room].pools.append(index)
        if refused.isEmpty {
            rooms[room].plain[queue.place] = index
        } else {
            rooms[room].refused[key] = index
        }
        return index
    }

    /// A pool has lost its last line: what is left in it is stale, and of one that only refused
    /// jobs needed nothing is kept.
    mutating func empty(_ index: PoolIndex) {
        let place = Int(index.value)
        pools[place].places = Heap()
        guard !pools[place].refused.isEmpty else { return }
        let room = Int(pools[place].requirement.value)
        let key = ReadyRoom.Key(queue: pools[place].queue, refused: pools[place].refused)
        rooms[room].refused[key] = nil
        rooms[room].pools.removeAll { $0 == index }
        free(index)
    }

    private mutating func free(_ index: PoolIndex) {
        let place = Int(index.value)
        pools[place].places = Heap()
        // Where it stands among the awake it is found without lines.
        pools[place].lineCount = 0
        poolsFree.append(index)
    }

    /// Something about a pool has changed: it is looked at in the next round.
    mutating func wake(_ index: PoolIndex) {
        let place = Int(index.value)
        guard !pools[place].isAwake, pools[place].lineCount > 0 else { return }
        pools[place].isAwake = true
        awake.append(index)
    }

    /// Has every pool looked at in the next round; what a bug left asleep is found so.
    mutating func wakeAll() {
        for place in pools.indices { wake(PoolIndex(value: Int32(place))) }
    }

    /// The pools that are to be looked at; they sleep from now on.
    mutating func takeAwake() -> [PoolIndex] {
        for index in awake { pools[Int(index.value)].isAwake = false }
        let taken = awake
        awake.removeAll(keepingCapacity: true)
        return taken
    }

    /// Whether anything of a pool may be handed out at all.
    func isOpen(_ index: PoolIndex) -> Bool {
        let place = Int(index.value)
        return pools[place].lineCount > 0 && !isPaused[pools[place].queue.place]
    }

    /// Pauses a queue or lets it go on; false where it was so.
    mutating func setPaused(_ queue: JobQueue, _ isPaused: Bool) -> Bool {
        guard self.isPaused[queue.place] != isPaused else { return false }
        self.isPaused[queue.place] = isPaused
        guard !isPaused else { return true }
        for place in pools.indices where pools[place].queue == queue {
            wake(PoolIndex(value: Int32(place)))
        }
        return true
    }
}
