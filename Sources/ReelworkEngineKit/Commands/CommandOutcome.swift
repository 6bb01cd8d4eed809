// SPDX-License-Identifier: Apache-2.0
// Reelwork: how a command ended and what it printed

/// How a command ended and what it printed.
public struct CommandOutcome: Hashable, Sendable {
    /// How it ended.
    public var end: CommandEnd
    /// Standard output where the plan asked to keep it.
    public var output: [UInt8]
    /// The end of standard error.
    public var logTail: [UInt8]
    /// The last state that the ``ProgressParser`` read where the plan asked for progress.
    public var progress: EngineProgress?

    /// Makes an outcome.
    public init(
        end: CommandEnd,
        output: [UInt8] = [],
        logTail: [UInt8] = [],
        progress: EngineProgress? = nil
    ) {
        self.end = end
        self.output = output
        self.logTail = logTail
        self.progress = progress
    }

    /// Whether it ended by itself with code 0.
    public var isSuccess: Bool { end == .exited(0) }

    /// Standard output as text; bytes that are no UTF-8 are replaced.
    public var outputText: String { String(decoding: output, as: UTF8.self) }

    /// The log as text; bytes that are no UTF-8 are replaced.
    public var logText: String { String(decoding: logTail, as: UTF8.self) }
}
