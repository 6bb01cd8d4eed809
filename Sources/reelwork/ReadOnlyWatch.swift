// SPDX-License-Identifier: Apache-2.0
// Reelwork: tells who waits that the scheduler is read-only

import ReelworkClient
import ReelworkCore

/// Tells who waits for a change that the scheduler is read-only, and gives up in time.
///
/// The client asks again by itself while the disk is full, and the job that filled it is not even
/// answered; without a word, that looks as if nothing happened.
struct ReadOnlyWatch: Sendable {
    /// Answers in a healthy scheduler come far earlier, so nobody is asked in vain.
    var askAfter = Duration.milliseconds(200)
    /// How often it is asked again.
    var askEvery = Duration.seconds(1)
    /// How long a scheduler that stays read-only is waited for, once that was seen.
    var patience = Duration.seconds(10)
    /// Whether the scheduler is read-only.
    let isReadOnly: @Sendable () async throws -> Bool
    /// Tells the user.
    let say: @Sendable (String) -> Void

    /// Watches a scheduler through its client, and tells on standard error.
    init(_ client: ReelworkClient) {
        self.init {
            try await client.metrics(prefix: ReadOnlyWatch.metric).samples
                .contains { $0.name == ReadOnlyWatch.metric && $0.value > 0 }
        } say: {
            Output.error($0)
        }
    }

    init(
        isReadOnly: @escaping @Sendable () async throws -> Bool,
        say: @escaping @Sendable (String) -> Void
    ) {
        self.isReadOnly = isReadOnly
        self.say = say
    }

    private static let metric = "reelwork_read_only"

    /// Runs a change while it watches.
    func run<Value: Sendable>(
        _ body: @escaping @Sendable () async throws -> Value
    ) async throws -> Value {
        try await withThrowingTaskGroup(of: Value?.self) { group in
            group.addTask { try await body() }
            group.addTask {
                try await watch()
                return nil
            }
            defer { group.cancelAll() }
            while let value = try await group.next() {
                if let value { return value }
            }
            throw CommandFailure(.failed, "nothing came of it")
        }
    }

    /// Asks until it is canceled; throws where the scheduler stays read-only.
    private func watch() async throws {
        let clock = ContinuousClock()
        var since: ContinuousClock.Instant?
        var wait = askAfter
        while true {
            guard (try? await clock.sleep(for: wait)) != nil else { return }
            wait = askEvery
            // A scheduler that cannot be asked says so to whom waits.
            guard let isReadOnly = try? await isReadOnly() else { return }
            guard isReadOnly else {
                if since != nil { say("reelwork: the scheduler takes changes again") }
                since = nil
                continue
            }
            guard let began = since else {
                since = clock.now
                say(
                    "reelwork: the scheduler is read-only, its disk is full or locked; "
                        + "trying for \(patience.words)"
                )
                continue
            }
            guard clock.now < began + patience else { throw ReadOnlyWatch.failure(patience) }
        }
    }

    private static func failure(_ patience: Duration) -> CommandFailure {
        CommandFailure(
            .storeFailed,
            "the scheduler is still read-only after \(patience.words): its disk is full or locked",
            advice: "make room on it; the job may still be accepted then, so look with `reelwork "
                + "jobs` before it is sent again, or send it with a --key, the same each time"
        )
    }
}
