// SPDX-License-Identifier: Apache-2.0
// Reelwork: follows jobs to their end

import Glibc
import ReelworkClient
import ReelworkCore
import Synchronization

/// Follows jobs to their end: a live screen on a terminal, lines elsewhere, or JSON.
struct JobFollower {
    /// How it is shown.
    enum Style {
        /// A live screen on a terminal, lines elsewhere.
        case text
        /// A line of JSON for each piece of news.
        case json
        /// Nothing.
        case silent
    }

    /// What the readers of news and the drawer of the screen share.
    private final class Shared: Sendable {
        let board: Mutex<WatchBoard>
        let isOver = Atomic(false)
        /// Whether it was told that the scheduler is away.
        let isAway = Atomic(false)

        init(_ board: WatchBoard) {
            self.board = Mutex(board)
        }
    }

    let client: ReelworkClient
    var titles: [JobNumber: String] = [:]
    var style = Style.text
    /// What is said where the watcher is interrupted; nil where others hear signals.
    var farewell: String? = "the jobs go on"
    /// How long a scheduler that is away is waited for, so that a restart of its machine does not
    /// end who waits for hours of encodes.
    var awayMax = Duration.seconds(300)
    /// Tells the user.
    var say: @Sendable (String) -> Void = { Output.error($0) }

    private static let frameTime = Duration.milliseconds(100)
    private static let waitTime = Duration.milliseconds(500)

    /// Follows these jobs; returns once all have ended.
    func follow(_ refs: [JobRef]) async throws -> WatchBoard {
        let terminal = Terminal.output
        let isLive = terminal.isInteractive && style == .text
        let shared = Shared(WatchBoard(titles: titles))
        let signals = farewell.flatMap { farewell in
            SignalWatch { _ in
                if isLive { Output.text("\u{1b}[?25h") }
                // The terminal has written `^C` where the cursor stands.
                Output.error((isLive ? "\n" : "") + "reelwork: interrupted; \(farewell)")
                _exit(CommandStatus.interrupted.rawValue)
            }
        }
        defer { signals?.stop() }
        async let watched: Void = watch(refs, shared, isLive: isLive)
        // Ends by itself or is canceled where all have ended.
        async let _ = explain(shared, isLive: isLive)
        if isLive {
            var screen = LiveScreen()
            while !shared.isOver.load(ordering: .acquiring) {
                draw(shared, terminal, &screen)
                try? await Task.sleep(for: Self.frameTime)
            }
            draw(shared, terminal, &screen)
            screen.end()
        }
        try await watched
        return shared.board.withLock { $0 }
    }

    private func draw(_ shared: Shared, _ terminal: Terminal, _ screen: inout LiveScreen) {
        let size = terminal.size
        let lines = shared.board.withLock {
            $0.lines(on: terminal, columns: size.columns - 1, rows: size.rows - 1)
        }
        screen.draw(lines)
    }

    /// Says what jobs wait for that do not start.
    private func explain(_ shared: Shared, isLive: Bool) async {
        if case .silent = style { return }
        var teller = JobWaitTeller { [client] in try await client.why(.number($0)) }
        while !shared.isOver.load(ordering: .acquiring) {
            let queued = shared.board.withLock { $0.queued }
            // Where the scheduler cannot be asked, the watch itself says so.
            if let reasons = try? await teller.reasons(queued) {
                shared.board.withLock { $0.take(waits: reasons.mapValues(\.words)) }
                if !isLive { for line in teller.lines(reasons) { Output.error(line) } }
            }
            try? await Task.sleep(for: Self.waitTime)
        }
    }

    private func watch(_ refs: [JobRef], _ shared: Shared, isLive: Bool) async throws {
        defer { shared.isOver.store(true, ordering: .releasing) }
        try await withThrowingTaskGroup(of: Void.self) { group in
            for start in stride(from: 0, to: refs.count, by: Limits.batchItemsMax) {
                let part = Array(refs[start..<min(refs.count, start + Limits.batchItemsMax)])
                group.addTask { try await watchPatiently(part, shared, isLive: isLive) }
            }
            try await group.waitForAll()
        }
    }

    /// Watches a part of the jobs; begins again where the scheduler was away longer than the
    /// client is patient.
    private func watchPatiently(
        _ refs: [JobRef],
        _ shared: Shared,
        isLive: Bool
    ) async throws {
        var awaySince: ContinuousClock.Instant?
        while true {
            do {
                for try await news in client.watch(refs) {
                    awaySince = nil
                    tell(isAway: false, shared, isLive: isLive)
                    let lines = shared.board.withLock { $0.take(news) }
                    switch style {
                    case .text where !isLive: for line in lines { Output.line(line) }
                    case .json: if let value = JSONValue.news(news) { Output.json(value) }
                    case .text, .silent: break
                    }
                }
                return
            } catch {
                var failure = CommandFailure(error)
                guard failure.status == .unreachable, error.code != .notUnderstood else {
                    throw error
                }
                let since = awaySince ?? .now
                awaySince = since
                guard since.duration(to: .now) < awayMax else {
                    let advice = failure.advice
                    failure.advice = "\(farewell ?? "the jobs go on"); \(advice)"
                    throw failure
                }
                tell(isAway: true, shared, isLive: isLive)
                try await Task.sleep(for: Self.waitTime)
            }
        }
    }

    /// Says once that the scheduler is away, and once that it is back.
    private func tell(isAway: Bool, _ shared: Shared, isLive: Bool) {
        guard shared.isAway.exchange(isAway, ordering: .acquiringAndReleasing) != isAway else {
            return
        }
        let words = "the scheduler is away; waits up to \(awayMax.words) for it, the jobs go on"
        shared.board.withLock { $0.notice = isAway ? words : nil }
        if !isLive { say("reelwork: \(isAway ? words : "the scheduler is back")") }
    }
}
