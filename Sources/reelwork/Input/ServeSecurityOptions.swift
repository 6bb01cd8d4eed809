// SPDX-License-Identifier: Apache-2.0
// Reelwork: TLS of a scheduler

import ArgumentParser
import ReelworkRPC

/// TLS of a scheduler, and where its credentials lie.
struct ServeSecurityOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "The scheduler's certificate, for tcp: endpoints.",
            discussion: "Default: server.pem in the folder of --auth.",
            valueName: "file"
        )
    )
    var tlsCert: String?

    @Option(
        help: ArgumentHelp(
            "The key of --tls-cert.",
            discussion: "Default: server.key in the folder of --auth.",
            valueName: "file"
        )
    )
    var tlsKey: String?

    @Option(
        help: ArgumentHelp(
            "The authority whose client certificates are taken.",
            discussion:
                "Default: ca.pem in the folder of --auth; without it only tokens are taken.",
            valueName: "file"
        )
    )
    var tlsCa: String?

    @Option(
        help: ArgumentHelp(
            "The folder of `reelwork auth`: which tokens are good, what was revoked.",
            discussion: "Default: DIR/auth, where DIR is --data. Changes are taken up within 2 s.",
            valueName: "dir"
        )
    )
    var auth: String?

    /// Whether one of them was given.
    var isGiven: Bool { tlsCert != nil || tlsKey != nil || tlsCa != nil }

    /// TLS, where one of these endpoints needs it; nil where none does.
    func load(
        data: String,
        _ endpoints: [RPCEndpoint],
        isInsecure: Bool
    ) throws(CommandFailure) -> ServeSecurity? {
        guard !isInsecure || !isGiven else {
            throw .usage(
                "--insecure-loopback turns TLS off, and a certificate turns it on",
                advice: "give one of the two; this machine's own users may come over unix:PATH"
            )
        }
        let isRemote = endpoints.contains { endpoint in
            if case .tcp = endpoint { true } else { false }
        }
        guard isRemote, !isInsecure else {
            guard !isGiven else {
                throw .usage(
                    "a certificate is given and no tcp: endpoint is listened on",
                    advice: "give --listen tcp:HOST:PORT"
                )
            }
            return nil
        }
        return try ServeSecurity(try files(data: data), try folder(data: data))
    }

    /// The folder of `reelwork auth`.
    func folder(data: String) throws(CommandFailure) -> AuthFolder {
        guard let auth else { return AuthFolder("\(data)/auth") }
        return AuthFolder(JobOrder.absolute(auth, in: try JobOrder.currentFolder()))
    }

    /// The files that TLS needs, or what to do to get them.
    func files(data: String) throws(CommandFailure) -> ServeSecurityFiles {
        let folder = try folder(data: data)
        let given = ServeSecurityFiles(
            certificate: tlsCert ?? folder.certificate("server"),
            key: tlsKey ?? folder.key("server"),
            authorities: tlsCa ?? (AuthFolder.exists(folder.authority) ? folder.authority : nil)
        )
        guard (tlsCert == nil) == (tlsKey == nil) else {
            throw .usage(
                "--tls-cert and --tls-key belong together",
                advice: "give both, or none to take server.pem and server.key in \(folder.path)"
            )
        }
        guard tlsCert != nil || AuthFolder.exists(given.certificate) else {
            throw .usage(
                "a tcp: endpoint needs a certificate, and \(given.certificate) is not there",
                advice: "make one: `reelwork auth ca --dir \(folder.path)`, then `reelwork auth "
                    + "cert --dir \(folder.path) --role server --host HOST`; or give "
                    + "--insecure-loopback to serve this machine alone without TLS"
            )
        }
        return given
    }
}
