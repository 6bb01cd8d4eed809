// SPDX-License-Identifier: Apache-2.0
// Reelwork: tests of what a job needs of a worker.

import ReelworkCore
import Testing

/// Goal: no capability is assumed, and needs can be held against a capacity one by one.
///
/// Lesson 32: an empty list of capabilities meant that the worker could do everything.
struct JobRequirementTests {
    private let ffmpeg = EngineReport(name: "ffmpeg", version: "7", encoders: ["libx264", "aac"])

    @Test func anEmptyListOfEncodersMeansNone() {
        let empty = EngineReport(name: "ffmpeg", version: "7", encoders: [])
        let requirement = JobRequirement(
            candidates: [EngineCandidate(engine: "ffmpeg", encoders: ["libx264"])])
        #expect(requirement.engine(among: [empty]) == nil)
        #expect(requirement.engine(among: []) == nil)
        #expect(requirement.engine(among: [ffmpeg]) == "ffmpeg")
    }

    @Test func aBrokenEngineDoesNotFit() {
        var broken = ffmpeg
        broken.problem = "no such file"
        let requirement = JobRequirement(
            candidates: [EngineCandidate(engine: "ffmpeg", encoders: [])])
        #expect(requirement.engine(among: [broken]) == nil)
    }

    @Test func theFirstCandidateThatFitsIsChosen() {
        let gst = EngineReport(name: "gstreamer", version: "1", encoders: ["x265enc"])
        let requirement = JobRequirement(candidates: [
            EngineCandidate(engine: "gstreamer", encoders: ["x264enc"]),
            EngineCandidate(engine: "ffmpeg", encoders: ["libx264"]),
        ])
        #expect(requirement.engine(among: [gst, ffmpeg]) == "ffmpeg")
    }

    @Test func aSlotIsAlwaysNeededAndDoublesAreSummed() {
        let slot = ResourceAmount(name: "slot", amount: 1)
        #expect(JobRequirement(candidates: []).needs == [slot])
        let twice = JobRequirement(
            candidates: [],
            needs: [
                slot, ResourceAmount(name: "gpu", amount: 2), slot,
                ResourceAmount(name: "gpu", amount: .max),
            ]
        )
        #expect(
            twice.needs == [
                ResourceAmount(name: "slot", amount: 2), ResourceAmount(name: "gpu", amount: .max),
            ]
        )
        let none = JobRequirement(
            candidates: [],
            needs: [ResourceAmount(name: "slot", amount: 0)]
        )
        #expect(none.needs == [slot])
    }
    @Test func aNameMayNameADevice() {
        let named = ResourceAmount(name: "gpu_session:1", amount: 1)
        #expect(named.kind == "gpu_session" && named.device == "1")
        let any = ResourceAmount(name: "gpu_session", amount: 1)
        #expect(any.kind == "gpu_session" && any.device == nil)
        #expect(any.isMet(by: "gpu_session:1") && any.isMet(by: "gpu_session"))
        #expect(!any.isMet(by: "gpu_sessions:1") && !any.isMet(by: "gpu_session1"))
        #expect(!any.isMet(by: "gpu") && !any.isMet(by: ""))
        #expect(named.isMet(by: "gpu_session:1") && !named.isMet(by: "gpu_session:10"))
        #expect(!named.isMet(by: "gpu_session") && !named.isMet(by: "gpu_session:1:2"))
        // The ends of what a name can be; they are text of peers.
        let odd = ["", ":", "::", ":1", "\u{e9}:\u{301}"]
        for name in odd {
            let amount = ResourceAmount(name: name, amount: 1)
            #expect(amount.isMet(by: name))
            #expect(amount.kind + (amount.device.map { ":" + $0 } ?? "") == name)
        }
    }

    // Guesses are few different amounts, or every job would wait in a line of its own.
    @Test(
        arguments: [
            (0, 0), (1, 1), (2, 2), (3, 4), (1_000, 1_024), (1_025, 2_048), (1 << 63, 1 << 63),
            ((1 << 63) + 1, .max), (.max, .max),
        ] as [(UInt64, UInt64)]
    )
    func aGuessIsRoundedUp(amount: UInt64, rounded: UInt64) {
        #expect(ResourceAmount(name: "x", amount: amount).rounded.amount == rounded)
    }

    // What a submitter says of a resource, or of a device of it, takes the engine's place.
    @Test func needsTakeThePlaceOfWhatAnEngineSays() {
        func amounts(_ names: String...) -> [ResourceAmount] {
            names.map { ResourceAmount(name: $0, amount: 7) }
        }
        let candidate = EngineCandidate(
            engine: "e",
            encoders: [],
            needs: amounts("gpu_session", "nvdec", "slot", "nvdec"),
            estimates: amounts("cpu", "memory_mib")
        )
        let plain = JobRequirement(candidates: [candidate])
        #expect(
            plain.candidates[0].needs == [
                ResourceAmount(name: "gpu_session", amount: 7),
                ResourceAmount(name: "nvdec", amount: 14),
            ]
        )
        #expect(plain.candidates[0].estimates == candidate.estimates)
        #expect(plain.needs == [ResourceAmount(name: "slot", amount: 1)])
        let told = JobRequirement(
            candidates: [candidate],
            needs: amounts("gpu_session:1", "memory_mib")
        )
        #expect(told.candidates[0].needs.map(\.name) == ["nvdec"])
        #expect(told.candidates[0].estimates.map(\.name) == ["cpu"])
    }
}
