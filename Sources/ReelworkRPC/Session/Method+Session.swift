// SPDX-License-Identifier: Apache-2.0
// Reelwork: who may use which method, which way.

internal import ReelworkCore

extension Method {
    /// What a frame of a method can be, and which side sends it.
    enum Shape: Hashable, Sendable {
        /// A REQUEST of this side.
        case request(from: SessionSide)
        /// A REQUEST of the client, answered by EVENTs and then a RESPONSE.
        case requestWithEvents
        /// An EVENT of this side that concerns the connection.
        case event(from: SessionSide)
    }

    /// Its shape.
    var shape: Shape {
        switch self {
        case .submitBatch, .getJob, .listJobs, .cancelJob, .retryJob, .history, .jobWhy, .jobBump,
            .queueSet, .register, .heartbeat, .report, .workersList, .workerSet, .metrics,
            .recover, .loops, .loopSet, .check, .backup, .config, .logLevel:
            .request(from: .client)
        case .watch, .jobLog: .requestWithEvents
        case .inventory, .logRead: .request(from: .server)
        case .credit, .progress: .event(from: .client)
        case .assign, .revoke: .event(from: .server)
        }
    }

    /// Whether it belongs to the family of a role.
    func belongs(to role: PeerRole) -> Bool {
        switch self {
        case .register, .heartbeat, .credit, .assign, .report, .revoke, .inventory, .progress,
            .logRead:
            role == .worker
        case .submitBatch, .getJob, .listJobs, .watch, .cancelJob, .retryJob, .history, .jobLog,
            .jobWhy, .jobBump, .queueSet, .workersList, .workerSet, .metrics:
            role == .submitter || role == .admin
        case .recover, .loops, .loopSet, .check, .backup, .config, .logLevel:
            role == .admin
        }
    }

    /// Whether `side` may send a REQUEST of it.
    func isRequest(from side: SessionSide) -> Bool {
        switch shape {
        case .request(let from): from == side
        case .requestWithEvents: side == .client
        case .event: false
        }
    }

    /// Whether `side` may send an EVENT of it that concerns the connection.
    func isEvent(from side: SessionSide) -> Bool {
        switch shape {
        case .event(let from): from == side
        case .request, .requestWithEvents: false
        }
    }

    /// Whether EVENTs may come before its RESPONSE.
    var hasEvents: Bool { shape == .requestWithEvents }

    /// Whether a REQUEST of it is never BUSY: leases and results must get through.
    var isNeverBusy: Bool { self == .heartbeat || self == .report }
}
