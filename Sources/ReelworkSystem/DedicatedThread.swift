// SPDX-License-Identifier: Apache-2.0
// Reelwork: a thread of its own

import CReelworkSystem
import Glibc
import Synchronization

/// A thread of its own, for work that blocks: the scheduler, the disk, the log.
///
/// Swift's pool of threads is sized for work that does not.
package final class DedicatedThread: Sendable {
    private let handle: pthread_t
    private let isJoined = Atomic<Bool>(false)

    private final class Body: Sendable {
        let name: String
        let run: @Sendable () -> Void

        init(name: String, run: @escaping @Sendable () -> Void) {
            self.name = name
            self.run = run
        }
    }

    /// Starts a thread; nil where the system has none left.
    ///
    /// The name is cut to 15 bytes (pthread_setname_np(3)).
    package init?(name: String, _ run: @escaping @Sendable () -> Void) {
        let body = Unmanaged.passRetained(Body(name: name, run: run))
        var thread = pthread_t()
        let status = pthread_create(
            &thread,
            nil,
            { raw in
                guard let raw else { return nil }
                let body = Unmanaged<Body>.fromOpaque(raw).takeRetainedValue()
                _ = reelwork_thread_name(body.name)
                body.run()
                return nil
            },
            body.toOpaque()
        )
        guard status == 0 else {
            body.release()
            return nil
        }
        handle = thread
    }

    // A thread that nobody waits for gives its memory back by itself.
    deinit {
        if !isJoined.load(ordering: .relaxed) { pthread_detach(handle) }
    }

    /// Waits for its end; a second call returns at once.
    package func join() {
        guard !isJoined.exchange(true, ordering: .relaxed) else { return }
        pthread_join(handle, nil)
    }
}
