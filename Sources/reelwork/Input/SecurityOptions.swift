// SPDX-License-Identifier: Apache-2.0
// Reelwork: TLS and identity of a client

import ArgumentParser
import ReelworkClient
import ReelworkRPC

/// TLS and identity of a client, for tcp: endpoints.
struct SecurityOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "The authority that made the scheduler's certificate, for tcp: endpoints.",
            discussion: "Default: $REELWORK_TLS_CA.",
            valueName: "file"
        )
    )
    var tlsCa: String?

    @Option(
        help: ArgumentHelp(
            "A client certificate that says who this is.",
            discussion: "Default: $REELWORK_TLS_CERT.",
            valueName: "file"
        )
    )
    var tlsCert: String?

    @Option(
        help: ArgumentHelp(
            "The key of --tls-cert.",
            discussion: "Default: $REELWORK_TLS_KEY.",
            valueName: "file"
        )
    )
    var tlsKey: String?

    @Option(
        help: ArgumentHelp(
            "The name in the scheduler's certificate, where it is not the host of the endpoint.",
            valueName: "name"
        )
    )
    var tlsName: String?

    @Option(
        help: ArgumentHelp(
            "A file with a token that says who this is, instead of a certificate.",
            discussion: "Default: $REELWORK_TOKEN_FILE.",
            valueName: "file"
        )
    )
    var tokenFile: String?

    /// What was given; nil where nothing was.
    func security() throws(CommandFailure) -> ReelworkSecurity? {
        let authorities = tlsCa ?? Environment.value("REELWORK_TLS_CA")
        let certificate = tlsCert ?? Environment.value("REELWORK_TLS_CERT")
        let key = tlsKey ?? Environment.value("REELWORK_TLS_KEY")
        let token = tokenFile ?? Environment.value("REELWORK_TOKEN_FILE")
        guard let authorities else {
            guard certificate == nil, key == nil, token == nil, tlsName == nil else {
                throw .usage(
                    "a certificate or a token is sent only to a scheduler that is known",
                    advice: "give --tls-ca with the scheduler's ca.pem, or set REELWORK_TLS_CA"
                )
            }
            return nil
        }
        guard (certificate == nil) == (key == nil) else {
            throw .usage("--tls-cert and --tls-key belong together", advice: "give both")
        }
        return ReelworkSecurity(
            authoritiesFile: authorities,
            certificateFile: certificate,
            keyFile: key,
            tokenFile: token,
            serverName: tlsName
        )
    }

    /// The name in the client certificate; nil where there is none.
    func certificateName() throws(CommandFailure) -> String? {
        guard let path = tlsCert ?? Environment.value("REELWORK_TLS_CERT") else { return nil }
        let text = try AuthFolder.text(path, isSecret: false)
        do {
            return try CertificateReader.identity(pem: text).name
        } catch {
            throw .usage("\(path): \(error.words)", advice: "name the worker's own certificate")
        }
    }

    /// The same for a worker, its files looked at once; they are read again at each connecting.
    func workerSecurity(_ endpoints: [String]) throws(CommandFailure) -> ClientSecurity? {
        guard let given = try security() else { return nil }
        let security = ClientSecurity(
            authorities: given.authoritiesFile,
            certificate: given.certificateFile,
            key: given.keyFile,
            tokenFile: given.tokenFile,
            serverName: given.serverName
        )
        guard endpoints.contains(where: { $0.hasPrefix("tcp:") }) else { return security }
        do {
            try security.check()
        } catch {
            throw CommandFailure(credentials: error)
        }
        return security
    }
}
