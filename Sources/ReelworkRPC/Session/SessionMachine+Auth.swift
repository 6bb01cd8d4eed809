// SPDX-License-Identifier: Apache-2.0
// Reelwork: who the client is, and what it may do.

internal import ReelworkCore
internal import ReelworkWire

extension SessionMachine {
    /// TLS is up; the client's first bytes come now.
    mutating func secured(_ gate: SessionGate, _ now: BootInstant) {
        guard side == .server, isSecured, state == .preface, securedAt == nil else { return }
        self.gate = gate
        securedAt = now
    }

    /// Lets the client in, asks who it is, or sends it away: the answer to HELLO.
    mutating func answerHello(_ agreed: SessionTerms, _ actions: inout [SessionAction]) {
        switch gate {
        case .known(let permissions):
            guard mayEnter(agreed.role, permissions) else {
                return end(unfit(agreed.role, permissions), &actions)
            }
            self.permissions = permissions
            actions.append(.sendHelloAck(agreed, mechanisms: []))
            open(agreed, &actions)
        case .asks(let mechanisms):
            terms = agreed
            state = .auth
            actions.append(.sendHelloAck(agreed, mechanisms: mechanisms))
            actions.append(.awaitAuth)
        case .refused(let error): end(error, &actions)
        case .denied: end(ErrorMessage(.denied, detail: "not on this connection"), &actions)
        }
    }

    mutating func auth(_ proof: Auth, _ hasMore: Bool, _ actions: inout [SessionAction]) {
        switch (side, state) {
        case (.server, .auth): break
        case (.client, _), (.server, .preface), (.server, .hello), (.server, .ready),
            (.server, .soon), (.server, .leaving):
            return protocolError("AUTH was not asked for", &actions)
        case (.server, .closed): return
        }
        guard !hasMore else {
            return protocolError("bytes came before the answer to AUTH", &actions)
        }
        guard case .asks(let mechanisms) = gate, mechanisms.contains(proof.mechanism) else {
            let words = "the mechanism of AUTH is none of those in HELLO_ACK"
            return end(ErrorMessage(.authFailed, detail: words), &actions)
        }
        actions.append(.judge(proof))
    }

    mutating func judged(_ verdict: SessionVerdict, _ actions: inout [SessionAction]) {
        switch (side, state) {
        case (.server, .auth): break
        case (.client, _), (.server, .preface), (.server, .hello), (.server, .ready),
            (.server, .soon), (.server, .leaving), (.server, .closed):
            return
        }
        guard let terms else { return protocolError("AUTH without a HELLO", &actions) }
        switch verdict {
        case .rejected(let error): end(error, &actions)
        case .admitted(let answer):
            guard mayEnter(terms.role, answer.permissions) else {
                return end(unfit(terms.role, answer.permissions), &actions)
            }
            permissions = answer.permissions
            actions.append(.sendAuthOK(answer))
            open(terms, &actions)
        }
    }

    /// The server wants to know who this client is: it says so, or gives up.
    mutating func prove(
        _ mechanisms: [String],
        _ agreed: SessionTerms,
        _ actions: inout [SessionAction]
    ) {
        guard mechanisms.contains(Auth.mechanismToken) else {
            let names = mechanisms.joined(separator: ", ")
            let words = "the server asks for authentication (\(names)), which is unknown here"
            return end(ErrorMessage(.authFailed, detail: words), &actions)
        }
        guard isSecured else {
            let words = "the server asks for a token outside of TLS, where it could be read"
            return end(ErrorMessage(.authFailed, detail: words), &actions)
        }
        guard let token else {
            let words =
                "the scheduler wants to know who this is; give --tls-cert and --tls-key, or "
                + "--token-file"
            return end(ErrorMessage(.authRequired, detail: words), &actions)
        }
        terms = agreed
        state = .auth
        actions.append(.awaitAuthOK)
        actions.append(.sendAuth(Auth(mechanism: Auth.mechanismToken, data: token)))
    }

    mutating func authOK(_ answer: AuthOK, _ actions: inout [SessionAction]) {
        switch (side, state) {
        case (.client, .auth): break
        case (.server, _), (.client, .preface), (.client, .hello), (.client, .ready),
            (.client, .soon), (.client, .leaving):
            return protocolError("AUTH_OK may not come now", &actions)
        case (.client, .closed): return
        }
        guard let terms else { return protocolError("AUTH_OK without a HELLO_ACK", &actions) }
        open(terms, &actions)
    }

    // MARK: - Roles

    /// Whether somebody with these permissions may speak a role's family at all.
    private func mayEnter(_ role: PeerRole, _ permissions: Permissions) -> Bool {
        switch role {
        case .worker: permissions.contains(.work)
        case .submitter: !permissions.isDisjoint(with: [.read, .submit, .operate])
        case .admin: permissions.contains(.admin)
        }
    }

    private func unfit(_ role: PeerRole, _ permissions: Permissions) -> ErrorMessage {
        let words =
            "this credential may \(permissions.names) alone and cannot connect as a \(role); "
            + "use one of another role"
        return ErrorMessage(.denied, detail: words)
    }
}

extension RPCFamily {
    /// What a peer may do whom the socket itself lets in: a Unix socket's by the kernel's word, a
    /// plain one of loopback without any.
    var permissions: Permissions {
        switch self {
        case .rpc: [.read, .submit, .operate, .work]
        case .admin: [.read, .submit, .operate, .admin]
        }
    }
}
