// SPDX-License-Identifier: Apache-2.0
// Reelwork: why an output is not whole, by what its encoder said

import ReelworkCore

extension EngineFailure {
    /// The failure of a verification with the cause that the encoder's log names.
    ///
    /// Some encoders end with code 0 although the machine was at its end: FFmpeg 5.1 does where the
    /// disk is full. What is wrong with the film is then of little use; what to do about the
    /// machine is. Without such a clue, and where it is no ``outputInvalid``, it stays as it is.
    ///
    /// - Parameter log: what the encoder said, before any probe.
    /// - Returns: the failure that names the cause, or this one.
    public func explained(byLogOfEncoder log: [UInt8]) -> EngineFailure {
        guard reason == Self.outputInvalid else { return self }
        let text = String(decoding: log, as: UTF8.self)
        guard let clue = LogClue.machine.first(where: { text.contains($0.words) }) else {
            return self
        }
        return EngineFailure(
            failureClass: clue.failureClass,
            message: "\(clue.message): \(message)",
            advice: clue.advice,
            reason: reason
        )
    }
}
