// SPDX-License-Identifier: Apache-2.0
// Reelwork: how a client comes to a server, and what must come of it

package import ReelworkCore
package import ReelworkRPC
package import ReelworkWire

/// How a client comes to a server, and what must come of it where nobody lies.
package struct FuzzEntry: Sendable {
    /// What comes of it.
    package enum Outcome: Hashable, Sendable {
        /// The session opens.
        case opens
        /// The preface says no.
        case sentAway(PrefaceStatus)
        /// One of the two ends it, with this code.
        case ends(ResultCode)
    }

    /// Whom the transport shows the client to be; nil = a socket without TLS.
    package var gate: SessionGate?
    /// What the client has.
    package var token: FuzzRegister.Token?
    /// Whether the client is inside TLS.
    package var isClientSecured = true

    /// A socket without TLS.
    package static let plain = FuzzEntry(gate: nil, isClientSecured: false)

    /// All of them: an input's byte is an index in this list, so new ones come at its end.
    package static let all: [FuzzEntry] = {
        let token = SessionGate.asks(mechanisms: [Auth.mechanismToken])
        let other = SessionGate.asks(mechanisms: ["other"])
        let both = SessionGate.asks(mechanisms: ["other", Auth.mechanismToken])
        let revoked = CredentialRefusal.revoked(.certificate, name: "fuzz").message
        let holder = FuzzRegister.tokens[2]
        return [plain] + FuzzRegister.tokens.map { FuzzEntry(gate: token, token: $0) }
            + CredentialRole.allCases.map { FuzzEntry(gate: .known($0.permissions)) } + [
                FuzzEntry(gate: token),
                FuzzEntry(gate: token, token: holder, isClientSecured: false),
                FuzzEntry(gate: other, token: holder), FuzzEntry(gate: both, token: holder),
                FuzzEntry(gate: .refused(revoked)), FuzzEntry(gate: .denied, token: holder),
            ]
    }()

    /// What comes of it for a client of this role.
    package func outcome(_ role: PeerRole) -> Outcome {
        switch gate {
        case nil: .opens
        case .known(let permissions): FuzzEntry.enters(role, permissions)
        case .denied: .sentAway(.denied)
        case .refused(let error): .ends(error.code.value ?? .internal)
        case .asks(let mechanisms): proves(role, mechanisms)
        }
    }

    private func proves(_ role: PeerRole, _ mechanisms: [String]) -> Outcome {
        guard mechanisms.contains(Auth.mechanismToken), isClientSecured else {
            return .ends(.authFailed)
        }
        guard let token else { return .ends(.authRequired) }
        return switch token.worth {
        case .good: FuzzEntry.enters(role, token.role.permissions)
        case .crowded: .ends(.denied)
        case .expired, .revoked, .unknown: .ends(.authFailed)
        }
    }

    /// Whether somebody who may do this may connect as a role (security.md, "connects as").
    package static func mayEnter(_ role: PeerRole, _ permissions: Permissions) -> Bool {
        switch role {
        case .worker: permissions == [.work]
        case .submitter: permissions.contains(.read)
        case .admin: permissions.contains(.admin)
        }
    }

    private static func enters(_ role: PeerRole, _ permissions: Permissions) -> Outcome {
        mayEnter(role, permissions) ? .opens : .ends(.denied)
    }
}
