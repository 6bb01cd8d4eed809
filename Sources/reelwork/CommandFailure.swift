// SPDX-License-Identifier: Apache-2.0
// Reelwork: why a command did not do what it was asked

import Foundation
import ReelworkClient
import ReelworkCore
import ReelworkDaemon
import ReelworkRPC
import ReelworkStore
import ReelworkWorker

/// Why a command did not do what it was asked: what happened, what to do, and the exit code.
struct CommandFailure: Error, CustomStringConvertible {
    var status: CommandStatus
    var what: String
    /// What to do; empty where `what` says it.
    var advice: String

    init(_ status: CommandStatus, _ what: String, advice: String = "") {
        self.status = status
        self.what = what
        self.advice = advice
    }

    /// The operation failed.
    init(_ what: String, advice: String = "") {
        self.init(.failed, what, advice: advice)
    }

    /// What was typed makes no sense.
    static func usage(_ what: String, advice: String = "") -> CommandFailure {
        CommandFailure(.usage, what, advice: advice)
    }

    /// The lines for standard error.
    var description: String {
        var text = "reelwork: \(ShownLine.escaped(what))"
        if !advice.isEmpty { text += "\n  \(ShownLine.escaped(advice))" }
        return text
    }

    /// What a scheduler answered, or that none did.
    init(_ error: ReelworkError) {
        let halves = CommandFailure.halves(error.message)
        self.init(CommandFailure.status(of: error.code), halves.what, advice: halves.advice)
        switch error.code {
        case .notReachable:
            let cause = error.cause ?? ""
            if cause.contains("Permission denied") {
                status = .denied
                advice = "the socket is not this user's; run as the scheduler's user"
            } else if cause.contains("Connection refused"), what.contains(" tcp:") {
                advice = "nothing listens there: start it again, or name another with --connect"
            } else if cause.contains("Connection refused") {
                advice = "its socket is there, but it does not run: start it again"
            } else {
                advice =
                    "start one with `reelwork serve --data DIR`, or name another with --connect"
            }
        case .denied:
            advice =
                "run as the scheduler's user; clients go to its reelwork.sock, administrators to "
                + "its admin.sock"
        case .refused(let code) where code.value == .unimplemented:
            what = "the scheduler does not know this request"
            advice = error.message
        case .timeout:
            // A job that was sent without a key of its own would be another one the next time.
            advice =
                "the scheduler may be stopped or overloaded, and what was asked may be done all "
                + "the same: look with `reelwork jobs` before you ask again; --answer-within waits "
                + "longer"
        case .untrusted, .credentialsInvalid, .endpointInvalid, .notUnderstood, .outcomeUnknown,
            .canceled, .tooLarge, .refused:
            if let cause = error.cause { advice += advice.isEmpty ? cause : " (\(cause))" }
        }
    }

    private static func status(of code: ReelworkError.Code) -> CommandStatus {
        switch code {
        case .endpointInvalid, .credentialsInvalid: .usage
        case .notReachable, .notUnderstood, .outcomeUnknown, .timeout: .unreachable
        case .denied, .untrusted: .denied
        case .canceled, .tooLarge: .failed
        case .refused(let code):
            switch code.value {
            case .denied, .authRequired, .authFailed: .denied
            case .draining, .busy: .unreachable
            case .storageReadOnly: .storeFailed
            case _: .failed
            }
        }
    }

    /// Why a scheduler cannot run.
    init(_ error: DaemonError) {
        let halves = CommandFailure.halves(error.explanation)
        let status: CommandStatus =
            switch error {
            case .store(let cause): CommandFailure.status(of: cause)
            case .socket, .resources: .failed
            case .configuration: .usage
            }
        self.init(status, halves.what, advice: halves.advice)
    }

    /// Why the store cannot be used.
    init(_ error: StoreError) {
        let halves = CommandFailure.halves(error.explanation)
        self.init(CommandFailure.status(of: error), halves.what, advice: halves.advice)
    }

    /// Why the predecessor's database cannot be imported.
    init(_ error: ImportError) {
        let halves = CommandFailure.halves(error.explanation)
        let status: CommandStatus =
            switch error {
            case .missing: .usage
            case .denied: .denied
            case .source: .failed
            case .store(let cause): CommandFailure.status(of: cause)
            }
        self.init(status, halves.what, advice: halves.advice)
    }

    private static func status(of error: StoreError) -> CommandStatus {
        switch error {
        case .inUse: .failed
        case .unusable(let text): text.contains("ermission") ? .denied : .storeFailed
        case .full, .locked, .failed, .corrupt, .newer, .gone, .refused: .storeFailed
        }
    }

    /// Why a worker cannot work.
    init(_ error: WorkerError) {
        let halves = CommandFailure.halves(error.message)
        self.init(error.code == .invalid ? .usage : .failed, halves.what, advice: halves.advice)
    }

    /// A certificate, key or token that cannot be used.
    init(credentials error: RPCError) {
        let halves = CommandFailure.halves(error.message)
        let cause = error.cause.map { ": \($0)" } ?? ""
        self.init(.usage, halves.what + cause, advice: halves.advice)
    }

    /// Messages of the house say what happened, then, behind the last `; `, what to do.
    private static func halves(_ message: String) -> (what: String, advice: String) {
        guard let cut = message.range(of: "; ", options: .backwards) else { return (message, "") }
        return (String(message[..<cut.lowerBound]), String(message[cut.upperBound...]))
    }
}
