// SPDX-License-Identifier: Apache-2.0
// Reelwork: the scheduler as a service

package import Logging
package import ReelworkCore
package import ReelworkEngineKit
package import ReelworkRPC
import ReelworkScheduling
import ReelworkSystem
import ReelworkTelemetry
import ReelworkWire
import Synchronization

/// The scheduler as a service: opens the store, recovers, listens, and says goodbye.
package final class Daemon: Sendable {
    private let configuration: DaemonConfiguration
    private let store: any JobStore
    private let engines: EngineRegistry
    private let logger: Logger
    private let state = Mutex(State())
    /// Lines of the log that were dropped, for the metrics.
    private let logLinesDropped: @Sendable () -> UInt64
    /// Ends the process: the store failed in a way that only a new start can judge.
    private let exit: @Sendable (StoreError) -> Void

    /// What was begun and must be ended, whether the start came to its end or not.
    private struct State: Sendable {
        var router: RequestRouter?
        var server: RPCServer?
        var loop: SchedulerLoop?
        var pipeline: CommitPipeline?
        var reader: StoreReader?
        var isEnded = false
    }

    /// What is known once it serves.
    package struct Ready: Sendable {
        /// Where it listens for workers and submitters; tells the port where 0 was asked for.
        package var listening: [RPCEndpoint]
        /// Jobs that were taken over from the store.
        package var jobsLive: Int
        /// Workers that the store knows.
        package var workersKnown: Int
        /// The store's cluster.
        package var cluster: JobID
        /// The store's epoch.
        package var epoch: UInt64
        /// The store's engine and version.
        package var engine: String
        /// How long the start took.
        package var took: Duration
    }

    /// Makes a scheduler; nothing is opened yet but the store, which it closes when it stops.
    package init(
        configuration: DaemonConfiguration,
        store: any JobStore,
        engines: EngineRegistry,
        logger: Logger,
        logLinesDropped: @escaping @Sendable () -> UInt64 = { 0 },
        exit: @escaping @Sendable (StoreError) -> Void
    ) {
        self.configuration = configuration
        self.store = store
        self.engines = engines
        self.logger = logger
        self.logLinesDropped = logLinesDropped
        self.exit = exit
    }

    /// Recovers what the store has, then listens.
    ///
    /// Where that fails, all that was begun is ended and the store is closed.
    package func start() async throws(DaemonError) -> Ready {
        do throws(DaemonError) {
            return try await begin()
        } catch {
            await stop()
            throw error
        }
    }

    private func begin() async throws(DaemonError) -> Ready {
        let start = SystemClock.now()
        let (scheduler, snapshot, identity) = try restore(now: start)
        let inbox = try Inbox()
        let gate = WriteGate(inbox: inbox)
        let router = try router(inbox, gate, now: start)
        let server = RPCServer(
            configuration: serverConfiguration(identity),
            delegate: router,
            logger: logger
        )
        state.withLock { $0.server = server }
        router.attach(server)
        let outward = dispatcher(server, router, inbox)
        let pipeline = try CommitPipeline(store: store, handlers: handlers(outward, router))
        let loop = SchedulerLoop(
            inbox: inbox,
            pipeline: pipeline,
            store: store,
            contents: router.contents,
            loops: router.loops,
            gate: gate,
            releaseNow: { outward.send($0) },
            resume: { [weak router] sessions in router?.readOn(sessions) },
            exit: exit
        )
        state.withLock {
            $0.pipeline = pipeline
            $0.loop = loop
        }
        try pipeline.start()
        try loop.start(scheduler)
        let listening = try await listen(server)
        return Ready(
            listening: listening,
            jobsLive: snapshot.jobs.count,
            workersKnown: snapshot.workers.count,
            cluster: identity.cluster,
            epoch: identity.epoch,
            engine: identity.engine,
            took: SystemClock.boot().since(start.boot)
        )
    }

    /// What takes requests, and the threads that read for it.
    private func router(
        _ inbox: Inbox,
        _ gate: WriteGate,
        now: Moment
    ) throws(DaemonError) -> RequestRouter {
        let reader = StoreReader(
            store: store,
            pool: try ReadPool(threads: 2, tasksMax: Daemon.readsWaitingMax)
        )
        let router = RequestRouter(
            inbox: inbox,
            reads: reader,
            contents: SpecContents(engines: engines),
            hub: WatchHub(),
            board: ProgressBoard(),
            loops: LoopBoard(configuration.loops, now: now.boot),
            statistics: DaemonStatistics(startedAt: now.wall),
            gate: gate
        )
        state.withLock {
            $0.reader = reader
            $0.router = router
        }
        return router
    }

    /// What hands out the effects of a commit.
    private func dispatcher(
        _ server: RPCServer,
        _ router: RequestRouter,
        _ inbox: Inbox
    ) -> Dispatcher {
        Dispatcher(
            server: server,
            store: store,
            shelf: SpecShelf(bytesMax: Daemon.shelfBytesMax),
            hub: router.hub,
            board: router.board,
            journal: Journal(logger: logger),
            gaps: router.gaps,
            special: { [logLinesDropped] tag, answer in
                switch answer {
                case .located(let session, let attempt):
                    router.reads.located(tag, session, attempt, router: router)
                case .metrics(let metrics, let prefix):
                    router.answer(
                        tag,
                        metrics,
                        prefix: prefix,
                        logLinesDropped: logLinesDropped()
                    )
                case .workers(let found, let isMore):
                    router.reads.found(tag, found, isMore: isMore, router: router)
                case .whyStored(let number):
                    router.reads.whyEnded(tag, number, router: router)
                case .submitted, .results, .recovered, .registered, .heartbeat, .worker, .why,
                    .refused:
                    break
                }
            },
            exit: exit
        )
    }

    /// What follows a commit, or a store that cannot commit.
    private func handlers(
        _ dispatcher: Dispatcher,
        _ router: RequestRouter
    ) -> CommitPipeline.Handlers {
        let inbox = router.inbox
        return CommitPipeline.Handlers(
            release: { number, effects in
                dispatcher.release(effects)
                inbox.post(.input(.committed(number)))
            },
            releaseNow: { dispatcher.send($0) },
            changed: { inbox.ring() },
            readOnly: { [logger] error in
                router.gate.set(error)
                if let error {
                    logger.error("[Store] read-only: \(error.explanation)")
                } else {
                    logger.info("[Store] writing again")
                }
            },
            exit: exit,
            measured: { took, batch in
                router.statistics.committed(took, moves: batch.moves.count)
            }
        )
    }

    /// Says goodbye, commits what is under way, makes a last checkpoint and closes.
    ///
    /// The checkpoint comes after the readers: a reader that is in an old snapshot would keep the
    /// write-ahead log from being emptied. A second call does nothing.
    package func stop() async {
        let taken = state.withLock { state -> State? in
            guard !state.isEnded else { return nil }
            defer { state = State(isEnded: true) }
            return state
        }
        guard let taken else { return }
        if let server = taken.server {
            await server.drain(configuration.drainMax)
            await server.close()
        }
        taken.loop?.stop()
        taken.pipeline?.stop()
        taken.reader?.close()
        // Router and server hold each other.
        taken.router?.detach()
        do throws(StoreError) {
            try store.checkpoint(isFinal: true)
        } catch {
            logger.warning("[Store] no final checkpoint: \(error.explanation)")
        }
        store.close()
    }

    /// Gives new connections another certificate.
    package func renew(_ security: ServerSecurity) {
        state.withLock { $0.server }?.renew(security)
    }

    /// Closes the connections whose certificate or token is over or was taken back.
    package func recheckPeers() {
        state.withLock { $0.server }?.recheck()
    }

    /// Reads that may wait: each holds a request of a connection.
    private static let readsWaitingMax = 4_096
    /// Specs that are kept in memory on their way to workers.
    private static let shelfBytesMax = 64 << 20

    private func restore(
        now: Moment
    ) throws(DaemonError) -> (Scheduler, StoreSnapshot, StoreIdentity) {
        do throws(StoreError) {
            let identity = try store.identity()
            let snapshot = try store.load()
            let jobs = snapshot.jobs.map { job in
                Scheduler.RestoredJob(stored: job, content: content(of: job))
            }
            var random = SystemRandomNumberGenerator()
            let scheduler = Scheduler(
                restoring: jobs,
                workers: snapshot.workers,
                queues: snapshot.queues,
                marks: snapshot.marks,
                nextNumber: snapshot.nextNumber,
                policy: configuration.policy,
                random: RandomSource(seed: random.next(), random.next()),
                now: now
            )
            return (scheduler, snapshot, identity)
        } catch {
            throw .store(error)
        }
    }

    /// What a stored job asks for.
    ///
    /// One that this version's engines no longer take waits for a worker that says otherwise, and
    /// is rejected after the grace.
    private func content(of job: StoredJob) -> Submission.Content {
        guard let spec = try? JobSpec.decode(spec: job.insert.spec) else {
            return Submission.Content(
                spec: JobSpec(input: "", output: "#\(job.row.number.rawValue)"),
                requirement: JobRequirement(candidates: [])
            )
        }
        let requirement =
            (try? engines.requirement(of: spec))
            ?? JobRequirement(
                candidates: spec.engine == JobSpec.engineAuto
                    ? [] : [EngineCandidate(engine: spec.engine, encoders: spec.encoders)],
                needs: spec.needs,
                require: spec.require,
                prefer: spec.prefer
            )
        return SpecContents.content(of: spec, requirement)
    }

    private func serverConfiguration(_ identity: StoreIdentity) -> RPCServerConfiguration {
        var server = RPCServerConfiguration(
            cluster: identity.cluster,
            epoch: identity.epoch,
            agent: "reelwork/\(configuration.version)",
            methods: RequestRouter.methodsServed
        )
        if let wanted = configuration.connectionsMax {
            server.connectionsMax = min(wanted, server.connectionsMax)
        }
        server.acceptsPerSecondMax = configuration.acceptsPerSecondMax
        server.security = configuration.security
        return server
    }

    private func listen(_ server: RPCServer) async throws(DaemonError) -> [RPCEndpoint] {
        do throws(RPCError) {
            var listening: [RPCEndpoint] = []
            for endpoint in configuration.listen {
                listening.append(try await server.listen(on: endpoint, family: .rpc))
            }
            try await server.listen(on: configuration.admin, family: .admin)
            return listening
        } catch {
            throw .socket(error)
        }
    }
}
