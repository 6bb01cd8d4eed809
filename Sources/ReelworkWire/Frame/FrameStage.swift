// SPDX-License-Identifier: Apache-2.0
// Reelwork: which frames may come now

internal import ReelworkCore

/// Which frames a reader accepts from its peer now.
///
/// A server goes `hello` → `quiet` → (`auth` → `quiet` →) `ready`, a client `helloAck` → (`authOK`
/// →)
/// `ready`. An ERROR of the connection may come at any time and ends it.
package enum FrameStage: Hashable, Sendable {
    /// The server waits for HELLO.
    case hello
    /// The server works on the answer to what came: nothing may come.
    case quiet
    /// The server has asked for AUTH.
    case auth
    /// The client waits for HELLO_ACK.
    case helloAck
    /// The client waits for AUTH_OK.
    case authOK
    /// The handshake is over.
    case ready

    /// The code that refuses a frame which may not come now; nil where it may.
    func refusal(of header: FrameHeader) -> ResultCode? {
        let kind = header.kind
        if kind == .error, header.requestID == 0 { return nil }
        switch self {
        case .hello: return kind == .hello ? nil : .protocolError
        case .quiet: return .protocolError
        case .auth:
            if kind == .auth { return nil }
            return FrameStage.ready.refusal(of: header) == nil ? .authRequired : .protocolError
        case .helloAck: return kind == .helloAck ? nil : .protocolError
        case .authOK: return kind == .authOK ? nil : .protocolError
        case .ready:
            switch kind {
            case .hello, .helloAck, .auth, .authOK: return .protocolError
            case .request, .response, .error, .cancel, .event, .ping, .pong, .goaway, nil:
                return nil
            }
        }
    }
}
