// SPDX-License-Identifier: Apache-2.0
// Reelwork: an example, submit a list of thousands and report.

import Glibc
import ReelworkClient
import ReelworkCore

@main
struct ListExample {
    static func main() async {
        let arguments = Array(CommandLine.arguments.dropFirst())
        guard !arguments.isEmpty else {
            print("usage: reelwork-example-list unix:PATH ... < LIST")
            print("each line of LIST: INPUT tab OUTPUT, both absolute paths")
            exit(2)
        }
        do {
            // Several schedulers may be named; the first that answers is used.
            let client = try await ReelworkClient.connect(
                ReelworkConfiguration(
                    endpoints: arguments,
                    agent: "example-list/1",
                    patience: .seconds(60)
                )
            )
            // The list is read no faster than the scheduler takes it, so it may be of any length.
            let tally = try await client.submit(from: FilmLines(), batchItemsMax: 1_000) {
                report($0, $1)
            }
            await client.close()
            print("\(tally.accepted) new, \(tally.known) known, \(tally.refused) refused")
            exit(tally.refused == 0 ? 0 : 1)
        } catch {
            print("failed: \(error)")
            print("run it again: what was accepted has its key and is not done twice")
            exit(1)
        }
    }

    /// Says which jobs of a batch were refused, and why.
    private static func report(_ jobs: [Submission], _ results: [SubmitResult]) {
        for (job, result) in zip(jobs, results) where result.code.value?.isSuccess != true {
            print("\(job.spec.output) was refused: \(result.detail ?? "\(result.code)")")
        }
    }
}

/// The films that standard input names, one a line.
private struct FilmLines: AsyncSequence {
    struct AsyncIterator: AsyncIteratorProtocol {
        mutating func next() async -> Submission? {
            while let line = readLine() {
                let names = line.split(separator: "\t").map(String.init)
                guard names.count == 2 else {
                    print("left out, for it is not INPUT tab OUTPUT: \(line)")
                    continue
                }
                let spec = JobSpec(input: names[0], output: names[1])
                return Submission(spec, key: "list:\(names[1])")
            }
            return nil
        }
    }

    func makeAsyncIterator() -> AsyncIterator { AsyncIterator() }
}
