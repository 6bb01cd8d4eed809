// SPDX-License-Identifier: Apache-2.0
// Reelwork: what the connections of one event loop share.

internal import CReelworkSystem
internal import NIOCore
internal import ReelworkCore
internal import ReelworkWire

/// What the connections of one event loop share: contexts of zlib, buffers, deadlines.
///
/// It belongs to its loop and is never touched elsewhere.
final class LoopState {
    let eventLoop: any EventLoop
    var sessions: [UInt64: SessionHandler] = [:]
    var inflater = Inflater()
    /// What it holds is being handled: nothing else may be inflated.
    var isInflaterLent = false
    /// As with the session's hot properties (see ``SessionHandler``), no access can overlap.
    @exclusivity(unchecked) var press = FramePress()
    /// Empty lists of actions with memory, for the next events: one may cause another.
    @exclusivity(unchecked) private var spareActions: [[SessionAction]] = []
    /// Sessions that have bytes to flush.
    private var unflushed: [SessionHandler] = []
    /// Those that are being flushed; empty, with memory, at other times.
    private var flushing: [SessionHandler] = []
    /// The end of the loop's turn has something to do.
    private var isTurnEndSet = false
    private var spareBuffers: [ByteBuffer] = []
    private var wheel: TimerWheel
    private var alarm: (at: BootInstant, task: Scheduled<Void>)?
    /// Told when the last session is gone.
    private var emptied: [EventLoopPromise<Void>] = []

    /// Bytes of incomplete frames.
    private var payloadBytes = 0
    private let payloadBytesMax: Int
    private var starved: [UInt64] = []
    /// Bytes that peers have not taken, as far as their sessions know.
    var outboundBytes = 0
    let outboundBytesMax: Int
    /// Sessions for which bytes wait.
    var slow = SlowLine()
    /// When all of them were asked how much.
    var askedAll = BootInstant(nanoseconds: 0)
    /// Sessions that have ended and whose peers have yet to read why, the oldest first; some may be
    /// gone.
    var lingering: [UInt64] = []
    /// Of those, so many at the start are dealt with.
    var lingeringDone = 0
    /// Those that are not gone, and what waits for them.
    var lingeringCount = 0
    var lingeringBytes = 0

    /// What other threads, and delegates, want sent; nil where nobody does.
    private let inbox: DeliveryInbox?
    /// Whose burst is being read.
    @exclusivity(unchecked) private var reading: SessionHandler?
    /// When the burst began.
    @exclusivity(unchecked) private var readAt = LoopState.now

    /// Makes the state of a loop.
    init(
        eventLoop: any EventLoop,
        inbox: DeliveryInbox? = nil,
        payloadBytesMax: Int = Limits.payloadBytesInFlightMax,
        outboundBytesMax: Int = Limits.outboundBytesInFlightMax
    ) {
        self.outboundBytesMax = outboundBytesMax
        self.eventLoop = eventLoop
        self.inbox = inbox
        self.payloadBytesMax = payloadBytesMax
        wheel = TimerWheel(now: LoopState.now)
    }

    static var now: BootInstant {
        BootInstant(nanoseconds: Int64(clamping: reelwork_boottime_nanoseconds()))
    }

    // MARK: - Sessions

    func add(_ session: SessionHandler) {
        sessions[session.id.rawValue] = session
    }

    func remove(_ session: SessionHandler) {
        guard sessions.removeValue(forKey: session.id.rawValue) != nil, sessions.isEmpty else {
            return
        }
        for promise in emptied { promise.succeed() }
        emptied = []
    }

    /// Completes when no session is left.
    func whenEmpty() -> EventLoopFuture<Void> {
        let promise = eventLoop.makePromise(of: Void.self)
        if sessions.isEmpty { promise.succeed() } else { emptied.append(promise) }
        return promise.futureResult
    }

    // MARK: - Delivering

    func beginReading(_ session: SessionHandler, _ now: BootInstant) {
        reading = session
        readAt = now
    }

    /// What a burst has caused goes out at the end of the loop's turn, when all peers that had sent
    /// something were read: writing wakes a peer up, and waking up one after another costs more
    /// than their requests.
    func endReading() {
        reading = nil
        if !unflushed.isEmpty { setTurnEnd() }
    }

