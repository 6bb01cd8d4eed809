// SPDX-License-Identifier: Apache-2.0
// Reelwork: the choice of an engine

import ReelworkCore
import ReelworkEngineKit
import Testing

// Goal: the right engine first, with a reason, and refusals that help. Method: engines that differ
// only in name, strength and what they refuse.
struct EngineRegistryTests {
    private func registry(
        ffmpegRefuses: [String] = [],
        gstreamerRefuses: [String] = [],
        encoders: [String] = ["stub", "special"]
    ) throws -> EngineRegistry {
        var registry = EngineRegistry()
        try registry.register(
            StubEngine("ffmpeg", [.files], refuses: ffmpegRefuses, encoders: encoders)
        )
        try registry.register(
            StubEngine(
                "gstreamer",
                [.live],
                refuses: gstreamerRefuses,
                encoders: encoders,
                needs: [
                    ResourceAmount(name: "gpu_session", amount: 1),
                    ResourceAmount(name: "nvdec", amount: 1),
                ]
            )
        )
        return registry
    }

    private static let choices: [(JobQueue?, String, [String], String)] = [
        (nil, "/o.mp4", ["ffmpeg", "gstreamer"], "the output is a file"),
        (.standard, "/o.mp4", ["ffmpeg", "gstreamer"], "the output is a file"),
        (.batch, "/o.mp4", ["ffmpeg", "gstreamer"], "the output is a file"),
        (.live, "/o.mp4", ["gstreamer", "ffmpeg"], "the live queue"),
        (.batch, "rtmp://h/a", ["gstreamer", "ffmpeg"], "is a stream"),
        (nil, "rtmps://h/a", ["gstreamer", "ffmpeg"], "is a stream"),
        (nil, "srt://h:1", ["gstreamer", "ffmpeg"], "is a stream"),
        (nil, "udp://h:1", ["gstreamer", "ffmpeg"], "is a stream"),
        (nil, "rtp://h:1", ["gstreamer", "ffmpeg"], "is a stream"),
    ]

    @Test(arguments: choices)
    func autoGoesByWhatTheJobNeeds(
        queue: JobQueue?,
        output: String,
        engines: [String],
        words: String
    ) throws {
        let job = JobSpec(queue: queue, input: "/i.mp4", output: output)
        let choice = try registry().choose(job)
        #expect(choice.candidates.map(\.engine) == engines)
        #expect(choice.reason.contains(words))
        #expect(choice.reason.contains(engines[0]))
        #expect(choice.passedOver.isEmpty)
    }

    @Test
    func aNamedEngineIsTheOnlyCandidate() throws {
        let job = JobSpec(engine: "gstreamer", input: "/i", output: "/o")
        let choice = try registry().choose(job)
        #expect(choice.candidates.map(\.engine) == ["gstreamer"])
        #expect(choice.reason == "the job names the engine gstreamer")
    }

    @Test
    func anEngineThatCannotIsPassedOverAndNamed() throws {
        let job = JobSpec(
            queue: .live,
            input: "/i",
            output: "/o",
            parameters: [
                Parameter(key: "duration", value: "3")
            ]
        )
        let choice = try registry(gstreamerRefuses: ["duration"]).choose(job)
        #expect(choice.candidates.map(\.engine) == ["ffmpeg"])
        #expect(choice.passedOver.map(\.engine) == ["gstreamer"])
        #expect(choice.reason.contains("ffmpeg because gstreamer cannot: no duration"))
    }

    @Test
    func whereNoneCanEveryReasonIsSaidOnce() throws {
        let job = JobSpec(input: "/i", output: "/o", parameters: [Parameter(key: "a", value: "")])
        let both = try registry(ffmpegRefuses: ["a"], gstreamerRefuses: ["a"])
        let refusal = #expect(throws: EngineRefusal.self) { try both.choose(job) }
        #expect(refusal?.message == "no a")
        let empty = #expect(throws: EngineRefusal.self) { try EngineRegistry().choose(job) }
        #expect(empty?.message.contains("no engine is registered") == true)
    }

