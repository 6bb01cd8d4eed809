// SPDX-License-Identifier: Apache-2.0
// Reelwork: stored jobs as readers see them

import ReelworkCore
import ReelworkWire

/// Stored jobs as readers see them: what the store has, what the spec says, how far the run is.
enum JobViews {
    /// The view of a job; without the parameters where it is short.
    ///
    /// Secrets are never shown.
    static func view(
        of job: StoredJob,
        detail: JobDetail,
        progress: JobProgress?
    ) -> JobView {
        let spec = try? JobSpec.decode(spec: job.insert.spec)
        let machine = job.row.machine
        let asked = spec?.engine ?? ""
        var view = JobView(
            id: job.insert.id,
            number: job.row.number,
            state: .known(machine.state),
            queue: .known(job.insert.queue),
            priority: .known(job.insert.priority),
            attempt: machine.attempt,
            retryCount: UInt64(machine.retryCount),
            retriesMax: UInt64(machine.retriesMax),
            engine: job.row.engine.isEmpty ? asked : job.row.engine,
            worker: job.row.worker,
            created: job.insert.created,
            input: spec?.input ?? "",
            output: spec?.output ?? ""
        )
        view.started = job.row.started
        view.completed = job.row.completed
        view.notBefore = job.row.notBefore
        // A submitter's limit is kept while the job waits, for whoever goes on with the encode.
        view.deadline = job.row.machine.state == .running ? job.row.deadline : nil
        view.failure = job.row.failure.map { .known($0) }
        view.error = job.row.error
        view.key = job.insert.key
        view.retryOf = job.insert.retryOf
        view.granted = machine.granted == .none ? nil : machine.granted
        view.askedEngine = asked
        view.timeout = spec?.timeout
        view.tenant = job.insert.tenant.isEmpty ? nil : job.insert.tenant
        view.sequence = UInt64(machine.moves)
        if machine.state == .running { view.progress = progress }
        if detail == .withParameters { view.parameters = spec?.parameters ?? [] }
        return view
    }
}
