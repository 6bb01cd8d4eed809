// SPDX-License-Identifier: Apache-2.0
// Reelwork: requests that change something

import ReelworkCore
import ReelworkRPC
import ReelworkScheduling
import ReelworkWire

extension RequestRouter {
    func submit(_ incoming: RPCIncoming, _ request: SubmitBatch.Request, _ bytes: Int) {
        let submissions = request.items.map { item in
            Submission(key: item.key, bytes: item.spec, content: content(of: item))
        }
        post(
            .submit(
                tag(incoming),
                submissions,
                isAtomic: request.isAtomic,
                actor: actor(incoming)
            ),
            incoming,
            bytes: bytes,
            within: request.tags.timeout
        )
    }

    /// Decodes a spec and asks the engines what it needs; a bad one costs its item and no other.
    private func content(
        of item: SubmitItem
    ) -> Result<Submission.Content, Submission.Refusal> {
        if let problem = item.problem {
            return .failure(Submission.Refusal(code: problem.code, detail: problem.explanation))
        }
        return contents.content(of: item.spec)
    }

    func cancel(_ incoming: RPCIncoming, _ request: CancelJob.Request) {
        post(
            .cancel(
                tag(incoming),
                request.refs,
                reason: request.reason,
                actor: actor(incoming)
            ),
            incoming,
            within: request.tags.timeout
        )
    }

    func retry(_ incoming: RPCIncoming, _ request: RetryJob.Request) {
        post(
            .retry(
                tag(incoming),
                request.jobs.map { RetryRequest(ref: $0.ref, key: $0.key) },
                reason: request.reason,
                actor: actor(incoming)
            ),
            incoming,
            within: request.tags.timeout
        )
    }

    func bump(_ incoming: RPCIncoming, _ request: JobBump.Request) {
        post(
            .bump(
                tag(incoming),
                request.refs,
                reason: request.reason,
                actor: actor(incoming)
            ),
            incoming,
            within: request.tags.timeout
        )
    }

    func set(_ incoming: RPCIncoming, _ request: QueueSet.Request) {
        let order = QueueOrder(
            queue: request.queue,
            isPaused: request.action == .pause,
            reason: request.reason,
            actor: actor(incoming)
        )
        post(.input(.setQueue(tag(incoming), order)), incoming, within: request.tags.timeout)
    }

    func set(_ incoming: RPCIncoming, _ request: WorkerSet.Request) {
        let action: WorkerOrder.Action =
            switch request.action {
            case .drain: .drain(within: request.within)
            case .resume: .resume
            case .remove: .remove
            }
        let order = WorkerOrder(
            name: request.name,
            action: action,
            reason: request.reason,
            actor: actor(incoming)
        )
        post(.input(.setWorker(tag(incoming), order)), incoming, within: request.tags.timeout)
    }

    func set(_ incoming: RPCIncoming, _ request: LoopSet.Request) {
        let action: LoopOrder.Action =
            switch request.action {
            case .start: .start
            case .stop: .stop
            case .run: .run
            }
        let order = LoopOrder(
            name: request.name,
            action: action,
            reason: request.reason,
            actor: actor(incoming)
        )
        post(.loop(tag(incoming), order), incoming, within: request.tags.timeout)
    }

    func recover(_ incoming: RPCIncoming, _ request: Recover.Request) {
        let target: RecoveryOrder.Target =
            switch request.target {
            case .jobs: .jobs([])
            case .worker: .worker(request.worker)
            case .allOrphans: .orphans
            }
        let action: RecoveryOrder.Action =
            switch request.action {
            case .recover: .recover
            case .requeue: .requeue
            case .fail: .fail
            }
        post(
            .recover(
                tag(incoming),
                request.refs,
                RecoveryOrder(
                    target: target,
                    action: action,
                    reason: request.reason,
                    actor: actor(incoming)
                )
            ),
            incoming,
            within: request.tags.timeout
        )
    }

    func register(_ incoming: RPCIncoming, _ request: Register.Request, _ bytes: Int) {
        // Over TCP a worker is who its certificate or token says, whatever it calls itself.
        if let identity = peer(incoming.connection)?.identity,
            identity.name != request.worker.name
        {
            let words =
                "this \(identity.kind.noun) is for the worker \(identity.name); start it with "
                + "--name \(identity.name), or use a \(identity.kind.noun) for its own name"
            return refuse(incoming, ErrorMessage(.denied, detail: words))
        }
        post(
            .register(
                tag(incoming),
                SessionID(rawValue: incoming.connection.rawValue),
                request.worker,
                request.held
            ),
            incoming,
            bytes: bytes
        )
    }

    func heartbeat(_ incoming: RPCIncoming, _ request: Heartbeat.Request) {
        let session = SessionID(rawValue: incoming.connection.rawValue)
        let note = HeartbeatNote(
            assignedSeen: request.assignedSeen,
            open: request.open,
            digest: OpenSetDigest(value: request.digest),
            scratchFreeMebibytes: request.scratchFreeMebibytes
        )
        post(.input(.heartbeat(tag(incoming), session, note)), incoming)
    }

    func report(_ incoming: RPCIncoming, _ request: Report.Request, _ bytes: Int) {
        let session = SessionID(rawValue: incoming.connection.rawValue)
        var gaps: [ReportGaps.Gap] = []
        for (index, entry) in request.entries.enumerated() {
            guard case .invalid(_, _, let fault) = entry else { continue }
            gaps.append(
                ReportGaps.Gap(
                    index: index,
                    result: ItemResult(.invalidArgument, detail: fault.explanation)
                )
            )
        }
        self.gaps.put(tag(incoming), gaps)
        post(
            .report(
                tag(incoming),
                session,
                assignLimit: request.assignLimit,
                request.items
            ),
            incoming,
            bytes: bytes
        )
    }
}
