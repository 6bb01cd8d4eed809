// SPDX-License-Identifier: Apache-2.0
// Reelwork: every cap in one place

/// Every cap of the system, with its reason.
///
/// Relations between them are asserted by a test.
public enum Limits {
    // MARK: - The wire

    /// Largest payload after inflating that a peer accepts by default: a page of jobs fits.
    public static let frameBytesMax = 1 << 20
    /// Smallest that a peer may offer: an item with the largest spec or log tail fits.
    public static let frameBytesFloor = 128 << 10
    /// Largest that can ever be agreed: the top byte of the length is a tripwire and stays 0.
    public static let frameBytesCeiling = (1 << 24) - 1
    /// Payloads inflated to more than this must not have shrunk by more than ``inflateRatioMax``.
    public static let inflateFreeBytes = 65_536
    /// Zlib cannot do better than about 1,032:1; honest frames stay far below 256:1.
    public static let inflateRatioMax = 256
    /// Smaller payloads are not worth the time that deflating takes.
    public static let compressBytesMin = 512
    /// Open requests a connection: enough to pipeline, few enough to bound memory.
    public static let requestsInFlightMax = 64
    /// Items a batch: one group commit of about 10 ms.
    public static let batchItemsMax = 4_096
    /// Samples in an answer to METRICS.
    public static let samplesMax = 65_536
    /// A string on the wire unless its field says otherwise.
    public static let stringBytesMax = 4_096
    /// Bytes on the wire unless their field says otherwise: a spec or the end of a log fits.
    public static let blobBytesMax = 64 << 10
    /// The detail of an error: it goes before authentication and must stay small.
    public static let errorDetailBytesMax = 256
    /// Time for the preface.
    public static let prefaceTime = Duration.seconds(2)
    /// Time for preface, HELLO and authentication together.
    public static let handshakeTime = Duration.seconds(5)
    /// Largest frame before authentication.
    public static let handshakeFrameBytesMax = 4_096
    /// All that is sent to a peer before authentication.
    public static let handshakeBytesOutMax = 8_192
    /// A peer that sent nothing for this long is asked for a sign of life.
    public static let keepaliveIdle = Duration.seconds(15)
    /// A peer that sent nothing for this long is gone.
    public static let keepaliveDead = Duration.seconds(45)
    /// PINGs in ten seconds without other traffic before ENHANCE_CALM.
    public static let pingsPerTenSeconds = 10
    /// Control frames at once: PING, PONG, CANCEL, GOAWAY and frames of unknown types.
    ///
    /// A peer needs one every ``keepaliveIdle``, and a CANCEL for a REQUEST, which pays for it; the
    /// rest is for extensions that old servers ignore.
    public static let controlFramesBurst = 100
    /// Control frames a second in the long run.
    public static let controlFramesPerSecond = 10
    /// Bytes waiting for a slow worker beyond which it is given no more work.
    public static let outboundBytesPause = 1 << 20
    /// Bytes waiting for a slow reader beyond which it is closed.
    public static let outboundBytesMax = 4 << 20
    /// A reader that takes nothing for this long, with bytes waiting, is closed.
    public static let outboundStallMax = Duration.seconds(10)
    /// Bytes waiting for slow readers, all together: beyond it the slowest are closed.
    ///
    /// A thousand peers that read nothing would hold four gigabytes by their own limits. Large
    /// frames wait in pieces (``outboundPieceBytes``), so that buffers take hardly more.
    public static let outboundBytesInFlightMax = 128 << 20
    /// A frame larger than this is given to the transport in pieces: what the peer has taken of it
    /// is free again, and its buffer, which may be twice as large, is used for the next frame.
    public static let outboundPieceBytes = 64 << 10
    /// Pages that are being read, or that an event loop has yet to take: so many at most lie in
    /// memory beside those that wait for a slow reader.
    ///
    /// With two, one is read while the other is sent; a page takes up to ``frameBytesMax``.
    public static let pagesOnTheirWayMax = 2
    /// Connections that were closed and whose peers have yet to read why; beyond it, the oldest are
    /// cut off.
    public static let lingeringMax = 256
    /// Bytes that wait for the peers of closed connections; beyond it, the oldest are cut off.
    public static let lingeringBytesMax = 8 << 20
    /// A closed connection's peer may read what waits for it for so long, however slowly.
    public static let lingeringTimeMax = Duration.seconds(10)
    /// Bytes waiting beyond which progress is dropped and a watch is merged.
    public static let outboundBytesSoft = 256 << 10
    /// Connections at most, also bounded by the open-files limit less 256.
    public static let connectionsMax = 65_536
    /// Connections that have not finished their handshake.
    public static let connectionsUnauthenticatedMax = 1_024
    /// New connections a second: a whole fleet is back within its leases, and none is starved.
    public static let acceptsPerSecondMax = 2_000
    /// Bytes of incomplete frames, all connections together; beyond it reading pauses.
    public static let payloadBytesInFlightMax = 256 << 20
    /// Time from a header to its whole body, before the time that its length is given.
    public static let bodyTime = Duration.seconds(10)
    /// A body that comes slower than this, beyond ``bodyTime``, is not awaited.
    public static let bodyBytesPerSecondMin = 16 << 10
    /// Open requests a connection whatever their method: HEARTBEAT and REPORT are never BUSY.
    public static let requestsOpenMax = 4_096
    /// Requests that wait in a client for a free place among those in flight.
    public static let requestsWaitingMax = 65_536
    /// Events of one request, or pushes of one connection, that wait for a slow consumer.
    public static let eventsWaitingMax = 4_096
    /// How long the end of a process may lag behind the end of its connection.
    public static let processGoneWait = Duration.milliseconds(250)
    /// Event loops of a server: 8 bits of a connection's number name its loop.
    public static let eventLoopsMax = 256
    /// What a peer that was sent away is asked to wait.
    public static let retryAfterRefusal = Duration.seconds(1)
    /// Time for the answers of a connection that leaves.
    public static let drainTime = Duration.seconds(10)
    /// The second GOAWAY waits this long for the peer's answer to the first.
    public static let farewellFenceTime = Duration.seconds(1)
    /// The same of one address that is not of this machine.
    public static let connectionsUnauthenticatedPerAddressMax = 16
    /// Handshakes that one address that is not of this machine may begin a second: a handshake with
    /// TLS costs a millisecond of a core, and a farm of 1,000 workers behind one address that comes
    /// back within ``reconnectMax`` begins 200 a second.
    public static let handshakesPerAddressPerSecond = 200
    /// The same at once: as many as come in two seconds.
    public static let handshakesPerAddressBurst = 400
    /// Addresses whose handshakes are counted: more than can begin one in the time after which an
    /// address is forgotten.
    public static let handshakeAddressesMax = 8_192
    /// Connections of one token or certificate: a worker has its own, submitters may share one, and
    /// whoever stole one cannot take all places with it.
    public static let connectionsPerCredentialMax = 64
    /// How long a transport whose TLS failed waits for the peer to read why.
    public static let tlsLingerTime = Duration.seconds(1)
    /// How long a side that closes waits for the other's close_notify (RFC 8446, 6.1): frames tell
    /// by themselves whether they are whole, so nothing is lost by not waiting.
    public static let tlsCloseTime = Duration.milliseconds(250)
    /// A session may outlive its token or certificate by this much.
    public static let credentialRecheckTime = Duration.seconds(10)
    /// An access token as text: the id, the secret of 256 bits and what holds them together.
    public static let tokenBytesMax = 128
    /// The name of a token or certificate: a label of the domain name system (RFC 1035) fits.
    public static let credentialNameBytesMax = 63
    /// Lines in the register of tokens and certificates.
    public static let credentialsMax = 100_000
    /// Connections beyond the limits that are told so; further ones are closed without a word.
    public static let connectionsRefusedMax = 64
    /// Connections that wait in the kernel to be accepted (listen(2)): half a second's worth.
    public static let acceptBacklog: Int32 = 1_024
    /// Methods that a HELLO may list.
    public static let methodsMax = 256
    /// Codecs that a HELLO may list.
    public static let codecsMax = 16
    /// sun_path holds 108 bytes with the closing zero (unix(7)).
    public static let socketPathBytesMax = 107

