// SPDX-License-Identifier: Apache-2.0
// Reelwork: what a served peer heard

import ReelworkCore
import ReelworkRPC
import ReelworkWire
import Synchronization

/// What a delegate heard.
enum Heard: Hashable, Sendable {
    case opened(RPCConnectionID, PeerRole)
    case request(Method, id: UInt32)
    case event(Method)
    case answered(Method, tag: UInt64)
    case failed(Method, ResultCode?, tag: UInt64)
    case canceled(UInt32)
    case paused(Bool)
    case roomy(RPCConnectionID)
    case closed(RPCConnectionID, isFarewell: Bool)
    case processGone(RPCConnectionID)
}
