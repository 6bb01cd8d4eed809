// SPDX-License-Identifier: Apache-2.0
// Reelwork: all known workers

import ReelworkCore

/// All known workers.
///
/// Order is the order in which they became known; nothing iterates a dictionary.
struct Fleet: Sendable {
    private(set) var workers: [Worker] = []
    private var indexByName: [String: WorkerIndex] = [:]
    /// By name, compared as bytes, for those who read the fleet a page at a time.
    private var ordered: [WorkerIndex] = []
    private var indexBySession: [SessionID: WorkerIndex] = [:]
    /// Sessions whose connection ended while their worker was not known to be dead.
    private var indexByClosed: [SessionID: WorkerIndex] = [:]

    /// Every worker's place, in order.
    var indices: [WorkerIndex] { (0..<workers.count).map { WorkerIndex(value: Int32($0)) } }

    /// The workers whose names come after `name`, by name, compared as bytes.
    func indices(after name: String) -> ArraySlice<WorkerIndex> {
        name.isEmpty ? ordered[...] : ordered[place { !precedes(name, $0) }...]
    }

    /// The worker at a place.
    subscript(index: WorkerIndex) -> Worker {
        _read { yield workers[Int(index.value)] }
        _modify { yield &workers[Int(index.value)] }
    }

    /// The worker of a name.
    func index(named name: String) -> WorkerIndex? { indexByName[name] }

    /// The worker of a session.
    func index(of session: SessionID) -> WorkerIndex? { indexBySession[session] }

    /// The worker of a session that is open, or that was its last and closed a while ago.
    func index(ofLast session: SessionID) -> WorkerIndex? {
        indexBySession[session] ?? indexByClosed[session]
    }

    /// Who a worker's reports are by; the scheduler where there is none.
    func actor(_ index: WorkerIndex?) -> String {
        index.map { self[$0].actor } ?? Cause.scheduler
    }

    /// The name of a worker; empty where there is none.
    func name(_ index: WorkerIndex?) -> String {
        index.map { self[$0].registration.name } ?? ""
    }

    /// Adds a worker that was not known.
    mutating func add(_ worker: Worker) -> WorkerIndex {
        let index = WorkerIndex(value: Int32(workers.count))
        workers.append(worker)
        let name = worker.registration.name
        indexByName[name] = index
        ordered.insert(index, at: place { precedes($0, name) })
        return index
    }

    /// Forgets a worker: its name is free, and its place is kept as nobody's.
    ///
    /// The place is not given again, since a job may name it for as long as it lives; it costs a
    /// few hundred bytes until the scheduler ends.
    mutating func remove(_ index: WorkerIndex) {
        closeSession(on: index)
        forgetClosed(on: index)
        indexByName[name(index)] = nil
        ordered.removeAll { $0 == index }
        self[index].forget()
    }

    /// The first place in the order whose name does not come before (binary search).
    private func place(_ isBefore: (String) -> Bool) -> Int {
        var low = 0
        var high = ordered.count
        while low < high {
            let middle = (low + high) / 2
            if isBefore(self[ordered[middle]].registration.name) {
                low = middle + 1
            } else {
                high = middle
            }
        }
        return low
    }

    private func precedes(_ left: String, _ right: String) -> Bool {
        left.utf8.lexicographicallyPrecedes(right.utf8)
    }

    /// Opens a session on a worker, in place of the one it had, by a REGISTER that is part of a
    /// commit.
    mutating func open(_ session: SessionID, on index: WorkerIndex, in commit: UInt64) {
        if let old = self[index].session { indexBySession[old.id] = nil }
        forgetClosed(on: index)
        indexBySession[session] = index
        self[index].session = WorkerSession(id: session, registeredIn: commit)
    }

    /// Ends a worker's session.
    mutating func closeSession(on index: WorkerIndex) {
        guard let session = self[index].session else { return }
        indexBySession[session.id] = nil
        self[index].session = nil
        self[index].sessionClosed = session.id
        indexByClosed[session.id] = index
    }

    /// Forgets the session that a worker had last: nothing is heard of it any more.
    mutating func forgetClosed(on index: WorkerIndex) {
        guard let session = self[index].sessionClosed else { return }
        indexByClosed[session] = nil
        self[index].sessionClosed = nil
    }
}
