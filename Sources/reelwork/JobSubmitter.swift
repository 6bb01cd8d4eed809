// SPDX-License-Identifier: Apache-2.0
// Reelwork: sends jobs in batches

import ReelworkClient
import ReelworkCore

/// Sends jobs in batches and says what became of each.
struct JobSubmitter {
    /// Jobs a batch: enough for a group commit, few enough that progress is seen.
    static let batchItemsMax = 1_000

    let client: ReelworkClient
    var style = JobFollower.Style.text
    /// Accepted jobs are counted, not listed.
    var isQuiet = false
    /// How many were refused so far.
    private(set) var refused = 0

    init(client: ReelworkClient, style: JobFollower.Style) {
        self.client = client
        self.style = style
    }

    /// Sends them; answers the numbers of those that were accepted, in order.
    mutating func submit(_ orders: [JobOrder]) async throws -> [JobNumber] {
        var numbers: [JobNumber] = []
        let terminal = Terminal(descriptor: 2)
        for start in stride(from: 0, to: orders.count, by: JobSubmitter.batchItemsMax) {
            let end = min(orders.count, start + JobSubmitter.batchItemsMax)
            let batch = Array(orders[start..<end])
            let submissions = batch.map(\.submission)
            let results = try await ReadOnlyWatch(client).run { [client] in
                try await client.submit(submissions)
            }
            for (order, result) in zip(batch, results)
            where tell(order, result, isOnly: orders.count == 1) {
                numbers.append(result.number)
            }
            if orders.count > JobSubmitter.batchItemsMax, terminal.isInteractive {
                Output.error("submitted \(end) of \(orders.count)")
            }
        }
        if isQuiet, style == .text { Output.line("\(numbers.count) jobs submitted") }
        return numbers
    }

    private mutating func tell(_ order: JobOrder, _ result: SubmitResult, isOnly: Bool) -> Bool {
        let isAccepted = result.code.value?.isSuccess == true
        if style == .json { Output.json(.submitted(result)) }
        guard isAccepted else {
            refused += 1
            let place =
                isOnly ? "" : order.line > 0 ? "line \(order.line): " : "\(order.spec.output): "
            Output.error(
                "reelwork: \(ShownLine.escaped(place + "the job was refused: " + result.words))"
            )
            return false
        }
        if style == .text, !isQuiet {
            let known = result.code.value == .okExists ? "  (known: same key, same job)" : ""
            Output.line("\(result.number)  \(result.id)\(known)")
        }
        return true
    }
}
