// SPDX-License-Identifier: Apache-2.0
// Reelwork: the rules of a session that need more than one event.

import ReelworkCore
import Testing

@testable import ReelworkRPC
@testable import ReelworkWire

// Goal: limits, numbers, keepalive and farewell are kept. Method: scripts of events against the
// machine, with the clock in the test's hand. Security checklist 7 (PINGs, requests in flight).
struct SessionRulesTests {
    private static let start = SessionMachineTests.start
    private static let getJob = FrameHeader.field(.getJob)

    /// A session that is ready and has nothing open.
    private func ready(
        _ side: SessionSide,
        _ role: PeerRole = .submitter,
        methods: [MethodRange] = MethodRange.all,
        _ change: (inout SessionConfiguration) -> Void = { _ in }
    ) -> SessionMachine {
        var configuration = SessionConfiguration()
        change(&configuration)
        var actions: [SessionAction] = []
        switch side {
        case .server:
            var machine = SessionMachine(
                serving: role == .admin ? .admin : .rpc,
                methods: VersionTable(methods),
                configuration,
                now: SessionRulesTests.start
            )
            let first = SessionEvent.clientPreface(ClientPreface(role: role))
            machine.handle(first, now: SessionRulesTests.start, into: &actions)
            let second = SessionEvent.hello(Hello(agent: "a"), hasMore: false)
            machine.handle(second, now: SessionRulesTests.start, into: &actions)
            return machine
        case .client:
            var machine = SessionMachine(
                connectingAs: role,
                offer: Hello(agent: "c"),
                configuration,
                now: SessionRulesTests.start
            )
            let first = SessionEvent.serverPreface(ServerPreface())
            machine.handle(first, now: SessionRulesTests.start, into: &actions)
            let answer = HelloAck(
                codec: .zlib,
                requestsInFlightMax: 2,
                methods: methods,
                agent: "s",
                cluster: JobID(high: 1, low: 1),
                epoch: 1,
                now: Timestamp(milliseconds: 1)
            )
            machine.handle(.helloAck(answer), now: SessionRulesTests.start, into: &actions)
            return machine
        }
    }

    private func tell(
        _ machine: inout SessionMachine,
        _ event: SessionEvent,
        after: Duration = .zero
    ) -> [SessionAction] {
        var actions: [SessionAction] = []
        machine.handle(event, now: SessionRulesTests.start.advanced(by: after), into: &actions)
        return actions
    }

    private func code(_ actions: [SessionAction]) -> ResultCode? {
        for case .sendError(let error, _, _) in actions { return error.code.value }
        return nil
    }

