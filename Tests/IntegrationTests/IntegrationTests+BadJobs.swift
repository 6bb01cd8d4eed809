// SPDX-License-Identifier: Apache-2.0
// Reelwork: jobs that cannot be done

import Foundation
import Glibc
import ReelworkClient
import ReelworkCore
import ReelworkRPC
import ReelworkWire
import Testing

extension IntegrationTests {
    /// Goal: a bad job gets an error that says what is wrong and what to do, and costs nobody else
    /// anything.
    ///
    /// Method: bad jobs on the command line, by the library and as bytes; after each a good one has
    /// to complete.
    @Suite(.timeLimit(.minutes(1)))
    struct BadJobTests {
        /// What is asked, and what the answer must hold.
        private struct Case {
            var arguments: [String]
            var status: Int32 = 1
            var words: [String]
        }

        /// As long as one argument of a command can be.
        private static let long = String(repeating: "x", count: 100_000)

        // Each case changes one thing of a job that is good.
        private static let cases = [
            Case(arguments: ["--engine", "warp"], words: ["warp", "ffmpeg", "gstreamer"]),
            Case(arguments: ["--input", "nowhere.mov"], words: ["nowhere.mov", "No such file"]),
            Case(arguments: ["--input", "."], words: ["is a folder"]),
            Case(arguments: ["--output", "no/film.mp4"], words: ["does not exist", "mkdir -p"]),
            Case(arguments: ["--output", "good.in"], words: ["same file", "another output"]),
            Case(arguments: ["--output", "../media/good.in"], words: ["same file"]),
            Case(arguments: ["--output", "link.in"], words: ["same file"]),
            Case(arguments: ["--output", "there.mp4"], words: ["there already", "--overwrite"]),
            Case(arguments: ["--output", "film.xyz"], words: ["mp4", "mkv"]),
            Case(arguments: ["--set", "duration=0"], words: ["duration", "above 0"]),
            Case(arguments: ["--set", "duration=-1"], words: ["duration", "above 0"]),
            Case(arguments: ["--set", "duration=soon"], words: ["duration", "soon", "2.5s"]),
            Case(arguments: ["--set", "duration=NaN"], words: ["duration", "NaN"]),
            Case(arguments: ["--set", "duration=inf"], words: ["duration", "inf"]),
            Case(arguments: ["--set", "duration=1e999"], words: ["duration", "1e999"]),
            Case(arguments: ["--set", "bitrat=2M"], words: ["bitrat", "bitrate"]),
            Case(arguments: ["--set", "codek=h264"], words: ["codek", "codec"]),
            Case(arguments: ["--set", "codec"], status: 2, words: ["codec", "="]),
            Case(arguments: ["--need", "cpu"], status: 2, words: ["--need", "KEY=VALUE"]),
            Case(arguments: ["--need", "cpu=many"], status: 2, words: ["cpu=many", "whole"]),
            Case(arguments: ["--need", "slot=0"], words: ["1 to 1024 slots, not 0"]),
            Case(
                arguments: ["--require", "zone=" + long],
                status: 2,
                words: ["--require", "256"]
            ),
            Case(arguments: ["--prefer", "zone=" + long], status: 2, words: ["--prefer", "256"]),
            Case(arguments: ["--timeout", "0"], status: 2, words: ["--timeout"]),
            Case(arguments: ["--timeout", "NaN"], status: 2, words: ["NaN"]),
            Case(arguments: ["--count", "2"], status: 2, words: ["{n}"]),
        ]

        @Test func onTheCommandLineEachGetsAClearErrorAndTheServiceGoesOn() async throws {
            try await House.open { house in
                try await house.serve()
                try await house.worker("w1")
                let client = try await house.client()
                try house.write("fake", to: "good.in")
                try house.write("of somebody else", to: "there.mp4")
                try FileManager.default.createSymbolicLink(
                    atPath: house.media + "/link.in",
                    withDestinationPath: "good.in"
                )
                for (index, bad) in Self.cases.enumerated() {
                    var arguments = ["submit", "--wait"]
                    for (flag, value) in [("--input", "good.in"), ("--output", "bad.mp4")]
                    where !bad.arguments.contains(flag) {
                        arguments += [flag, value]
                    }
                    let answer = try await house.reelwork(
                        arguments + bad.arguments,
                        in: house.media
                    )
                    #expect(answer.status == bad.status, "\(bad.arguments): \(answer)")
                    for word in bad.words {
                        #expect(answer.errors.contains(word), "\(bad.arguments): \(answer)")
                    }
                    #expect(answer.output == "", "\(bad.arguments): \(answer)")
                    #expect(answer.errors.utf8.count < 4_096, "what is too long is shown whole")
                    #expect(house.read("bad.mp4") == nil)
                    try await Self.expectService(house, client, "\(index)")
                }
                #expect(house.read("there.mp4") == "of somebody else")
                #expect(house.read("good.in") == "fake")
                await client.close()
            }
        }

