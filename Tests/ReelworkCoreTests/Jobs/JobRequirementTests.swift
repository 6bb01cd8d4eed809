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
}