    @Test func oneMoreThanAllowedIsBusyAndCountsAsUsed() {
        var machine = ready(.server)
        for index in 0..<UInt32(64) {
            let actions = tell(&machine, .request(id: index * 2 + 1, methodField: Self.getJob))
            #expect(actions == [.deliverRequest])
        }
        #expect(code(tell(&machine, .request(id: 129, methodField: Self.getJob))) == .busy)
        #expect(machine.state == .ready)
        #expect(tell(&machine, .respond(id: 7, methodField: Self.getJob)) == [.sendBody(id: 7)])
        #expect(tell(&machine, .respond(id: 7, methodField: Self.getJob)) == [])
        #expect(tell(&machine, .request(id: 131, methodField: Self.getJob)) == [.deliverRequest])
        #expect(
            code(tell(&machine, .request(id: 129, methodField: Self.getJob))) == .protocolError
        )
    }

    @Test(arguments: [Method.heartbeat, .report])
    func leasesAndResultsAreNeverBusy(method: ReelworkCore.Method) {
        var machine = ready(.server, .worker)
        let register = FrameHeader.field(.register)
        for index in 0..<UInt32(65) {
            _ = tell(&machine, .request(id: index * 2 + 1, methodField: register))
        }
        let field = FrameHeader.field(method)
        #expect(tell(&machine, .request(id: 201, methodField: field)) == [.deliverRequest])
        var last: [SessionAction] = []
        for index in 0..<UInt32(Limits.requestsOpenMax) where machine.state == .ready {
            last = tell(&machine, .request(id: 203 + index * 2, methodField: field))
        }
        #expect(code(last) == .enhanceCalm)
    }

    @Test(arguments: [UInt32(0), 2, 5, 3])
    func idsMustBeOddAndRise(id: UInt32) {
        var machine = ready(.server)
        _ = tell(&machine, .request(id: 5, methodField: Self.getJob))
        #expect(code(tell(&machine, .request(id: id, methodField: Self.getJob))) == .protocolError)
        #expect(machine.state == .closed)
    }

    @Test func eachRoleHasItsFamily() {
        for method in ReelworkCore.Method.allCases {
            for role in PeerRole.allCases {
                var machine = ready(.server, role)
                let field = FrameHeader.field(method)
                let actions = tell(&machine, .request(id: 1, methodField: field))
                let isAllowed = method.belongs(to: role) && method.isRequest(from: .client)
                #expect(actions.first == .deliverRequest || !isAllowed)
                #expect(code(actions) == .unimplemented || isAllowed)
            }
        }
    }

    @Test func anUnknownVersionOrMethodIsUnimplemented() {
        var machine = ready(.server, methods: [MethodRange(.getJob)])
        for field in [FrameHeader.field(.getJob, version: 2), FrameHeader.field(.listJobs), 0xFFF1]
        {
            let id = machine.incoming.last + 1 + machine.incoming.last % 2
            #expect(code(tell(&machine, .request(id: id, methodField: field))) == .unimplemented)
        }
        #expect(machine.state == .ready)
    }

    @Test func aClientKeepsToTheServersLimitAndMethods() {
        var machine = ready(.client, methods: [MethodRange(.getJob)])
        #expect(tell(&machine, .ask(methodField: Self.getJob, tag: 1)) == [.sendBody(id: 1)])
        #expect(tell(&machine, .ask(methodField: Self.getJob, tag: 2)) == [.sendBody(id: 3)])
        #expect(!machine.hasRoom(for: Self.getJob))
        let third = tell(&machine, .ask(methodField: Self.getJob, tag: 3))
        #expect(third == [.failed(.busy, id: 0, methodField: Self.getJob, tag: 3)])
        let other = FrameHeader.field(.listJobs)
        let fourth = tell(&machine, .ask(methodField: other, tag: 4))
        #expect(fourth == [.failed(.unimplemented, id: 0, methodField: other, tag: 4)])
        let answer = tell(&machine, .response(id: 3, methodField: Self.getJob))
        #expect(answer == [.deliverAnswer(tag: 2)])
        #expect(
            code(tell(&machine, .response(id: 3, methodField: Self.getJob))) == .protocolError
        )
    }

    @Test func pingsWithoutAnythingElseAreTooMany() {
        var machine = ready(.server)
        for index in 0..<10 {
            #expect(tell(&machine, .ping(UInt64(index))) == [.sendPong(UInt64(index))])
        }
        var other = machine
        #expect(code(tell(&machine, .ping(11), after: .seconds(9))) == .enhanceCalm)
        #expect(tell(&other, .ping(11), after: .seconds(11)) == [.sendPong(11)])
        _ = tell(&other, .cancel(id: 1), after: .seconds(11))
        for index in 0..<10 {
            #expect(tell(&other, .ping(UInt64(index)), after: .seconds(12)).count == 1)
        }
        #expect(other.state == .ready)
    }

    @Test func aSilentPeerIsAskedTwiceAndThenGivenUp() {
        var machine = ready(.server)
        #expect(machine.deadline == Self.start.advanced(by: .seconds(15)))
        #expect(tell(&machine, .time, after: .seconds(14)) == [])
        #expect(tell(&machine, .time, after: .seconds(15)) == [.sendPing(0)])
        #expect(tell(&machine, .time, after: .seconds(16)) == [])
        #expect(tell(&machine, .time, after: .seconds(30)) == [.sendPing(0)])
        #expect(tell(&machine, .time, after: .seconds(45)) == [.explain(.silent), .close])
    }

    @Test func anyByteIsASignOfLife() {
        var machine = ready(.server)
        _ = tell(&machine, .time, after: .seconds(15))
        machine.touch(Self.start.advanced(by: .seconds(44)))
        #expect(tell(&machine, .time, after: .seconds(50)) == [])
        #expect(machine.deadline == Self.start.advanced(by: .seconds(59)))
    }

    @Test func goodbyeIsSaidTwiceAndAnswersGoOut() {
        var machine = ready(.server)
        _ = tell(&machine, .request(id: 7, methodField: Self.getJob))
        let first = tell(&machine, .leave(.draining, drain: .seconds(8)))
        #expect(
            first.first
                == .sendGoAway(
                    GoAway(
                        lastRequestID: GoAway.lastUnknown,
                        code: .draining,
                        drain: .seconds(8)
                    )
                )
        )
        #expect(
            tell(&machine, .request(id: 9, methodField: Self.getJob)) == [.deliverRequest]
        )
        let second = tell(&machine, .pong(SessionMachine.fence))
        guard case .sendGoAway(let message) = second.first else {
            Issue.record("the second GOAWAY is missing")
            return
        }
        #expect(message.lastRequestID == 9)
        #expect(tell(&machine, .request(id: 11, methodField: Self.getJob)) == [])
        #expect(tell(&machine, .respond(id: 11, methodField: Self.getJob)) == [])
        #expect(tell(&machine, .respond(id: 7, methodField: Self.getJob)) == [.sendBody(id: 7)])
        #expect(
            tell(&machine, .respond(id: 9, methodField: Self.getJob))
                == [.sendBody(id: 9), .explain(.left), .close]
        )
    }

    @Test func aGoodbyeThatNobodyAnswersEndsInTime() {
        var machine = ready(.server)
        _ = tell(&machine, .request(id: 7, methodField: Self.getJob))
        _ = tell(&machine, .leave(.draining, drain: .seconds(8)))
        #expect(tell(&machine, .time, after: .seconds(1)).count == 1)
        #expect(machine.state == .leaving)
        #expect(tell(&machine, .time, after: .seconds(8)) == [.explain(.left), .close])
    }

    @Test func whatTheServerNeverLookedAtMayBeSentElsewhere() {
        var machine = ready(.client)
        _ = tell(&machine, .ask(methodField: Self.getJob, tag: 1))
        _ = tell(&machine, .ask(methodField: Self.getJob, tag: 2))
        func goaway(_ last: UInt32) -> SessionEvent {
            .goaway(GoAway(lastRequestID: last, code: .draining, drain: .seconds(1)))
        }
        #expect(tell(&machine, goaway(GoAway.lastUnknown)).count == 1)
        let refused = tell(&machine, .ask(methodField: Self.getJob, tag: 3))
        #expect(refused == [.failed(.notLookedAt, id: 0, methodField: Self.getJob, tag: 3)])
        let actions = tell(&machine, goaway(1))
        #expect(
            actions.last == .failed(.notLookedAt, id: 3, methodField: Self.getJob, tag: 2)
        )
        let answer = tell(&machine, .response(id: 1, methodField: Self.getJob))
        #expect(answer == [.deliverAnswer(tag: 1)])
        #expect(code(tell(&machine, goaway(5))) == .protocolError)
    }

    @Test func theSmallerLimitsAreAgreedOn() throws {
        var machine = SessionMachineTests.fresh(.server)
        _ = tell(&machine, .clientPreface(ClientPreface(role: .submitter)))
        let hello = Hello(
            codecs: [9],
            frameBytesMax: 200_000,
            requestsInFlightMax: 1_000,
            agent: "a"
        )
        _ = tell(&machine, .hello(hello, hasMore: false))
        let terms = try #require(machine.terms)
        #expect(terms.frameBytesMax == 200_000)
        #expect(terms.requestsInFlightMax == Limits.requestsInFlightMax)
        #expect(!terms.isCompressed)
    }

    @Test(arguments: [PrefaceStatus.overloaded, .draining, .denied])
    func whoMayNotComeInIsToldWhy(status: PrefaceStatus) {
        var machine = SessionMachine(
            serving: .rpc,
            admission: status,
            methods: VersionTable(MethodRange.all),
            SessionConfiguration(),
            now: Self.start
        )
        let actions = tell(&machine, .clientPreface(ClientPreface(role: .worker)))
        #expect(actions.count == 3)
        #expect(machine.state == .closed)
    }

    @Test func noVersionInCommonIsToldSo() {
        var machine = SessionMachineTests.fresh(.server)
        let preface = ClientPreface(role: .worker, versionLowest: 2, versionHighest: 9)
        let actions = tell(&machine, .clientPreface(preface))
        #expect(actions.first == .sendPreface(ServerPreface(status: .noVersion).encoded))
    }

    @Test func aServerThatAsksForAnUnknownProofIsLeft() {
        var machine = SessionMachineTests.fresh(.client)
        _ = tell(&machine, .serverPreface(ServerPreface()))
        let answer = HelloAck(
            codec: .none,
            agent: "s",
            cluster: JobID(high: 1, low: 1),
            epoch: 1,
            now: Timestamp(milliseconds: 1),
            mechanisms: ["token"]
        )
        #expect(code(tell(&machine, .helloAck(answer))) == .authFailed)
    }

    // A program may give up one call again and again; the peer counts CANCELs beyond one a request.
    @Test func aRequestIsCanceledOnce() {
        var machine = ready(.client)
        _ = tell(&machine, .ask(methodField: SessionRulesTests.getJob, tag: 7))
        let id = SessionSide.client.firstID
        #expect(tell(&machine, .giveUp(id: id)) == [.sendCancel(id: id)])
        #expect(tell(&machine, .giveUp(id: id)) == [])
        _ = tell(&machine, .ask(methodField: SessionRulesTests.getJob, tag: 8))
        #expect(tell(&machine, .giveUp(id: id + 2)) == [.sendCancel(id: id + 2)])
    }
}
