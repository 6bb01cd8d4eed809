// SPDX-License-Identifier: Apache-2.0
// Reelwork: failures of the steps around the encode

import Glibc
import ReelworkCore
import ReelworkEngineKit

extension ReportItem.Failure: Error {}

extension ReportItem.Failure {
    /// What an engine says.
    init(_ failure: EngineFailure, outcome: CommandOutcome? = nil) {
        let reason = failure.reason.map { "\($0): " } ?? ""
        self.init(
            failure.failureClass,
            exit: outcome.flatMap { ReportItem.Failure.exit($0.end) },
            error: ShownText.cut(
                "\(reason)\(failure)",
                bytesMax: ReportItem.Failure.errorBytesMax
            ),
            logTail: outcome?.logTail ?? [],
            isFinal: failure.isFinal
        )
    }

    /// What the file system says; the class is `usual` unless something has run out.
    init(_ usual: FailureClass, _ error: FileError, _ what: String, _ advice: String) {
        let isResource = error.isResource
        self.init(
            isResource ? .resourceError : usual,
            error: "\(what): \(error.reason); "
                + (isResource ? "free some, or use a worker that has more" : advice)
        )
    }

    /// Text that a person reads fits one string of the wire with room to spare.
    static let errorBytesMax = 1_024

    private static func exit(_ end: CommandEnd) -> Int64? {
        switch end {
        case .exited(let code): Int64(code)
        case .signaled(let signal): -Int64(signal)
        case .timedOut, .notStarted: nil
        }
    }

    static func user(_ text: String) -> ReportItem.Failure { .init(.userError, error: text) }
    static func input(_ text: String) -> ReportItem.Failure { .init(.inputError, error: text) }

    static let outputExists = ReportItem.Failure.user(
        "the output exists already; remove it, choose another, or submit with --overwrite"
    )
    static let partGone = ReportItem.Failure(
        .platformError,
        error: "the part was removed by a later attempt; nothing is to be done"
    )
}
