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
import ReelworkSystem

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

            Settings come from the file that --config names (TOML), from the environment and from
            the options; the later ones are stronger. workers.lease is `lease` in the section
            [workers] of the file and \(SettingKey.lease.variable) in the environment.
            An unknown setting is refused. They are:

              \(SettingKey.allCases.map(\.rawValue).joined(separator: "\n  "))

            A section [tenants.NAME] of the file gives one tenant a weight and a held_max of its
            own; what it leaves out is as tenant_default says.

            A tcp: endpoint speaks TLS 1.3 and lets in who shows a certificate or a token that
            `reelwork auth` has made. What was revoked there is cut off within 2 s.

            Example:
              reelwork serve --data /var/lib/reelwork
              reelwork serve --config /etc/reelwork.toml
              reelwork serve --data /var/lib/reelwork --listen tcp:0.0.0.0:7411 \\
                --listen unix:/var/lib/reelwork/reelwork.sock
            """
        )
    )

    @Option(
        help: ArgumentHelp(
            "The folder of its database and sockets; made where it is not there.",
            valueName: "dir"
        )
    )
    var data: String?

    @Option(
        help: ArgumentHelp("A file of settings, in TOML; see above.", valueName: "file")
    )
    var config: String?

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
        )
    )
    var lease: String?

    @Option(
        help: ArgumentHelp(
            "How often workers send a heartbeat (default: a third of the lease).",
            valueName: "time"
        )
    )
    var heartbeat: String?

    @Option(
        help: ArgumentHelp(
            "How much is logged: trace, debug, info, notice, warning, error, critical "
                + "(default: info).",
            valueName: "level"
        )
    )
    var logLevel: String?

    func run() async throws {
        let settings = try settings()
        guard let data = settings.data else {
            throw CommandFailure.usage(
                "no data folder is named",
                advice: "give --data DIR, or set `data` in the file that --config names"
            )
        }
        let folder = JobOrder.absolute(data, in: try JobOrder.currentFolder())
        var configuration = try self.configuration(folder, settings)
        let tls = try security.load(
            data: folder,
            configuration.listen,
            isInsecure: settings.isInsecureLoopback
        )
        configuration.security = tls?.server
        let registry = try EngineSet.registry()
        let log = try LogOutput(label: "reelwork.serve", level: settings.logLevel)
        let stopping = StopSignal()
        let signals = SignalWatch { Serve.hear($0, stopping, log) }
        defer { signals?.stop() }
        do {
            try await serve(folder, configuration, tls, registry, log, stopping)
        } catch {
            log.close()
            throw error
        }
        log.logger.notice("[Serve] Stopped")
        log.close()
    }

    /// The options that were given, over the environment, over the file.
    private func settings() throws -> DaemonSettings {
        var options: [SettingKey: [String]] = [:]
        let texts: [(SettingKey, String?)] = [
            (.data, data), (.admin, admin), (.lease, lease), (.heartbeat, heartbeat),
            (.logLevel, logLevel), (.insecureLoopback, insecureLoopback ? "true" : nil),
        ]
        for (key, text) in texts { options[key] = text.map { [$0] } }
        if !listen.isEmpty { options[.listen] = listen }
        let layers = try SettingLayers(
            file: try config.map { try ConfigurationFile.read($0) },
            environment: ProcessInfo.processInfo.environment,
            options: options
        )
        return try DaemonSettings(layers)
    }

    /// What a signal does; on the thread that hears them.
    private static func hear(_ number: Int32, _ stopping: StopSignal, _ log: LogOutput) {
        guard stopping.hear() else {
            log.logger.warning("[Serve] Second signal: ends at once")
            log.close(within: Serve.lastWordsMax)
            _exit(128 + number)
        }
        log.logger.notice("[Serve] Signal \(number): says goodbye")
        // Whatever hangs, the promise of 5 s holds: all that was answered is committed.
        let timer = Thread {
            Thread.sleep(forTimeInterval: Serve.goodbyeMax.seconds)
            _exit(CommandStatus.done.rawValue)
        }
        timer.start()
    }

    private func serve(
        _ folder: String,
        _ configuration: DaemonConfiguration,
        _ tls: ServeSecurity?,
        _ registry: EngineRegistry,
        _ log: LogOutput,
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
            logger: log.logger,
            logLinesDropped: { log.dropped },
            exit: { error in
                // What is on disk is judged by the next start; nothing more is written here.
                LastWords.say(CommandFailure(error).description, within: Serve.lastWordsMax)
                _exit(CommandStatus.storeFailed.rawValue)
            }
        )
        let warning = try? store.identity().warning
        let watch = tls.map { tls in
            Task { await AuthWatch(security: tls, daemon: daemon, logger: log.logger).run() }
        }
        defer { watch?.cancel() }
        let ready: Daemon.Ready
        do {
            ready = try await daemon.start()
        } catch {
            throw CommandFailure(error)
        }
        if let warning { log.logger.warning("[Store] \(warning)") }
        let listening = configuration.listen.map(\.description).joined(separator: " ")
        Output.line(
            "ready \(listening) admin=\(configuration.admin) jobs=\(ready.jobsLive) "
                + "workers=\(ready.workersKnown) store=\"\(ready.engine)\" took=\(ready.took.words)"
        )
        await stopping.wait()
        await daemon.stop()
    }

    /// All of goodbye, before the 5 s that are promised are over.
    private static let goodbyeMax = Duration.milliseconds(4_500)
    /// A standard error that takes nothing keeps no process from its end.
    private static let lastWordsMax = Duration.milliseconds(100)
}
