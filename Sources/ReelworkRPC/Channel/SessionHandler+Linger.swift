// SPDX-License-Identifier: Apache-2.0
// Reelwork: a connection that has ended and whose peer has yet to read why.

internal import NIOCore
internal import ReelworkCore

extension SessionHandler {
    /// Counts among those that linger.
    func beginLingering() {
        guard !isLingering, !hasEnded else { return }
        isLingering = true
        bytesLingering = bytesWaiting
        lingersAtMost = now.advanced(by: Limits.lingeringTimeMax)
        loop.linger(self)
    }

    /// Counts no more among those that linger.
    func endLingering() {
        guard isLingering else { return }
        isLingering = false
        loop.lingeringCount -= 1
        loop.lingeringBytes -= bytesLingering
        bytesLingering = 0
    }

    /// Waits on for a peer that reads what was sent last, or ends.
    func linger() {
        guard let until = lingersUntil, now >= until else { return }
        let before = bytesQueued - bytesWaiting
        askWhatWaits()
        let isReading = bytesWaiting > 0 && bytesQueued - bytesWaiting > before
        if isReading, isLingering, now < lingersAtMost {
            loop.lingeringBytes += bytesWaiting - bytesLingering
            bytesLingering = bytesWaiting
            lingersUntil = min(now.advanced(by: SessionHandler.lingerTime), lingersAtMost)
        } else {
            cutOff()
        }
    }

    /// Ends without a further word, whatever the peer has yet to read.
    func cutOff() {
        lingersUntil = nil
        endLingering()
        context?.close(promise: nil)
        forgetWhatWaits()
    }
}
