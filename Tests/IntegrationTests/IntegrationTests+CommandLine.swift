// SPDX-License-Identifier: Apache-2.0
// Reelwork: what the command line tells its users

import Foundation
import Glibc
import ReelworkClient
import ReelworkCore
import Testing

extension IntegrationTests {
    /// Goal: whoever waits, asks or mistypes is told why, with the exit code that scripts rely on.
    ///
    /// Method: the program is run against a scheduler, with the fake engine.
    @Suite(.timeLimit(.minutes(1)))
    struct CommandLineTests {
        @Test func waitingSaysWhatAQueuedJobWaitsForAndGoesOnWhereAWorkerComes() async throws {
            try await House.open { house in
                try await house.serve()
                try house.write("fake MS=5", to: "film.in")
                let files = [
                    "--input", "\(house.media)/film.in", "--output", "\(house.media)/film.mp4",
                ]
                let submit = try house.start(
                    ["submit", "--wait", "--engine", "ffmpeg", "--require", "zone=eu"] + files,
                    name: "submit"
                )
                try await eventually("why it waits: no worker", within: .seconds(10)) {
                    submit.errors.contains("#1 waits: no worker has registered; start one")
                }
                try await house.worker("w1")
                try await eventually("why it waits: labels", within: .seconds(10)) {
                    submit.errors.contains("#1 waits: w1 lacks the label zone=eu; no worker of the")
                }
                let watch = try house.start(["job", "watch", "1"], name: "watch")
                try await house.worker("w2", ["--label", "zone=eu"])
                #expect(try await submit.end() == .exited(0), "\(submit.output)\(submit.errors)")
                #expect(try await watch.end() == .exited(0), "\(watch.output)\(watch.errors)")
                #expect(watch.output.contains("completed"))
            }
        }

