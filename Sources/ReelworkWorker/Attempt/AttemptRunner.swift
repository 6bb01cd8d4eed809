// SPDX-License-Identifier: Apache-2.0
// Reelwork: one run in one task

package import Logging
package import ReelworkCore

/// One run of one job: ``AttemptMachine`` with the steps, files and processes around it, in one
/// task.
package final class AttemptRunner: Sendable {
    /// What a run tells its agent.
    package enum News: Sendable {
        /// It has something to report.
        case said(ReportItem.Content, encodeTime: Duration?, logTail: [UInt8])
        /// Its process and slot are free.
        case closed
    }

    /// The run's local name.
    package let key: AttemptKey
    private let steps: AttemptSteps
    private let isLookOnly: Bool
    private let events: AsyncStream<AttemptMachine.Event>
    private let inbox: AsyncStream<AttemptMachine.Event>.Continuation

    /// Makes a run; nothing happens before ``run(_:)``.
    package init(_ assignment: Assignment, settings: AttemptSettings, logger: Logger) {
        steps = AttemptSteps(assignment, settings: settings, logger: logger)
        key = steps.key
        isLookOnly = assignment.isLookOnly
        (events, inbox) = AsyncStream.makeStream(of: AttemptMachine.Event.self)
    }

    /// Carries the run out to its end.
    ///
    /// - Parameter tell: told in order, last of all that it is closed.
    package func run(_ tell: @escaping @Sendable (News) -> Void) async {
        var machine = AttemptMachine(isLookOnly: isLookOnly)
        inbox.yield(.begin)
        for await event in events {
            for action in machine.handle(event) where await carryOut(action, tell) { return }
        }
    }

    /// The scheduler grants the publish.
    package func grant() { inbox.yield(.granted) }

    /// Let go of it.
    package func stop(_ reason: AttemptStop) {
        inbox.yield(.stop(reason))
        steps.stopLooking()
    }

    /// A note for PROGRESS; nil before the encoder has begun.
    package func progress(_ number: JobNumber, _ attempt: AttemptNumber) -> JobProgress? {
        steps.progress.note(number, attempt)
    }

    /// The end of the encoder's log so far.
    package var log: LogTail { steps.encoder.log }

    /// Does what the machine says; true with its last action.
    private func carryOut(
        _ action: AttemptMachine.Action,
        _ tell: @Sendable (News) -> Void
    ) async -> Bool {
        let steps = steps
        switch action {
        case .prepare: begin { await steps.prepare() }
        case .inspect: begin { await steps.inspect() }
        case .encode:
            let inbox = inbox
            begin {
                await steps.encode(started: { inbox.yield(.encoderStarted(pid: $0)) })
            }
        case .stopEncoder(let grace): steps.encoder.stop(grace: grace)
        case .verify: begin { await steps.verify() }
        case .seal: begin { await steps.seal() }
        case .publish: begin { await steps.publish() }
        // Waited for here: what follows it may hand the slot to the next run.
        case .clean: inbox.yield(await steps.clean())
        case .report(let content):
            tell(.said(content, encodeTime: steps.progress.encodeTime(), logTail: log.bytes))
        case .close:
            inbox.finish()
            tell(.closed)
            return true
        }
        return false
    }

    /// Does a step beside the loop, which stays free for a stop.
    private func begin(_ step: @escaping @Sendable () async -> AttemptMachine.Event) {
        let inbox = inbox
        Task { inbox.yield(await step()) }
    }
}
