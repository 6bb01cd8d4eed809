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
    /// The address, where it is not of this machine: what is counted against its limits.
    ///
    /// Of an IPv6 address the network, its first 64 bits: one host has all addresses of it.
    var stranger: String?

    /// The user that stands for one of another namespace (user_namespaces(7)): nobody's.
    static let overflowUID: UInt32 = 65_534

    /// Asks about a channel that was accepted.
    init(_ channel: any Channel) {
        if let remote = channel.remoteAddress, remote.ipAddress != nil {
            isUnix = false
            address = remote.description
            stranger = remote.isLoopback ? nil : remote.network
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
    /// An IPv4 address, also one that came as IPv6 (RFC 4291, 2.5.5.2), or an IPv6 address's first
    /// 64 bits, as text.
    var network: String? {
        guard case .v6 = self else { return ipAddress }
        let mapped = "::ffff:"
        if let text = ipAddress, text.hasPrefix(mapped), text.contains(".") {
            return String(text.dropFirst(mapped.count))
        }
        // sockaddr_in6 has the address behind family, port and flow: 8 bytes (ipv6(7)).
        let words = withSockAddr { pointer, size in
            let bytes = UnsafeRawBufferPointer(start: pointer, count: size).dropFirst(8).prefix(8)
            return stride(from: bytes.startIndex, to: bytes.endIndex - 1, by: 2).map { index in
                String(UInt16(bytes[index]) << 8 | UInt16(bytes[index + 1]), radix: 16)
            }
        }
        return words.joined(separator: ":") + "::/64"
    }

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
