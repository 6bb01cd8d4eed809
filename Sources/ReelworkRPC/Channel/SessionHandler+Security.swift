// SPDX-License-Identifier: Apache-2.0
// Reelwork: TLS beneath a session.

internal import NIOCore
internal import NIOSSL
internal import NIOTLS

extension SessionHandler {
    /// Looks whether TLS has come up, and tells the machine whom it has shown.
    func secured(_ event: Any) {
        guard case .handshakeCompleted(let name)? = event as? TLSUserEvent, let context else {
            return
        }
        now = LoopState.now
        let isOurs = name == TLSContexts.applicationProtocol
        transportGuard?.isSecured = true
        switch machine.side {
        case .client:
            guard !isOurs else { return }
            let wanted = TLSContexts.applicationProtocol
            handle(
                .untrusted(
                    "what answers there speaks TLS, and not \(wanted); is it a Reelwork scheduler?"
                )
            )
            context.close(promise: nil)
        case .server:
            let certificate = try? context.channel.pipeline.syncOperations
                .nioSSL_peerCertificate()?.toDERBytes()
            handle(.secured(isOurs ? owner.gate(certificate: certificate) : .denied))
            // The preface has its own time from here on.
            arm()
        }
    }
}
