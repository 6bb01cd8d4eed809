// SPDX-License-Identifier: Apache-2.0
// Reelwork: how a command ended, as a failure

import ReelworkCore

extension EngineFailure {
    /// Why a command failed: by its end, else by the first clue whose words stand in the log.
    ///
    /// It is nil where the command ended by itself with code 0.
    ///
    /// - Parameters:
    ///   - outcome: how it ended.
    ///   - program: its name, for the message.
    ///   - clues: the most specific first.
    public init?(_ outcome: CommandOutcome, program: String, clues: [LogClue]) {
        switch outcome.end {
        case .exited(0): return nil
        case .exited(let code):
            let log = outcome.logText
            if let clue = clues.first(where: { log.contains($0.words) }) {
                self.init(
                    failureClass: clue.failureClass,
                    message: "\(program) ended with code \(code): \(clue.message)",
                    advice: clue.advice
                )
            } else {
                let said = Self.lastLine(log).map { ": " + $0 } ?? " and said nothing"
                self.init(
                    failureClass: .runtimeError,
                    message: "\(program) ended with code \(code)\(said)",
                    advice: "read the job's log"
                )
            }
        case .signaled(let signal):
            self.init(
                failureClass: .runtimeError,
                message: "\(program) was ended by signal \(signal)",
                advice: signal == 9
                    ? "see whether the machine ran out of memory" : "read the job's log"
            )
        case .timedOut:
            self.init(
                failureClass: .timeout,
                message: "\(program) did not end in time",
                advice: "see whether the machine is overloaded"
            )
        case .notStarted(let why):
            self.init(
                failureClass: .capabilityMismatch,
                message: "\(program) could not be started: \(ShownText.cut(why))",
                advice: "install it on this worker, or let another one do it"
            )
        }
    }

    /// The last line of a log that says anything, cut and escaped; nil where there is none.
    static func lastLine(_ log: String) -> String? {
        let lines = log.utf8.split(whereSeparator: {
            $0 == UInt8(ascii: "\n") || $0 == UInt8(ascii: "\r")
        })
        let line = lines.last { $0.contains { $0 > UInt8(ascii: " ") } }
        return line.map { ShownText.cut(String(decoding: $0, as: UTF8.self)) }
    }
}
