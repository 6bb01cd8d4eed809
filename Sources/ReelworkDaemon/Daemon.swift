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
    private let parts: Mutex<Parts?>
    /// Ends the process: the store failed in a way that only a new start can judge.
    private let exit: @Sendable (StoreError) -> Void

    private struct Parts: Sendable {
        var server: RPCServer
        var loop: SchedulerLoop
        var pipeline: CommitPipeline
        var reader: StoreReader
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

    /// Makes a scheduler; nothing is opened yet but the store.
    package init(
        configuration: DaemonConfiguration,
        store: any JobStore,
        engines: EngineRegistry,
        logger: Logger,
        exit: @escaping @Sendable (StoreError) -> Void
    ) {
        self.configuration = configuration
        self.store = store
        self.engines = engines
        self.logger = logger
        self.exit = exit
        parts = Mutex(nil)
    }

    /// Recovers what the store has, then listens.
    package func start() async throws(DaemonError) -> Ready {
        let start = SystemClock.now()
        let (scheduler, snapshot, identity) = try restore(now: start)
        let router: RequestRouter
        let pipeline: CommitPipeline
        let loop: SchedulerLoop
        let server: RPCServer
        let loops = LoopBoard(configuration.loops, now: start.boot)
        let inbox = try Inbox()
        let statistics = DaemonStatistics(startedAt: start.wall)
        let reader = StoreReader(
            store: store,
            pool: try ReadPool(threads: 2, tasksMax: Daemon.readsWaitingMax)
        )
        router = RequestRouter(
            inbox: inbox,
            reads: reader,
            engines: engines,
            hub: WatchHub(),
            board: ProgressBoard(),
            loops: loops,
            statistics: statistics
        )
        server = RPCServer(
            configuration: serverConfiguration(identity),
            delegate: router,
            logger: logger
        )
        router.attach(server)
        let readOnlyTarget = Mutex<SchedulerLoop?>(nil)
        let outward = dispatcher(server, router, inbox)
        pipeline = try CommitPipeline(
            store: store,
            handlers: handlers(
                outward,
                router,
                inbox,
                statistics,
                readOnly: { isReadOnly in
                    readOnlyTarget.withLock { $0 }?.setReadOnly(isReadOnly)
                }
            )
        )
        loop = SchedulerLoop(
            inbox: inbox,
            pipeline: pipeline,
            store: store,
            loops: loops,
            releaseNow: { outward.send($0) },
            exit: exit
        )
        readOnlyTarget.withLock { $0 = loop }
        try pipeline.start()
        try loop.start(scheduler)
        parts.withLock {
            $0 = Parts(server: server, loop: loop, pipeline: pipeline, reader: reader)
        }
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
            special: { tag, answer in
                Daemon.answerSpecial(tag, answer, router: router, inbox: inbox)
            },
            exit: exit
        )
    }

    /// What follows a commit, or a store that cannot commit.
    private func handlers(
        _ dispatcher: Dispatcher,
        _ router: RequestRouter,
        _ inbox: Inbox,
        _ statistics: DaemonStatistics,
        readOnly: @escaping @Sendable (Bool) -> Void
    ) -> CommitPipeline.Handlers {
        CommitPipeline.Handlers(
            release: { number, effects in
                dispatcher.release(effects)
                inbox.post(.input(.committed(number)))
            },
            releaseNow: { dispatcher.send($0) },
            changed: { inbox.ring() },
            readOnly: { [logger] error in
                router.setReadOnly(error)
                readOnly(error != nil)
                if let error {
                    logger.error("[Store] read-only: \(error.explanation)")
                } else {
                    logger.info("[Store] writing again")
                }
            },
            exit: exit,
            measured: { took, batch in
                statistics.committed(took, moves: batch.moves.count)
            }
        )
    }

    /// Says goodbye, commits what is under way, makes a last checkpoint and closes.
    package func stop() async {
        let taken = parts.withLock { parts in
            defer { parts = nil }
            return parts
        }
        guard let taken else { return }
        await taken.server.drain(configuration.drainMax)
        await taken.server.close()
        taken.loop.stop()
        taken.pipeline.stop()
        taken.reader.close()
        store.close()
    }

    /// Gives new connections another certificate.
    package func renew(_ security: ServerSecurity) {
        parts.withLock { $0?.server }?.renew(security)
    }

    /// Closes the connections whose certificate or token is over or was taken back.
    package func recheckPeers() {
        parts.withLock { $0?.server }?.recheck()
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
        return Submission.Content(spec: spec, requirement: requirement)
    }

    private func serverConfiguration(_ identity: StoreIdentity) -> RPCServerConfiguration {
        var server = RPCServerConfiguration(
            cluster: identity.cluster,
            epoch: identity.epoch,
            agent: "reelwork/\(configuration.version)"
        )
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
            await stop()
            throw .socket(error)
        }
    }

    private static func answerSpecial(
        _ tag: RequestTag,
        _ answer: SchedulerAnswer,
        router: RequestRouter,
        inbox: Inbox
    ) {
        switch answer {
        case .located(let session, let attempt):
            router.reads.located(tag, session, attempt, router: router)
        case .metrics(let metrics):
            var samples = MetricSamples()
            samples.add(metrics)
            samples.add(router.loops.all)
            let commits = router.statistics.commits
            samples.add("commits_total", Double(commits.count))
            samples.add("commit_moves_total", Double(commits.moves))
            samples.add("commit_duration_seconds", router.statistics.commitTime)
            samples.add("connections", Double(router.peerCount))
            samples.add("inbox_letters", Double(inbox.count))
            for (method, count) in router.statistics.requests {
                samples.add(
                    "requests_total",
                    Double(count),
                    [Label(name: "method", value: method.name.lowercased())]
                )
            }
            router.deliver([
                .response(
                    Metrics.self,
                    Metrics.Response(at: SystemClock.wall(), samples: samples.samples),
                    to: RPCConnectionID(rawValue: tag.connection),
                    request: tag.request
                )
            ])
        case .submitted, .results, .recovered, .registered, .heartbeat, .workers, .refused: break
        }
    }
}
