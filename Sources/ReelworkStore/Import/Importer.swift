// SPDX-License-Identifier: Apache-2.0
// Reelwork: imports the predecessor's jobs

package import ReelworkCore

/// Imports the predecessor's jobs, a batch at a time; memory does not grow with their number.
///
/// Each batch is one commit: an import that was interrupted is begun again, and finds by their keys
/// the jobs that it has brought already.
package struct Importer {
    private let file: PredecessorFile
    private let target: any ImportTarget
    private let rules: ImportRules
    private let mapping: ImportMapping
    private let report: (ImportLine) -> Void
    private let progress: (ImportSummary) -> Void

    private var summary = ImportSummary()
    private var numberNext: JobNumber
    private var random = SystemRandomNumberGenerator()
    /// Outputs of the jobs that live; compared as bytes.
    private var outputs: [[UInt8]: JobNumber] = [:]
    /// Keys that came already, where the file does not keep ids unique by itself.
    private var keysSeen: Set<[UInt8]> = []
    private var waiting: [PredecessorJob] = []
    private var waitingBytes = 0

    /// Makes an import; `report` gets each line once what it tells is durable, `progress` the
    /// counts so far, after each batch.
    package init(
        file: PredecessorFile,
        target: any ImportTarget,
        rules: ImportRules,
        now: Timestamp,
        report: @escaping (ImportLine) -> Void,
        progress: @escaping (ImportSummary) -> Void = { _ in }
    ) {
        self.file = file
        self.target = target
        self.rules = rules
        self.report = report
        self.progress = progress
        var names: [String: String] = [:]
        for node in file.nodes { names[node.id] = node.name }
        mapping = ImportMapping(nodes: names, rules: rules, now: now)
        numberNext = target.numberNext
    }

    /// Runs it to the end.
    package mutating func run() throws(ImportError) -> ImportSummary {
        summary.total = file.jobsTotal
        for node in file.nodes { tell(node) }
        for job in target.live {
            guard let spec = rules.decode(job.spec) else { continue }
            outputs[Array(spec.output.utf8)] = job.number
        }
        var run = self
        try file.forEachJob { job throws(ImportError) in try run.take(job) }
        try run.flush()
        self = run
        guard file.isUnchanged else {
            throw .source(
                "\(file.path) was changed while it was read; stop the old scheduler and import "
                    + "again: what has come is not imported twice"
            )
        }
        return summary
    }

    private mutating func tell(_ node: PredecessorNode) {
        summary.nodes += 1
        let words = [("name", node.name), ("address", node.address), ("status", node.status)]
            .filter { !$0.1.isEmpty }.map { "\($0.0) \(ImportText.cut($0.1, bytes: 255))" }
        report(
            ImportLine(
                id: node.id,
                change: .nodeLeft,
                detail: "no worker is made of it: it registers itself once an agent runs there"
                    + (words.isEmpty ? "" : " (\(words.joined(separator: ", ")))")
            )
        )
    }

    private mutating func take(_ job: PredecessorJob) throws(ImportError) {
        summary.read += 1
        if !file.isIDUnique || job.id == nil || job.id == "" {
            guard keysSeen.insert(Array(ImportMapping.key(of: job).utf8)).inserted else {
                return skip(job, "its id stands there twice")
            }
        }
        waiting.append(job)
        waitingBytes += job.byteCount
        if waiting.count >= Limits.importBatchJobs || waitingBytes >= Limits.importBatchBytes {
            try flush()
        }
    }

    private mutating func skip(_ job: PredecessorJob, _ reason: String) {
        summary.skipped[reason, default: 0] += 1
        report(
            ImportLine(
                id: job.id ?? "",
                numberBefore: ImportText.filled(job.sequenceNumber),
                change: .skipped,
                detail: reason
            )
        )
    }

    /// Brings the jobs that wait, in one commit.
    private mutating func flush() throws(ImportError) {
        guard !waiting.isEmpty else { return }
        do throws(StoreError) {
            let known = try target.find(waiting.map { ImportMapping.key(of: $0) })
            var batch = StoreBatch()
            var jobs: [ImportedJob] = []
            for (source, number) in zip(waiting, known) {
                guard number == nil else {
                    summary.known += 1
                    continue
                }
                let job = map(source)
                job.write(into: &batch)
                jobs.append(job)
            }
            if !batch.isEmpty { try target.apply(batch) }
            for job in jobs { count(job) }
        } catch {
            throw .store(error)
        }
        waiting.removeAll(keepingCapacity: true)
        waitingBytes = 0
        progress(summary)
    }

    private mutating func map(_ source: PredecessorJob) -> ImportedJob {
        let number = numberNext
        numberNext = JobNumber(number.rawValue + 1)
        let id = JobID(at: mapping.now, random: (random.next(), random.next()))
        let job = mapping.job(source, number: number, id: id) { outputs[Array($0.utf8)] }
        if let output = job.outputLive { outputs[Array(output.utf8)] = number }
        return job
    }

    private mutating func count(_ job: ImportedJob) {
        summary.imported += 1
        summary.changed += job.lines.isEmpty ? 0 : 1
        summary.movesBridged += job.movesBridged
        summary.waiting += job.row.machine.state.isTerminal ? 0 : 1
        for line in job.lines { report(line) }
    }
}
