// SPDX-License-Identifier: Apache-2.0
// Reelwork: which endpoint is tried when, cell by cell.

import ReelworkCore
import Testing

@testable import ReelworkClient

// Goal: every event has its meaning in every state, and waits are full jitter.
// Method: a table over state × event with two endpoints and no random part, then rounds in a row.
struct ReconnectMachineTests {
    typealias Machine = ReconnectMachine

    /// A state that a machine is brought to.
    enum Stand: CaseIterable, Hashable, Sendable {
        case idle, early, waiting, connecting, connected, proven, closed
    }

    /// A cell: what an event does in a state.
    struct Cell: Hashable, Sendable, CustomStringConvertible {
        var stand: Stand
        var event: Machine.Event
        var actions: [Machine.Action]
        var state: Machine.State

        var description: String { "\(stand) × \(event)" }
    }

    private static let start = ContinuousClock.now
    /// When ``Stand/early`` and ``Stand/waiting`` may go on.
    private static let later = start.advanced(by: .seconds(3))

    private static func machine(_ stand: Stand) -> Machine {
        var machine = Machine(endpointCount: 2, now: start)
        func feed(_ events: Machine.Event...) {
            for event in events { _ = machine.handle(event, now: start, chance: 0) }
        }
        let busy = Machine.Event.failed(isFinal: false, retryAfter: .seconds(3))
        switch stand {
        case .idle: break
        case .early: feed(.wanted, .unwanted, busy, busy)
        case .waiting: feed(.wanted, busy, busy)
        case .connecting: feed(.wanted)
        case .connected: feed(.wanted, .opened)
        case .proven: feed(.wanted, .opened, .proven)
        case .closed: feed(.close)
        }
        return machine
    }

    private static let failed = Machine.Event.failed(isFinal: false, retryAfter: .zero)
    private static let leaving = Machine.Event.leaving(retryAfter: .seconds(1))
    private static let events: [Machine.Event] = [
        .wanted, .unwanted, .due, .opened, failed, .proven, .lost, leaving, .close,
    ]

    /// What changes something; in all other cells nothing happens.
    private static let cells: [Cell] = [
        Cell(.idle, .wanted, [.connect(endpoint: 0)], .connecting(Machine.Round(endpoint: 0))),
        Cell(.idle, .opened, [.drop], .idle(notBefore: start)),
        Cell(.idle, .close, [.tellClosed], .closed),
        Cell(
            .early,
            .wanted,
            [.wait(until: later), .tellImpatient(until: later)],
            .waiting(until: later)
        ),
        Cell(.early, .opened, [.drop], .idle(notBefore: later)),
        Cell(.early, .close, [.tellClosed], .closed),
        Cell(.waiting, .wanted, [.tellImpatient(until: later)], .waiting(until: later)),
        Cell(.waiting, .unwanted, [.stopWaiting], .idle(notBefore: later)),
        // A timer that rings too early is set again.
        Cell(.waiting, .due, [.wait(until: later)], .waiting(until: later)),
        Cell(.waiting, .opened, [.drop], .waiting(until: later)),
        Cell(.waiting, .close, [.stopWaiting, .tellClosed], .closed),
        Cell(
            .connecting,
            .unwanted,
            [],
            .connecting(Machine.Round(endpoint: 0, isWanted: false))
        ),
        Cell(
            .connecting,
            .opened,
            [.giveConnection],
            .connected(endpoint: 0, isProven: false)
        ),
        Cell(
            .connecting,
            failed,
            [.connect(endpoint: 1)],
            .connecting(Machine.Round(endpoint: 1, failed: 1, isFinal: false, retryAfter: .zero))
        ),
        Cell(.connecting, .close, [.tellClosed], .closed),
        Cell(
            .connected,
            .wanted,
            [.giveConnection],
            .connected(endpoint: 0, isProven: false)
        ),
        Cell(.connected, .opened, [.drop], .connected(endpoint: 0, isProven: false)),
        Cell(.connected, .proven, [], .connected(endpoint: 0, isProven: true)),
        Cell(.connected, .lost, [.forget], .idle(notBefore: start)),
        Cell(.connected, leaving, [.forget], .idle(notBefore: start)),
        Cell(.connected, .close, [.hangUp, .tellClosed], .closed),
        Cell(.proven, .wanted, [.giveConnection], .connected(endpoint: 0, isProven: true)),
        Cell(.proven, .opened, [.drop], .connected(endpoint: 0, isProven: true)),
        Cell(.proven, .lost, [.forget], .idle(notBefore: start)),
        Cell(.proven, leaving, [.forget], .idle(notBefore: start)),
        Cell(.proven, .close, [.hangUp, .tellClosed], .closed),
        Cell(.closed, .wanted, [.tellClosed], .closed),
        Cell(.closed, .opened, [.drop], .closed),
    ]

