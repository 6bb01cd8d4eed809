// SPDX-License-Identifier: Apache-2.0
// Reelwork: what a fleet over TLS needs

/// What a fleet over TLS needs, as `reelwork auth` makes it.
struct TLSMaterial {
    let house: House
    let port: UInt16
    /// The folder of the authority, in that of the data.
    var name = "auth"

    /// Makes an authority and a certificate for a scheduler on loopback.
    static func make(_ house: House) async throws -> TLSMaterial {
        let material = TLSMaterial(house: house, port: try FreePort.find())
        try await material.auth(["ca"])
        try await material.auth(["cert", "--role", "server", "--host", "127.0.0.1"])
        return material
    }

    var folder: String { house.data + "/" + name }
    var authority: String { folder + "/ca.pem" }
    var endpoint: String { "tcp:127.0.0.1:\(port)" }

    /// Runs a command of `reelwork auth`.
    func auth(_ arguments: [String]) async throws {
        let answer = try await house.reelwork(["auth"] + arguments + ["--dir", folder])
        guard answer.status == 0 else { throw Surprise("auth \(arguments): \(answer)") }
    }

    /// Makes a certificate; answers the options that show it.
    func certificate(_ role: String, _ name: String) async throws -> [String] {
        try await auth(["cert", "--role", role, "--name", name])
        return [
            "--tls-ca", authority, "--tls-cert", "\(folder)/\(name).pem",
            "--tls-key", "\(folder)/\(name).key",
        ]
    }

    /// Makes a token; answers the options that show it, and the path of its file.
    func token(_ role: String, _ name: String) async throws -> (options: [String], path: String) {
        let path = "\(house.path)/\(name).token"
        try await auth(["token", "--role", role, "--name", name, "--out", path])
        return (["--tls-ca", authority, "--token-file", path], path)
    }
}
