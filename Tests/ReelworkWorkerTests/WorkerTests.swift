// SPDX-License-Identifier: Apache-2.0
// Reelwork: tests of a whole worker

import FFmpegEngine
import Foundation
import Logging
import ReelworkCore
import ReelworkEngineKit
import ReelworkWire
import Synchronization
import Testing

@testable import ReelworkWorker

/// A whole worker.
///
/// Goal: it registers what it has proved, carries jobs out, survives a lost scheduler, and drains.
/// Method: the real worker with the fake engine and a scheduler of the tests.
@Suite(.timeLimit(.minutes(1)))
struct WorkerTests {
    let folder: TestFolder
    let quiet = Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() })

    init() throws {
        folder = try TestFolder()
    }

    func worker(
        _ scheduler: TestScheduler,
        slots: UInt64 = 2,
        capacity: [ResourceAmount] = []
    ) throws -> Worker {
        var engines = EngineRegistry()
        try engines.register(FFmpegEngine())
        return Worker(
            WorkerConfiguration(
                endpoints: ["unix:/nowhere"],
                name: "w1",
                slots: slots,
                scratch: folder.path + "/scratch",
                capacity: capacity,
                drainTimeout: .seconds(20),
                version: "0.1",
                helper: TestPrograms.path("reelwork-exec"),
                environment: ["PATH": try TestPrograms.fakeEnginePath(in: folder)]
            ),
            engines: engines,
            transport: scheduler,
            logger: quiet
        )
    }

    func job(_ number: UInt64, _ words: String) throws -> Assignment {
        let input = try folder.write("in\(number).mp4", "fake \(words)")
        let spec = JobSpec(
            engine: "ffmpeg",
            input: input,
            output: folder.path + "/out\(number).mp4"
        )
        return Assignment(
            id: JobID(high: 7 << 12, low: number),
            number: JobNumber(number),
            attempt: AttemptNumber(1),
            engine: "ffmpeg",
            spec: spec.encoded
        )
    }

    @Test func carriesJobsOutAndDrains() async throws {
        let jobs = try (1...6 as ClosedRange<UInt64>).map { try job($0, "FRAMES=50") }
        let scheduler = TestScheduler(jobs, failures: 1)
        let worker = try worker(scheduler)
        let life = Task { try await worker.run() }
        var finished: Set<JobNumber> = []
        for await item in scheduler.news {
            switch item {
            case .registered(let registration, let held):
                #expect(held.isEmpty && registration.slots == 2)
                #expect(registration.capacity.map(\.name).contains("scratch_mib"))
                #expect(registration.engines.map(\.name) == ["ffmpeg"])
            case .reported(let item):
                if item.kind == .finished { finished.insert(item.number) }
                if finished.count == jobs.count { worker.drain() }
            case .progressed, .inventory, .log: break
            case .left: scheduler.inbox.finish()
            }
        }
        try await life.value
        #expect(finished.count == 6)
        for job in jobs { #expect(folder.exists("out\(job.number.rawValue).mp4")) }
        #expect(!folder.names.contains { $0.hasSuffix(".part") })
    }

    @Test func keepsItsEncodeOverALostScheduler() async throws {
        // Goal: a broken connection ends no attempt; log, inventory and progress are answered.
        let scheduler = TestScheduler([try job(1, "FRAMES=50 STALL=1")])
        let worker = try worker(scheduler)
        let life = Task { try await worker.run() }
        var (registrations, logs, held): (Int, Int, [HeldAttempt]) = (0, 0, [])
        var notes: [JobProgress] = []
        for await item in scheduler.news {
            switch item {
            case .registered(_, let list):
                registrations += 1
                held = list
            case .reported(let item):
                guard item.kind == .started else { break }
                if registrations == 1 {
                    scheduler.drop()
                } else {
                    let (number, attempt) = (item.number, item.attempt)
                    scheduler.send(
                        .logAsked(request: 2, number: number, attempt: attempt, offset: 0)
                    )
                    scheduler.send(
                        .logAsked(request: 4, number: JobNumber(9), attempt: attempt, offset: 0)
                    )
                    scheduler.send(.inventoryAsked(request: 6))
                }
            case .log(let piece):
                logs += 1
                #expect((piece != nil) == (logs == 1))
            case .inventory(let list): #expect(list.count == 1)
            case .progressed(let list):
                notes = list
                // A second call hands back at once.
                worker.drain()
                worker.drain()
            case .left: if !notes.isEmpty, logs == 2 { scheduler.inbox.finish() }
            }
        }
        try await life.value
        #expect(registrations == 2)
        #expect(held.map(\.phase) == [.known(.running)])
        #expect(notes.map(\.number) == [JobNumber(1)])
        #expect(!folder.exists("out1.mp4") && !folder.names.contains { $0.hasSuffix(".part") })
    }

    @Test func isAloneInItsFolder() async throws {
        let scheduler = TestScheduler()
        let first = try worker(scheduler)
        let life = Task { try await first.run() }
        for await item in scheduler.news {
            if case .registered = item { break }
        }
        let second = try worker(TestScheduler())
        let error = await #expect(throws: WorkerError.self) { try await second.run() }
        #expect(error?.code == .alreadyRunning)
        #expect(error?.message.contains("process \(getpid())") == true)
        first.drain()
        try await life.value
    }

    // What was measured, and in its place what a person said; that alone is declared.
    @Test func registersWhatItHas() async throws {
        let declared = [
            ResourceAmount(name: "memory_mib", amount: 77),
            ResourceAmount(name: "gpu_session:0", amount: 3),
        ]
        let scheduler = TestScheduler()
        let worker = try worker(scheduler, slots: 3, capacity: declared)
        let life = Task { try await worker.run() }
        var registration: WorkerRegistration?
        for await item in scheduler.news {
            switch item {
            case .registered(let said, _):
                registration = said
                worker.drain()
            case .left: scheduler.inbox.finish()
            case .reported, .progressed, .inventory, .log: break
            }
        }
        try await life.value
        let said = try #require(registration)
        #expect(said.declared == ["memory_mib", "gpu_session:0"])
        let amounts = Dictionary(uniqueKeysWithValues: said.capacity.map { ($0.name, $0.amount) })
        #expect(
            Set(amounts.keys) == ["slot", "cpu", "memory_mib", "scratch_mib", "gpu_session:0"]
        )
        #expect(amounts["slot"] == 3 && amounts["memory_mib"] == 77)
        #expect(amounts["gpu_session:0"] == 3)
        #expect(amounts["cpu"] == HostFacts.processorsAllowed)
        #expect((amounts["scratch_mib"] ?? 0) > 0)
    }

    // What a scheduler would refuse for ever is refused at the start, by its place and with the
    // limit, and is not shown: it may be a megabyte.
    @Test func refusesListsThatNoSchedulerTakes() throws {
        func refusal(_ change: (inout WorkerConfiguration) -> Void) -> String? {
            var configuration = WorkerConfiguration(
                endpoints: ["unix:/x"],
                name: "w",
                scratch: "/tmp/x"
            )
            change(&configuration)
            do throws(WorkerError) {
                try configuration.check()
                return nil
            } catch {
                #expect(error.code == .invalid && error.message.utf8.count < 200)
                return error.message
            }
        }
        func amounts(_ names: [String]) -> [ResourceAmount] {
            names.map { ResourceAmount(name: $0, amount: 1) }
        }
        let long = String(repeating: "x", count: 1 << 20)
        let zone = Label(name: "zone", value: "a")
        #expect(
            refusal { $0.labels = [zone, Label(name: "l", value: long)] }
                == "label 2 has 1048577 bytes: a label has a name, and at most 256 bytes with its "
                + "value"
        )
        #expect(refusal { $0.labels = [zone, zone] }?.contains("\"zone\" is given twice") == true)
        let many = (0..<10_000).map { Label(name: "\($0)", value: "") }
        #expect(refusal { $0.labels = many }?.contains("at most 4096 labels, not 10000") == true)
        let wide = (0..<200).map { Label(name: "\($0)", value: String(long.prefix(200))) }
        #expect(refusal { $0.labels = wide }?.contains("32768") == true)
        #expect(refusal { $0.labels = Array(many.prefix(4_096)) } == nil)
        #expect(refusal { $0.capacity = amounts([long]) }?.contains("not 1048576") == true)
        #expect(refusal { $0.capacity = amounts([""]) }?.contains("not 0") == true)
        #expect(refusal { $0.capacity = amounts(["slot"]) }?.contains("--slots") == true)
        #expect(refusal { $0.capacity = amounts(["a", "a"]) }?.contains("twice") == true)
        let names = (0..<10_000).map { "r\($0)" }
        #expect(refusal { $0.capacity = amounts(names) }?.contains("256 resources") == true)
        #expect(refusal { $0.capacity = amounts(["cpu", "gpu_session:0", "licence"]) } == nil)
    }

    @Test func refusesWhatMakesNoSense() async throws {
        var configuration = WorkerConfiguration(endpoints: [], name: "w", scratch: "/tmp/x")
        let check = { (configuration: WorkerConfiguration) throws in try configuration.check() }
        #expect(throws: WorkerError.self) { try check(configuration) }
        configuration.endpoints = ["unix:/x"]
        #expect(throws: Never.self) { try check(configuration) }
        configuration.slots = 0
        #expect(throws: WorkerError.self) { try check(configuration) }
        configuration.slots = 1
        configuration.scratch = "here"
        #expect(throws: WorkerError.self) { try check(configuration) }
        configuration.scratch = "/tmp/x"
        configuration.name = ""
        #expect(throws: WorkerError.self) { try check(configuration) }
    }

    @Test func tellsWhichEnginesWork() async throws {
        // Goal: the probe proves encoders by running them, and says what is missing.
        let helper = try #require(TestPrograms.path("reelwork-exec"))
        var engines = EngineRegistry()
        try engines.register(FFmpegEngine())
        let missing = EngineProbe(
            commands: CommandRunner(
                helper: helper,
                environment: CommandEnvironment(overrides: ["PATH": "/nonexistent"])
            ),
            folder: folder.path + "/probe"
        )
        let none = try await missing.run(engines)
        #expect(none.count == 1 && none.first?.problem != nil && none.first?.encoders == [])
        let real = EngineProbe(
            commands: CommandRunner(helper: helper),
            folder: folder.path + "/probe"
        )
        let found = try await real.run(engines)
        #expect(found.first?.problem == nil)
        #expect(found.first?.encoders.contains("libx264") == true)
        #expect(!folder.exists("probe"))
    }

    @Test func leavesALineThatAnswersNoHeartbeat() async throws {
        // Goal: a connection that is dead though nobody has closed it is left, its encode goes on,
        // and the next connection is told of it.
        let scheduler = TestScheduler([try job(1, "FRAMES=50 STALL=1")])
        scheduler.state.withLock { state in
            state.heartbeat = .milliseconds(100)
            state.deadLines = 1
        }
        let worker = try worker(scheduler)
        let life = Task { try await worker.run() }
        var registrations: [[HeldAttempt]] = []
        var hasLeft = false
        for await item in scheduler.news {
            switch item {
            case .registered(_, let held):
                registrations.append(held)
                guard registrations.count == 2 else { break }
                worker.drain()
                worker.drain()
            case .left:
                hasLeft = true
                if registrations.count == 2 { scheduler.inbox.finish() }
            case .reported, .progressed, .inventory, .log: break
            }
        }
        // Where it never left the line, the time limit has ended the wait: the worker ends too.
        worker.drain()
        worker.drain()
        try await life.value
        #expect(hasLeft)
        #expect(registrations.map { $0.map(\.phase) } == [[], [.known(.running)]])
    }
}