    @Test
    func anUnknownEngineIsRefusedWithTheNearestFirst() throws {
        let job = JobSpec(engine: "gstreamr\n", input: "/i", output: "/o")
        let refusal = #expect(throws: EngineRefusal.self) { try registry().choose(job) }
        #expect(refusal?.kind == .unknownEngine)
        #expect(
            refusal?.message
                == "there is no engine \"gstreamr\\u{a}\"; did you mean gstreamer? known are "
                + "gstreamer, ffmpeg, auto"
        )
    }

    @Test
    func theRequirementAddsWhatTheSubmitterAsksFor() throws {
        let job = JobSpec(
            input: "/i",
            output: "/o",
            needs: [ResourceAmount(name: "gpu_session:0", amount: 1)],
            encoders: ["special", "stub"],
            require: [Label(name: "zone", value: "eu")],
            prefer: [Label(name: "disk", value: "fast")]
        )
        let requirement = try registry().requirement(of: job)
        #expect(
            requirement.candidates.map(\.encoders) == [["stub", "special"], ["stub", "special"]]
        )
        #expect(requirement.needs.map(\.name) == ["slot", "gpu_session:0"])
        // What the submitter says of GPUs takes the place of what an engine says of them.
        #expect(requirement.candidates.map { $0.needs.map(\.name) } == [[], ["nvdec"]])
        #expect(requirement.candidates.map { $0.estimates.map(\.name) } == [["cpu"], ["cpu"]])
        #expect(requirement.require == job.require)
        #expect(requirement.prefer == job.prefer)
        let able = EngineReport(name: "gstreamer", version: "1", encoders: ["stub", "special"])
        let unable = EngineReport(name: "ffmpeg", version: "1", encoders: ["stub"])
        #expect(requirement.engine(among: [unable, able]) == "gstreamer")
    }

    // An encoder that no probe of the engine tries can be proved by no worker: such a job would
    // wait for the grace and be rejected.
    @Test func anEncoderThatNoEngineHasIsRefused() throws {
        let registry = try registry(encoders: ["stub", "stub265"])
        var job = JobSpec(engine: "ffmpeg", input: "/i", output: "/o", encoders: ["stub264"])
        var refusal = #expect(throws: EngineRefusal.self) { try registry.requirement(of: job) }
        #expect(refusal?.kind == .unsupported)
        #expect(
            refusal?.message
                == "ffmpeg has no encoder \"stub264\"; did you mean stub265? known are stub, "
                + "stub265"
        )
        job.engine = JobSpec.engineAuto
        refusal = #expect(throws: EngineRefusal.self) { try registry.requirement(of: job) }
        #expect(refusal?.message.contains("gstreamer has no encoder \"stub264\"") == true)
        // It is enough that one has it.
        var mixed = EngineRegistry()
        try mixed.register(StubEngine("ffmpeg", [.files]))
        try mixed.register(StubEngine("gstreamer", [.live], encoders: ["stub", "stub264"]))
        #expect(try mixed.requirement(of: job).candidates.map(\.engine) == ["gstreamer"])
    }

    @Test(arguments: ["ffmpeg", "auto", "", "A", "a b"])
    func takenAndMalformedNamesAreNotRegistered(name: String) throws {
        var registry = try registry()
        let refusal = #expect(throws: EngineRefusal.self) {
            try registry.register(StubEngine(name, []))
        }
        #expect(refusal?.kind == .invalidEngine)
        #expect(registry.names == ["ffmpeg", "gstreamer"])
    }

    @Test
    func noMoreThanTheLimitAreRegistered() throws {
        var registry = EngineRegistry()
        for index in 0..<Limits.enginesMax { try registry.register(StubEngine("e\(index)", [])) }
        #expect(throws: EngineRefusal.self) { try registry.register(StubEngine("more", [])) }
    }
}
