// SPDX-License-Identifier: Apache-2.0
// Reelwork: the lines of waiting jobs

import HeapModule
import ReelworkCore

extension ReadyQueue {
    // MARK: - Jobs

    /// Puts a job into its line; `refused` has the workers that refused it, in order.
    ///
    /// Returns true where free workers must be looked for: none are known for its requirement.
    mutating func enqueue(_ job: inout LiveJob, refused: [WorkerIndex]) -> Bool {
        let pool = pool(job.requirement, job.queue, refused: refused)
        let tenant = Int(job.tenant.value)
        if tenants[tenant].waiting == 0 { startTime(of: job.tenant) }
        let line = line(pool, job.tenant)
        job.line = line
        tenants[tenant].waiting += 1
        lines[Int(line.value)].waiting += 1
        rooms[Int(job.requirement.value)].waiting += 1
        insert(job.entry, into: line)
        return track(job.requirement)
    }

    /// A job that waited in a line has another rank.
    mutating func rerank(_ job: LiveJob) {
        guard let line = job.line else { return }
        insert(job.entry, into: line)
    }

    /// A job waits no more; its entry is stale from now on.
    mutating func leave(_ job: inout LiveJob) {
        guard let line = job.line else { return }
        job.line = nil
        tenants[Int(job.tenant.value)].waiting -= 1
        rooms[Int(job.requirement.value)].waiting -= 1
        lines[Int(line.value)].waiting -= 1
        if lines[Int(line.value)].waiting == 0 { drop(line) }
    }

    private mutating func insert(_ entry: ReadyEntry, into line: LineIndex) {
        steps += 1
        lines[Int(line.value)].entries.insert(entry)
        wake(lines[Int(line.value)].pool)
        guard !lines[Int(line.value)].isBenched else { return }
        if let listed = lines[Int(line.value)].listed, listed.head < entry { return }
        list(line)
    }

    /// Puts an entry back that was taken and could not be handed out.
    ///
    /// Its line is listed and its pool sleeps: nothing is looked at again before it changes.
    mutating func putBack(_ entry: ReadyEntry, into line: LineIndex) {
        guard lines[Int(line.value)].waiting > 0 else { return }
        lines[Int(line.value)].entries.insert(entry)
        guard !lines[Int(line.value)].isBenched else { return }
        list(line)
    }

    /// The entry at the head of a line.
    func head(of line: LineIndex) -> ReadyEntry? { lines[Int(line.value)].entries.min }

    /// Whose line it is.
    func tenant(of line: LineIndex) -> TenantIndex { lines[Int(line.value)].tenant }

    /// Whether it is worth dropping a line's stale entries.
    func isMostlyStale(_ line: LineIndex) -> Bool { lines[Int(line.value)].isMostlyStale }

    /// Drops the head of a line.
    mutating func dropHead(of line: LineIndex) {
        steps += 1
        _ = lines[Int(line.value)].entries.popMin()
    }

    /// The entries of a line, in no order.
    func entries(of line: LineIndex) -> [ReadyEntry] { lines[Int(line.value)].entries.unordered }

    /// How many fresh entries of a line come before one; `left` is how many may still be found,
    /// and what is found by then is a lower bound.
    ///
    /// A min-max heap lies in an array, the children of `i` at `2i + 1` and `2i + 2`, and nothing
    /// below an entry of an even level comes before it. So only those before the one are looked
    /// at, and at most six more for each.
    func count(
        before entry: ReadyEntry,
        in line: LineIndex,
        left: inout Int,
        isFresh: (ReadyEntry) -> Bool
    ) -> UInt64 {
        let entries = entries(of: line)
        var found: UInt64 = 0
        var open = [0]
        left -= 1
        while let place = open.popLast(), left > 0 {
            guard place < entries.count else { continue }
            let isMinLevel = (place + 1).leadingZeroBitCount % 2 == 1
            if entries[place] < entry {
                left -= 1
                if isFresh(entries[place]) { found += 1 }
            } else if isMinLevel {
                continue
            }
            open.append(2 * place + 2)
            open.append(2 * place + 1)
        }
        return found
    }

    /// Gives a line only those of its entries that are fresh.
    mutating func replaceEntries(of line: LineIndex, _ fresh: [ReadyEntry]) {
        steps += UInt64(lines[Int(line.value)].entries.count)
        lines[Int(line.value)].entries = Heap(fresh)
    }

