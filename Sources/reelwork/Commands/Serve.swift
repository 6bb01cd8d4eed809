// SPDX-License-Identifier: Apache-2.0
// Reelwork: reelwork serve

import ArgumentParser
import Foundation
import Logging
import ReelworkCore
import ReelworkDaemon
import ReelworkEngineKit
import ReelworkRPC
import ReelworkStore
import Synchronization

/// Runs the scheduler.
struct Serve: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Run the scheduler.",
        discussion: HelpText.flowing(
            """
            Keeps its database in DIR, made with mode 0700. Listens on unix:DIR/reelwork.sock for
            workers and submitters and on DIR/admin.sock for administrators, both with mode 0600.
            Prints one line that begins with `ready` on standard output once it serves, and logs on
            standard error.

            TERM or INT ends it within 5 s with everything committed; encodes go on at the workers.
            A second one ends it at once.

            A tcp: endpoint speaks TLS 1.3 and lets in who shows a certificate or a token that
            `reelwork auth` has made. What was revoked there is cut off within 2 s.

            Example:
              reelwork serve --data /var/lib/reelwork
              reelwork serve --data /var/lib/reelwork --listen tcp:0.0.0.0:7411 \\
                --listen unix:/var/lib/reelwork/reelwork.sock
            """
        )
    )

    @Option(help: ArgumentHelp("The folder of its database and sockets.", valueName: "dir"))
    var data: String

    @Option(
        help: ArgumentHelp(
            "Where to listen: unix:PATH or tcp:HOST:PORT; may be repeated.",
            discussion: "Default: unix:DIR/reelwork.sock.",
            valueName: "endpoint"
        )
    )
    var listen: [String] = []

    @Option(
        help: ArgumentHelp(
            "The admin socket.",
            discussion: "Default: DIR/admin.sock.",
            valueName: "path"
        )
    )
    var admin: String?

    @Flag(help: "Allow tcp: endpoints on loopback, without TLS: every local user may connect.")
    var insecureLoopback = false

    @OptionGroup var security: ServeSecurityOptions

    @Option(
        help: ArgumentHelp(
            "How long a worker may be silent before it counts as dead (default: 15s).",
            valueName: "time"
        ),
        transform: DurationText.argument
    )
    var lease: Duration?

    @Option(
        help: ArgumentHelp(
            "How often workers send a heartbeat (default: a third of the lease).",
            valueName: "time"
        ),
        transform: DurationText.argument
    )
    var heartbeat: Duration?

    @OptionGroup var log: LogOptions

    func validate() throws {
        guard !data.isEmpty else { throw ValidationError("--data is empty; name a folder") }
        guard (Limits.leaseMin...Limits.leaseMax).contains(leaseDuration) else {
            throw ValidationError(
                "--lease must be from \(Limits.leaseMin.words) to \(Limits.leaseMax.words)"
            )
        }
        guard heartbeatInterval > .zero, heartbeatInterval <= leaseDuration / 2 else {
            throw ValidationError(
                "--heartbeat must be more than nothing and at most half of the lease, which is "
                    + leaseDuration.words
            )
        }
    }

    private var leaseDuration: Duration { lease ?? .seconds(15) }

    /// Three heartbeats fit into a lease, so that one that is lost does no harm.
    private var heartbeatInterval: Duration { heartbeat ?? leaseDuration / 3 }

    func run() async throws {
        let folder = JobOrder.absolute(data, in: try JobOrder.currentFolder())
        var configuration = try self.configuration(folder)
        let tls = try security.load(
            data: folder,
            configuration.listen,
            isInsecure: insecureLoopback
        )
        configuration.security = tls?.server
        let registry = try EngineSet.registry()
        let log = try LogOutput(label: "reelwork.serve", level: self.log.logLevel)
        let stopping = StopSignal()
        let signals = SignalWatch { number in
            guard stopping.hear() else {
                log.logger.warning("[Serve] Second signal: ends at once")
                log.close()
                _exit(128 + number)
            }
            log.logger.notice("[Serve] Signal \(number): says goodbye")
        }
        defer { signals?.stop() }
        do {
            try await serve(folder, configuration, tls, registry, log.logger, stopping)
        } catch {
            log.close()
            throw error
        }
        log.logger.notice("[Serve] Stopped")
        log.close()
    }

    private func serve(
        _ folder: String,
        _ configuration: DaemonConfiguration,
        _ tls: ServeSecurity?,
        _ registry: EngineRegistry,
        _ logger: Logger,
        _ stopping: StopSignal
    ) async throws {
        let store: SQLiteJobStore
        do {
            store = try SQLiteJobStore(folder: folder)
        } catch {
            throw CommandFailure(error)
        }
        let daemon = Daemon(
            configuration: configuration,
            store: store,
            engines: registry,
            logger: logger
        ) { error in
            // What is on disk is judged by the next start; nothing more is written here.
            Output.error(CommandFailure(error).description)
            _exit(CommandStatus.storeFailed.rawValue)
        }
        let watch = tls.map { tls in
            Task { await AuthWatch(security: tls, daemon: daemon, logger: logger).run() }
        }
        defer { watch?.cancel() }
        let ready: Daemon.Ready
        do {
            ready = try await daemon.start()
        } catch {
            await daemon.stop()
            throw CommandFailure(error)
        }
        if let warning = try? store.identity().warning { logger.warning("[Store] \(warning)") }
        let listening = configuration.listen.map(\.description).joined(separator: " ")
        Output.line(
            "ready \(listening) admin=\(configuration.admin) jobs=\(ready.jobsLive) "
                + "workers=\(ready.workersKnown) store=\"\(ready.engine)\" took=\(ready.took.words)"
        )
        await stopping.wait()
        // Whatever hangs, the promise of 5 s holds: all that was answered is committed.
        let timer = Thread {
            Thread.sleep(forTimeInterval: Serve.goodbyeMax.seconds)
            _exit(CommandStatus.done.rawValue)
        }
        timer.start()
        await daemon.stop()
    }

    private static let goodbyeMax = Duration.milliseconds(4_500)

    // MARK: - What was asked for

    private func configuration(_ folder: String) throws(CommandFailure) -> DaemonConfiguration {
        do throws(RPCError) {
            var endpoints: [RPCEndpoint] = []
            let texts = listen.isEmpty ? ["unix:\(folder)/reelwork.sock"] : listen
            for text in texts { endpoints.append(try RPCEndpoint(parsing: text)) }
            for endpoint in endpoints { try requireAllowed(endpoint) }
            let path = admin ?? "\(folder)/admin.sock"
            let socket = try RPCEndpoint(parsing: path.hasPrefix("unix:") ? path : "unix:\(path)")
            return DaemonConfiguration(
                listen: endpoints,
                admin: socket,
                isInsecureLoopback: insecureLoopback,
                policy: SchedulerPolicy(
                    heartbeatInterval: heartbeatInterval,
                    leaseDuration: leaseDuration
                ),
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

    private func requireAllowed(_ endpoint: RPCEndpoint) throws(RPCError) {
        guard case .tcp(let host, let port) = endpoint else { return }
        guard port > 0 else {
            throw RPCError(
                .addressDenied,
                "\(endpoint) names no port, and nobody would know which one it became",
                cause: "give one, such as tcp:127.0.0.1:7411"
            )
        }
        guard insecureLoopback else { return }
        guard Serve.isLoopback(host) else {
            throw RPCError(
                .addressDenied,
                "\(endpoint) can be reached from other machines, and --insecure-loopback turns "
                    + "TLS off",
                cause: "leave --insecure-loopback away and make a certificate with `reelwork auth`"
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
