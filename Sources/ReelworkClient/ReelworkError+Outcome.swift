// SPDX-License-Identifier: Apache-2.0
// Reelwork: what to do where nobody knows what was done.

internal import ReelworkCore
internal import ReelworkRPC
internal import ReelworkWire

extension ReelworkError {
    /// An answer that has not as many results as there were questions.
    static let answerOfOthers = ReelworkError(
        .notUnderstood,
        "the scheduler answered for other jobs; is it of the same version as this program?"
    )

    /// What became of a call that may have been done, and what to do now.
    init(_ error: RPCError, isSafe: Bool) {
        self.init(error)
        let isLost = code == .outcomeUnknown
        let isInternal = code == .refused(.known(.internal))
        guard isLost || isInternal else { return }
        cause = [message, cause].compactMap { $0 }.joined(separator: ": ")
        code = .outcomeUnknown
        message =
            isSafe
            ? "no answer came, though it was asked again and again; whether it was done is "
                + "unknown, and asking once more, with the same key, does no harm"
            : "no answer came, and it was not asked again because it might be done twice; look "
                + "what was done before you ask again"
    }
}
