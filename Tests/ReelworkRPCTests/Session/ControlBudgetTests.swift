// SPDX-License-Identifier: Apache-2.0
// Reelwork: how many control frames a peer may send.

import ReelworkCore
import Testing

@testable import ReelworkRPC
@testable import ReelworkWire

// Goal: control frames are bounded, whatever their kinds and whatever lies between them, and no
// honest peer meets the bound. Method: the budget and the machine, the clock in the test's hand.
// Security checklist 7 (rapid reset, floods of PINGs and other control frames).
struct ControlBudgetTests {
    private static let start = SessionMachineTests.start
    private static let burst = Limits.controlFramesBurst

    /// An event that costs one control frame, and what the machine does for it.
    private static let floods: [(name: String, event: SessionEvent)] = [
        ("PONG", .pong(1)), ("CANCEL", .cancel(id: 3)),
        (
            "GOAWAY",
            .goaway(
                GoAway(
                    lastRequestID: GoAway.lastUnknown,
                    code: .draining,
                    drain: .seconds(1)
                )
            )
        ),
        ("ignorable", .ignored(1)), ("unknown", .refused(unknown)),
    ]

    private static let unknown = FrameRefusal(
        header: FrameHeader(
            type: 0x7F,
            methodField: 0,
            requestID: 1,
            wireLength: 0,
            plainLength: 0,
            payloadChecksum: 0
        ),
        code: .unimplemented,
        limit: nil,
        explanation: "unknown"
    )

    private func spend(_ budget: inout ControlBudget, _ count: Int, _ now: BootInstant) -> Bool {
        budget.spend(count, now)
    }

    private func cancel(_ budget: inout ControlBudget, _ now: BootInstant) -> Bool {
        budget.spendCancel(now)
    }

    private func tell(
        _ machine: inout SessionMachine,
        _ event: SessionEvent,
        after: Duration = .zero
    ) -> [SessionAction] {
        var actions: [SessionAction] = []
        machine.handle(event, now: Self.start.advanced(by: after), into: &actions)
        return actions
    }

    private func isCalm(_ actions: [SessionAction]) -> Bool {
        for case .sendError(let error, 0, 0) in actions {
            return error.code == .known(.enhanceCalm) && error.retryAfter > .zero
        }
        return false
    }

    @Test func someAtOnceThenSoManyASecond() {
        var budget = ControlBudget(now: Self.start)
        for _ in 0..<Self.burst { #expect(spend(&budget, 1, Self.start)) }
        #expect(!spend(&budget, 1, Self.start))
        let later = Self.start.advanced(by: .seconds(2))
        for _ in 0..<2 * Limits.controlFramesPerSecond { #expect(spend(&budget, 1, later)) }
        #expect(!spend(&budget, 1, later))
        // What is not spent is not saved beyond the burst.
        let late = Self.start.advanced(by: .seconds(86_400))
        #expect(spend(&budget, Self.burst, late))
        #expect(!spend(&budget, 1, late))
        #expect(!spend(&budget, .max, late))
    }

    @Test func eachRequestPaysForOneCancelAndForNothingElse() {
        var budget = ControlBudget(now: Self.start)
        for _ in 0..<10_000 { budget.payForCancel() }
        for _ in 0..<10_000 + Self.burst { #expect(cancel(&budget, Self.start)) }
        #expect(!cancel(&budget, Self.start))
        budget.payForCancel()
        #expect(!spend(&budget, 1, Self.start))
        #expect(cancel(&budget, Self.start))
    }

    @Test(arguments: SessionSide.allCases, floods.indices)
    func everyKindOfControlFrameCounts(side: SessionSide, kind: Int) {
        var machine = SessionMachineTests.machine(side, .ready)
        var spare = 0
        // The machine had a request of the peer, which pays for a CANCEL.
        if case .cancel = Self.floods[kind].event { spare = 1 }
        let event: SessionEvent =
            if case .cancel = Self.floods[kind].event {
                .cancel(id: side == .server ? 5 : 6)
            } else {
                Self.floods[kind].event
            }
        for index in 0..<Self.burst + spare {
            let actions = tell(&machine, event)
            #expect(machine.state == .ready, "\(index): \(actions)")
        }
        #expect(isCalm(tell(&machine, event)))
        #expect(machine.state == .closed)
    }

    @Test func framesBetweenThemDoNotHelp() {
        var machine = SessionMachineTests.machine(.server, .ready)
        var id: UInt32 = 3
        var count = 0
        while machine.state == .ready, count < 1_000 {
            _ = tell(&machine, .request(id: id, methodField: SessionMachineTests.report))
            _ = tell(&machine, .respond(id: id, methodField: SessionMachineTests.report))
            id += 2
            _ = tell(&machine, .ping(1))
            count += 1
        }
        #expect(count == Self.burst + 1)
    }

    @Test func allThatWereAskedCanBeCanceledAgainAndAgain() {
        var machine = SessionMachineTests.machine(.server, .ready)
        var id: UInt32 = 3
        for _ in 0..<1_000 {
            for _ in 0..<8 {
                _ = tell(&machine, .request(id: id, methodField: SessionMachineTests.report))
                #expect(
                    tell(&machine, .cancel(id: id))
                        == [.deliverCancel(id: id, methodField: SessionMachineTests.report)]
                )
                // The answer has crossed: a CANCEL too late costs no more.
                _ = tell(&machine, .respond(id: id, methodField: SessionMachineTests.report))
                id += 2
            }
        }
        #expect(machine.state == .ready)
    }

    @Test func keepaliveGoesOnForEver() {
        var machine = SessionMachineTests.machine(.server, .ready)
        for turn in 1...20_000 {
            let time = Duration.seconds(turn * 15)
            #expect(tell(&machine, .ping(UInt64(turn)), after: time).count == 1)
            #expect(tell(&machine, .pong(0), after: time) == [])
        }
        #expect(machine.state == .ready)
    }
}
