// SPDX-License-Identifier: Apache-2.0
// Reelwork: what a store is asked while its disk fails

import ReelworkCore
import ReelworkStore
import ReelworkTestKit

/// Batches of every kind, with checkpoints among them; the same each time.
struct CrashScript {
    /// One thing that the store is asked.
    enum Step {
        case apply(StoreBatch)
        case checkpoint
    }

    private(set) var steps: [Step] = []
    /// What the store holds after none, one, two … of the batches.
    private(set) var contents: [String] = []

    /// Jobs that live through everything, `rounds` times three of them.
    init(rounds: Int) throws {
        let model = MemoryJobStore()
        contents.append(try CrashScript.content(of: model))
        for round in 0..<rounds {
            for batch in try CrashScript.round(UInt64(round)) {
                try model.apply(batch)
                steps.append(.apply(batch))
                contents.append(try CrashScript.content(of: model))
            }
            steps.append(.checkpoint)
        }
    }

    private static func round(_ round: UInt64) throws -> [StoreBatch] {
        var batches: [StoreBatch] = []
        func commit(_ body: (inout StoreBatch) throws -> Void) rethrows {
            var batch = StoreBatch()
            try body(&batch)
            batches.append(batch)
        }
        // The second one has a specification of several pages.
        var lives = (1...3).map { place in
            JobLife(
                round * 3 + UInt64(place),
                spec: Array(repeating: UInt8(place), count: place == 2 ? 20_000 : 200)
            )
        }
        commit { batch in
            for index in lives.indices { lives[index].submit(into: &batch) }
        }
        try commit { batch in
            try lives[0].handle(.assigned, worker: "w\(round)", into: &batch)
            try lives[1].handle(.assigned, worker: "w\(round)", into: &batch)
        }
        try commit { batch in
            let attempt = lives[0].row.machine.attempt
            try lives[0].handle(.started(attempt), worker: "w\(round)", into: &batch)
            try lives[0].handle(.ready(attempt), worker: "w\(round)", into: &batch)
        }
        try commit { batch in
            let attempt = lives[0].row.machine.attempt
            try lives[0].handle(.finished(attempt, .own), worker: "w\(round)", into: &batch)
            try lives[1].handle(.workerLost, worker: "", into: &batch)
            batch.queues.append(
                QueueRow(
                    queue: .batch,
                    paused: round % 2 == 0 ? lives[0].now : nil,
                    actor: "uid:0",
                    reason: "test"
                )
            )
            batch.logs.append(
                LogRow(
                    number: lives[0].insert.number,
                    attempt: lives[0].row.machine.attempt,
                    tail: Array(repeating: 7, count: 9_000)
                )
            )
        }
        try commit { try lives[2].handle(.canceled, worker: "", into: &$0) }
        return batches
    }

    /// All that a store holds, as text.
    static func content(of store: any JobStore) throws -> String {
        let snapshot = try store.load()
        var lines = ["next \(snapshot.nextNumber)"]
        for queue in snapshot.queues { lines.append("\(queue)") }
        let query = JobQuery(limit: Int.max, isOldestFirst: true)
        for job in try store.page(query).jobs {
            lines.append("\(job)")
            let moves = try store.history(job.row.number, after: 0, limit: Int.max).moves
            lines.append("\(moves)")
            let log = try store.log(job.row.number, attempt: .none)
            lines.append("log \(log?.tail.count ?? 0)")
        }
        return lines.joined(separator: "\n")
    }
}
