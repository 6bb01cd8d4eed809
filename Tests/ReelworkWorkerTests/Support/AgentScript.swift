// SPDX-License-Identifier: Apache-2.0
// Reelwork: an agent's machine and a scheduler that keeps count

import ReelworkCore
import Testing

@testable import ReelworkWorker

/// An agent's machine with a scheduler of the tests on the other side, which keeps the open set by
/// what it has sent and received, and checks the rules of a session at every step.
struct AgentScript {
    var machine: AgentMachine
    var now = Moment(
        boot: BootInstant(nanoseconds: 1_000_000_000),
        wall: Timestamp(milliseconds: 5)
    )
    /// The open set as the scheduler counts it: what counts only once it was seen has an index.
    var open: [AttemptKey: (number: JobNumber, attempt: AttemptNumber, index: UInt64)] = [:]
    var limit: UInt64 = 0
    var assigned: UInt64 = 0
    var seen: UInt64 = 0
    var spooled: Set<AttemptKey> = []
    var isDraining = false
    var reportsInFlight = 0
    /// What the last step made the machine do.
    var last: [AgentMachine.Action] = []
    var keys: [JobNumber: AttemptKey] = [:]

    init(slots: UInt64 = 2) {
        machine = AgentMachine(slots: slots, incarnation: 42)
    }

    static func id(_ number: UInt64) -> JobID { JobID(high: 7 << 12, low: number) }

    static func assignment(
        _ number: UInt64,
        attempt: UInt32 = 1,
        isKilledOnLeaseLoss: Bool = false
    ) -> Assignment {
        Assignment(
            id: id(number),
            number: JobNumber(number),
            attempt: AttemptNumber(attempt),
            engine: "ffmpeg",
            spec: [],
            isKilledOnLeaseLoss: isKilledOnLeaseLoss
        )
    }

    static func key(_ number: UInt64, _ attempt: UInt32 = 1) -> AttemptKey {
        AttemptKey(id: id(number), origin: AttemptNumber(attempt))
    }

    static let film = ReportItem.Film(
        output: "/o",
        size: 1,
        mediaDuration: .seconds(1),
        checksum: 2
    )

    /// Gives the machine an event and checks what comes out.
    mutating func step(_ event: AgentMachine.Event) {
        last = machine.handle(event, now: now)
        for action in last { check(action) }
    }

    private mutating func check(_ action: AgentMachine.Action) {
        switch action {
        case .credit(let limit, _), .report(let limit, _):
            #expect(limit >= self.limit, "the credit fell")
            self.limit = limit
            if case .report(_, let items) = action { received(items) }
        case .heartbeat(let seen, let count, let digest):
            self.seen = max(self.seen, seen)
            var expected = OpenSetDigest()
            let counted = open.values.filter { $0.index <= seen }
            for entry in counted { expected.toggle(entry.number, entry.attempt) }
            #expect(digest == expected, "the digests differ")
            #expect(count == UInt64(counted.count))
        case .spool(let key, _): spooled.insert(key)
        case .unspool(let key): spooled.remove(key)
        case .register, .inventory, .start, .stop, .grant, .reconnect, .drained: break
        }
    }

    private mutating func received(_ items: [ReportItem]) {
        #expect(reportsInFlight == 0, "two reports are on their way")
        reportsInFlight += 1
        for item in items where item.kind.isTerminal {
            guard let key = open.first(where: { $0.value.number == item.number })?.key else {
                continue
            }
            if item.kind != .released {
                #expect(spooled.contains(key), "sent before it was spooled")
            }
            open[key] = nil
        }
    }

    // MARK: - The scheduler's side

    /// Connects and answers REGISTER, by default with keep for everything.
    mutating func register(_ verdict: (HeldAttempt) -> Verdict = { _ in Verdict(.known(.keep)) }) {
        step(.connected)
        guard case .register(let held) = last.first else {
            Issue.record("no REGISTER: \(last)")
            return
        }
        (open, limit, assigned, seen, reportsInFlight) = ([:], 0, 0, 0, 0)
        let verdicts = held.map(verdict)
        for (item, verdict) in zip(held, verdicts) {
            guard let key = keys.values.first(where: { $0.id == item.id }) else { continue }
            let number = JobNumber(item.id.low)
            switch verdict.kind {
            case .known(.keep): open[key] = (number, item.attempt, 0)
            case .known(.adopt): open[key] = (number, verdict.attempt ?? item.attempt, 0)
            case .known(.kill), .known(.done), .unknown: break
            }
        }
        step(
            .registered(
                heartbeat: .seconds(5),
                lease: .seconds(15),
                verdicts: verdicts,
                sentAt: now.boot
            )
        )
    }

    mutating func assign(_ assignment: Assignment) {
        #expect(assigned < limit, "assigned beyond the credit")
        assigned += 1
        let key = AttemptKey(id: assignment.id, origin: assignment.attempt)
        keys[assignment.number] = key
        open[key] = (assignment.number, assignment.attempt, assigned)
        step(.assigned(firstIndex: assigned, [assignment]))
    }

    mutating func answer(_ codes: [ResultCode] = [.ok]) {
        reportsInFlight -= 1
        step(.reported(codes.map { ItemResult($0) }, sentAt: now.boot))
    }

    mutating func disconnect() {
        reportsInFlight = 0
        step(.disconnected)
    }

    mutating func say(_ key: AttemptKey, _ content: ReportItem.Content) {
        step(.attempt(key, content, encodeTime: .seconds(1), logTail: [1]))
    }

    mutating func pass(_ duration: Duration) {
        now = now.advanced(by: duration)
        step(.tick)
    }

    /// The kinds of what the last step reported.
    var reported: [ReportItem.Kind] { items.map(\.kind) }

    var items: [ReportItem] {
        last.flatMap { action -> [ReportItem] in
            if case .report(_, let items) = action { items } else { [] }
        }
    }

    var stops: [AttemptStop] {
        last.compactMap { if case .stop(_, let reason) = $0 { reason } else { nil } }
    }

    var hasBeaten: Bool { last.contains { if case .heartbeat = $0 { true } else { false } } }
    var hasReconnected: Bool { last.contains { if case .reconnect = $0 { true } else { false } } }
    var hasStarted: Bool { last.contains { if case .start = $0 { true } else { false } } }
    var hasGranted: Bool { last.contains { if case .grant = $0 { true } else { false } } }
    var hasDrained: Bool { last.contains { if case .drained = $0 { true } else { false } } }

    /// Leads a job to the point where its encoder runs and the scheduler knows.
    mutating func run(_ number: UInt64, isKilledOnLeaseLoss: Bool = false) {
        assign(Self.assignment(number, isKilledOnLeaseLoss: isKilledOnLeaseLoss))
        say(Self.key(number), .started(ReportItem.Start(pid: 9)))
        answer()
    }
}
