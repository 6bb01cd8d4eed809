// SPDX-License-Identifier: Apache-2.0
// Reelwork: the types of frames

/// The types of frames: how a frame is correlated.
///
/// 0x80 and above are extensions that a reader may drop after checking them; an unknown one below
/// is answered UNIMPLEMENTED.
public enum FrameKind: UInt8, CaseIterable, Hashable, Sendable {
    /// The client's offer.
    case hello = 0x01
    /// The server's choice.
    case helloAck = 0x02
    /// The client proves who it is.
    case auth = 0x03
    /// The server believes it.
    case authOK = 0x04
    /// Asks for exactly one response or error.
    case request = 0x10
    /// The answer to a request.
    case response = 0x11
    /// The answer to a request that failed, or the end of a connection.
    case error = 0x12
    /// Asks that a request's work be given up.
    case cancel = 0x13
    /// News that nobody answers.
    case event = 0x14
    /// Asks for a sign of life.
    case ping = 0x20
    /// The sign of life.
    case pong = 0x21
    /// Says that the sender will close.
    case goaway = 0x23

    /// Whether a frame of this type may be compressed.
    public var mayBeCompressed: Bool {
        switch self {
        case .request, .response, .event: true
        case .hello, .helloAck, .auth, .authOK, .error, .cancel, .ping, .pong, .goaway: false
        }
    }
}
