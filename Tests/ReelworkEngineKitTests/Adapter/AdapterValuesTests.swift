// SPDX-License-Identifier: Apache-2.0
// Reelwork: descriptions, limits and refusals

import ReelworkCore
import ReelworkEngineKit
import Testing

// Goal: the small values of the port hold their promises. Method: tables.
struct AdapterValuesTests {
    @Test(arguments: [
        ("ffmpeg", true), ("a", true), ("my-engine_2", true), ("auto", false), ("", false),
        ("2fast", false), ("Upper", false), ("a b", false), ("ä", false), ("a\n", false),
    ])
    func engineNamesArePlain(name: String, isValid: Bool) {
        let about = EngineDescription(
            name: name,
            adapterVersion: 1,
            title: "",
            parameters: [],
            encoders: []
        )
        #expect(about.isNameValid == isValid)
    }

    @Test
    func aSubmittersTimeoutIsHardAndBounded() {
        var job = JobSpec(input: "/a", output: "/b")
        #expect(
            RunLimit(job, engineLimit: .seconds(9)) == RunLimit(limit: .seconds(9), isHard: false)
        )
        job.timeout = .seconds(5)
        #expect(
            RunLimit(job, engineLimit: .seconds(9)) == RunLimit(limit: .seconds(5), isHard: true)
        )
        #expect(RunLimit(limit: .seconds(-1), isHard: false).limit == .zero)
        #expect(RunLimit(limit: .seconds(Int64.max), isHard: false).limit == Limits.horizonMax)
    }

    @Test
    func durationsThatMakeNoSenseAreUnknown() {
        #expect(RunLimit.plausible(nil) == nil)
        #expect(RunLimit.plausible(.zero) == nil)
        #expect(RunLimit.plausible(.seconds(-3)) == nil)
        #expect(RunLimit.plausible(.seconds(Int64.max)) == nil)
        #expect(RunLimit.plausible(.seconds(3)) == .seconds(3))
    }

    @Test
    func endsReadAsWords() {
        #expect(CommandEnd.exited(3).description == "exit code 3")
        #expect(CommandEnd.signaled(9).description == "signal 9")
        #expect(CommandEnd.notStarted("a\nb").description == "not started: a\\u{a}b")
    }

    @Test
    func threadsAreHeldInARange() {
        let media = MediaInfo(duration: nil, container: "", streams: [])
        #expect(CommandContext(media: media, threadsMax: 0).threadsMax == 1)
        #expect(CommandContext(media: media, threadsMax: .max).threadsMax == 64)
        #expect(CommandContext(media: media).threadsMax == nil)
    }
}
