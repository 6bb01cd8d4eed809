// SPDX-License-Identifier: Apache-2.0
// Reelwork: what all subcommands share

import ArgumentParser
import Glibc
import ReelworkClient
import ReelworkCore
import ReelworkDaemon
import ReelworkEngineKit
import ReelworkWorker

/// What all subcommands share.
enum Program {
    /// The program's version.
    static let version = "0.1.0"
    /// How it names itself to a scheduler.
    static let agent = "reelwork/\(version)"

    /// Arguments are text: bytes that are none would be changed silently on their way.
    static func checkArguments() throws(CommandFailure) {
        for index in 1..<max(1, Int(CommandLine.argc)) {
            guard let argument = CommandLine.unsafeArgv[index] else { continue }
            let bytes = UnsafeBufferPointer(start: argument, count: strlen(argument))
                .map { UInt8(bitPattern: $0) }
            guard String(validating: bytes, as: UTF8.self) == nil else { continue }
            throw .usage(
                "argument \(index) is not UTF-8: \(String(decoding: bytes, as: UTF8.self))",
                advice: "rename the file, or reach it through a symbolic link with a plain name"
            )
        }
    }

    /// A subcommand that is none is named, with the nearest one.
    static func checkSubcommand(
        _ words: ArraySlice<String> = CommandLine.arguments.dropFirst()
    ) throws(CommandFailure) {
        var command: any ParsableCommand.Type = Reelwork.self
        var path = [name(of: Reelwork.self)]
        for word in words {
            let children = command.configuration.subcommands
            guard !children.isEmpty, !word.hasPrefix("-") else { return }
            guard let child = children.first(where: { name(of: $0) == word }) else {
                if word == "help", path.count == 1 { return }
                throw unknown(word, after: path, among: children)
            }
            command = child
            path.append(word)
        }
    }

    private static func unknown(
        _ word: String,
        after path: [String],
        among children: [any ParsableCommand.Type]
    ) -> CommandFailure {
        let place = path.joined(separator: " ")
        let near: String? =
            if path.last == name(of: JobCommands.self), JobRef(word) != nil {
                "\(name(of: JobShow.self)) \(word)"
            } else {
                NearestName.suggestion(children.map(name(of:)), near: word)
            }
        return .usage(
            "there is no subcommand \(ShownLine.cut(word, columns: 40))"
                + (path.count > 1 ? " of `\(place)`" : ""),
            advice: near.map { "did you mean `\(place) \($0)`?" } ?? "see `\(place) --help`"
        )
    }

    private static func name(of command: any ParsableCommand.Type) -> String {
        command.configuration.commandName ?? "\(command)".lowercased()
    }

    /// Ends the program as an error asks for: help on standard output, all else on standard error.
    static func end(_ error: any Error) -> Never {
        switch error {
        case let failure as CommandFailure: end(failure)
        case let error as ReelworkError: end(CommandFailure(error))
        case let error as DaemonError: end(CommandFailure(error))
        case let error as WorkerError: end(CommandFailure(error))
        case let code as ExitCode: exit(code.rawValue)
        case _: break
        }
        let code = Reelwork.exitCode(for: error)
        let message = Reelwork.fullMessage(for: error)
        if code == .success {
            Output.line(message)
            Output.close()
            exit(CommandStatus.done.rawValue)
        }
        if code == .validationFailure {
            // `Error: what` and the usage: the first line in this program's own words.
            let text = message.hasPrefix("Error: ") ? String(message.dropFirst(7)) : message
            Output.error("reelwork: " + text)
            exit(CommandStatus.usage.rawValue)
        }
        Output.error("reelwork: " + message)
        exit(CommandStatus.failed.rawValue)
    }

    private static func end(_ failure: CommandFailure) -> Never {
        Output.error(failure.description)
        exit(failure.status.rawValue)
    }
}
