// SPDX-License-Identifier: Apache-2.0
// Reelwork: random bodies of workers

import ReelworkCore
import ReelworkWire

/// Random bodies of workers.
extension RandomValues {
    /// Every body of a worker's session, by its name.
    mutating func sessions() -> [(String, any WireMessage)] {
        [
            ("REGISTER.request", register()),
            (
                "REGISTER.response",
                Register.Response(
                    session: number(),
                    heartbeat: duration(),
                    lease: duration(),
                    verdicts: list {
                        Verdict(
                            $0.open(Verdict.Kind.self, unknown: 88),
                            attempt: $0.maybe { $0.attempt() }
                        )
                    }
                )
            ),
            (
                "HEARTBEAT.request",
                Heartbeat.Request(
                    assignedSeen: number(),
                    open: number(),
                    digest: next(),
                    scratchFreeMebibytes: maybe { $0.number() },
                    loadMilli: maybe { $0.number() },
                    tags: tags()
                )
            ),
            ("HEARTBEAT.response", Heartbeat.Response(now: maybe { $0.time() })),
            (
                "CREDIT.event",
                Credit.Event(assignLimit: number(), isDraining: maybe { $0.flip() })
            ),
        ]
    }

    /// Every body about the attempts of workers, by its name.
    mutating func attempts() -> [(String, any WireMessage)] {
        [
            (
                "ASSIGN.event",
                Assign.Event(firstIndex: number(), assignments: list(1) { $0.assignment() })
            ),
            (
                "REPORT.request",
                Report.Request(
                    assignLimit: number(),
                    items: list(1) {
                        ReportItem(
                            number: $0.job(),
                            attempt: $0.attempt(),
                            at: $0.time(),
                            content: $0.report()
                        )
                    },
                    tags: tags()
                )
            ),
            ("REPORT.response", results()),
            (
                "REVOKE.event",
                Revoke.Event(
                    revocations: list(1) {
                        Revocation(
                            number: $0.job(),
                            attempt: $0.attempt(),
                            because: $0.open(RevokeReason.self, unknown: 66),
                            grace: $0.duration()
                        )
                    }
                )
            ),
            ("INVENTORY.request", EmptyRequest(tags: tags())),
            ("INVENTORY.response", Inventory.Response(assignedSeen: number(), held: held())),
            ("PROGRESS.event", ProgressReport.Event(progress: list { $0.progress() })),
            (
                "LOG_READ.request",
                LogRead.Request(
                    number: job(),
                    attempt: attempt(),
                    offset: number(),
                    tags: tags()
                )
            ),
            ("LOG_READ.response", LogRead.Response(offset: number(), data: bytes())),
        ]
    }

    private mutating func register() -> Register.Request {
        Register.Request(
            worker: WorkerRegistration(
                name: key(),
                incarnation: max(1, next()),
                capacity: amounts(),
                labels: labels(),
                engines: engines(),
                host: maybe { $0.text() },
                pid: maybe { $0.number() },
                scratchFreeMebibytes: maybe { $0.number() },
                version: maybe { $0.text() },
                declared: list { $0.text() }
            ),
            held: held(),
            tags: tags()
        )
    }

    private mutating func assignment() -> Assignment {
        Assignment(
            id: id(),
            number: job(),
            attempt: attempt(),
            engine: text(),
            spec: spec(),
            granted: list {
                Grant(
                    attempt: $0.attempt(),
                    size: $0.number(),
                    checksum: UInt32(truncatingIfNeeded: $0.next())
                )
            },
            isKilledOnLeaseLoss: flip(),
            retryCount: number(),
            startWithin: maybe { $0.duration() },
            isLookOnly: flip(),
            devices: amounts()
        )
    }

    private mutating func film() -> ReportItem.Film {
        ReportItem.Film(
            output: text(),
            size: number(),
            mediaDuration: duration(),
            checksum: UInt32(truncatingIfNeeded: next())
        )
    }

    private mutating func report() -> ReportItem.Content {
        switch pick(5) {
        case 0:
            .started(
                ReportItem.Start(
                    mediaDuration: maybe { $0.duration() },
                    limit: maybe { $0.duration() },
                    pid: maybe { $0.number() },
                    encoder: maybe { $0.text() },
                    isResumed: flip()
                )
            )
        case 1: .ready(film())
        case 2: finished()
        case 3:
            .failed(
                ReportItem.Failure(
                    known(FailureClass.self, else: .timeout),
                    exit: maybe { $0.signed() },
                    error: text(),
                    logTail: bytes(),
                    isFinal: flip()
                )
            )
        default:
            .released(
                known(ReleaseReason.self, else: .revoked),
                error: maybe { $0.text() }
            )
        }
    }

    private mutating func finished() -> ReportItem.Content {
        let film = maybe { $0.film() }
        return .finished(
            film,
            ReportItem.Finish(
                adopted: maybe { $0.attempt() },
                hasNoFile: film == nil,
                encodeTime: maybe { $0.duration() },
                logTail: bytes()
            )
        )
    }
}
