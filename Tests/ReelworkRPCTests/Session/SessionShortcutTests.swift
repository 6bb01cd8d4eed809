// SPDX-License-Identifier: Apache-2.0
// Reelwork: the short way of common frames.

import ReelworkCore
import Testing

@testable import ReelworkRPC
@testable import ReelworkWire

// Goal: the short way of a request and of its answer comes to the same as the long one, or changes
// nothing. Method: machines of both sides in every state meet good and bad ids and methods; a copy
// that took the short way is compared with one that was told the event.
struct SessionShortcutTests {
    /// What the two ways may change.
    private struct Trace: Hashable {
        var incoming: OpenRequests
        var outgoing: OpenRequests
        var state: SessionState
        var pings: Int
        var control: ControlBudget

        init(_ machine: SessionMachine) {
            incoming = machine.incoming
            outgoing = machine.outgoing
            state = machine.state
            pings = machine.pings
            control = machine.control
        }
    }

    private static let fields: [UInt16] =
        [0, 0xFFFF, FrameHeader.field(.report, version: 9)]
        + ReelworkCore.Method.allCases.map { FrameHeader.field($0) }
    private static let ids: [UInt32] = [0, 1, 2, 3, 4, 5, .max - 1, .max]

    @Test(arguments: [SessionSide.server, .client], SessionState.allCases)
    func aRequestComesToTheSameBothWays(_ side: SessionSide, _ state: SessionState) {
        var accepted = 0
        for (id, field) in cases {
            var machine = SessionMachineTests.machine(side, state)
            machine.pings = 3
            var long = machine
            var actions: [SessionAction] = []
            long.handle(
                .request(id: id, methodField: field),
                now: SessionMachineTests.start,
                into: &actions
            )
            let before = Trace(machine)
            if machine.accept(id, field) {
                accepted += 1
                #expect(actions == [.deliverRequest])
                #expect(Trace(machine) == Trace(long))
            } else {
                #expect(Trace(machine) == before)
                #expect(state != .ready || actions != [.deliverRequest])
            }
        }
        #expect((accepted > 0) == (state == .ready))
    }

    @Test(arguments: [SessionSide.server, .client], SessionState.allCases)
    func anAnswerComesToTheSameBothWays(_ side: SessionSide, _ state: SessionState) {
        var settled = 0
        for (id, field) in cases {
            var machine = SessionMachineTests.machine(side, state)
            machine.pings = 3
            var long = machine
            var actions: [SessionAction] = []
            long.handle(
                .respond(id: id, methodField: field),
                now: SessionMachineTests.start,
                into: &actions
            )
            let before = Trace(machine)
            if machine.settle(id, field) {
                settled += 1
                #expect(actions == [.sendBody(id: id)])
                #expect(Trace(machine) == Trace(long))
            } else {
                #expect(Trace(machine) == before)
                #expect(state != .ready || actions.isEmpty)
            }
        }
        #expect((settled > 0) == (state == .ready))
    }

    // One more than may be open at a time is not taken the short way, nor one that is forbidden.
    @Test func theShortWayKeepsToTheLimits() {
        var machine = SessionMachineTests.machine(.server, .ready)
        var id: UInt32 = 1
        var taken = 1
        while taken < Limits.requestsOpenMax {
            id += 2
            guard machine.accept(id, SessionMachineTests.report) else { break }
            taken += 1
        }
        #expect(taken == Limits.requestsOpenMax)
        let isOneMoreTaken = machine.accept(id + 2, SessionMachineTests.report)
        #expect(!isOneMoreTaken)
        machine = SessionMachineTests.machine(.server, .ready)
        machine.permissions = []
        let isForbiddenTaken = machine.accept(3, SessionMachineTests.report)
        #expect(!isForbiddenTaken)
    }

    private var cases: [(UInt32, UInt16)] {
        Self.ids.flatMap { id in Self.fields.map { (id, $0) } }
    }
}
