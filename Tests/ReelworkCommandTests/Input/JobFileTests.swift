// SPDX-License-Identifier: Apache-2.0
// Reelwork: tests of files of jobs

import ReelworkCore
import Testing

@testable import reelwork

// Goal: good lines become jobs, each bad one is named with its number. Method: texts in memory.
struct JobFileTests {
    private let defaults = JobSpec(
        queue: .batch,
        input: "",
        output: "",
        parameters: [Parameter(key: "crf", value: "30"), Parameter(key: "codec", value: "h264")]
    )

    private func parse(_ text: String) -> (orders: [JobOrder], problems: [JobLine.Problem]) {
        JobFile.parse(Array(text.utf8), defaults: defaults, folder: "/data")
    }

    @Test func readsEverythingALineMaySay() throws {
        let (orders, problems) = parse(
            """
            {"engine":"ffmpeg","input":"a.mp4","output":"/out/a.mkv","key":"k","queue":"live",\
            "priority":"high","tenant":"t","parameters":{"crf":20,"audio":"none"},\
            "require":{"zone":"eu"},"prefer":{"gpu":"yes"},"retries":2,"timeout":"1m30s",\
            "not_before":"2030-01-01T00:00:00Z","overwrite":true,\
            "needs":{"memory_mib":4096,"gpu_session":1,"cpu":0}}
            """
        )
        #expect(problems.isEmpty)
        let order = try #require(orders.first)
        #expect(order.key == "k" && order.isKeyGiven && order.line == 1)
        #expect(order.spec.engine == "ffmpeg")
        #expect(order.spec.input == "/data/a.mp4" && order.spec.output == "/out/a.mkv")
        #expect(order.spec.queue == .live && order.spec.priority == .high)
        #expect(order.spec.tenant == "t")
        #expect(order.spec.parameter("crf") == "20")
        #expect(order.spec.parameter("audio") == "none")
        #expect(order.spec.parameter("codec") == "h264")
        #expect(order.spec.require == [Label(name: "zone", value: "eu")])
        #expect(order.spec.prefer == [Label(name: "gpu", value: "yes")])
        #expect(order.spec.retries == 2 && order.spec.timeout == .seconds(90))
        #expect(order.spec.notBefore?.text == "2030-01-01T00:00:00.000Z")
        #expect(order.spec.overwrite)
        #expect(order.spec.needs.map(\.name) == ["memory_mib", "gpu_session", "cpu"])
        #expect(order.spec.needs.map(\.amount) == [4_096, 1, 0])
    }

    @Test(arguments: [
        (#""needs":{"cpu":-1}"#, "needs.cpu: expected a whole number"),
        (#""needs":{"cpu":"4"}"#, "needs.cpu: expected a whole number"),
        (#""needs":{"cpu":1.5}"#, "needs.cpu: expected a whole number"),
        (#""needs":["cpu"]"#, "needs: expected an object such as"),
        (#""needs":7"#, "needs: expected an object such as"),
    ])
    func refusesNeedsThatAreNone(member: String, words: String) {
        let (orders, problems) = parse(#"{"input":"a","output":"b","# + member + "}")
        #expect(orders.isEmpty)
        #expect(problems.first?.message.hasPrefix(words) == true, "\(problems)")
    }

    // A label of a megabyte would be as long in its refusal.
    @Test(arguments: ["require", "prefer"])
    func refusesALabelThatIsTooLongByItsPlace(place: String) {
        let long = String(repeating: "x", count: 257)
        let (orders, problems) = parse(
            #"{"input":"a","output":"b",""# + place + #"":{"zone":""# + long + #""}}"#
        )
        #expect(orders.isEmpty)
        #expect(
            problems.first?.message
                == "\(place): a label has 261 bytes; it may have 256 with its value"
        )
    }

    @Test func takesFlagsAsDefaultsAndMakesKeys() {
        let line = #"{"input":"a","output":"b"}"#
        let (orders, problems) = parse("\n\(line)\n  \r\n\(line)\n")
        #expect(problems.isEmpty)
        #expect(orders.map(\.line) == [2, 4])
        #expect(orders.allSatisfy { $0.spec.queue == .batch && !$0.isKeyGiven })
        #expect(
            orders.count == 2 && orders[0].key < orders[1].key || orders[0].key != orders[1].key
        )
    }

    @Test(arguments: [
        (#"{"output":"b"}"#, "`input` is missing"),
        (#"{"input":"a"}"#, "`output` is missing"),
        (#"{"input":"a","output":""}"#, "`output` is missing"),
        (#"{"input":"a","output":"b","quue":"live"}"#, "did you mean queue?"),
        (
            #"{"input":"a","output":"b","queue":"lve"}"#,
            "queue: did you mean live? known are live, default, batch"
        ),
        (#"{"input":"a","output":"b","priority":1}"#, "priority: expected a text"),
        (#"{"input":"a","output":"b","retries":-1}"#, "retries: expected a whole number"),
        (#"{"input":"a","output":"b","retries":1001}"#, "retries: expected a whole number"),
        (#"{"input":"a","output":"b","timeout":0}"#, "timeout: expected seconds"),
        (#"{"input":"a","output":"b","timeout":"soon"}"#, "timeout: expected seconds"),
        (#"{"input":"a","output":"b","not_before":"later"}"#, "not_before: expected a time"),
        (#"{"input":"a","output":"b","overwrite":"yes"}"#, "overwrite: expected true or false"),
        (#"{"input":"a","output":"b","parameters":[1]}"#, "parameters: expected an object"),
        (#"{"input":"a","output":"b","parameters":{"x":{}}}"#, "parameters.x: expected a text"),
        (#"{"input":"a","output":"b","key":""}"#, "key: expected 1 to 255 bytes"),
        (#"{"input":"a","output":"b",}"#, "column 27: expected a name in quotes"),
        ("[1]", "expected an object"),
        ("film.mp4", "column 1: expected a value, with quotes where it is a text"),
    ])
    func namesABadLine(_ line: String, _ words: String) throws {
        let good = #"{"input":"a","output":"b"}"#
        let (orders, problems) = parse("\(good)\n\n\(line)\n\(good)")
        #expect(orders.count == 2)
        let problem = try #require(problems.first)
        #expect(problems.count == 1 && problem.line == 3)
        #expect(problem.message.contains(words), "\(problem.message)")
    }
}
