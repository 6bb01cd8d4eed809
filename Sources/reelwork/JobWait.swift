// SPDX-License-Identifier: Apache-2.0
// Reelwork: why a queued job does not start

import ReelworkCore

/// Why a queued job does not start, as far as the list of workers tells.
enum JobWait {
    /// Names of workers that are shown.
    private static let namesMax = 4

    /// What it waits for, where no worker should take it at any moment.
    ///
    /// - Parameters:
    ///   - requirement: what it needs of a worker.
    ///   - notBefore: when it may start.
    ///   - workers: all workers, with their engines.
    ///   - now: the time.
    /// - Returns: the words; nil where there is nothing to wait for.
    static func words(
        _ requirement: JobRequirement,
        notBefore: Timestamp?,
        workers: [WorkerView],
        now: Timestamp
    ) -> String? {
        if let notBefore, notBefore > now { return "it may not start before \(notBefore.text)" }
        guard !workers.isEmpty else {
            return "no worker has registered; start one with `reelwork worker`"
        }
        let alive = workers.filter { $0.state == .known(.alive) }
        guard !alive.isEmpty else {
            return "no worker is connected (\(names(workers) { "\($0.name) is \($0.stateWords)" }))"
                + "; start one with `reelwork worker`"
        }
        // A long list may leave engines out: of such a worker nothing is claimed.
        let able = alive.filter {
            $0.engines.isEmpty || requirement.engine(among: $0.engines) != nil
        }
        guard !able.isEmpty else { return needs(requirement, alive) }
        let labelled = able.filter { worker in
            requirement.require.allSatisfy { worker.labels.contains($0) }
        }
        guard !labelled.isEmpty else {
            let labels = requirement.require.map { "\($0.name)=\($0.value)" }
            return "no worker that could run it has the labels " + labels.joined(separator: ", ")
        }
        let large = labelled.filter { lacks(requirement, $0) { _, _ in 0 } == nil }
        guard !large.isEmpty else {
            let missing = labelled.first.flatMap { lacks(requirement, $0) { _, _ in 0 } }
            return "no worker that could run it has \(missing ?? "enough")"
        }
        let open = large.filter { !$0.isDraining }
        guard !open.isEmpty else {
            return "the workers that could run it are draining: \(names(large, \.name))"
        }
        let free = open.filter { lacks(requirement, $0) { $0.amount($0.used, $1) } == nil }
        guard free.isEmpty else { return nil }
        return open.count == 1
            ? "\(open[0].name) is busy"
            : "all \(open.count) workers that can run it are busy"
    }

    /// The engines that it could run on, and why no worker has one of them.
    private static func needs(_ requirement: JobRequirement, _ workers: [WorkerView]) -> String {
        let engines = requirement.candidates.map { candidate in
            let encoders = candidate.encoders.joined(separator: " and ")
            return candidate.engine + (encoders.isEmpty ? "" : " with \(encoders)")
        }
        var words = "no connected worker has " + engines.joined(separator: ", or ")
        let candidates = requirement.candidates.map(\.engine)
        for worker in workers {
            let broken = worker.engines.first {
                $0.problem != nil && candidates.contains($0.name)
            }
            if let broken, let problem = broken.problem {
                words += "; \(broken.name) of \(worker.name) cannot be used: \(problem)"
                break
            }
        }
        return words
    }

    /// The first need that a worker does not meet beside what `used` says; nil where it meets all.
    private static func lacks(
        _ requirement: JobRequirement,
        _ worker: WorkerView,
        beside used: (WorkerView, String) -> UInt64
    ) -> String? {
        let need = requirement.needs.first { need in
            let capacity = worker.amount(worker.capacity, need.name)
            let taken = used(worker, need.name)
            return taken > capacity || need.amount > capacity - taken
        }
        return need.map { "\($0.amount) \($0.name)" }
    }

    private static func names(
        _ workers: [WorkerView],
        _ word: (WorkerView) -> String
    ) -> String {
        let more = workers.count - namesMax
        return workers.prefix(namesMax).map(word).joined(separator: ", ")
            + (more > 0 ? " and \(more) more" : "")
    }
}
