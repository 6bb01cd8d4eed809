// SPDX-License-Identifier: Apache-2.0
// Reelwork: a sample of every body

import ReelworkCore
import ReelworkWire

/// A sample of every body, with all its tags and with none.
enum Samples {
    static let id = JobID(high: 0x0190_B6F2_C3D4_7E5F, low: 0x8A1B_2C3D_4E5F_6071)
    static let time = Timestamp(milliseconds: 1_700_000_000_000)
    static let tags = RequestTags(
        timeout: .seconds(5),
        trace: [UInt8](0..<24),
        reason: "because"
    )
    static let number = JobNumber(12)
    static let attempt = AttemptNumber(3)

    static let spec = JobSpec(
        engine: "ffmpeg",
        queue: .live,
        priority: .high,
        input: "/in/ä b.mp4",
        output: "/out",
        parameters: [Parameter(key: "a", value: "1"), Parameter(key: "b", value: "\n\"\\")],
        retries: 2,
        timeout: .seconds(60),
        notBefore: time,
        overwrite: true,
        mediaDuration: .milliseconds(634_566),
        needs: [ResourceAmount(name: "slot", amount: 1)],
        encoders: ["libx264"],
        require: [Label(name: "zone", value: "eu")],
        prefer: [Label(name: "gpu", value: "")],
        secrets: [Parameter(key: "token", value: "t")],
        tenant: "acme"
    )

    static let progress = JobProgress(
        number: number,
        attempt: attempt,
        media: .seconds(9),
        permille: 0,
        speedMilli: 2_000,
        framesPerSecondMilli: 48_000,
        bytes: .max,
        remaining: .zero,
        phase: .known(.publishing)
    )

    static let move = Move(
        sequence: 4,
        from: .known(.running),
        to: .unknown(77),
        at: time,
        reason: "r",
        attempt: attempt,
        worker: "w",
        actor: "scheduler",
        failure: .unknown(99),
        detail: "d"
    )

    static let view: JobView = {
        var view = plainView
        view.started = time
        view.completed = time
        view.notBefore = time
        view.deadline = time
        view.failure = .known(.timeout)
        view.error = "e"
        view.parameters = spec.parameters
        view.key = "k"
        view.retryOf = JobNumber(.max)
        view.progress = progress
        view.granted = attempt
        view.askedEngine = "auto"
        view.sequence = 6
        view.timeout = .seconds(7)
        view.tenant = "t"
        return view
    }()

    static let plainView = JobView(
        id: id,
        number: number,
        state: .known(.running),
        queue: .unknown(9),
        priority: .known(.low),
        attempt: attempt,
        retryCount: 1,
        retriesMax: 3,
        engine: "ffmpeg",
        worker: "w",
        created: time,
        input: "/in",
        output: "/out"
    )

    static let engine = EngineReport(
        name: "ffmpeg",
        version: "7",
        encoders: ["libx264", "aac"],
        devices: [ResourceAmount(name: "gpu_session:0", amount: 3)],
        problem: "p",
        adapterVersion: 1
    )

    static let worker = WorkerRegistration(
        name: "w",
        incarnation: 7,
        capacity: [ResourceAmount(name: "slot", amount: 4)],
        labels: [Label(name: "zone", value: "eu")],
        engines: [engine],
        host: "h",
        pid: 1,
        scratchFreeMebibytes: 5,
        version: "1",
        declared: ["slot"]
    )

    static let workerView: WorkerView = {
        var view = WorkerView(
            name: "w",
            state: .known(.suspect),
            session: 3,
            capacity: worker.capacity,
            used: [],
            open: 2,
            seenAgo: .seconds(1),
            labels: worker.labels,
            engines: [engine],
            isDraining: true
        )
        view.host = "h"
        view.version = "v"
        view.registered = time
        view.scratchFreeMebibytes = 1
        view.clockOffsetMilliseconds = -250
        (view.isStopped, view.isUnheard) = (true, true)
        view.cordoned = "it fails"
        view.drainUntil = time
        return view
    }()

    static let result: ItemResult = {
        var result = ItemResult(
            .illegalTransition,
            detail: "d",
            number: number,
            state: .queued,
            from: .completed,
            to: .running
        )
        result.code = .unknown(0xFFFF)
        return result
    }()

    static let film = ReportItem.Film(
        output: "/out",
        size: .max,
        mediaDuration: .seconds(9),
        checksum: 0xE306_9283
    )

    static let reports: [ReportItem.Content] = [
        .started(ReportItem.Start()),
        .started(
            ReportItem.Start(
                mediaDuration: .seconds(1),
                limit: .seconds(2),
                pid: 3,
                encoder: "x",
                isResumed: true
            )
        ),
        .ready(film),
        .finished(film, ReportItem.Finish()),
        .finished(nil, ReportItem.Finish(hasNoFile: true)),
        .finished(
            film,
            ReportItem.Finish(
                adopted: AttemptNumber(2),
                hasNoFile: false,
                encodeTime: .seconds(8),
                logTail: [1, 2, 255]
            )
        ),
        .failed(ReportItem.Failure(.runtimeError, exit: -9, error: "e", logTail: [9])),
        .failed(ReportItem.Failure(.userError, error: "")),
        .failed(ReportItem.Failure(.networkError, error: "gone", isFinal: true)),
        .released(.notStarted, error: nil),
        .released(.leaseLost, error: "e"),
    ]

