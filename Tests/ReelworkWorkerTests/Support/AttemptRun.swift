// SPDX-License-Identifier: Apache-2.0
// Reelwork: one run of an attempt in a test

import FFmpegEngine
import Foundation
import Logging
import ReelworkCore
import ReelworkEngineKit
import ReelworkWire
import Testing

@testable import ReelworkWorker

/// An attempt that runs.
final class AttemptRun: Sendable {
    let runner: AttemptRunner
    private let news: AsyncStream<AttemptRunner.News>

    init(_ assignment: Assignment, _ settings: AttemptSettings) {
        let (news, inbox) = AsyncStream.makeStream(of: AttemptRunner.News.self)
        self.news = news
        runner = AttemptRunner(
            assignment,
            settings: settings,
            logger: Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() })
        )
        Task { [runner] in
            await runner.run { inbox.yield($0) }
            inbox.finish()
        }
    }

    /// Grants what asks for it and waits for the end; all that was said.
    @discardableResult
    func end(
        _ told: @Sendable (ReportItem.Content, AttemptRunner) -> Void = { content, runner in
            if case .ready = content { runner.grant() }
        }
    ) async -> [ReportItem.Content] {
        var contents: [ReportItem.Content] = []
        for await item in news {
            switch item {
            case .said(let content, _, let tail):
                var content = content
                // As the agent does.
                if case .failed(var failure) = content, failure.logTail.isEmpty {
                    failure.logTail = tail
                    content = .failed(failure)
                }
                contents.append(content)
                told(content, runner)
            case .closed: return contents
            }
        }
        return contents
    }

    /// Waits for the end, which must be a failure.
    func failure() async throws -> ReportItem.Failure {
        let contents = await end()
        guard case .failed(let failure) = contents.last else {
            throw WorkerError(.invalid, "no failure: \(contents)")
        }
        return failure
    }
}
