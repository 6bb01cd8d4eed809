// SPDX-License-Identifier: Apache-2.0
// Reelwork: the reference client of the specification

import Foundation

/// The reference client of the specification, beside the scheduler that it talks to.
struct ReferenceProgram {
    let house: House
    let server: ProgramRun
    let endpoint: String

    static let path = URL(filePath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent()
        .appending(path: "proto-spec/reference/rlw.py").path

    /// Starts a scheduler that listens on its Unix socket and, where asked, on TCP.
    static func serve(_ house: House, overTCP: Bool = false) async throws -> ReferenceProgram {
        guard overTCP else {
            let server = try await house.serve()
            return ReferenceProgram(house: house, server: server, endpoint: house.endpoint)
        }
        let endpoint = try "tcp:127.0.0.1:\(FreePort.find())"
        let server = try await house.serve(
            lease: "3s",
            [
                "--listen", house.endpoint, "--listen", endpoint, "--insecure-loopback",
            ]
        )
        return ReferenceProgram(house: house, server: server, endpoint: endpoint)
    }

    /// Starts a command of the client.
    func start(_ arguments: [String], name: String, to endpoint: String? = nil) throws -> ProgramRun
    {
        guard let command = arguments.first else { throw Surprise("no command") }
        return try house.startProgram(
            "/usr/bin/env",
            ["python3", "-B", Self.path, command, "--connect", endpoint ?? self.endpoint]
                + arguments.dropFirst(),
            name: name,
            engines: .real
        )
    }

    /// Runs a command of the client to its end.
    func run(_ arguments: [String], to endpoint: String? = nil) async throws -> House.Answer {
        let run = try start(arguments, name: "reference", to: endpoint)
        let ending = try await run.end()
        guard case .exited(let status) = ending else {
            throw Surprise("\(arguments) ended with \(ending): \(run.errors)")
        }
        return House.Answer(status: status, output: run.output, errors: run.errors)
    }

    /// Runs a command of an admin to its end.
    func admin(_ arguments: [String]) async throws -> House.Answer {
        try await run(["admin"] + arguments, to: "unix:" + house.adminSocket)
    }
}
