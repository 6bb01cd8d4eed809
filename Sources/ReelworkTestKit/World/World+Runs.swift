// SPDX-License-Identifier: Apache-2.0
// Reelwork: the runs of a simulated world

import ReelworkCore
import ReelworkWire
import ReelworkWorker

extension World {
    mutating func attemptSoon(
        _ worker: Int,
        _ key: AttemptKey,
        _ event: AttemptMachine.Event,
        _ wait: Duration
    ) {
        plan(
            .attempt(worker: worker, life: workers[worker].life, key, event),
            after: wait
        )
    }

    mutating func attempt(_ worker: Int, _ key: AttemptKey, _ event: AttemptMachine.Event) {
        guard let actions = workers[worker].runs[key]?.machine.handle(event) else { return }
        for action in actions { carryOut(action, worker, key) }
    }

    private mutating func carryOut(
        _ action: AttemptMachine.Action,
        _ worker: Int,
        _ key: AttemptKey
    ) {
        guard let run = workers[worker].runs[key] else { return }
        let spec = try? JobSpec.decode(spec: run.assignment.spec)
        guard let output = spec?.output else {
            return violation("wire: the spec of job \(run.assignment.number) cannot be read")
        }
        switch action {
        case .prepare:
            let look = files.prepare(
                run.assignment,
                output: output,
                keepsParts: options.mutant == .olderPartsKept
            )
            if case .earlierFilm = look { see(.earlierFilm) }
            attemptSoon(worker, key, .prepared(spoiled(look)), duration(0...20))
        case .inspect:
            attemptSoon(
                worker,
                key,
                .inspected(mediaDuration: .seconds(10), limit: .seconds(60)),
                duration(1...50)
            )
        case .encode: encode(worker, key)
        case .stopEncoder:
            attemptSoon(
                worker,
                key,
                .failed(ReportItem.Failure(.runtimeError, error: "stopped")),
                duration(1...500)
            )
        case .verify: attemptSoon(worker, key, .verified, duration(1...50))
        case .seal:
            attemptSoon(worker, key, .sealed(sealed(key, output)), duration(1...50))
        case .publish:
            attemptSoon(worker, key, publish(key, output), duration(0...20))
            if strikes("crash after a publication", 20) { crashWorker(worker) }
        case .clean:
            files.removePart(key)
            attemptSoon(worker, key, .cleaned, duration(0...10))
        case .report(let content):
            if options.mutant == .grantUnasked, case .ready = content {
                attemptSoon(worker, key, .granted, .milliseconds(1))
            }
            agent(worker, .attempt(key, content, encodeTime: nil, logTail: []))
        case .close:
            workers[worker].runs[key] = nil
            workers[worker].ledger.remove(key)
            agent(worker, .closed(key))
        }
    }

    private mutating func encode(_ worker: Int, _ key: AttemptKey) {
        let start = duration(1...20)
        attemptSoon(worker, key, .encoderStarted(pid: 1), start)
        // In one world of four the first worker is broken: what it fails, others finish.
        let isBroken = worker == 0 && options.seed % 4 == 0
        let permille = options.encodeFailuresPermille * (isBroken ? 8 : 1)
        let fails = chance(isHealed ? 0 : permille)
        attemptSoon(
            worker,
            key,
            fails
                ? .failed(ReportItem.Failure(.runtimeError, exit: 1, error: "it failed"))
                : .encoded,
            start + duration(10...20_000)
        )
    }

    private func sealed(_ key: AttemptKey, _ output: String) -> ReportItem.Film {
        let grant = film(of: key)
        return ReportItem.Film(
            output: output,
            size: grant.size,
            mediaDuration: .seconds(10),
            checksum: grant.checksum
        )
    }

    /// The rename itself, one instant; the worker hears of it a little later, or is dead by then.
    private mutating func publish(_ key: AttemptKey, _ output: String) -> AttemptMachine.Event {
        let isPublished = files.publish(key, output: output, film: film(of: key))
        if isPublished == false { see(.latePublish) }
        return switch isPublished {
        case true?: .published
        case false?:
            .failed(ReportItem.Failure(.platformError, error: "a later attempt took the part"))
        case nil: .failed(ReportItem.Failure(.userError, error: "another film stands there"))
        }
    }

    private func film(of key: AttemptKey) -> Grant {
        let mixed = OpenSetDigest.mix(key.id.low ^ UInt64(key.origin.rawValue))
        return Grant(
            attempt: key.origin,
            size: mixed >> 40,
            checksum: UInt32(truncatingIfNeeded: mixed)
        )
    }
}
