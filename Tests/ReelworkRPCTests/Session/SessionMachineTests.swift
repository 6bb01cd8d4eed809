// SPDX-License-Identifier: Apache-2.0
// Reelwork: every state of a session meets every event.

import ReelworkCore
import Testing

@testable import ReelworkRPC
@testable import ReelworkWire

// Goal: what a session does is written down for every side, state and event. Method: machines are
// brought into each state by real events, get each event once, and the state after it and the names
// of the actions are compared with the table below.
struct SessionMachineTests {
    static let start = BootInstant(nanoseconds: 1_000_000_000)
    static let report = FrameHeader.field(.report)
    static let getJob = FrameHeader.field(.getJob)
    static let inventory = FrameHeader.field(.inventory)
    static let assign = FrameHeader.field(.assign)
    static let credit = FrameHeader.field(.credit)

    /// A worker's session in this state, with request 1 or 2 of each side open where it can be.
    static func machine(_ side: SessionSide, _ state: SessionState) -> SessionMachine {
        var machine = state == .auth ? secured(side) : fresh(side)
        var actions: [SessionAction] = []
        func tell(_ event: SessionEvent) { machine.handle(event, now: start, into: &actions) }
        if state == .preface { return machine }
        if state == .closed {
            tell(.ended)
            return machine
        }
        tell(
            side == .server
                ? .clientPreface(ClientPreface(role: .worker)) : .serverPreface(ServerPreface())
        )
        if state == .hello { return machine }
        if state == .auth {
            var answer = ack
            answer.mechanisms = ["token"]
            tell(
                side == .server ? .hello(Hello(agent: "a"), hasMore: false) : .helloAck(answer)
            )
            return machine
        }
        tell(
            side == .server
                ? .hello(Hello(agent: "a"), hasMore: false)
                : .helloAck(ack)
        )
        tell(.ask(methodField: side == .server ? inventory : report, tag: 77))
        tell(
            side == .server
                ? .request(id: 1, methodField: report) : .request(id: 2, methodField: inventory)
        )
        if state == .ready { return machine }
        tell(.leave(.draining, drain: .seconds(10)))
        if state == .soon { return machine }
        tell(.pong(SessionMachine.fence))
        return machine
    }

    static let ack = HelloAck(
        codec: .zlib,
        agent: "s",
        cluster: JobID(high: 1, low: 1),
        epoch: 1,
        now: Timestamp(milliseconds: 1)
    )

    /// A session over TLS whose client has a token and whose server asks for one.
    static func secured(_ side: SessionSide) -> SessionMachine {
        switch side {
        case .server:
            var machine = SessionMachine(
                serving: .rpc,
                isSecured: true,
                methods: VersionTable(MethodRange.all),
                SessionConfiguration(),
                now: start
            )
            var actions: [SessionAction] = []
            machine.handle(.secured(.asks(mechanisms: ["token"])), now: start, into: &actions)
            return machine
        case .client:
            return SessionMachine(
                connectingAs: .worker,
                offer: Hello(agent: "c"),
                token: [1, 2],
                isSecured: true,
                SessionConfiguration(),
                now: start
            )
        }
    }

    static func fresh(
        _ side: SessionSide,
        _ configuration: SessionConfiguration = SessionConfiguration()
    ) -> SessionMachine {
        switch side {
        case .server:
            SessionMachine(
                serving: .rpc,
                methods: VersionTable(MethodRange.all),
                configuration,
                now: start
            )
        case .client:
            SessionMachine(
                connectingAs: .worker,
                offer: Hello(agent: "c"),
                configuration,
                now: start
            )
        }
    }

