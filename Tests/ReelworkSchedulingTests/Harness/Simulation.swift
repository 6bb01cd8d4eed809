// SPDX-License-Identifier: Apache-2.0
// Reelwork: submitters and fake workers that do at random what real ones might.

import ReelworkCore
import ReelworkScheduling

/// A seeded history of one scheduler.
struct Simulation {
    /// A fake agent: what it believes it holds, and where in its inbox it is.
    struct Agent {
        var name: String
        var incarnation: UInt64
        var session: SessionID?
        var sessionLast: SessionID?
        var isPaused = false
        var read = 0
        var seen: UInt64 = 0
        var held: [(number: JobNumber, attempt: UInt32, phase: HeldAttempt.Phase)] = []
        var media = 0
        /// The devices of what it holds, by job.
        var devices: [JobNumber: [ResourceAmount]] = [:]
        /// How much room for films it says there is.
        var scratchFree: UInt64 = 100
    }

    var world: World
    var agents: [Agent]
    private var random: Numbers
    private var isHealed = false

    /// Seeded random numbers.
    private struct Numbers {
        var source: RandomSource

        mutating func below(_ bound: Int) -> Int {
            Int(source.next().multipliedFullWidth(by: UInt64(bound)).high)
        }
    }

    init(seed: UInt64) {
        let policy = SchedulerPolicy(
            assignedMax: .seconds(40),
            stallWindow: .seconds(20),
            stallStartup: .seconds(10),
            capabilityGrace: .seconds(100)
        )
        world = World(policy: policy, seed: seed)
        random = Numbers(source: RandomSource(seed: seed, 77))
        agents = (0..<4).map { Agent(name: "w\($0)", incarnation: 1) }
    }

    // MARK: - Steps

    mutating func step() {
        let index = random.below(agents.count)
        switch random.below(20) {
        case 0, 1, 2: submit()
        case 3: cancelOne()
        case 4: recoverOne()
        case 5: lose(index)
        case 6: crash(index)
        case 7: agents[index].isPaused = random.below(2) == 0
        case 8: if random.below(8) == 0 { restart() }
        case 9: world.sweep(SchedulerSweep.allCases[random.below(3)])
        case 10, 11, 12: world.pass(.milliseconds(random.below(6_000)))
        default: act(index)
        }
    }

    /// No fault any more: workers reconnect, everything that can end has to end.
    mutating func heal() {
        isHealed = true
        for _ in 0..<600 where world.scheduler.liveCount > 0 {
            for index in agents.indices {
                agents[index].isPaused = false
                act(index)
            }
            world.pass(.seconds(3))
            world.sweep(.cleanup)
        }
    }

    private mutating func submit() {
        let kind = random.below(10)
        let retries = UInt64(random.below(4))
        let tenant = random.below(3)
        let delay = random.below(10)
        let wall = world.now.wall
        world.job { spec in
            spec.retries = retries
            spec.tenant = "t\(tenant)"
            if kind == 0 { spec.encoders = ["none"] }
            if kind == 1 { spec.timeout = .seconds(30) }
            if kind == 2 { spec.notBefore = wall.advanced(by: .seconds(delay)) }
            switch kind {
            case 3: spec.needs = World.amounts(["slot": 2])
            case 4: spec.needs = World.amounts(["gpu_session": 1])
            case 5: spec.needs = World.amounts(["gpu_session:1": 1, "memory_mib": 60])
            case 6: spec.needs = World.amounts(["scratch_mib": 60])
            default: break
            }
        }
    }

    private mutating func anyJob() -> JobNumber? {
        guard !world.model.jobs.isEmpty else { return nil }
        return JobNumber(UInt64(1 + random.below(world.model.jobs.count)))
    }

    private mutating func cancelOne() {
        guard random.below(3) == 0, let number = anyJob() else { return }
        _ = world.cancel(number)
    }