    /// Something waits, to be sent when all that can be read now was read.
    func setTurnEnd() {
        guard !isTurnEndSet else { return }
        isTurnEndSet = true
        eventLoop.assumeIsolated().execute { self.endTurn() }
    }

    private func endTurn() {
        isTurnEndSet = false
        deliverWaiting()
    }

    /// Encodes what waits, in order; each connection is flushed once.
    func deliverWaiting() {
        guard let deliveries = inbox?.take(), !deliveries.isEmpty else { return flush() }
        let now = LoopState.now
        for delivery in deliveries {
            sessions[delivery.connection.rawValue]?.send(delivery.content, now)
        }
        flush()
    }

    /// Encodes one thing while a burst is read, to be flushed when that ends; false where none is.
    func sendInBurst(_ delivery: RPCDelivery) -> Bool {
        guard let reading else { return false }
        let isItsOwn = reading.id == delivery.connection
        let session = isItsOwn ? reading : sessions[delivery.connection.rawValue]
        session?.send(delivery.content, readAt)
        return true
    }

    func needsFlush(_ session: SessionHandler) {
        unflushed.append(session)
    }

    /// Flushes what a batch has written.
    func flush() {
        guard flushing.isEmpty else { return }
        while !unflushed.isEmpty {
            swap(&unflushed, &flushing)
            for session in flushing { session.flush() }
            flushing.removeAll(keepingCapacity: true)
        }
    }

    /// Lends an empty list of actions.
    func takeActions() -> [SessionAction] { spareActions.popLast() ?? [] }

    func give(back actions: inout [SessionAction]) {
        actions.removeAll(keepingCapacity: true)
        spareActions.append(actions)
        actions = []
    }

    /// Lends an empty buffer; its memory is one that was given back where no write holds it.
    func takeBuffer(_ allocator: ByteBufferAllocator) -> ByteBuffer {
        guard var buffer = spareBuffers.popLast() else {
            return allocator.buffer(capacity: LoopState.bufferBytes)
        }
        buffer.clear(minimumCapacity: LoopState.bufferBytes)
        return buffer
    }

    func give(back buffer: ByteBuffer) {
        guard spareBuffers.count < LoopState.spareBuffersMax,
            buffer.capacity <= LoopState.spareBufferBytesMax
        else { return }
        spareBuffers.append(buffer)
    }

    private static let bufferBytes = 4_096
    private static let spareBuffersMax = 64
    private static let spareBufferBytesMax = 256 << 10

    // MARK: - Memory

    /// Reserves memory for a frame that comes; false where there is none now: then the session is
    /// told to read on when there is.
    func reserve(_ bytes: Int, for session: SessionHandler) -> Bool {
        guard payloadBytes == 0 || payloadBytes + bytes <= payloadBytesMax else {
            starved.append(session.id.rawValue)
            return false
        }
        payloadBytes += bytes
        return true
    }

    func release(_ bytes: Int) {
        guard bytes > 0 else { return }
        payloadBytes -= bytes
        guard !starved.isEmpty else { return }
        let ids = starved
        starved = []
        for id in ids { sessions[id]?.feed() }
    }

    // MARK: - Time

    /// Files a session to be visited at `deadline` or a little later; answers the tick.
    func file(_ session: SessionHandler, at deadline: BootInstant) -> Int64 {
        let tick = wheel.file(session.id.rawValue, at: deadline)
        if alarm.map({ deadline < $0.at }) ?? true { setAlarm() }
        return tick
    }

    private func setAlarm() {
        alarm?.task.cancel()
        alarm = nil
        guard let at = wheel.earliest else { return }
        let wait = TimeAmount.nanoseconds(max(at.since(LoopState.now).wholeNanoseconds, 0))
        let task = eventLoop.assumeIsolated().scheduleTask(in: wait) { self.ring() }
        alarm = (at, task)
    }

    private func ring() {
        alarm = nil
        let now = LoopState.now
        var due: [(UInt64, Int64)] = []
        wheel.due(now) { due.append(($0, $1)) }
        for (id, tick) in due { sessions[id]?.visit(tick, now) }
        flush()
        if alarm == nil { setAlarm() }
    }

    /// No session comes after this.
    func stop() {
        alarm?.task.cancel()
        alarm = nil
    }
}