        @Test func aFileOfJobsTellsEachRefusedLineAndAcceptsTheOthers() async throws {
            try await House.open { house in
                try await house.serve()
                try house.write("fake", to: "a.in")
                try house.write(
                    """
                    {"input":"a.in","output":"1.mp4"}
                    {"input":"a.in","output":"2.mp4","engine":"ffmepg"}
                    {"input":"a.in","output":"3.mp4","parameters":{"codec":"h246"}}
                    """,
                    to: "jobs.jsonl"
                )
                let text = try await house.reelwork(
                    ["submit", "--from", "jobs.jsonl"],
                    in: house.media
                )
                #expect(text.status == 1, "\(text)")
                #expect(text.output.hasPrefix("#1  "), "\(text)")
                #expect(text.errors.contains("line 2: "), "\(text)")
                #expect(text.errors.contains("did you mean ffmpeg?"), "\(text)")
                #expect(text.errors.contains("line 3: "), "\(text)")
                #expect(text.errors.contains("did you mean h264?"), "\(text)")
                // A value that no engine takes is one mistake, not one for each engine.
                #expect(!text.errors.contains("gstreamer: "), "\(text)")

                // What this program sees by itself refuses the whole file.
                try house.write(
                    """
                    {"input":"a.in","output":"4.mp4"}
                    {"input":"a.in","output":"5.mp4","queue":"lve"}
                    """,
                    to: "bad.jsonl"
                )
                let bad = try await house.reelwork(
                    ["submit", "--from", "bad.jsonl", "--json"],
                    in: house.media
                )
                #expect(bad.status == 2, "\(bad)")
                #expect(bad.output.isEmpty, "\(bad)")
                #expect(bad.errors.contains("bad.jsonl:2: "), "\(bad)")
                #expect(bad.errors.contains("nothing was submitted"), "\(bad)")
                try house.write(#"{"input":"none.in","output":"6.mp4"}"#, to: "none.jsonl")
                let none = try await house.reelwork(
                    ["submit", "--from", "none.jsonl"],
                    in: house.media
                )
                #expect(none.status == 1, "\(none)")
                let jobs = try await house.reelwork(["jobs", "--json"])
                #expect(jobs.output.split(separator: "\n").count == 1, "\(jobs)")
            }
        }

        @Test func aPlaceIsSpecialWithACountAlone() async throws {
            try await House.open { house in
                try await house.serve()
                try house.write("fake", to: "a.in")
                let files = ["submit", "--input", "a.in", "--output", "o{n}.mp4"]
                let plain = try await house.reelwork(files, in: house.media)
                #expect(plain.status == 0, "\(plain)")
                #expect(plain.errors.contains("{n} is taken as it stands"), "\(plain)")
                let one = try await house.reelwork(files + ["--count", "1"], in: house.media)
                #expect(one.status == 0 && one.errors.isEmpty, "\(one)")
                let jobs = try await house.reelwork(["jobs", "--json"])
                let outputs = ["/o{n}.mp4\"", "/o1.mp4\""]
                #expect(outputs.allSatisfy { jobs.output.contains($0) }, "\(jobs)")
            }
        }

        @Test func logCancelAndShowSayWhichJobAndWhichAttempt() async throws {
            try await House.open { house in
                try await house.serve()
                let client = try await house.client()
                let number = try await house.submit(client, "fake MS=5")
                let early = try await house.reelwork(["job", "log", "\(number)"])
                #expect(early.status == 1 && early.output.isEmpty, "\(early)")
                #expect(early.errors.contains("no encoder has run for #1: it is queued"))
                try await house.worker("w1")
                try await house.wait(client, number, .completed)
                let log = try await house.reelwork(["job", "log", "\(number)"])
                #expect(log.status == 0, "\(log)")
                #expect(log.output.isEmpty == log.errors.contains("said nothing"), "\(log)")
                let second = try await house.reelwork(["job", "log", "1", "--attempt", "2"])
                #expect(second.status == 1 && second.output.isEmpty, "\(second)")
                #expect(second.errors.contains("#1 has had no attempt 2"), "\(second)")
                let view = try await client.job(.number(number))
                for name in ["1", "#1", view.id.description] {
                    let cancel = try await house.reelwork(["job", "cancel", name, "--json"])
                    #expect(cancel.status == 1, "\(cancel)")
                    #expect(
                        cancel.output.hasPrefix(#"{"number":1,"state":"completed","error":""#),
                        "\(cancel)"
                    )
                }
                let show = try await house.reelwork(["job", "show", "1", "--json"])
                #expect(show.output.contains(#""asked_engine":"ffmpeg""#), "\(show)")
                #expect(show.output.contains("\"key\":\"\(view.key ?? "none")\""), "\(show)")
                let full = try house.startProgram(
                    "/bin/sh",
                    ["-c", #"exec "$0" jobs > /dev/full"#, try Programs.path("reelwork")],
                    name: "full"
                )
                #expect(try await full.end() == .exited(1), "\(full.errors)")
                #expect(full.errors.contains("No space left on device"), "\(full.errors)")
                await client.close()
            }
        }

        @Test func aWorkerThatEndedOfItsOwnWillIsStoppedAndOneOfBeforeIsUnheard() async throws {
            try await House.open { house in
                let scheduler = try await house.serve()
                let worker = try await house.worker("w1")
                worker.signal(SIGTERM)
                #expect(try await worker.end() == .exited(0), "\(worker.errors)")
                try await eventually("the worker's farewell") {
                    try await house.reelwork(["workers"]).output.contains(" stopped ")
                }
                scheduler.signal(SIGTERM)
                #expect(try await scheduler.end() == .exited(0))
                try await house.serve()
                let list = try await house.reelwork(["workers"])
                #expect(list.output.contains("not since start"), "\(list)")
            }
        }

        // A terminal that is closed, and a reader that has enough: nothing outlives the show.
        @Test(arguments: [SIGHUP, SIGTERM, SIGPIPE])
        func theDemoTakesItsServicesWithIt(_ signal: Int32) async throws {
            try await House.open { house in
                try house.write("fake MS=20000", to: "film.in")
                let shell = try house.startProgram(
                    "/bin/bash",
                    [
                        "-c",
                        signal == SIGPIPE
                            ? #"TMPDIR="$1" "$0" demo --input "$1/media/film.in" "#
                                + #"| while read -r word rest; do "#
                                + #"if [ "$word" = worker ]; then break; fi; done"#
                            : #"TMPDIR="$1" exec "$0" demo --input "$1/media/film.in""#,
                        try Programs.path("reelwork"), house.path,
                    ],
                    name: "demo"
                )
                if signal != SIGPIPE {
                    try await eventually("the demo's worker") {
                        shell.output.contains("worker ")
                    }
                    shell.signal(signal)
                    #expect(try await shell.end() == .exited(130), "\(shell.errors)")
                } else {
                    #expect(try await shell.end() == .exited(0), "\(shell.errors)")
                }
                #expect(ProcessTable.under(house.path).isEmpty)
                let left = try FileManager.default.contentsOfDirectory(atPath: house.path)
                #expect(!left.contains { $0.hasPrefix("reelwork-") }, "\(left)")
            }
        }
    }
}
