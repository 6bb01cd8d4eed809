// SPDX-License-Identifier: Apache-2.0
// Reelwork: an example, submit a film and watch it.

import Glibc
import ReelworkClient
import ReelworkCore

@main
struct FilmExample {
    static func main() async {
        let arguments = Array(CommandLine.arguments.dropFirst())
        guard arguments.count == 3 else {
            print("usage: reelwork-example-film unix:PATH INPUT OUTPUT, both absolute paths")
            exit(2)
        }
        do throws(ReelworkError) {
            let client = try await ReelworkClient.connect(
                ReelworkConfiguration(
                    endpoints: [arguments[0]],
                    agent: "example-film/1",
                    patience: .seconds(30)
                )
            )
            let isGood = try await encode(arguments[1], to: arguments[2], with: client)
            await client.close()
            exit(isGood ? 0 : 1)
        } catch {
            print("failed: \(error)")
            exit(1)
        }
    }

    /// Submits one film and tells what becomes of it; the paths are absolute.
    private static func encode(
        _ input: String,
        to output: String,
        with client: ReelworkClient
    ) async throws(ReelworkError) -> Bool {
        let spec = JobSpec(
            input: input,
            output: output,
            parameters: [Parameter(key: "crf", value: "23")]
        )
        // The key makes it safe to run this program again: the same film is not encoded twice.
        let submission = Submission(spec, key: "example:\(output)")
        for result in try await client.submit([submission]) {
            guard result.code.value?.isSuccess == true else {
                print("refused: \(result.detail ?? "\(result.code)")")
                return false
            }
            return try await follow(.number(result.number), with: client)
        }
        return false
    }

    /// Prints every move and all progress until the job has ended.
    private static func follow(
        _ job: JobRef,
        with client: ReelworkClient
    ) async throws(ReelworkError) -> Bool {
        // It ends once the job has, and goes on where the connection breaks meanwhile.
        for try await news in client.watch([job]) {
            if let move = news.move, let state = move.to.value {
                print("\(news.number) is \(state): \(move.reason)")
            }
            if let permille = news.progress?.permille {
                print("\(news.number) is done to \(permille / 10) %")
            }
            // Whoever reads it from a pipe sees it now.
            fflush(nil)
        }
        // A job that had ended before makes no moves any more, so its end is said here.
        let view = try await client.job(job)
        let state = view.state.value.map { "\($0)" } ?? "in a state that is not known here"
        print("\(view.number) has ended: \(state)\(view.error.map { ": \($0)" } ?? "")")
        return view.state == .known(.completed)
    }
}
