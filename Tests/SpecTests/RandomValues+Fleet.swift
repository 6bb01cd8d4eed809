// SPDX-License-Identifier: Apache-2.0
// Reelwork: random bodies of the fleet and of administration

import ReelworkCore
import ReelworkWire

/// Random bodies of the fleet and of administration.
extension RandomValues {
    /// Every request of the fleet and of administration, by its name.
    mutating func fleetRequests() -> [(String, any WireMessage)] {
        [
            (
                "WORKERS_LIST.request",
                WorkersList.Request(
                    name: text(),
                    detail: known(WorkersList.Detail.self, else: .short),
                    cursor: maybe { $0.bytes() },
                    tags: tags()
                )
            ),
            (
                "WORKER_SET.request",
                WorkerSet.Request(
                    name: text(),
                    action: known(WorkerSet.Action.self, else: .drain),
                    reason: text(),
                    within: maybe { $0.duration() },
                    tags: tags()
                )
            ),
            ("METRICS.request", Metrics.Request(prefix: text(), tags: tags())),
            (
                "RECOVER.request",
                Recover.Request(
                    target: known(Recover.Target.self, else: .jobs),
                    refs: list { $0.reference() },
                    worker: text(),
                    action: known(Recover.Action.self, else: .recover),
                    reason: key(),
                    tags: tags()
                )
            ),
            ("LOOPS.request", EmptyRequest(tags: tags())),
            (
                "LOOP_SET.request",
                LoopSet.Request(
                    name: text(),
                    action: known(LoopSet.Action.self, else: .run),
                    reason: text(),
                    tags: tags()
                )
            ),
            ("CHECK.request", Check.Request(isDeep: flip(), tags: tags())),
            ("BACKUP.request", Backup.Request(path: text(), reason: text(), tags: tags())),
            ("CONFIG.request", Config.Request(prefix: text(), tags: tags())),
            (
                "LOG_LEVEL.request",
                LogLevel.Request(logger: text(), level: text(), reason: text(), tags: tags())
            ),
        ]
    }

    /// Every answer of the fleet and of administration, by its name.
    mutating func fleetAnswers() -> [(String, any WireMessage)] {
        [
            (
                "WORKERS_LIST.response",
                WorkersList.Response(
                    workers: list { $0.workerView() },
                    cursor: maybe { $0.bytes() }
                )
            ),
            (
                "WORKER_SET.response",
                WorkerSet.Response(results: list { $0.result() }, open: number())
            ),
            (
                "METRICS.response",
                Metrics.Response(
                    at: time(),
                    samples: list {
                        Metrics.Sample(name: $0.text(), labels: $0.labels(), value: $0.real())
                    }
                )
            ),
            (
                "RECOVER.response",
                Recover.Response(items: list { $0.recovered() }, hasMore: flip())
            ),
            ("LOOPS.response", Loops.Response(loops: list { $0.loop() })),
            ("LOOP_SET.response", results()),
            ("CHECK.response", Check.Response(checks: list { $0.finding() })),
            (
                "BACKUP.response",
                Backup.Response(bytes: number(), took: duration(), sha256: bytes(32))
            ),
            (
                "CONFIG.response",
                Config.Response(
                    items: list {
                        Config.Item(key: $0.text(), value: $0.text(), source: $0.text())
                    }
                )
            ),
            ("LOG_LEVEL.response", LogLevel.Response(previous: text())),
        ]
    }

    private mutating func recovered() -> Recover.Item {
        Recover.Item(
            number: job(),
            from: maybe { $0.open(JobState.self, unknown: 77) },
            to: maybe { $0.open(JobState.self, unknown: 78) },
            code: open(ResultCode.self, unknown: 0xFFFE),
            detail: maybe { $0.text() }
        )
    }

    private mutating func loop() -> Loops.Loop {
        Loops.Loop(
            name: text(),
            isRunning: flip(),
            interval: duration(),
            runs: number(),
            errors: number(),
            lastAt: time(),
            lastMicroseconds: number(),
            lastError: maybe { $0.text() }
        )
    }

    private mutating func finding() -> Check.Finding {
        Check.Finding(
            name: text(),
            isOK: flip(),
            examined: number(),
            bad: number(),
            detail: maybe { $0.text() },
            examples: list { $0.number() }
        )
    }

    private mutating func workerView() -> WorkerView {
        var view = WorkerView(
            name: text(),
            state: open(WorkerState.self, unknown: 44),
            session: number(),
            capacity: amounts(),
            used: amounts(),
            open: number(),
            seenAgo: duration(),
            labels: labels(),
            engines: engines(),
            isDraining: flip()
        )
        view.host = maybe { $0.text() }
        view.version = maybe { $0.text() }
        view.registered = maybe { $0.time() }
        view.scratchFreeMebibytes = maybe { $0.number() }
        view.clockOffsetMilliseconds = maybe { $0.signed() }
        view.cordoned = maybe { $0.text() }
        view.drainUntil = maybe { $0.time() }
        return view
    }
}
