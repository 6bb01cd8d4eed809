// SPDX-License-Identifier: Apache-2.0
// Reelwork: how a command ended

/// How a command ended.
public enum CommandEnd: Hashable, Sendable, CustomStringConvertible {
    /// It ended by itself with this code.
    case exited(Int32)
    /// This signal ended it (signal(7)).
    case signaled(Int32)
    /// The worker ended it because its time was over.
    case timedOut
    /// It could not be started: there is no such program, or it may not be run.
    case notStarted(String)

    /// The end in words.
    public var description: String {
        switch self {
        case .exited(let code): "exit code \(code)"
        case .signaled(let signal): "signal \(signal)"
        case .timedOut: "its time was over"
        case .notStarted(let why): "not started: \(ShownText.cut(why))"
        }
    }
}
