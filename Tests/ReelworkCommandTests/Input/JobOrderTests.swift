// SPDX-License-Identifier: Apache-2.0
// Reelwork: tests of one job as it was asked for

import ReelworkCore
import Testing

@testable import reelwork

// Goal: counts expand, paths become absolute, keys sort by time. Method: values in, values out.
struct JobOrderTests {
    private let spec = JobSpec(input: "/in/{n}.mp4", output: "/out/{n}-{n}.mp4")

    @Test func expandsACount() throws {
        let orders = try JobOrder(spec: spec, key: "k{n}").expanded(count: 3, key: "k{n}")
        #expect(orders.map(\.spec.input) == ["/in/1.mp4", "/in/2.mp4", "/in/3.mp4"])
        #expect(orders.map(\.spec.output) == ["/out/1-1.mp4", "/out/2-2.mp4", "/out/3-3.mp4"])
        #expect(orders.map(\.key) == ["k1", "k2", "k3"])
    }

    @Test func givesEachItsOwnKeyWhereNoneIsGiven() throws {
        let orders = try JobOrder(spec: spec).expanded(count: 100, key: nil)
        #expect(Set(orders.map(\.key)).count == 100)
        #expect(orders.allSatisfy { JobID($0.key) != nil })
    }

    @Test func refusesOneOutputOrOneKeyForMany() {
        let plain = JobOrder(spec: JobSpec(input: "/in", output: "/out.mp4"))
        #expect(throws: CommandFailure.self) { try plain.expanded(count: 2, key: nil) }
        let keyed = JobOrder(spec: spec, key: "k")
        #expect(throws: CommandFailure.self) { try keyed.expanded(count: 2, key: "k") }
    }

    @Test func leavesOneJobAsItIs() throws {
        let order = JobOrder(spec: JobSpec(input: "/in", output: "/out.mp4"), key: "k")
        #expect(try order.expanded(count: 1, key: "k") == [order])
    }

    @Test(arguments: [
        ("/a/b.mp4", "/a/b.mp4"), ("b.mp4", "/data/b.mp4"), ("./b.mp4", "/data/b.mp4"),
        (".//b.mp4", "/data/b.mp4"), ("../b.mp4", "/data/../b.mp4"),
        ("-b !.mp4", "/data/-b !.mp4"), ("concat:a|b", "/data/concat:a|b"),
        ("rtmp://host/app", "rtmp://host/app"),
    ])
    func makesPathsAbsolute(_ path: String, _ wanted: String) {
        #expect(JobOrder.absolute(path, in: "/data") == wanted)
    }

    // `{n}` is special with --count alone, and with any.
    @Test func replacesThePlaceWithACountOfOneToo() throws {
        let order = JobOrder(spec: spec, key: "k{n}")
        #expect(order.hasPlace)
        let one = try order.expanded(count: 1, key: "k{n}")
        #expect(one.map(\.spec.output) == ["/out/1-1.mp4"] && one.map(\.key) == ["k1"])
        #expect(!JobOrder(spec: JobSpec(input: "/in", output: "/o.mp4")).hasPlace)
    }
}
