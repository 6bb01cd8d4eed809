// SPDX-License-Identifier: Apache-2.0
// Reelwork: all known workers

import ReelworkCore

/// All known workers.
///
/// Order is the order in which they became known; nothing iterates a dictionary.
struct Fleet: Sendable {
    private(set) var workers: [Worker] = []
    private var indexByName: [String: WorkerIndex] = [:]
    private var indexBySession: [SessionID: WorkerIndex] = [:]
    /// Sessions whose connection ended and whose worker has not come back.
    private var indexByClosed: [SessionID: WorkerIndex] = [:]

    /// Every worker's place, in order.
    var indices: [WorkerIndex] { (0..<workers.count).map { WorkerIndex(value: Int32($0)) } }

    /// The worker at a place.
    subscript(index: WorkerIndex) -> Worker {
        get { workers[Int(index.value)] }
        _modify { yield &workers[Int(index.value)] }
    }

    /// The worker of a name.
    func index(named name: String) -> WorkerIndex? { indexByName[name] }

    /// The worker of a session.
    func index(of session: SessionID) -> WorkerIndex? { indexBySession[session] }

    /// The name of a worker; empty where there is none.
    func name(_ index: WorkerIndex?) -> String {
        index.map { self[$0].registration.name } ?? ""
    }

    /// Adds a worker that was not known.
    mutating func add(_ worker: Worker) -> WorkerIndex {
        let index = WorkerIndex(value: Int32(workers.count))
        workers.append(worker)
        indexByName[worker.registration.name] = index
        return index
    }

    /// Opens a session on a worker, in place of the one it had.
    mutating func open(_ session: SessionID, on index: WorkerIndex) {
        if let old = self[index].session { indexBySession[old.id] = nil }
        forgetClosedSession(of: index)
        indexBySession[session] = index
        self[index].session = WorkerSession(id: session)
    }

    /// Ends a worker's session.
    mutating func closeSession(on index: WorkerIndex) {
        guard let session = self[index].session else { return }
        indexBySession[session.id] = nil
        indexByClosed[session.id] = index
        self[index].sessionClosed = session.id
        self[index].session = nil
    }

    /// The worker whose connection this was, as long as it has not come back.
    func index(ofClosed session: SessionID) -> WorkerIndex? {
        indexBySession[session] ?? indexByClosed[session]
    }

    /// Forgets a connection that ended: its worker is back, or dead.
    mutating func forgetClosedSession(of index: WorkerIndex) {
        guard let closed = self[index].sessionClosed else { return }
        indexByClosed[closed] = nil
        self[index].sessionClosed = nil
    }
}
