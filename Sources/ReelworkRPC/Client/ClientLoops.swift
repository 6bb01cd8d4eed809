// SPDX-License-Identifier: Apache-2.0
// Reelwork: the event loops of this process's clients.

internal import NIOCore
internal import NIOPosix
internal import ReelworkCore
internal import Synchronization

/// The event loops of this process's clients: shared, and never shut down.
enum ClientLoops {
    private static let states = Mutex<[ObjectIdentifier: NIOLoopBoundBox<LoopState>]>([:])
    private static let serial = Atomic<UInt64>(1)

    static var group: MultiThreadedEventLoopGroup { .singleton }

    /// The state of a loop; one for all its clients.
    static func state(of eventLoop: any EventLoop) -> NIOLoopBoundBox<LoopState> {
        states.withLock { states in
            let key = ObjectIdentifier(eventLoop)
            if let state = states[key] { return state }
            let state = NIOLoopBoundBox.makeBoxSendingValue(
                LoopState(eventLoop: eventLoop),
                eventLoop: eventLoop
            )
            states[key] = state
            return state
        }
    }

    /// Numbers a connection.
    static func name() -> RPCConnectionID {
        RPCConnectionID(serial: serial.add(1, ordering: .relaxed).oldValue, loop: 0)
    }
}