    static let held = [
        HeldAttempt(id: id, attempt: attempt, phase: .known(.granted)),
        HeldAttempt(
            id: id,
            attempt: attempt,
            phase: .known(.running),
            devices: [ResourceAmount(name: "gpu_session:0", amount: 1)]
        ),
    ]
    static let refs: [JobRef] = [.number(number), .id(id), .key("k")]
    static let results = ItemResults(results: [result, ItemResult(.ok)])

    static let connection: [any WireMessage] = [
        Hello(features: .max, codecs: [1, 200], agent: "a"),
        Hello(codecs: [], methods: [], agent: ""),
        HelloAck(
            codec: .zlib,
            agent: "s",
            cluster: id,
            epoch: 3,
            now: time,
            mechanisms: ["token"]
        ),
        Auth(mechanism: "token", data: [0, 255]),
        AuthOK(identity: "me", permissions: [.read, .admin]), Ping(opaque: .max),
        ErrorMessage(.busy),
        ErrorMessage(
            .illegalTransition,
            retryAfter: .seconds(1),
            detail: "d",
            item: 3,
            from: .completed,
            to: .running,
            alternates: ["x"],
            limit: 9
        ),
        GoAway(lastRequestID: 7, code: .draining, drain: .seconds(10), alternates: ["y"]),
        EmptyRequest(), EmptyRequest(tags: tags), EmptyAnswer(), results,
    ]

    static let jobs: [any WireMessage] = [
        SubmitBatch.Request(
            isAtomic: true,
            items: [SubmitItem(key: "k", spec: spec.encoded)],
            tags: tags
        ),
        SubmitBatch.Response(results: [
            SubmitResult(.ok, id: id, number: number, state: .queued),
            SubmitResult(.keyConflict, detail: "d"),
        ]),
        GetJob.Request(ref: .key("k"), detail: .withParameters, tags: tags),
        GetJob.Response(job: view), GetJob.Response(job: plainView),
        ListJobs.Request(
            states: JobState.allCases,
            queue: .batch,
            worker: "w",
            limit: 10,
            cursor: [],
            detail: .short,
            isOldestFirst: true,
            tags: tags
        ),
        ListJobs.Response(jobs: [view, plainView], cursor: nil),
        Watch.Request(
            refs: refs,
            known: [Watch.KnownMoves(number: number, sequence: 3)],
            queue: .live,
            tags: tags
        ),
        Watch.Event(events: [
            JobNews(number: number, kind: .known(.snapshot), view: view),
            JobNews(number: number, kind: .known(.move), move: move),
            JobNews(number: number, kind: .known(.progress), progress: progress),
            JobNews(number: number, kind: .unknown(200)),
        ]),
        CancelJob.Request(refs: refs, reason: "r", tags: tags),
        RetryJob.Request(
            jobs: [RetryJob.Item(ref: .number(number), key: "k")],
            reason: "r",
            tags: tags
        ),
        History.Request(ref: .id(id), afterSequence: 3, limit: 4_096, tags: tags),
        History.Response(ref: .number(number), moves: [move], hasMore: true),
        JobLog.Request(ref: .number(number), attempt: .none, offset: .max, tags: tags),
        JobLog.Event(offset: 1, data: [1, 2]), JobLog.Response(next: 9),
        JobWhy.Request(ref: .number(number), tags: tags),
        JobWhy.Response(reasons: [JobWhy.Reason(code: "c", text: "t", count: 4)]),
        JobBump.Request(refs: refs, reason: "r", tags: tags),
        QueueSet.Request(queue: .live, action: .resume, reason: "r", tags: tags),
    ]

    static let workers: [any WireMessage] = [
        Register.Request(worker: worker, held: held, tags: tags),
        Register.Response(
            session: 1,
            heartbeat: .seconds(5),
            lease: .seconds(15),
            verdicts: [Verdict(.known(.adopt), attempt: attempt), Verdict(.unknown(88))]
        ),
        Heartbeat.Request(
            assignedSeen: 1,
            open: 2,
            digest: .max,
            scratchFreeMebibytes: 3,
            loadMilli: 4,
            tags: tags
        ),
        Heartbeat.Response(now: time), Heartbeat.Response(),
        Credit.Event(assignLimit: 4, isDraining: false), Credit.Event(assignLimit: 4),
        Assign.Event(
            firstIndex: 1,
            assignments: [
                Assignment(
                    id: id,
                    number: number,
                    attempt: attempt,
                    engine: "ffmpeg",
                    spec: spec.encoded,
                    granted: [Grant(attempt: attempt, size: 5, checksum: .max)],
                    isKilledOnLeaseLoss: true,
                    retryCount: 2,
                    startWithin: .seconds(300),
                    isLookOnly: true,
                    devices: [ResourceAmount(name: "gpu_session:0", amount: 1)]
                ),
                Assignment(id: id, number: number, attempt: attempt, engine: "g", spec: []),
            ]
        ),
        Report.Request(
            assignLimit: 9,
            items: reports.map {
                ReportItem(number: number, attempt: attempt, at: time, content: $0)
            },
            tags: tags
        ),
        Revoke.Event(revocations: [
            Revocation(
                number: number,
                attempt: attempt,
                because: .known(.stale),
                grace: .seconds(1)
            )
        ]),
        Inventory.Response(assignedSeen: 4, held: held),
        ProgressReport.Event(progress: [progress]),
        LogRead.Request(number: number, attempt: attempt, offset: 9, tags: tags),
        LogRead.Response(offset: 9, data: []),
    ]

    static let all = connection + jobs + workers + fleet
}