    // MARK: - Jobs

    /// An encoded JobSpec.
    public static let specBytesMax = 64 << 10
    /// An idempotency key.
    public static let keyBytesMax = 255
    /// Parameters a job.
    public static let parametersMax = 256
    /// One parameter's value.
    public static let parameterBytesMax = 32 << 10
    /// A label's name and value together.
    public static let labelBytesMax = 256
    /// Labels, needs or encoders a job or worker names.
    public static let listItemsMax = 4_096
    /// A path: PATH_MAX (limits.h) with its closing zero.
    public static let pathBytesMax = 4_095
    /// Retries that a submitter may ask for.
    public static let retriesMax = 1_000
    /// A submitter's timeout and not-before reach at most this far: 10 years.
    public static let horizonMax = Duration.seconds(315_360_000)
    /// The shortest lease: below it a busy machine's pauses look like deaths.
    public static let leaseMin = Duration.seconds(1)
    /// The longest lease: a worker that hangs holds its jobs for so long.
    public static let leaseMax = Duration.seconds(3_600)
    /// Jobs that wait or run.
    public static let jobsLiveMax = 10_000_000
    /// Workers that one JOB_WHY tells of: their lines fit into the smallest frame that a peer may
    /// ask for.
    public static let whyWorkersMax = 64
    /// Workers that one JOB_WHY looks at: three milliseconds of the scheduler's thread where each
    /// has 200 encoders.
    public static let whyWorkersSeenMax = 1_024
    /// Bytes of a text in a JOB_WHY: a line or two on a screen.
    public static let whyTextBytesMax = 400
    /// Entries looked at for the place of a waiting job, and tenants for whose turn it is: a
    /// millisecond of the scheduler's thread.
    public static let whyEntriesMax = 10_000
    /// A tenant's weight: one in a thousand is as finely as a fleet can be shared, and the cost of
    /// an assignment, divided by it, stays exact to 0.14 %.
    public static let tenantWeightMax = 1_000
    /// Jobs by which a tenant can be behind the others, at weight 1: one whose jobs could not be
    /// run for a week must not have the fleet for itself until it has caught up.
    public static let tenantLagMax = 64
    /// Tenants that settings name, each with a weight or cap of its own.
    public static let tenantsNamedMax = 10_000
    /// How often in a row a job may come back without a failure and be handed out again at once;
    /// then it waits as after a first failure, or a worker that hands back at once would keep the
    /// disk busy.
    public static let handBacksAtOnceMax = 2
    /// A reason that a person gives.
    public static let reasonBytesMax = 1_024
    /// Rows of a page unless asked otherwise.
    public static let pageItemsDefault = 100
    /// Rows of a page however many are asked for: a few milliseconds of a reader's time.
    public static let pageItemsMax = 500
    /// Jobs that are read from the store at once for a page: 4 MiB where each spec is the largest.
    public static let pageItemsRead = 64
    /// What an answer has beside the items of its page: counts, a cursor, the section.
    public static let pageBytesTail = 1_024
    /// Parameters and missing moves that a watch begins with: a slow reader must not lose its
    /// connection over them (``outboundBytesMax``).
    public static let watchOpeningBytesMax = 1 << 20
    /// What a watch begins with is read and sent in parts of about so many bytes, the next one when
    /// the reader has taken the last.
    public static let watchOpeningPartBytes = 128 << 10
    /// Watches of a connection: half of the requests that it may have open.
    ///
    /// Each follows up to ``batchItemsMax`` jobs, for which about half a megabyte is kept.
    public static let watchesMax = 32
    /// Events that wait, of all watches of a connection together: as much as a slow reader may
    /// leave lying (``outboundBytesMax``).
    public static let watchBytesMax = 4 << 20
    /// What may be left of them when they were merged; beyond it watches end.
    ///
    /// Well below ``watchBytesMax``, so that merging does not come with every move.
    public static let watchBytesMerged = 3 << 20

