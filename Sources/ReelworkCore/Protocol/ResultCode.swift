// SPDX-License-Identifier: Apache-2.0
// Reelwork: the codes of results and errors

/// The codes of results and errors on the wire.
///
/// Numbers are never reused.
public enum ResultCode: UInt16, CaseIterable, Error, Hashable, Sendable {
    /// Done.
    case ok = 0x0000
    /// Done before: the same key and the same job.
    case okExists = 0x0001
    /// The peer broke the protocol; the connection closes.
    case protocolError = 0x0101
    /// A payload's checksum is wrong; the connection closes.
    case checksum = 0x0102
    /// The frame is larger than was agreed.
    case frameTooLarge = 0x0103
    /// A payload could not be inflated; the connection closes.
    case decompress = 0x0104
    /// The method or frame type is unknown here.
    case unimplemented = 0x0105
    /// The peer must prove who it is first.
    case authRequired = 0x0106
    /// The proof did not hold.
    case authFailed = 0x0107
    /// The peer may not do this.
    case denied = 0x0108
    /// The worker's name is held by another session.
    case sessionSuperseded = 0x0109
    /// Preface and hello took too long.
    case handshakeTimeout = 0x010A
    /// Too many control frames.
    case enhanceCalm = 0x010B
    /// Well-formed but senseless; the detail names field and expectation.
    case invalidArgument = 0x010C
    /// There is no such job, worker or loop.
    case notFound = 0x0201
    /// The state machine has no such move.
    case illegalTransition = 0x0202
    /// The attempt no longer holds the job.
    case staleAttempt = 0x0203
    /// The key is known with another job.
    case keyConflict = 0x0205
    /// What was assumed does not hold.
    case precondition = 0x0206
    /// The request was canceled.
    case canceled = 0x0207
    /// The job's film may be on its way to its place.
    case publishing = 0x0208
    /// The attempt has no grant.
    case grantRequired = 0x0209
    /// Another live job writes the same output.
    case outputConflict = 0x020A
    /// Too many requests at once; send it again later.
    case busy = 0x0301
    /// The queue holds all it may.
    case queueFull = 0x0302
    /// The tenant has all it may.
    case quota = 0x0303
    /// The request's own time ran out before its work began.
    case timeout = 0x0304
    /// The disk is full: reads go on, changes wait.
    case storageReadOnly = 0x0401
    /// The scheduler is stopping.
    case draining = 0x0403
    /// The outcome is unknown; send it again with the same key.
    case `internal` = 0x04FF

    /// The name in the specification.
    public var name: String {
        switch self {
        case .ok: "OK"
        case .okExists: "OK_EXISTS"
        case .protocolError: "PROTOCOL_ERROR"
        case .checksum: "CHECKSUM"
        case .frameTooLarge: "FRAME_TOO_LARGE"
        case .decompress: "DECOMPRESS"
        case .unimplemented: "UNIMPLEMENTED"
        case .authRequired: "AUTH_REQUIRED"
        case .authFailed: "AUTH_FAILED"
        case .denied: "DENIED"
        case .sessionSuperseded: "SESSION_SUPERSEDED"
        case .handshakeTimeout: "HANDSHAKE_TIMEOUT"
        case .enhanceCalm: "ENHANCE_CALM"
        case .invalidArgument: "INVALID_ARGUMENT"
        case .notFound: "NOT_FOUND"
        case .illegalTransition: "ILLEGAL_TRANSITION"
        case .staleAttempt: "STALE_ATTEMPT"
        case .keyConflict: "KEY_CONFLICT"
        case .precondition: "PRECONDITION"
        case .canceled: "CANCELED"
        case .publishing: "PUBLISHING"
        case .grantRequired: "GRANT_REQUIRED"
        case .outputConflict: "OUTPUT_CONFLICT"
        case .busy: "BUSY"
        case .queueFull: "QUEUE_FULL"
        case .quota: "QUOTA"
        case .timeout: "TIMEOUT"
        case .storageReadOnly: "STORAGE_READONLY"
        case .draining: "DRAINING"
        case .internal: "INTERNAL"
        }
    }

    /// Whether it says that the thing is done.
    public var isSuccess: Bool { self == .ok || self == .okExists }
}
