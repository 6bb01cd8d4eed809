// SPDX-License-Identifier: Apache-2.0
// Reelwork: what a worker says of one attempt

/// What a worker says of one attempt (an item of the wire's REPORT).
public struct ReportItem: Hashable, Sendable {
    /// The kinds of report, as numbers on the wire.
    ///
    /// 2 stays free.
    public enum Kind: UInt8, CaseIterable, Hashable, Sendable {
        /// The encoder runs.
        case started = 1
        /// Encoded and verified: it asks for the grant.
        case ready = 3
        /// Published.
        case finished = 4
        /// The attempt failed.
        case failed = 5
        /// The attempt is handed back.
        case released = 6

        /// Whether the attempt is over with it.
        public var isTerminal: Bool {
            switch self {
            case .started, .ready: false
            case .finished, .failed, .released: true
            }
        }
    }

    /// The content, a case for each kind.
    public enum Content: Hashable, Sendable {
        /// The encoder runs.
        case started(Start)
        /// It asks for the grant to publish this film.
        case ready(Film)
        /// Published.
        ///
        /// The film is nil only with ``Finish/hasNoFile``.
        case finished(Film?, Finish)
        /// The attempt failed.
        case failed(Failure)
        /// The attempt is handed back.
        case released(ReleaseReason, error: String?)
    }

    /// The job.
    public var number: JobNumber
    /// The attempt.
    public var attempt: AttemptNumber
    /// When it happened, by the worker's wall clock; for people only.
    public var at: Timestamp
    /// What happened.
    public var content: Content

    /// Makes a report.
    public init(number: JobNumber, attempt: AttemptNumber, at: Timestamp, content: Content) {
        self.number = number
        self.attempt = attempt
        self.at = at
        self.content = content
    }

    /// The kind of its content.
    public var kind: Kind {
        switch content {
        case .started: .started
        case .ready: .ready
        case .finished: .finished
        case .failed: .failed
        case .released: .released
        }
    }
}