    // MARK: - Workers

    /// A worker's name.
    public static let workerNameBytesMax = 255
    /// Engines a worker reports.
    public static let enginesMax = 64
    /// Needs of a job: each is looked for in a worker's capacity whenever the job might go there.
    public static let needsMax = 16
    /// Resources and devices of a worker's capacity.
    public static let capacityMax = 256
    /// How long the folder of a film says how much room there is for the next ones.
    public static let filmFolderTime = Duration.seconds(600)
    /// Attempts a worker may hold: more than any machine runs, few enough for one REGISTER.
    public static let heldMax = 4_096
    /// Slots a worker may offer.
    public static let slotsMax = 1_024
    /// Bytes of a worker's labels, and of what its engines proved: with what it holds, a
    /// registration has to fit into a frame of any scheduler.
    public static let registrationBytesMax = 32 << 10
    /// The name of a resource, with its device: a GPU may be named by the 40 bytes of its UUID.
    public static let resourceNameBytesMax = 128
    /// How far a worker's clock may be off before people are told to set it: clocks that nobody
    /// sets drift by less in a month.
    public static let clockOffsetPlain = Duration.seconds(60)
    /// The last bytes of an encoder's standard error that are kept.
    public static let logTailBytesMax = 64 << 10
    /// An encoder that ignores TERM is killed after this.
    public static let terminateGrace = Duration.milliseconds(500)
    /// The longest grace that a scheduler may give an encoder: its slot is taken so long.
    public static let terminateGraceMax = Duration.seconds(600)
    /// A heartbeat that is not answered within a third of the lease, and not within this, ends the
    /// connection: below it a busy machine's pauses look like a dead line.
    public static let heartbeatAnswerMin = Duration.seconds(1)
    /// REGISTER waits for a commit, and after a restart a whole fleet's for one scheduler, which
    /// takes seconds; whoever has no answer after this talks to one that hangs.
    public static let registerAnswerTime = Duration.seconds(30)
    /// A worker reads the end of a log from memory: one that needs longer is stopped or far behind,
    /// and who asked is told so.
    public static let logAnswerTime = Duration.seconds(5)
    /// A worker says the same trouble again only after this.
    public static let complaintInterval = Duration.seconds(60)
    /// Reports that a worker keeps while the scheduler is away.
    public static let spoolItemsMax = 65_536
    /// A ledger of children that has grown so far, and to twice what is open, is written anew: some
    /// hundred runs, read in no time at the next start.
    public static let ledgerBytesCompact = 256 << 10
    /// One line of an encoder's progress output; longer ones are dropped.
    public static let progressLineBytesMax = 4_096
    /// What a probe may print.
    public static let probeOutputBytesMax = 4 << 20
    /// What a failed probe or verification adds to a job's log: its last words, which must leave
    /// room for the encoder's.
    public static let probeLogBytesMax = 8 << 10
    /// How long a probe or a verification may take.
    public static let probeTime = Duration.seconds(30)
    /// How long the probes of all engines may take together: longer, and something hangs.
    public static let probeAllTime = Duration.seconds(90)
    /// Progress is told this often at most: people see no more, and a fleet costs little.
    public static let progressInterval = Duration.seconds(1)
    /// The shortest wait before a worker connects again.
    public static let reconnectMin = Duration.milliseconds(100)
    /// The longest wait before a client connects again: a third of a lease.
    public static let reconnectMax = Duration.seconds(5)
    /// What a command waits for one answer unless told otherwise: a full disk and a busy moment
    /// pass before, and a person or a script learns soon that the scheduler hangs.
    public static let commandAnswerTime = Duration.seconds(30)
    /// Batches that a client has on their way at once: one is committed, one read, two travel.
    public static let submitBatchesInFlight = 4
    /// What a worker has for its last words once its drain is over.
    public static let farewellTime = Duration.seconds(5)