        @Test(
            .enabled(if: Unprivileged.obstacle == nil, "no user can be found whom permissions bind")
        )
        func anInputThatMayNotBeReadIsRefusedAsNotPermitted() async throws {
            try await House.open { house in
                try await house.serve()
                try house.write("fake", to: "locked.in")
                chmod(house.media + "/locked.in", 0)
                chmod(house.path, 0o755)
                let (program, arguments) = try Unprivileged.command([
                    "submit", "--input", house.media + "/locked.in", "--output",
                    house.media + "/film.mp4",
                ])
                let run = try house.startProgram(program, arguments, name: "submit")
                #expect(try await run.end() == .exited(77), "\(run.errors)")
                #expect(run.errors.contains("may not be read"), "\(run.errors)")
                #expect(run.errors.contains("chmod +r"), "\(run.errors)")
            }
        }

        // A mebibyte in one parameter does not fit into an argument of a command, but into a file.
        @Test func aMebibyteInOneParameterIsRefusedInAFileAndByTheLibrary() async throws {
            try await House.open { house in
                try await house.serve()
                try await house.worker("w1")
                let client = try await house.client()
                try house.write("fake", to: "good.in")
                let long = String(repeating: "x", count: 1 << 20)
                try house.write(
                    #"{"input":"good.in","output":"o.mp4","parameters":{"preset":""# + long
                        + "\"}}\n",
                    to: "jobs.jsonl"
                )
                let answer = try await house.reelwork(
                    ["submit", "--from", "jobs.jsonl"],
                    in: house.media
                )
                #expect(answer.status == 2, "\(answer)")
                #expect(answer.errors.contains("jobs.jsonl:1:"), "\(answer)")
                #expect(answer.errors.contains("bytes"), "\(answer)")
                #expect(answer.errors.utf8.count < 4_096, "the parameter is shown whole")
                let spec = JobSpec(
                    input: house.media + "/good.in",
                    output: house.media + "/o.mp4",
                    parameters: [Parameter(key: "preset", value: long)]
                )
                var refusal = ""
                do throws(ReelworkError) {
                    let result = try await client.submit([Submission(spec)]).first
                    #expect(result?.code.value?.isSuccess == false)
                    refusal = result?.detail ?? ""
                } catch {
                    refusal = error.message
                }
                #expect(refusal.contains("byte") || refusal.contains("large"), "\(refusal)")
                #expect(refusal.utf8.count < 4_096)
                try await Self.expectService(house, client, "after")
                await client.close()
            }
        }