    /// Every event, by the name that the table has for it.
    static func event(_ name: String, _ side: SessionSide) -> SessionEvent? {
        let isServer = side == .server
        let asked = isServer ? inventory : report
        let peers = isServer ? report : inventory
        let peerID: UInt32 = isServer ? 3 : 4
        let ownID: UInt32 = isServer ? 2 : 1
        return switch name {
        case "clientPreface": .clientPreface(ClientPreface(role: .worker))
        case "serverPreface": .serverPreface(ServerPreface())
        case "hello": .hello(Hello(agent: "a"), hasMore: false)
        case "helloAck":
            .helloAck(
                HelloAck(
                    codec: .none,
                    agent: "s",
                    cluster: JobID(high: 1, low: 1),
                    epoch: 1,
                    now: Timestamp(milliseconds: 1)
                )
            )
        case "request": .request(id: peerID, methodField: peers)
        case "response": .response(id: ownID, methodField: asked)
        case "failure": .failure(ErrorMessage(.busy), id: ownID, methodField: asked)
        case "connectionFailure": .failure(ErrorMessage(.internal), id: 0, methodField: 0)
        case "cancel": .cancel(id: isServer ? 1 : 2)
        case "news": .news(id: 0, methodField: isServer ? credit : assign)
        case "ping": .ping(9)
        case "pong": .pong(SessionMachine.fence)
        case "ignored": .ignored(1)
        case "goaway": .goaway(GoAway(lastRequestID: 0, code: .draining, drain: .seconds(1)))
        case "refused":
            .refused(
                FrameRefusal(
                    header: FrameHeader(
                        type: FrameKind.request.rawValue,
                        methodField: peers,
                        requestID: peerID,
                        wireLength: 9,
                        plainLength: 9,
                        payloadChecksum: 0
                    ),
                    code: .frameTooLarge,
                    limit: 5,
                    explanation: "too large"
                )
            )
        case "broken": .broken(FrameError(.checksum, "wrong"))
        case "garbage": .broken(FrameError(silent: "wrong"))
        case "malformed":
            .malformed(
                .malformed(
                    WireFault(message: "m", field: "f", offset: 0, expected: "e", found: "f")
                )
            )
        case "respond": .respond(id: isServer ? 1 : 2, methodField: peers)
        case "fail": .fail(ErrorMessage(.busy), id: isServer ? 1 : 2, methodField: peers)
        case "tell": .tell(id: 0, methodField: isServer ? assign : credit)
        case "ask": .ask(methodField: asked, tag: 78)
        case "giveUp": .giveUp(id: ownID)
        case "leave": .leave(.ok, drain: .seconds(10))
        case "leaveNow": .leave(.ok, drain: .zero)
        case "end": .end(ErrorMessage(.internal))
        case "time": .time
        case "stalled": .stalled
        case "unsent": .unsent(id: ownID)
        case "ended": .ended
        default: proof(name)
        }
    }

    /// Every event that is about who the client is.
    private static func proof(_ name: String) -> SessionEvent? {
        let answer = AuthOK(identity: "token:w", permissions: [.work])
        return switch name {
        case "auth": .auth(Auth(mechanism: "token", data: [1]), hasMore: false)
        case "authOK": .authOK(answer)
        case "judged": .judged(.admitted(answer))
        case "rejected": .judged(.rejected(ErrorMessage(.authFailed)))
        case "secured": .secured(.known([.work]))
        case "untrusted": .untrusted("certificate")
        default: nil
        }
    }

    static let names = [
        "clientPreface", "serverPreface", "hello", "helloAck", "auth", "authOK", "judged",
        "rejected", "secured", "untrusted", "request", "response",
        "failure", "connectionFailure", "cancel", "news", "ping", "pong", "ignored", "goaway",
        "refused",
        "broken", "garbage", "malformed", "respond", "fail", "tell", "ask", "giveUp", "leave",
        "leaveNow", "end", "time", "stalled", "unsent", "ended",
    ]

    /// The first word of an action.
    static func name(_ action: SessionAction) -> String {
        String("\(action)".prefix { $0 != "(" })
    }

    static func outcome(_ side: SessionSide, _ state: SessionState, _ name: String) -> String? {
        guard let event = event(name, side) else { return nil }
        var machine = machine(side, state)
        guard machine.state == state else { return "never came into \(state)" }
        var actions: [SessionAction] = []
        machine.handle(event, now: start.advanced(by: .seconds(60)), into: &actions)
        return (["\(machine.state)"] + actions.map { SessionMachineTests.name($0) })
            .joined(separator: " ")
    }

    @Test(arguments: SessionSide.allCases, SessionState.allCases)
    func everyCellIsAsWritten(side: SessionSide, state: SessionState) {
        for name in SessionMachineTests.names {
            let outcome = SessionMachineTests.outcome(side, state, name)
            #expect(outcome != nil)
            #expect(outcome == SessionTable.cell(side, state, name), "\(side) \(state) \(name)")
        }
    }
}
