// SPDX-License-Identifier: Apache-2.0
// Reelwork: what the scheduler of a simulated world says

import ReelworkCore
import ReelworkDaemon
import ReelworkRPC
import ReelworkScheduling
import ReelworkWire

extension World {
    mutating func release(_ effects: SchedulerEffects) {
        for insert in effects.batch.inserts {
            specs[insert.number] = JobSpec(
                input: "",
                output: "/out/" + insert.key.dropFirst(4)
            )
            if chance(options.cancelsPermille) {
                plan(.cancel(insert.number), after: duration(100...60_000))
            }
            if strikes("bump", 100) { plan(.bump(insert.number), after: duration(0...30_000)) }
        }
        for note in effects.notes { check(note) }
        release(effects.outputs)
    }

    /// Sends what a commit lets go: all that goes to one worker in one burst, its assignments in
    /// one frame.
    mutating func release(_ outputs: [SchedulerOutput]) {
        var deliveries: [RPCDelivery] = []
        var gathering = AssignmentGathering()
        for output in outputs {
            switch output {
            case .push(let session, .assign(var assignment, let index)):
                check(assignment, index: index, to: session.rawValue)
                let stored = try? store.job(.number(assignment.number))
                assignment.spec = stored?.insert.spec ?? []
                gathering.add(assignment, index: index, to: session, &deliveries)
            case .push(let session, let push):
                gathering.flush(session, &deliveries)
                deliveries += delivery(of: push, to: RPCConnectionID(rawValue: session.rawValue))
            case .answer(let tag, let answer):
                gathering.flush(SessionID(rawValue: tag.connection), &deliveries)
                deliveries += delivery(of: answer, to: tag)
            }
        }
        gathering.flushAll(&deliveries)
        var touched: [UInt64] = []
        for delivery in deliveries {
            let link = delivery.connection.rawValue
            send(delivery.content, from: .server, of: link)
            if !touched.contains(link) { touched.append(link) }
        }
        for link in touched { settle(link, .server) }
    }

    private func delivery(
        of push: SchedulerPush,
        to connection: RPCConnectionID
    ) -> [RPCDelivery] {
        switch push {
        case .assign: []
        case .revoke(let revocation):
            [.event(Revoke.self, Revoke.Event(revocations: [revocation]), to: connection)]
        case .inventory: [.request(Inventory.self, EmptyRequest(), to: connection)]
        case .close(let code, let detail): [.close(code, detail: detail, to: connection)]
        }
    }

    private mutating func delivery(
        of answer: SchedulerAnswer,
        to tag: RequestTag
    ) -> [RPCDelivery] {
        let connection = RPCConnectionID(rawValue: tag.connection)
        let request = tag.request
        switch answer {
        case .registered(let session, let heartbeat, _, let verdicts):
            let answer = Register.Response(
                session: session.rawValue,
                heartbeat: heartbeat,
                // The same, where no bug is planted.
                lease: options.policy.leaseDuration,
                verdicts: verdicts
            )
            return [.response(Register.self, answer, to: connection, request: request)]
        case .heartbeat:
            let answer = Heartbeat.Response()
            return [.response(Heartbeat.self, answer, to: connection, request: request)]
        case .results(let results):
            guard tag.method == .report else {
                for result in results where result.code == .known(.publishing) {
                    see(.publishingRefusal)
                }
                return []
            }
            check(results, to: tag)
            let answer = ItemResults(results: results)
            return [.response(Report.self, answer, to: connection, request: request)]
        case .refused(let code, let detail, let wait):
            guard tag.connection != 0 else { return [] }
            let error = ErrorMessage(code, retryAfter: wait, detail: detail)
            return [.error(error, method: tag.method, to: connection, request: request)]
        case .submitted(let results):
            for result in results {
                if result.code.value?.isSuccess == true {
                    checkAccepted(Int(tag.request), result.number)
                } else {
                    violation("I9: job-\(tag.request): \(result.detail ?? "")")
                }
            }
            return []
        case .recovered, .located, .workers, .metrics, .worker, .why,
            .whyStored:
            return []
        }
    }
}
