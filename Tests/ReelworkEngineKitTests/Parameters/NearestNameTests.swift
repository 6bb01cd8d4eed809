// SPDX-License-Identifier: Apache-2.0
// Reelwork: tests of what somebody may have meant

import ReelworkCore
import ReelworkEngineKit
import Testing

// Goal: a slip of the fingers finds the name, another word finds none. Method: a table of words.
struct NearestNameTests {
    private let known = ["job", "jobs", "h264", "h265", "medium", "ultrafast"]

    @Test(arguments: [
        ("jbo", "job"), ("jbos", "jobs"), ("H246", "h264"), ("mediun", "medium"),
        ("ultarfast", "ultrafast"), ("ob", "job"),
    ])
    func suggestsTheNearest(_ written: String, _ meant: String) {
        #expect(NearestName.suggestion(known, near: written) == meant)
    }

    @Test(arguments: ["", "x", "gstreamer", "transcode", String(repeating: "job", count: 40)])
    func suggestsNothingForAnotherWord(_ written: String) {
        #expect(NearestName.suggestion(known, near: written) == nil)
    }

    @Test func aWordOutOfAListIsRefusedWithTheNearest() {
        let refusal = EngineRefusal.invalid("preset", expected: .choice(["fast"]), came: "fats")
        #expect(
            refusal.message
                == "parameter preset: expected one of fast; came \"fats\"; did you mean fast?"
        )
        let far = EngineRefusal.invalid("preset", expected: .choice(["fast"]), came: "quickly")
        #expect(!far.message.contains("did you mean"))
    }
}
