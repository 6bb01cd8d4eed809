// SPDX-License-Identifier: Apache-2.0
// Reelwork: who may come into a session, and what it may do there.

import ReelworkCore
import Testing

@testable import ReelworkRPC
@testable import ReelworkWire

// Goal: nobody does what his credential does not allow, and no token leaves outside of TLS. Method:
// scripts of events against the machine. Security checklist 5, Security checklist 9.
struct SessionAuthTests {
    private static let start = SessionMachineTests.start

    private func tell(
        _ machine: inout SessionMachine,
        _ event: SessionEvent,
        after: Duration = .zero
    ) -> [SessionAction] {
        var actions: [SessionAction] = []
        machine.handle(event, now: SessionAuthTests.start.advanced(by: after), into: &actions)
        return actions
    }

    private func error(_ actions: [SessionAction]) -> ErrorMessage? {
        for case .sendError(let error, _, _) in actions { return error }
        return nil
    }

    private func server(_ role: PeerRole, _ gate: SessionGate?) -> SessionMachine {
        var machine = SessionMachine(
            serving: .rpc,
            isSecured: true,
            methods: VersionTable(MethodRange.all),
            SessionConfiguration(),
            now: SessionAuthTests.start
        )
        if let gate { _ = tell(&machine, .secured(gate)) }
        _ = tell(&machine, .clientPreface(ClientPreface(role: role)))
        return machine
    }

    private func client(token: [UInt8]?, isSecured: Bool) -> SessionMachine {
        var machine = SessionMachine(
            connectingAs: .submitter,
            offer: Hello(agent: "c"),
            token: token,
            isSecured: isSecured,
            SessionConfiguration(),
            now: SessionAuthTests.start
        )
        _ = tell(&machine, .serverPreface(ServerPreface()))
        return machine
    }

    private func ask(_ mechanisms: [String]) -> SessionEvent {
        var answer = SessionMachineTests.ack
        answer.mechanisms = mechanisms
        return .helloAck(answer)
    }

    @Test(arguments: CredentialRole.allCases)
    func aCredentialDoesWhatItsRoleMayAndNothingElse(role: CredentialRole) {
        for method in ReelworkCore.Method.allCases where method.isRequest(from: .client) {
            let family: PeerRole = role == .worker ? .worker : .submitter
            guard method.belongs(to: family) else { continue }
            var machine = server(family, .known(role.permissions))
            _ = tell(&machine, .hello(Hello(agent: "a"), hasMore: false))
            #expect(machine.state == .ready)
            let actions = tell(
                &machine,
                .request(id: 1, methodField: FrameHeader.field(method))
            )
            if role.permissions.isSuperset(of: method.permission) {
                #expect(actions == [.deliverRequest], "\(role) \(method)")
            } else {
                #expect(error(actions)?.code == .known(.denied), "\(role) \(method)")
                // One refused request is no reason to lose the others.
                #expect(machine.state == .ready)
            }
        }
    }

    @Test(arguments: CredentialRole.allCases, [PeerRole.worker, .submitter])
    func aCredentialOpensNoSessionOfAnotherFamily(role: CredentialRole, family: PeerRole) {
        let fits = (role == .worker) == (family == .worker)
        var shown = server(family, .known(role.permissions))
        let hello = tell(&shown, .hello(Hello(agent: "a"), hasMore: false))
        #expect((shown.state == .ready) == fits)
        #expect(fits || error(hello)?.code == .known(.denied))

        var proved = server(family, .asks(mechanisms: ["token"]))
        _ = tell(&proved, .hello(Hello(agent: "a"), hasMore: false))
        let answer = AuthOK(identity: "token:x", permissions: role.permissions)
        let judged = tell(&proved, .judged(.admitted(answer)))
        #expect((proved.state == .ready) == fits)
        #expect(judged.contains(.sendAuthOK(answer)) == fits)
        #expect(fits || error(judged)?.code == .known(.denied))
    }

    @Test func nobodyComesInBeforeTLSHasShownWho() {
        // A defect in the channel that forgot to say so must let nobody in.
        var machine = server(.submitter, nil)
        #expect(machine.state == .closed)
        machine = server(.submitter, .denied)
        #expect(machine.state == .closed)
    }

