// SPDX-License-Identifier: Apache-2.0
// Reelwork: what all connections of a server share.

internal import Logging
internal import ReelworkCore
internal import ReelworkWire
internal import Synchronization

/// What all connections of a server share.
final class ServerShared: Sendable {
    let configuration: RPCServerConfiguration
    let methods: VersionTable
    let delegate: any RPCServerDelegate
    let logger: Logger
    let ownerUID: UInt32
    let processes: PeerProcesses
    private let serial = Atomic<UInt64>(1)
    private let connections = Atomic<Int>(0)
    private let unauthenticated = Atomic<Int>(0)
    /// The same of other machines, which must not keep this one's own peers out.
    private let unauthenticatedFar = Atomic<Int>(0)
    private let isDraining = Atomic<Bool>(false)
    private let strangers = Mutex<[String: Int]>([:])
    private let handshakes = Mutex(HandshakeRates())
    private let credentials = Mutex<[String: Int]>([:])
    private let securityBox: Mutex<ServerSecurity?>

    init(
        _ configuration: RPCServerConfiguration,
        _ delegate: any RPCServerDelegate,
        _ logger: Logger,
        ownerUID: UInt32
    ) {
        self.configuration = configuration
        self.delegate = delegate
        self.logger = logger
        self.ownerUID = ownerUID
        methods = VersionTable(configuration.methods)
        securityBox = Mutex(configuration.security)
        processes = PeerProcesses(
            countMax: ServerFiles.processesMax(connections: configuration.connectionsMax)
        )
    }

    /// TLS as new connections get it.
    var security: ServerSecurity? {
        get { securityBox.withLock { $0 } }
        set { securityBox.withLock { $0 = newValue } }
    }

    /// Counts a connection of a credential in; false where it has too many.
    func enter(_ identity: PeerIdentity) -> Bool {
        let key = "\(identity.kind.rawValue):\(identity.credential)"
        return credentials.withLock { table in
            guard table[key, default: 0] < Limits.connectionsPerCredentialMax else { return false }
            table[key, default: 0] += 1
            return true
        }
    }

    /// Counts one out that was counted in.
    func leave(_ identity: PeerIdentity) {
        let key = "\(identity.kind.rawValue):\(identity.credential)"
        credentials.withLock { table in
            let count = table[key, default: 1] - 1
            table[key] = count > 0 ? count : nil
        }
    }

    /// Numbers a connection.
    func name(loop: Int) -> RPCConnectionID {
        let (number, _) = serial.add(1, ordering: .relaxed)
        return RPCConnectionID(serial: number, loop: loop)
    }

    func beginDrain() {
        isDraining.store(true, ordering: .relaxed)
    }

    /// Whether another handshake may begin: one address that is not of this machine may begin so
    /// many a second, as TLS costs the server more than the peer.
    func mayBegin(stranger: String?, now: BootInstant) -> Bool {
        guard let stranger else { return true }
        return handshakes.withLock { $0.begin(stranger, now) }
    }

    /// Counts a connection in and says whether it may stay; `stranger` is an address that is not of
    /// this machine.
    func admit(stranger: String?) -> PrefaceStatus {
        let (_, count) = connections.add(1, ordering: .relaxed)
        var fromThere = 0
        let waiting: Int
        if stranger == nil {
            waiting = unauthenticated.add(1, ordering: .relaxed).newValue
        } else {
            waiting = unauthenticatedFar.add(1, ordering: .relaxed).newValue
        }
        if let stranger {
            fromThere = strangers.withLock { table in
                table[stranger, default: 0] += 1
                return table[stranger, default: 0]
            }
        }
        if isDraining.load(ordering: .relaxed) { return .draining }
        let isFull =
            count > configuration.connectionsMax
            || waiting > configuration.connectionsUnauthenticatedMax
            || fromThere > Limits.connectionsUnauthenticatedPerAddressMax
        return isFull ? .overloaded : .ok
    }

    /// So many are here already that one more may not even be told so.
    func isSwamped(stranger: String?) -> Bool {
        let spare = Limits.connectionsRefusedMax
        let waiting =
            stranger == nil
            ? unauthenticated.load(ordering: .relaxed)
            : unauthenticatedFar.load(ordering: .relaxed)
        return connections.load(ordering: .relaxed) >= configuration.connectionsMax + spare
            || waiting >= configuration.connectionsUnauthenticatedMax + spare
    }

    func authenticated(stranger: String?) {
        guard let stranger else {
            unauthenticated.subtract(1, ordering: .relaxed)
            return
        }
        unauthenticatedFar.subtract(1, ordering: .relaxed)
        strangers.withLock { table in
            let count = table[stranger, default: 1] - 1
            table[stranger] = count > 0 ? count : nil
        }
    }

    func gone() {
        connections.subtract(1, ordering: .relaxed)
    }
}