    private mutating func recoverOne() {
        guard random.below(3) == 0, let number = anyJob() else { return }
        let action = RecoveryOrder.Action.allCases[random.below(3)]
        let stored = world.model.jobs[number]?.row?.machine
        switch random.below(3) {
        case 0: _ = world.recover(.jobs([ResolvedJob(number: number, stored: stored)]), action)
        case 1: _ = world.recover(.worker("w0"), .requeue)
        default: _ = world.recover(.orphans, .recover)
        }
    }

    private mutating func lose(_ index: Int) {
        guard let session = agents[index].session else { return }
        if random.below(3) == 0 {
            // It forgets an attempt and does not know: the digests differ.
            _ = agents[index].held.popLast()
            return
        }
        world.close(session, isFarewell: random.below(4) == 0)
        agents[index].session = nil
    }

    private mutating func crash(_ index: Int) {
        guard random.below(2) == 0, let session = agents[index].sessionLast else { return }
        let isClosedFirst = random.below(2) == 0
        if isClosedFirst, agents[index].session != nil { world.close(session) }
        if random.below(3) > 0 { world.processGone(session) }
        agents[index].session = nil
        agents[index].sessionLast = nil
        agents[index].incarnation += 1
        agents[index].held = agents[index].held.filter { $0.phase == .published }
    }

    private mutating func restart() {
        world.restart()
        for index in agents.indices { agents[index].session = nil }
    }

    // MARK: - An agent's turn

    private mutating func act(_ index: Int) {
        guard !agents[index].isPaused else { return }
        guard let session = agents[index].session else {
            connect(index)
            return
        }
        read(index, session)
        guard agents[index].session != nil else { return }
        work(index, session)
        guard agents[index].session != nil else { return }
        let held = agents[index].held.map { ($0.number, $0.attempt) }
        let answer = world.heartbeat(session, seen: agents[index].seen, open: held)
        if case .refused? = answer {
            agents[index].session = nil
            return
        }
        if isHealed || random.below(4) == 0 {
            agents[index].scratchFree = isHealed ? 100 : UInt64(random.below(101))
            world.beat(
                session,
                seen: agents[index].seen,
                open: held,
                scratchFree: agents[index].scratchFree
            )
        }
        if isHealed || random.below(3) > 0 {
            world.credit(session, agents[index].seen + UInt64(random.below(4)))
        }
        read(index, session)
    }

    private mutating func connect(_ index: Int) {
        let session = world.newSession()
        let agent = agents[index]
        var registration = World.registration(
            agent.name,
            slots: 3,
            capacity: [
                "gpu_session:0": 1, "gpu_session:1": 1, "memory_mib": 100, "scratch_mib": 100,
            ],
            declared: ["scratch_mib"],
            scratchFree: agent.scratchFree
        )
        registration.incarnation = agent.incarnation
        let tag = world.tag()
        world.scheduler.handle(
            .register(tag, session, registration, held: resolved(agent)),
            now: world.now
        )
        world.settle()
        let answer = world.answers[tag.request]
        guard case .registered(_, _, _, let verdicts)? = answer else { return }
        agents[index].session = session
        agents[index].sessionLast = session
        agents[index].read = 0
        agents[index].seen = 0
        var held: [(number: JobNumber, attempt: UInt32, phase: HeldAttempt.Phase)] = []
        for (item, verdict) in zip(agent.held, verdicts) {
            switch verdict.kind.value {
            case .keep?: held.append(item)
            case .adopt?:
                let phase: HeldAttempt.Phase =
                    item.phase == .published ? .published : .assigned
                held.append((item.number, verdict.attempt?.rawValue ?? 0, phase))
            case .kill?, .done?, nil: break
            }
        }
        agents[index].held = held
    }

    /// What an agent says that it has, with the devices.
    private func resolved(_ agent: Agent) -> [ResolvedHeld] {
        agent.held.map { item in
            var resolved = world.resolved((item.number, item.attempt, item.phase))
            resolved.held.devices = agent.devices[item.number] ?? []
            return resolved
        }
    }