    @Test func aCertificateThatIsRefusedIsToldWhy() {
        let why = CredentialRefusal.revoked(.certificate, name: "w").message
        var machine = server(.submitter, .refused(why))
        let actions = tell(&machine, .hello(Hello(agent: "a"), hasMore: false))
        #expect(error(actions) == why)
        #expect(machine.state == .closed)
    }

    @Test func onlyTheMechanismsThatWereOfferedAreJudged() {
        var machine = server(.submitter, .asks(mechanisms: ["token"]))
        _ = tell(&machine, .hello(Hello(agent: "a"), hasMore: false))
        var other = machine
        let judged = tell(&machine, .auth(Auth(mechanism: "token", data: [1]), hasMore: false))
        #expect(judged == [.judge(Auth(mechanism: "token", data: [1]))])
        let refused = tell(&other, .auth(Auth(mechanism: "plain", data: [1]), hasMore: false))
        #expect(error(refused)?.code == .known(.authFailed))
    }

    @Test func bytesBehindAnAuthAreRefused() {
        var machine = server(.submitter, .asks(mechanisms: ["token"]))
        _ = tell(&machine, .hello(Hello(agent: "a"), hasMore: false))
        let actions = tell(&machine, .auth(Auth(mechanism: "token", data: [1]), hasMore: true))
        #expect(error(actions)?.code == .known(.protocolError))
    }

    @Test func aTokenIsSentInsideTLSAlone() {
        var secured = client(token: [7], isSecured: true)
        let sent = tell(&secured, ask(["x", "token"]))
        #expect(sent == [.awaitAuthOK, .sendAuth(Auth(mechanism: "token", data: [7]))])
        #expect(secured.state == .auth)

        var plain = client(token: [7], isSecured: false)
        let refused = tell(&plain, ask(["token"]))
        #expect(error(refused)?.code == .known(.authFailed))
        #expect(!refused.contains { if case .sendAuth = $0 { true } else { false } })

        var without = client(token: nil, isSecured: true)
        #expect(error(tell(&without, ask(["token"])))?.code == .known(.authRequired))
        var unknown = client(token: [7], isSecured: true)
        #expect(error(tell(&unknown, ask(["scram"])))?.code == .known(.authFailed))
    }

    @Test func nothingIsCompressedBeforeAuthentication() {
        // The codec opens with the session, behind AUTH_OK and not behind HELLO_ACK.
        var machine = server(.submitter, .asks(mechanisms: ["token"]))
        let hello = tell(&machine, .hello(Hello(codecs: [1], agent: "a"), hasMore: false))
        #expect(!hello.contains { if case .open = $0 { true } else { false } })
        let answer = AuthOK(identity: "token:x", permissions: [.read])
        let judged = tell(&machine, .judged(.admitted(answer)))
        guard case .open(let terms)? = judged.dropFirst().first else {
            Issue.record("\(judged)")
            return
        }
        #expect(terms.isCompressed)
    }

    @Test func thePrefaceHasItsTimeFromTheEndOfTLSAndTheWholeHasItsOwn() {
        let start = SessionAuthTests.start
        var machine = SessionMachine(
            serving: .rpc,
            isSecured: true,
            methods: VersionTable(MethodRange.all),
            SessionConfiguration(),
            now: start
        )
        #expect(machine.deadline == start.advanced(by: Limits.handshakeTime))
        _ = tell(&machine, .secured(.asks(mechanisms: ["token"])), after: .seconds(1))
        #expect(machine.deadline == start.advanced(by: .seconds(1) + Limits.prefaceTime))
        var late = machine
        late.securedAt = start.advanced(by: .seconds(4))
        #expect(late.deadline == start.advanced(by: Limits.handshakeTime))

        _ = tell(&machine, .clientPreface(ClientPreface(role: .submitter)))
        _ = tell(&machine, .hello(Hello(agent: "a"), hasMore: false))
        #expect(machine.deadline == start.advanced(by: Limits.handshakeTime))
        let actions = tell(&machine, .time, after: Limits.handshakeTime)
        #expect(error(actions)?.code == .known(.handshakeTimeout))
    }
}
