// SPDX-License-Identifier: Apache-2.0
// Reelwork: where a connection comes from.

internal import CReelworkSystem
internal import NIOCore
internal import ReelworkCore

/// Where a connection comes from, by the kernel's word alone.
struct PeerOrigin: Hashable, Sendable {
    var isUnix: Bool
    var uid: UInt32?
    var gid: UInt32?
    var pid: Int32?
    /// For logs.
    var address: String
    /// The address, where it is not of this machine.
    var stranger: String?

    /// The user that stands for one of another namespace (user_namespaces(7)): nobody's.
    static let overflowUID: UInt32 = 65_534

    /// Asks about a channel that was accepted.
    init(_ channel: any Channel) {
        if let remote = channel.remoteAddress, remote.ipAddress != nil {
            isUnix = false
            address = remote.description
            stranger = remote.isLoopback ? nil : remote.ipAddress
            return
        }
        isUnix = true
        var peer = reelwork_peer(pid: 0, uid: PeerOrigin.overflowUID, gid: PeerOrigin.overflowUID)
        _ = try? channel.pipeline.syncOperations.withUnsafeTransportIfAvailable(
            of: NIOBSDSocket.Handle.self
        ) { socket in
            _ = reelwork_peer_credentials(socket, &peer)
        }
        uid = peer.uid
        gid = peer.gid
        pid = peer.pid > 0 ? peer.pid : nil
        address = "unix"
    }

    /// Whether the peer may come in: over a Unix socket root and the server's own user.
    func isAdmitted(owner: UInt32) -> Bool {
        guard isUnix else { return true }
        guard let uid, uid != PeerOrigin.overflowUID else { return false }
        return uid == 0 || uid == owner
    }
}

extension SocketAddress {
    /// Whether it is of this machine only.
    var isLoopback: Bool {
        // The text is the system's own (inet_ntop(3)), so it has one form.
        guard let text = ipAddress else { return true }
        return text.hasPrefix("127.") || text == "::1" || text.hasPrefix("::ffff:127.")
    }
}

extension String {
    /// Without control characters: what a peer says must not forge a line of a log.
    var escaped: String {
        var text = ""
        for scalar in unicodeScalars {
            switch scalar.properties.generalCategory {
            case .control, .format, .lineSeparator, .paragraphSeparator:
                text += scalar.escaped(asASCII: true)
            default: text.unicodeScalars.append(scalar)
            }
        }
        return text
    }
}
