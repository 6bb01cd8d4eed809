// SPDX-License-Identifier: Apache-2.0
// Reelwork: what a line of a log means

public import ReelworkCore

/// What some words in a program's log mean.
public struct LogClue: Hashable, Sendable {
    /// The words, as they stand in the log.
    public var words: String
    /// The class of the failure.
    public var failureClass: FailureClass
    /// What happened.
    public var message: String
    /// What to do about it.
    public var advice: String

    /// Makes a clue.
    public init(_ words: String, _ failureClass: FailureClass, _ message: String, _ advice: String)
    {
        self.words = words
        self.failureClass = failureClass
        self.message = message
        self.advice = advice
    }

    /// What every program says when the machine is at its end (strerror(3)).
    public static let machine: [LogClue] = [
        LogClue(
            "No space left on",
            .resourceError,
            "the disk is full",
            "free space where the output goes, or use a worker that has more"
        ),
        LogClue(
            "Disk quota exceeded",
            .resourceError,
            "the disk quota is used up",
            "free space or raise the quota"
        ),
        LogClue(
            "File too large",
            .resourceError,
            "the output is larger than a file may be here",
            "raise the file size limit, or encode to fewer bits"
        ),
        LogClue(
            "Cannot allocate memory",
            .resourceError,
            "memory ran out",
            "run fewer jobs at once, or use a worker that has more"
        ),
        LogClue(
            "Too many open files",
            .resourceError,
            "file descriptors ran out",
            "raise the open-files limit of the worker"
        ),
    ]

    /// What programs say when a network fails (strerror(3)).
    public static let network: [LogClue] = [
        "Connection refused", "Connection timed out", "Connection reset", "Network is unreachable",
        "No route to host", "Name or service not known", "Temporary failure in name resolution",
        "Failed to resolve hostname", "Could not connect",
    ].map {
        LogClue($0, .networkError, "the network failed: \($0)", "it is tried again; check the peer")
    }
}
