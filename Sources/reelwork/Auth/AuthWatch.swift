// SPDX-License-Identifier: Apache-2.0
// Reelwork: takes up changed credentials

import Logging
import ReelworkCore
import ReelworkDaemon
import ReelworkRPC
import ReelworkSystem

/// Takes up changed credentials while a scheduler runs: what was revoked is cut off, what was made
/// is known, and a renewed certificate is shown, all within two seconds and without a signal.
struct AuthWatch: Sendable {
    let security: ServeSecurity
    let daemon: Daemon
    let logger: Logger

    private static let interval = Duration.seconds(1)

    /// Looks until its task is canceled.
    func run() async {
        let clock = ContinuousClock()
        if let warning = security.files.warning(now: SystemClock.wall()) {
            logger.warning("[Auth] \(warning)")
        }
        var shown = security.files.identities
        var rechecked = clock.now
        while (try? await clock.sleep(for: AuthWatch.interval)) != nil {
            var hasChanged = false
            do throws(CommandFailure) {
                hasChanged = try security.authority.refresh()
                if hasChanged { logger.notice("[Auth] Read the register of credentials again") }
            } catch {
                logger.error("[Auth] \(error.what); what was known before stays in force")
            }
            let identities = security.files.identities
            if identities != shown {
                shown = identities
                renew()
            }
            // Credentials expire without a change of any file.
            guard hasChanged || clock.now - rechecked >= Limits.credentialRecheckTime else {
                continue
            }
            rechecked = clock.now
            daemon.recheckPeers()
        }
    }

    private func renew() {
        do throws(CommandFailure) {
            daemon.renew(try security.files.security(security.authority))
            logger.notice("[Auth] Shows the changed certificate to new connections")
        } catch {
            logger.error("[Auth] \(error.what); the certificate in use stays")
        }
    }
}