        @Test func bytesThatAreNoTextAreRefusedInArgumentsFilesSpecsAndFrames() async throws {
            try await House.open { house in
                try await house.serve()
                try await house.worker("w1")
                let client = try await house.client()
                try house.write("fake", to: "good.in")
                let line =
                    Data(#"{"input":"good.in","output":"o"#.utf8) + [0xFF] + Data(".mp4\"}\n".utf8)
                try line.write(to: URL(fileURLWithPath: house.media + "/jobs.jsonl"))
                let file = try await house.reelwork(
                    ["submit", "--from", "jobs.jsonl"],
                    in: house.media
                )
                #expect(file.status == 2, "\(file)")
                #expect(file.errors.contains("UTF-8"), "\(file)")

                let shell = try house.startProgram(
                    "/bin/sh",
                    [
                        "-c", #"exec "$0" submit --input good.in --output "$(printf 'o\377.mp4')""#,
                        try Programs.path("reelwork"),
                    ],
                    name: "shell",
                    in: house.media
                )
                #expect(try await shell.end() == .exited(2), "\(shell.errors)")
                #expect(shell.errors.contains("UTF-8"), "\(shell.errors)")

                // A spec is opaque to the frame: its item alone is refused.
                let spec = JobSpec(engine: "ffmpeg", input: "/m/aaaa.in", output: "/m/o.mp4")
                    .encoded
                let connection = try await RPCConnection.connect(
                    to: .unix(path: house.socket),
                    role: .submitter,
                    agent: "test"
                )
                let results = try await connection.call(
                    SubmitBatch.self,
                    SubmitBatch.Request(
                        isAtomic: false,
                        items: [SubmitItem(key: "bad", spec: Self.spoiled(spec))]
                    )
                ).results
                #expect(results.first?.code == .known(.invalidArgument), "\(results)")
                #expect(results.first?.detail?.contains("UTF-8") == true, "\(results)")
                await connection.close()

                // The key belongs to the message itself: the request is refused.
                let raw = try RawSocket(house.socket)
                try raw.shakeHands()
                let request = SubmitBatch.Request(
                    isAtomic: false,
                    items: [SubmitItem(key: "aaaa", spec: spec.filter { $0 != 0x61 })]
                )
                let good = try RawSocket.frame(.request, .submitBatch, id: 1, request)
                let body = Self.spoiled(Array(good.dropFirst(FrameHeader.byteCount)))
                raw.send(RawSocket.frame(.request, .submitBatch, id: 1, body: body))
                let answer = try #require(try raw.readFrame())
                #expect(answer.header.type != FrameKind.response.rawValue, "it was taken")
                try await Self.expectService(house, client, "after")
                await client.close()
            }
        }

        // Over the library nobody looks first: the worker does, and what people must mend is not
        // tried again.
        @Test func whatOnlyTheWorkerSeesFailsWithoutARetryAndSaysWhy() async throws {
            try await House.open { house in
                try await house.serve()
                try await house.worker("w1")
                let client = try await house.client()
                try house.write("fake", to: "good.in")
                try house.write("no film", to: "bad.in")
                // Whoever opens it to read waits for a writer, and none comes.
                try #require(mkfifo(house.media + "/pipe.in", 0o600) == 0)
                try house.write("of somebody else", to: "there.mp4")
                try FileManager.default.createSymbolicLink(
                    atPath: house.media + "/link.mp4",
                    withDestinationPath: "good.in"
                )
                let cases: [(String, String, overwrite: Bool, FailureClass, [String])] = [
                    ("nowhere.in", "a.mp4", false, .inputError, ["nowhere.in", "cannot be found"]),
                    (".", "a.mp4", false, .inputError, ["no regular file"]),
                    ("pipe.in", "a.mp4", false, .inputError, ["no regular file"]),
                    ("bad.in", "b.mp4", false, .inputError, ["is no film"]),
                    ("good.in", "no/c.mp4", false, .userError, ["no/c.mp4", "make it"]),
                    ("good.in", "there.mp4", false, .userError, ["exists", "--overwrite"]),
                    ("good.in", "link.mp4", true, .userError, ["same file", "another output"]),
                ]
                for (index, bad) in cases.enumerated() {
                    let (input, output, overwrite, failure, words) = bad
                    let spec = JobSpec(
                        engine: "ffmpeg",
                        input: house.media + "/" + input,
                        output: house.media + "/" + output,
                        overwrite: overwrite
                    )
                    let result = try #require(try await client.submit([Submission(spec)]).first)
                    let view = try await house.wait(client, result.number, .failed)
                    #expect(view.failure == .known(failure), "\(input), \(output)")
                    #expect(view.attempt == AttemptNumber(1), "\(input), \(output)")
                    for word in words {
                        #expect(view.error?.contains(word) == true, "\(view.error ?? "none")")
                    }
                    try await Self.expectService(house, client, "\(index)")
                    // What the probe has said of the input is the job's log.
                    guard input == "bad.in" else { continue }
                    let log = try await house.reelwork(["job", "log", "\(result.number)"])
                    #expect(log.status == 0 && log.output.contains("Invalid data"), "\(log)")
                }
                let equal = JobSpec(
                    engine: "ffmpeg",
                    input: house.media + "/same.mp4",
                    output: house.media + "/same.mp4"
                )
                let result = try #require(try await client.submit([Submission(equal)]).first)
                #expect(result.code == .known(.invalidArgument), "\(result)")
                #expect(house.read("there.mp4") == "of somebody else")
                #expect(house.read("good.in") == "fake")
                #expect(house.parts.isEmpty)
                await client.close()
            }
        }

        /// A good job has to complete.
        private static func expectService(
            _ house: House,
            _ client: ReelworkClient,
            _ name: String
        ) async throws {
            let number = try await house.submit(client, "fake", "good-\(name)")
            try await house.wait(client, number, .completed, within: .seconds(10))
        }

        /// With bytes that are no text where four `a` stand.
        private static func spoiled(_ bytes: [UInt8]) -> [UInt8] {
            var bytes = bytes
            let mark = Array("aaaa".utf8)
            for start in bytes.indices.dropLast(mark.count - 1)
            where Array(bytes[start..<start + mark.count]) == mark {
                bytes.replaceSubrange(start..<start + mark.count, with: [0x61, 0xFF, 0xC0, 0x61])
            }
            return bytes
        }
    }
}
