// SPDX-License-Identifier: Apache-2.0
// Reelwork: what the kinds of report carry

extension ReportItem {
    /// What comes with `started`.
    public struct Start: Hashable, Sendable {
        /// How long the input plays; nil where it is not known.
        public var mediaDuration: Duration?
        /// The adapter's limit for the run; the scheduler counts it from receipt.
        public var limit: Duration?
        /// The encoder's process id.
        public var pid: UInt64?
        /// The encoder that was chosen.
        public var encoder: String?
        /// The same process goes on under a new attempt.
        public var isResumed: Bool

        /// Makes a start.
        public init(
            mediaDuration: Duration? = nil,
            limit: Duration? = nil,
            pid: UInt64? = nil,
            encoder: String? = nil,
            isResumed: Bool = false
        ) {
            self.mediaDuration = mediaDuration
            self.limit = limit
            self.pid = pid
            self.encoder = encoder
            self.isResumed = isResumed
        }
    }

    /// A verified film.
    public struct Film: Hashable, Sendable {
        /// Where it goes.
        public var output: String
        /// Its size in bytes.
        public var size: UInt64
        /// How long it plays.
        public var mediaDuration: Duration
        /// CRC-32C of the whole file.
        public var checksum: UInt32

        /// Makes a description of a film.
        public init(output: String, size: UInt64, mediaDuration: Duration, checksum: UInt32) {
            self.output = output
            self.size = size
            self.mediaDuration = mediaDuration
            self.checksum = checksum
        }
    }

    /// What comes with `finished` beside the film.
    public struct Finish: Hashable, Sendable {
        /// The earlier attempt whose film stands at the output.
        public var adopted: AttemptNumber?
        /// The output is no file.
        public var hasNoFile: Bool
        /// How long the encoder ran.
        public var encodeTime: Duration?
        /// The last bytes of its standard error; at most ``Limits/logTailBytesMax``.
        public var logTail: [UInt8]

        /// Makes an end.
        public init(
            adopted: AttemptNumber? = nil,
            hasNoFile: Bool = false,
            encodeTime: Duration? = nil,
            logTail: [UInt8] = []
        ) {
            self.adopted = adopted
            self.hasNoFile = hasNoFile
            self.encodeTime = encodeTime
            self.logTail = logTail
        }
    }

    /// What comes with `failed`.
    public struct Failure: Hashable, Sendable {
        /// Why; it decides whether the job is tried again, unless ``isFinal`` does.
        public var failure: FailureClass
        /// The exit code; negative = the signal that ended it.
        public var exit: Int64?
        /// The error in words, with what to do.
        public var error: String
        /// The last bytes of its standard error; at most ``Limits/logTailBytesMax``.
        public var logTail: [UInt8]
        /// No attempt can end otherwise: the job is not tried again, whatever the class.
        public var isFinal: Bool

        /// Makes a failure.
        public init(
            _ failure: FailureClass,
            exit: Int64? = nil,
            error: String,
            logTail: [UInt8] = [],
            isFinal: Bool = false
        ) {
            self.failure = failure
            self.exit = exit
            self.error = error
            self.logTail = logTail
            self.isFinal = isFinal
        }
    }
}
