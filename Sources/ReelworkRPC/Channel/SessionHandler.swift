// SPDX-License-Identifier: Apache-2.0
// Reelwork: carries a session's bytes.

internal import NIOCore
internal import ReelworkCore
internal import ReelworkWire

/// Carries a session's bytes: what comes goes through the decoder to the machine, and what the
/// machine says is done.
///
/// Plain bodies are lent to the owner where they lie in the received buffer.
///
/// The properties that every frame touches are not checked for overlapping access while the program
/// runs, which was a seventh of a request's cost. They cannot overlap: all of them belong to one
/// event loop, and what is called while one of them is held (the machine, the decoder, the press)
/// calls nobody back. Bodies that were inflated are lent while their owner handles them, so that no
/// frame is read meanwhile (``LoopState/isInflaterLent``).
final class SessionHandler: ChannelDuplexHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundIn = Never
    typealias OutboundOut = ByteBuffer

    let id: RPCConnectionID
    let loop: LoopState
    let owner: any SessionOwner
    @exclusivity(unchecked) var machine: SessionMachine
    @exclusivity(unchecked) var decoder: FrameDecoder
    @exclusivity(unchecked) var context: ChannelHandlerContext?
    /// Server: what stands before TLS.
    var transportGuard: TransportGuard?
    /// When the bytes at hand were read.
    @exclusivity(unchecked) var now: BootInstant

    /// Bytes that are not a whole frame yet.
    var unread: ByteBuffer?
    /// Memory that was reserved for the frame that comes.
    @exclusivity(unchecked) var reserved = 0
    var bodyDeadline: BootInstant?
    /// No memory for the frame that comes: reading waits.
    var isStarved = false
    var hasReadWaiting = false
    /// The owner has no room for what the peer sends: reading waits.
    var isHeld = false

    /// Frames that are to be flushed.
    @exclusivity(unchecked) var out: ByteBuffer?
    @exclusivity(unchecked) var isFlushListed = false
    /// Pieces of frames that others have made, behind what was written and before `out`.
    @exclusivity(unchecked) var printed: [ByteBuffer] = []
    /// The transport has something that it was not told to send yet.
    @exclusivity(unchecked) var hasWritten = false
    /// Given back when all that was written has left.
    @exclusivity(unchecked) var tickets: [DeliveryTicket] = []
    /// Requests of this side were answered: the owner is told before the next flush.
    @exclusivity(unchecked) var hasSettled = false
    /// Bytes that were given to the transport in all.
    var bytesQueued = 0
    /// Bytes that the transport still held when it was asked last.
    var bytesWaiting = 0
    /// Bytes that had left when progress was seen last, and when that was.
    var progress = (bytes: 0, at: BootInstant(nanoseconds: 0))
    var isPaused = false
    /// Its owner wants to hear when there is room for more.
    var isProbed = false

    /// The tick it is filed under in the wheel; 0 = none.
    var filed: Int64 = 0
    var lingersUntil: BootInstant?
    /// When it ends however slowly the peer reads on.
    var lingersAtMost = BootInstant.distantFuture
    /// It counts among those that linger, with so many bytes.
    var isLingering = false
    var bytesLingering = 0
    /// It is filed among those for which bytes wait.
    var isInSlowLine = false
    @exclusivity(unchecked) var isClosing = false
    var hasEnded = false

    /// Makes the handler of a connection.
    init(
        id: RPCConnectionID,
        loop: LoopState,
        owner: any SessionOwner,
        machine: SessionMachine
    ) {
        self.id = id
        self.loop = loop
        self.owner = owner
        self.machine = machine
        now = machine.started
        decoder = FrameDecoder(stage: machine.side == .server ? .hello : .helloAck)
    }

    // MARK: - The transport

    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
        loop.add(self)
        if context.channel.isActive { begin() }
    }

    func channelActive(context: ChannelHandlerContext) {
        begin()
    }

    private func begin() {
        guard filed == 0, machine.state == .preface else { return }
        if machine.side == .client {
            write(machine.firstBytes)
            flush()
        }
        arm()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard !isClosing else { return }
        var buffer = unwrapInboundIn(data)
        now = LoopState.now
        loop.beginReading(self, now)
        machine.touch(now)
        if var held = unread {
            unread = nil
            held.writeBuffer(&buffer)
            buffer = held
        }
        // A write that fails makes the transport read what is left, in the middle of whatever
        // wrote: the inflater may hold the body of another session's frame then.
        guard !loop.isInflaterLent else {
            unread = buffer
            loop.eventLoop.assumeIsolated().execute { self.consumeUnread() }
            return
        }
        consume(&buffer)
    }

    /// Reads on in what had come at a bad moment.
    private func consumeUnread() {
        guard !isClosing, var buffer = unread else { return }
        unread = nil
        consume(&buffer)
        loop.deliverWaiting()
        flush()
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        if let out, out.readableBytes >= SessionHandler.flushBytesMin {
            flush()
        } else {
            listForFlush()
        }
        loop.endReading()
    }

    /// From so many bytes on a burst's answers do not wait for those to other peers.
    private static let flushBytesMin = 16 << 10

    func read(context: ChannelHandlerContext) {
        if isStarved || isHeld { hasReadWaiting = true } else { context.read() }
    }

    /// Stops reading, or goes on where nothing else stops it.
    func holdReading(_ isHeld: Bool) {
        guard isHeld != self.isHeld else { return }
        self.isHeld = isHeld
        guard !isHeld else { return }
        // The time in which nobody listened does not count.
        machine.touch(now)
        if bodyDeadline != nil { bodyDeadline = now.advanced(by: machine.configuration.bodyTime) }
        readOn()
    }

    /// Makes up for a read that had to wait.
    func readOn() {
        guard !isStarved, !isHeld, hasReadWaiting else { return }
        hasReadWaiting = false
        context?.read()
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        guard context.channel.isWritable else { return }
        if isPaused {
            isPaused = false
            if machine.state.isOpen { owner.paused(false) }
        }
        if isProbed { answerProbe() }
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        secured(event)
        context.fireUserInboundEventTriggered(event)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        if let words = TLSWords.words(for: error) {
            now = LoopState.now
            handle(.untrusted(words))
        }
        // Else the system's word on this transport: a reset, a broken pipe.
        context.close(promise: nil)
    }

    func channelInactive(context: ChannelHandlerContext) {
        handle(.ended)
        finish()
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        handle(.ended)
        finish()
        self.context = nil
    }

    private func finish() {
        guard !hasEnded else { return }
        hasEnded = true
        isClosing = true
        unread = nil
        out = nil
        printed = []
        tickets = []
        loop.remove(self)
        loop.release(reserved)
        reserved = 0
        endLingering()
        forgetWhatWaits()
        owner.gone()
        // A channel that closed in mid-read says no more that the burst is over.
        loop.endReading()
    }
}