    @Test(arguments: Stand.allCases, events)
    func everyCellDoesWhatTheTableSays(stand: Stand, event: Machine.Event) {
        var machine = Self.machine(stand)
        let before = machine.state
        let cell = Self.cells.first { $0.stand == stand && $0.event == event }
        let actions = machine.handle(event, now: Self.start, chance: 0)
        #expect(actions == cell?.actions ?? [])
        #expect(machine.state == cell?.state ?? before)
    }

    @Test func aTimerThatRingsInTimeBeginsARound() {
        var machine = Self.machine(.waiting)
        #expect(machine.handle(.due, now: Self.later, chance: 0) == [.connect(endpoint: 0)])
    }

    @Test func theEndpointThatWasGoodIsTriedFirst() {
        var machine = Machine(endpointCount: 3, now: Self.start)
        _ = machine.handle(.wanted, now: Self.start, chance: 0)
        _ = machine.handle(Self.failed, now: Self.start, chance: 0)
        _ = machine.handle(.opened, now: Self.start, chance: 0)
        _ = machine.handle(.lost, now: Self.start, chance: 0)
        let actions = machine.handle(.wanted, now: Self.start, chance: 0)
        #expect(actions == [.connect(endpoint: 1)])
    }

    @Test(arguments: [(1, 0), (3, 1)])
    func oneThatLeavesIsTriedLast(count: Int, next: Int) {
        var machine = Machine(endpointCount: count, now: Self.start)
        _ = machine.handle(.wanted, now: Self.start, chance: 0)
        _ = machine.handle(.opened, now: Self.start, chance: 0)
        _ = machine.handle(Self.leaving, now: Self.start, chance: 0)
        // Alone, it is waited for as it asked.
        let then = Self.start.advanced(by: count == 1 ? .seconds(1) : .zero)
        #expect(machine.state == .idle(notBefore: then))
        #expect(
            machine.handle(.wanted, now: then, chance: 0) == [.connect(endpoint: next)]
        )
    }

    @Test func whereAllSendTheClientAwayForGoodItIsTold() {
        var machine = Machine(endpointCount: 2, now: Self.start)
        let final = Machine.Event.failed(isFinal: true, retryAfter: .zero)
        _ = machine.handle(.wanted, now: Self.start, chance: 0)
        _ = machine.handle(final, now: Self.start, chance: 0)
        #expect(machine.handle(final, now: Self.start, chance: 0) == [.tellFailed])
        // Where one may come back, it is waited for.
        _ = machine.handle(.wanted, now: Self.later, chance: 0)
        _ = machine.handle(final, now: Self.later, chance: 0)
        let actions = machine.handle(Self.failed, now: Self.later, chance: 0)
        #expect(actions.first == .wait(until: Self.later))
    }

    @Test func waitsAreRandomAndDoubleUpToALimitUntilAnAnswerComes() {
        var machine = Machine(endpointCount: 1, now: Self.start)
        var now = Self.start
        var limits: [Duration] = []
        for _ in 0..<8 {
            _ = machine.handle(.wanted, now: now, chance: 0)
            let most = Limits.reconnectMin * (1 << limits.count)
            let chance = UInt64(min(most, Limits.reconnectMax).wholeNanoseconds)
            _ = machine.handle(Self.failed, now: now, chance: chance)
            guard case .waiting(let until) = machine.state else {
                Issue.record("it does not wait: \(machine.state)")
                return
            }
            limits.append(now.duration(to: until))
            now = until
            _ = machine.handle(.due, now: now, chance: 0)
        }
        #expect(
            limits.map(\.wholeMilliseconds) == [100, 200, 400, 800, 1_600, 3_200, 5_000, 5_000]
        )
        // One that opens and gives no answer counts as a failure.
        _ = machine.handle(.opened, now: now, chance: 0)
        _ = machine.handle(.lost, now: now, chance: 3_000_000_000)
        #expect(machine.state == .idle(notBefore: now.advanced(by: .seconds(3))))
        now = now.advanced(by: .seconds(3))
        _ = machine.handle(.wanted, now: now, chance: 0)
        _ = machine.handle(.opened, now: now, chance: 0)
        _ = machine.handle(.proven, now: now, chance: 0)
        _ = machine.handle(.lost, now: now, chance: 3_000_000_000)
        guard case .idle(let until) = machine.state else {
            Issue.record("it is not idle")
            return
        }
        #expect(now.duration(to: until) <= Limits.reconnectMin)
    }
}

extension ReconnectMachineTests.Cell {
    fileprivate init(
        _ stand: ReconnectMachineTests.Stand,
        _ event: ReconnectMachine.Event,
        _ actions: [ReconnectMachine.Action],
        _ state: ReconnectMachine.State
    ) {
        self.init(stand: stand, event: event, actions: actions, state: state)
    }
}
