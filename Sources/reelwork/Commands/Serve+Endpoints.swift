// SPDX-License-Identifier: Apache-2.0
// Reelwork: where a scheduler listens

import Foundation
import ReelworkDaemon
import ReelworkRPC

extension Serve {
    /// What the settings come to for a data folder.
    func configuration(
        _ folder: String,
        _ settings: DaemonSettings
    ) throws(CommandFailure) -> DaemonConfiguration {
        do throws(RPCError) {
            var endpoints: [RPCEndpoint] = []
            let texts =
                settings.listen.isEmpty ? ["unix:\(folder)/reelwork.sock"] : settings.listen
            for text in texts { endpoints.append(try RPCEndpoint(parsing: text)) }
            for endpoint in endpoints { try requireAllowed(endpoint, settings) }
            let path = settings.admin ?? "\(folder)/admin.sock"
            let socket = try RPCEndpoint(parsing: path.hasPrefix("unix:") ? path : "unix:\(path)")
            return DaemonConfiguration(
                listen: endpoints,
                admin: socket,
                isInsecureLoopback: settings.isInsecureLoopback,
                policy: settings.policy,
                loops: settings.loops,
                connectionsMax: settings.connectionsMax,
                acceptsPerSecondMax: settings.acceptsPerSecondMax,
                drainMax: settings.drainMax,
                version: Program.version
            )
        } catch {
            guard case .addressDenied = error.code else {
                let advice =
                    error.code == .pathTooLong
                    ? "give a shorter --data, or --listen unix:PATH and --admin PATH" : ""
                throw .usage(error.description, advice: advice)
            }
            throw .usage(error.message, advice: error.cause ?? "")
        }
    }

    private func requireAllowed(
        _ endpoint: RPCEndpoint,
        _ settings: DaemonSettings
    ) throws(RPCError) {
        guard case .tcp(let host, let port) = endpoint else { return }
        guard port > 0 else {
            throw RPCError(
                .addressDenied,
                "\(endpoint) names no port, and nobody would know which one it became",
                cause: "give one, such as tcp:127.0.0.1:7411"
            )
        }
        guard Serve.isLoopback(host) else {
            throw RPCError(
                .addressDenied,
                "\(endpoint) can be reached from other machines, and TCP has no TLS yet",
                cause: "listen on tcp:127.0.0.1:PORT with --insecure-loopback, and let remote "
                    + "machines come through a tunnel such as ssh -L"
            )
        }
        guard settings.isInsecureLoopback else {
            throw RPCError(
                .addressDenied,
                "on \(endpoint) every user of this machine could submit jobs and act as a worker",
                cause: "give --insecure-loopback if that is wanted, or listen on unix:PATH"
            )
        }
    }

    /// Whether a host is this machine alone; no name but localhost is looked up.
    static func isLoopback(_ host: String) -> Bool {
        if host == "localhost" { return true }
        var four = in_addr()
        if inet_pton(AF_INET, host, &four) == 1 {
            return UInt32(bigEndian: four.s_addr) >> 24 == 127
        }
        var six = in6_addr()
        guard inet_pton(AF_INET6, host, &six) == 1 else { return false }
        return withUnsafeBytes(of: &six) { bytes in
            bytes.dropLast().allSatisfy { $0 == 0 } && bytes.last == 1
        }
    }
}
