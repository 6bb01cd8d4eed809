// SPDX-License-Identifier: Apache-2.0
// Reelwork: random bodies of connection and jobs

import ReelworkCore
import ReelworkWire

/// Random bodies of connection and jobs.
extension RandomValues {
    private mutating func methods() -> [MethodRange] { flip() ? MethodRange.all : [] }

    /// Every body of the connection, by its name.
    mutating func connection() -> [(String, any WireMessage)] {
        [
            (
                "HELLO",
                Hello(
                    features: next(),
                    codecs: list { $0.byte() },
                    frameBytesMax: UInt64(among([131_072, 1 << 20, (1 << 24) - 1], else: 131_072)),
                    requestsInFlightMax: UInt64(1 + pick(100)),
                    methods: methods(),
                    agent: text()
                )
            ),
            (
                "HELLO_ACK",
                HelloAck(
                    features: next(),
                    codec: known(WireCodec.self, else: .zlib),
                    frameBytesMax: UInt64(among([131_072, 1 << 20], else: 131_072)),
                    requestsInFlightMax: UInt64(1 + pick(100)),
                    methods: methods(),
                    agent: text(),
                    cluster: id(),
                    epoch: number(),
                    now: time(),
                    mechanisms: list { $0.text() }
                )
            ),
            ("AUTH", Auth(mechanism: text(), data: bytes())),
            ("AUTH_OK", AuthOK(identity: text(), permissions: Permissions(rawValue: next() & 31))),
            ("PING", Ping(opaque: next())), ("PONG", Ping(opaque: next())),
            (
                "ERROR",
                ErrorMessage(
                    among(ResultCode.allCases.filter { $0 != .ok }, else: .busy),
                    retryAfter: duration(),
                    detail: text(),
                    item: maybe { $0.number() },
                    from: maybe { $0.known(JobState.self, else: .queued) },
                    to: maybe { $0.known(JobState.self, else: .queued) },
                    alternates: maybe { $0.list { $0.text() } },
                    limit: maybe { $0.number() }
                )
            ),
            (
                "GOAWAY",
                GoAway(
                    lastRequestID: small(),
                    code: known(ResultCode.self, else: .ok),
                    drain: duration(),
                    alternates: list { $0.text() }
                )
            ),
        ]
    }

    /// Every request about jobs, by its name.
    mutating func jobRequests() -> [(String, any WireMessage)] {
        [
            (
                "SUBMIT_BATCH.request",
                SubmitBatch.Request(
                    isAtomic: flip(),
                    items: list(1) { SubmitItem(key: $0.key(), spec: $0.spec()) },
                    tags: tags()
                )
            ),
            (
                "GET_JOB.request",
                GetJob.Request(
                    ref: reference(),
                    detail: known(JobDetail.self, else: .short),
                    tags: tags()
                )
            ),
            (
                "LIST_JOBS.request",
                ListJobs.Request(
                    states: list { $0.known(JobState.self, else: .queued) },
                    queue: maybe { $0.known(JobQueue.self, else: .live) },
                    worker: text(),
                    limit: number(bits: 12),
                    cursor: maybe { $0.bytes() },
                    detail: known(JobDetail.self, else: .short),
                    isOldestFirst: flip(),
                    tags: tags()
                )
            ),
            (
                "WATCH.request",
                Watch.Request(
                    refs: list { $0.reference() },
                    known: list { Watch.KnownMoves(number: $0.job(), sequence: $0.number()) },
                    queue: maybe { $0.known(JobQueue.self, else: .live) },
                    tags: tags()
                )
            ),
        ]
    }

    /// Every other request about jobs, by its name.
    mutating func jobChanges() -> [(String, any WireMessage)] {
        [
            (
                "CANCEL_JOB.request",
                CancelJob.Request(refs: list { $0.reference() }, reason: text(), tags: tags())
            ),
            (
                "RETRY_JOB.request",
                RetryJob.Request(
                    jobs: list { RetryJob.Item(ref: $0.reference(), key: $0.key()) },
                    reason: text(),
                    tags: tags()
                )
            ),
            (
                "HISTORY.request",
                History.Request(
                    ref: reference(),
                    afterSequence: number(),
                    limit: number(bits: 12),
                    tags: tags()
                )
            ),
            (
                "JOB_LOG.request",
                JobLog.Request(ref: reference(), attempt: attempt(), offset: number(), tags: tags())
            ),
            ("JOB_WHY.request", JobWhy.Request(ref: reference(), tags: tags())),
            (
                "JOB_BUMP.request",
                JobBump.Request(refs: list { $0.reference() }, reason: text(), tags: tags())
            ),
            (
                "QUEUE_SET.request",
                QueueSet.Request(
                    queue: known(JobQueue.self, else: .live),
                    action: known(QueueSet.Action.self, else: .pause),
                    reason: text(),
                    tags: tags()
                )
            ),
        ]
    }

    /// Every answer and event about jobs, by its name.
    mutating func jobAnswers() -> [(String, any WireMessage)] {
        [
            (
                "SUBMIT_BATCH.response",
                SubmitBatch.Response(
                    results: list {
                        SubmitResult(
                            $0.known(ResultCode.self, else: .ok),
                            id: $0.id(),
                            number: $0.job(),
                            state: $0.known(JobState.self, else: .queued),
                            detail: $0.maybe { $0.text() }
                        )
                    }
                )
            ),
            ("GET_JOB.response", GetJob.Response(job: view())),
            (
                "LIST_JOBS.response",
                ListJobs.Response(jobs: list { $0.view() }, cursor: maybe { $0.bytes() })
            ),
            (
                "WATCH.event",
                Watch.Event(
                    events: list {
                        JobNews(
                            number: $0.job(),
                            kind: $0.open(JobNews.Kind.self, unknown: 200),
                            view: $0.maybe { $0.view() },
                            move: $0.maybe { $0.move() },
                            progress: $0.maybe { $0.progress() }
                        )
                    }
                )
            ),
            ("WATCH.response", EmptyAnswer()), ("CANCEL_JOB.response", results()),
            ("RETRY_JOB.response", results()),
            (
                "HISTORY.response",
                History.Response(ref: reference(), moves: list { $0.move() }, hasMore: flip())
            ),
            ("JOB_LOG.event", JobLog.Event(offset: number(), data: bytes())),
            ("JOB_LOG.response", JobLog.Response(next: number())),
            ("JOB_WHY.response", standing()),
            ("JOB_BUMP.response", results()), ("QUEUE_SET.response", results()),
        ]
    }

    private mutating func standing() -> JobWhy.Response {
        var response = JobWhy.Response(
            reasons: list {
                JobWhy.Reason(code: $0.text(), text: $0.text(), count: $0.number())
            }
        )
        response.rank = maybe { $0.signed() }
        response.place = maybe { $0.number() }
        response.nextAt = maybe { $0.time() }
        response.workers = list {
            JobWhy.Considered(name: $0.text(), code: $0.text(), text: $0.text())
        }
        response.isCut = flip()
        response.isPlaceAtLeast = flip()
        response.number = maybe { $0.job() }
        response.state = maybe { $0.open(JobState.self, unknown: 77) }
        return response
    }
}