    // MARK: - The store

    /// A locked database is tried again for this long, then it is an error.
    public static let storeLockWait = Duration.seconds(10)
    /// Moves of a group commit: about 3 ms of writing.
    public static let commitMovesMax = 4_096
    /// Write-ahead log beyond which a checkpoint is made: 4,096 pages.
    public static let walBytesCheckpoint = 16 << 20
    /// The write-ahead log's file is cut back to this when it starts again.
    public static let walBytesKept = 64 << 20
    /// Connections that read beside the writer: pages, histories and checks at once.
    public static let storeReadersMax = 3
    /// Memory for database pages a connection: the hot rows of a million jobs.
    public static let storeCacheBytes = 64 << 20
    /// Job numbers that one page looks at: a filter that matches little ends in about 20 ms.
    public static let pageNumbersExaminedMax: UInt64 = 65_536
    /// Jobs that a finding names.
    public static let findingExamplesMax = 10
    /// Jobs of one commit of an import.
    public static let importBatchJobs = 1_000
    /// Bytes of rows that an import holds for one commit, but for the last row's own.
    public static let importBatchBytes = 16 << 20
    /// Characters of a plain column that an import reads: no such text is kept beyond it.
    public static let importTextMax = 8 << 10
    /// Characters of a JSON text that an import reads: far more than any job's history has.
    public static let importDocumentMax = 16 << 20
    /// Log records waiting to be printed; more are dropped and counted.
    public static let logQueueMax = 4_096
    /// A configuration file: far more than all settings need.
    public static let configurationBytesMax = 1 << 20
    /// Inputs that wait for the scheduler.
    public static let inboxItemsMax = 65_536
    /// Bytes of the requests that wait for the scheduler: a second of work at full speed.
    public static let inboxBytesMax = 256 << 20
    /// Heartbeats and reports of a session that a full inbox takes before its connection is not
    /// read on: a minute's worth, so that a worker goes on being heard and answered.
    public static let inboxHeldItemsMin = 16
    /// The same in bytes: about as much as one read of a connection.
    public static let inboxHeldBytesMin = 64 << 10
}