    /// The numbers of all entries that wait for a requirement, in order; some may be stale.
    func waiting(for requirement: RequirementIndex) -> [JobNumber] {
        lines.filter { $0.waiting > 0 && pools[Int($0.pool.value)].requirement == requirement }
            .flatMap { $0.entries.unordered.map(\.number) }.sorted()
    }

    // MARK: - Lines

    private mutating func line(_ pool: PoolIndex, _ tenant: TenantIndex) -> LineIndex {
        let key = LineKey(pool: pool, tenant: tenant)
        if let known = lineIndex[key] { return known }
        let line = ReadyLine(
            pool: pool,
            tenant: tenant,
            tenantPlace: tenants[Int(tenant.value)].lines.count
        )
        let index: LineIndex
        if let free = linesFree.popLast() {
            index = free
            lines[Int(free.value)] = line
        } else {
            index = LineIndex(value: Int32(lines.count))
            lines.append(line)
        }
        lineIndex[key] = index
        tenants[Int(tenant.value)].lines.append(index)
        pools[Int(pool.value)].lineCount += 1
        return index
    }

    /// Forgets a line in which nothing waits.
    private mutating func drop(_ index: LineIndex) {
        let place = Int(index.value)
        let tenant = Int(lines[place].tenant.value)
        let pool = lines[place].pool
        lineIndex[LineKey(pool: pool, tenant: lines[place].tenant)] = nil
        // The last of the tenant's lines takes its place in the list.
        let own = lines[place].tenantPlace
        if let last = tenants[tenant].lines.popLast(), last != index {
            tenants[tenant].lines[own] = last
            lines[Int(last.value)].tenantPlace = own
        }
        if lines[place].isBenched { tenants[tenant].benched.removeAll { $0 == index } }
        lines[place].entries = Heap()
        lines[place].listed = nil
        lines[place].isBenched = false
        linesFree.append(index)
        pools[Int(pool.value)].lineCount -= 1
        if pools[Int(pool.value)].lineCount == 0 { empty(pool) }
    }

    // MARK: - Places

    /// Gives a line the place in its pool that it has now.
    private mutating func list(_ line: LineIndex) {
        guard let head = head(of: line) else { return }
        let place = place(of: line, head)
        let pool = Int(lines[Int(line.value)].pool.value)
        steps += 1
        pools[pool].places.insert(place)
        lines[Int(line.value)].listed = place
        guard pools[pool].places.count > 2 * pools[pool].lineCount + ReadyQueue.placesFree
        else { return }
        let fresh = pools[pool].places.unordered.filter(isFresh)
        steps += UInt64(pools[pool].places.count)
        pools[pool].places = Heap(fresh)
    }

    /// Stale places that are left where they are.
    private static let placesFree = 64

    /// The place that a line has with this head.
    func place(of line: LineIndex, _ head: ReadyEntry) -> LineCandidate {
        let tenant = Int(lines[Int(line.value)].tenant.value)
        return LineCandidate(
            time: tenants[tenant].time,
            turn: tenants[tenant].turn,
            head: head,
            line: line,
            pool: lines[Int(line.value)].pool
        )
    }

    /// Whether a place is the one that its line was listed with last.
    func isFresh(_ place: LineCandidate) -> Bool {
        lines[Int(place.line.value)].listed == place
    }

    /// The first place of a pool, fresh or not.
    func first(of pool: PoolIndex) -> LineCandidate? { pools[Int(pool.value)].places.min }

    /// Drops the first place of a pool.
    mutating func dropFirst(of pool: PoolIndex) {
        steps += 1
        _ = pools[Int(pool.value)].places.popMin()
    }

    /// Gives the line at the first place of a pool a place that is further back.
    mutating func moveBack(_ place: LineCandidate) {
        steps += 1
        pools[Int(place.pool.value)].places.replaceMin(with: place)
        lines[Int(place.line.value)].listed = place
    }

    /// Takes the line at the first place of a pool out of it, until its tenant may have more.
    mutating func bench(_ place: LineCandidate) {
        dropFirst(of: place.pool)
        let line = Int(place.line.value)
        lines[line].listed = nil
        lines[line].isBenched = true
        tenants[Int(lines[line].tenant.value)].benched.append(place.line)
    }

    /// A tenant may have more again: its lines take their places.
    mutating func unbench(_ tenant: TenantIndex) {
        let benched = tenants[Int(tenant.value)].benched
        tenants[Int(tenant.value)].benched = []
        for line in benched {
            lines[Int(line.value)].isBenched = false
            list(line)
            wake(lines[Int(line.value)].pool)
        }
    }
}
