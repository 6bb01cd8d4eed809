// SPDX-License-Identifier: Apache-2.0
// Reelwork: what is on disk in a test's world

import ReelworkCore
import ReelworkStore

extension StoredWorld {
    func job(_ number: JobNumber) throws -> StoredJob? { try store.job(.number(number)) }

    func state(_ number: JobNumber) throws -> JobState? { try job(number)?.row.machine.state }

    func attempt(_ number: JobNumber) throws -> UInt32? {
        try job(number)?.row.machine.attempt.rawValue
    }

    func retries(_ number: JobNumber) throws -> UInt16? { try job(number)?.row.machine.retryCount }

    /// Who has it, or had it last.
    func holder(_ number: JobNumber) throws -> String? { try job(number)?.row.worker }

    func history(_ number: JobNumber) throws -> [Move] {
        try store.history(number, after: 0, limit: 1_000).moves
    }

    /// The states that its history names, in order.
    func path(_ number: JobNumber) throws -> [JobState?] {
        try history(number).map(\.to.value)
    }

    /// How every job stands, with all its moves.
    func standing() throws -> [String] {
        let page = try store.page(JobQuery(limit: 1_000, isOldestFirst: true))
        return try page.jobs.map { job in
            let machine = job.row.machine
            let steps = try history(job.row.number).map { "\($0.to.rawValue)/\($0.attempt)" }
            let counts = "retries \(machine.retryCount): \(steps.joined(separator: " "))"
            return "\(job.row.number) \(machine.state.name) \(counts)"
        }
    }

    /// What the store's own check finds wrong, with every history folded again.
    func unsound() throws -> [String] {
        try store.check(isDeep: true).filter { !$0.isSound }.map { "\($0)" }
    }
}