    /// Workers of which more is given away than there is.
    mutating func overfull() -> [String] {
        let connected = Set(agents.filter { $0.session != nil }.map(\.name))
        return world.views().filter { view in
            connected.contains(view.name)
                && zip(view.capacity, view.used).contains { $0.amount < $1.amount }
        }.map { "\($0.name): \($0.used)" }
    }

    private mutating func read(_ index: Int, _ session: SessionID) {
        let pushes = world.pushes[session] ?? []
        while agents[index].read < pushes.count {
            let push = pushes[agents[index].read]
            agents[index].read += 1
            switch push {
            case .assign(let assignment, let position):
                agents[index].seen = position
                agents[index].devices[assignment.number] = assignment.devices
                agents[index].held.append(
                    (assignment.number, assignment.attempt.rawValue, .assigned)
                )
            case .revoke(let revocation):
                drop(index, session, revocation.number, revocation.attempt.rawValue)
            case .inventory:
                let held = resolved(agents[index])
                world.scheduler.handle(
                    .inventory(session, assignedSeen: agents[index].seen, held),
                    now: world.now
                )
                world.settle()
            case .close:
                agents[index].session = nil
                return
            }
        }
    }

    private mutating func drop(
        _ index: Int,
        _ session: SessionID,
        _ number: JobNumber,
        _ attempt: UInt32
    ) {
        agents[index].held.removeAll { $0.number == number && $0.attempt == attempt }
        world.report(session, number, attempt, .released(.revoked, error: nil))
    }

    private mutating func work(_ index: Int, _ session: SessionID) {
        for item in agents[index].held where isHealed || random.below(3) > 0 {
            agents[index].media += 1
            let (number, attempt) = (item.number, item.attempt)
            var next: HeldAttempt.Phase? = item.phase
            var code: ResultCode? = .ok
            switch item.phase {
            case .assigned:
                code = world.start(session, number, attempt, limit: .seconds(30))
                next = .running
            case .running:
                (code, next) = run(session, number, attempt, media: agents[index].media)
            case .encoded:
                code = world.ready(session, number, attempt)
                next = .granted
            case .granted: next = .published
            case .published:
                code = publish(session, number, attempt)
                next = nil
            case .failed: next = nil
            }
            let place = agents[index].held.firstIndex {
                $0.number == number && $0.attempt == attempt
            }
            guard let place else { continue }
            if code == .sessionSuperseded {
                agents[index].session = nil
                return
            }
            if let next, code == .ok {
                agents[index].held[place].phase = next
            } else if next == nil {
                agents[index].held.remove(at: place)
            } else {
                drop(index, session, number, attempt)
            }
        }
    }

    private mutating func run(
        _ session: SessionID,
        _ number: JobNumber,
        _ attempt: UInt32,
        media: Int
    ) -> (ResultCode?, HeldAttempt.Phase?) {
        switch isHealed ? 9 : random.below(10) {
        case 0:
            let failure = FailureClass.allCases[random.below(FailureClass.allCases.count)]
            return (world.fail(session, number, attempt, failure), nil)
        case 1:
            return (world.report(session, number, attempt, .released(.draining, error: nil)), nil)
        case 2, 3: return (.ok, .running)
        case 4, 5:
            world.progress(session, number, attempt, media: .seconds(media))
            return (.ok, .running)
        default: return (.ok, .encoded)
        }
    }

    /// Reports a film that stands: under its own grant, or under an earlier one.
    private mutating func publish(
        _ session: SessionID,
        _ number: JobNumber,
        _ attempt: UInt32
    ) -> ResultCode? {
        let code = world.finish(session, number, attempt)
        guard code == .grantRequired,
            let earlier = world.model.jobs[number]?.grants.last?.attempt.rawValue
        else { return code }
        return world.finish(session, number, attempt, adopted: earlier)
    }
}
