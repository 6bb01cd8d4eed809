// SPDX-License-Identifier: Apache-2.0
// Reelwork: room for what peers have not taken.

internal import NIOCore
internal import ReelworkCore
internal import ReelworkWire

extension LoopState {
    /// Where more waits for all peers together than there is room for, closes first the connections
    /// that end anyway, then those that have taken nothing for the longest.
    ///
    /// No more than is needed: many that close at once would hold up everybody else. What is known
    /// of a peer is never less than waits for it, and may be more: so some are asked anew first,
    /// and where that does not help all are, before one goes that may have taken something.
    func relieve(_ now: BootInstant) {
        guard outboundBytes > outboundBytesMax else { return }
        while outboundBytes > outboundBytesMax, lingeringBytes > 0, dropLingering() {}
        var looks = 0
        var isExact = false
        while outboundBytes > outboundBytesMax, let first = slow.popFirst() {
            guard let session = sessions[first.id] else { continue }
            session.isInSlowLine = false
            guard !session.isClosing else { continue }
            session.noteProgress(now)
            guard session.bytesWaiting > 0 else { continue }
            looks += 1
            if session.progress.at > first.at, looks < LoopState.looksMax || !isExact {
                fileSlow(session)
                guard looks >= LoopState.looksMax else { continue }
                guard mayAskAll(now) else { return }
                askAll(now)
                isExact = true
            } else {
                session.makeRoom(now)
                session.forgetWhatWaits()
            }
        }
    }

    private static let looksMax = 64

    /// Whether it is time to ask all sessions anew: with thousands of them that must not come with
    /// every flush.
    ///
    /// Until it is a little more may wait than there is room for, as far as is known.
    private func mayAskAll(_ now: BootInstant) -> Bool {
        now >= askedAll.advanced(by: LoopState.askAllInterval)
            || outboundBytes > outboundBytesMax + outboundBytesMax / 8
    }

    private static let askAllInterval = Duration.milliseconds(10)

    /// Asks what waits for each session: from here on the sum is exact, and who is first in the
    /// line has taken nothing for the longest.
    private func askAll(_ now: BootInstant) {
        askedAll = now
        var waiting: [SlowLine.Entry] = []
        while let entry = slow.popAny() {
            guard let session = sessions[entry.id] else { continue }
            session.isInSlowLine = false
            guard !session.isClosing else { continue }
            session.noteProgress(now)
            guard session.bytesWaiting > 0 else { continue }
            session.isInSlowLine = true
            waiting.append(SlowLine.Entry(at: session.progress.at, id: entry.id))
        }
        slow = SlowLine(waiting)
    }

    /// Entries of sessions that are gone, before they are looked for.
    private static let goneMax = 64

    /// Files a session for which bytes wait.
    func fileSlow(_ session: SessionHandler) {
        guard !session.isInSlowLine else { return }
        if slow.count > 2 * sessions.count + LoopState.goneMax {
            slow.forget { sessions[$0] == nil }
        }
        session.isInSlowLine = true
        slow.add(SlowLine.Entry(at: session.progress.at, id: session.id.rawValue))
    }

    // MARK: - Lingering

    /// A session has ended and its peer has yet to read why: the oldest are cut off where there are
    /// too many, or too much waits for them.
    func linger(_ session: SessionHandler) {
        if lingering.count > 2 * lingeringCount + LoopState.goneMax {
            lingering = lingering[lingeringDone...].filter { sessions[$0]?.isLingering == true }
            lingeringDone = 0
        }
        lingering.append(session.id.rawValue)
        lingeringCount += 1
        lingeringBytes += session.bytesWaiting
        while lingeringCount > Limits.lingeringMax || lingeringBytes > Limits.lingeringBytesMax,
            dropLingering()
        {}
    }

    /// Cuts off the session that lingers for the longest; false where none does.
    private func dropLingering() -> Bool {
        while lingeringDone < lingering.count {
            let id = lingering[lingeringDone]
            lingeringDone += 1
            guard let session = sessions[id], session.isLingering else { continue }
            session.cutOff()
            return true
        }
        return false
    }
}
