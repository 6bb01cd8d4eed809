// SPDX-License-Identifier: Apache-2.0
// Reelwork: room for what peers have not taken.

internal import NIOCore
internal import ReelworkCore
internal import ReelworkWire

extension LoopState {
    /// Where more waits for all peers together than there is room for, closes first the connections
    /// that end anyway, then those that have taken nothing for the longest.
    ///
    /// No more than is needed: many that close at once would hold up everybody else.
    func relieve(_ now: BootInstant) {
        guard outboundBytes > outboundBytesMax else { return }
        while outboundBytes > outboundBytesMax, lingeringBytes > 0, dropLingering() {}
        var looks = 0
        while outboundBytes > outboundBytesMax, let first = slow.popFirst() {
            guard let session = sessions[first.id] else { continue }
            session.isInSlowLine = false
            guard !session.isClosing else { continue }
            session.noteProgress(now)
            guard session.bytesWaiting > 0 else { continue }
            looks += 1
            // Where all have taken something since, the first of those that were looked at goes.
            if session.progress.at > first.at, looks < LoopState.looksMax {
                fileSlow(session)
            } else {
                session.makeRoom(now)
                session.forgetWhatWaits()
            }
        }
    }

    private static let looksMax = 64
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

    // MARK: - Pages

    /// Puts the next page into a frame, unless one was just made.
    func sendPage() {
        guard !isPageMade, let page = nextPage() else { return }
        isPageAtHand = true
        sessions[page.connection.rawValue]?.send(page.content, LoopState.now)
        isPageAtHand = false
        flush()
        isPageMade = true
        // Tasks that are due come before what the connections have read, hence a moment.
        eventLoop.assumeIsolated().scheduleTask(in: LoopState.pageInterval) {
            self.isPageMade = false
            self.sendPage()
        }
    }

    private static let pageInterval = TimeAmount.microseconds(20)

    private func nextPage() -> RPCDelivery? {
        while let page = pages.popFirst() {
            if sessions[page.connection.rawValue] != nil { return page }
        }
        return nil
    }

    /// Keeps a page until its turn comes; where too many wait, it is BUSY.
    func keepPage(_ page: RPCDelivery, _ now: BootInstant) {
        guard pages.count >= Limits.pagesWaitingMax else { return pages.append(page) }
        sessions[page.connection.rawValue]?.send(page.busy, now)
    }
}

extension RPCDelivery {
    /// Whether it is a page of an answer that comes in pages: large, and in no order with others.
    var isPage: Bool {
        guard case .response(let body, _) = content else { return false }
        return switch Method(rawValue: body.methodField >> 4) {
        case .listJobs, .history, .workersList: true
        case .submitBatch, .getJob, .cancelJob, .retryJob, .jobWhy, .jobBump, .queueSet, .register,
            .heartbeat, .report, .workerSet, .metrics, .recover, .loops, .loopSet, .check, .backup,
            .config, .logLevel, .watch, .jobLog, .inventory, .logRead, .credit, .progress, .assign,
            .revoke, nil:
            false
        }
    }

    /// What is sent instead of a page that cannot wait.
    fileprivate var busy: Content {
        guard case .response(let body, let request) = content,
            let method = Method(rawValue: body.methodField >> 4)
        else { return content }
        let error = ErrorMessage(
            .busy,
            retryAfter: Limits.retryAfterRefusal,
            detail: "\(Limits.pagesWaitingMax) pages wait to be sent; ask again"
        )
        return .error(error, method: method, request: request)
    }
}
