// SPDX-License-Identifier: Apache-2.0
// Reelwork: well-formed and senseless

import ReelworkCore
import ReelworkWire
import Testing

// Goal: what is well-formed and senseless is told from what is malformed, names its field, and
// spares its neighbours. Method: one wrong value each.
struct SenseTests {
    static func refusal<Message: WireMessage>(
        _ type: Message.Type,
        _ bytes: [UInt8]
    ) -> WireError? {
        do throws(WireError) {
            _ = try RoundTripTests.read(type, bytes)
            return nil
        } catch {
            return error
        }
    }

    static func specProblem(_ change: (inout JobSpec) -> Void) -> WireFault? {
        var spec = JobSpec(input: "/in", output: "/out")
        change(&spec)
        do throws(WireError) {
            _ = try JobSpec.decode(spec: spec.encoded)
            return nil
        } catch {
            #expect(error.code == .invalidArgument)
            return error.fault
        }
    }

    @Test func aSenselessNumberInARequestIsInvalid() {
        let error = SenseTests.refusal(QueueSet.Request.self, [9, 1, 0, 0])
        #expect(error?.code == .invalidArgument)
        #expect(error?.fault.field == "queue")
        #expect(
            error?.explanation
                == "QUEUE_SET.request: queue: expected one of 1, 2, 3, found 9 (byte 1)"
        )
    }

    @Test func malformedComesBeforeSenseless() {
        let error = SenseTests.refusal(QueueSet.Request.self, [9, 1, 0, 0, 0])
        #expect(error?.code == .protocolError)
    }

    @Test func anUnknownNumberInAnAnswerIsKept() throws {
        let answer = try RoundTripTests.read(ItemResults.self, [1, 0xFF, 0x7F, 1, 3, 1, 200, 0])
        #expect(answer.results.first?.code == .unknown(0x3FFF))
        #expect(answer.results.first?.state == .unknown(200))
    }

    @Test func oneBadSpecSparesTheBatch() throws {
        let request = SubmitBatch.Request(
            isAtomic: false,
            items: [
                SubmitItem(key: "a", spec: [255]), SubmitItem(key: "", spec: Samples.spec.encoded),
            ]
        )
        let again = try RoundTripTests.read(SubmitBatch.Request.self, request.encoded)
        #expect(again == request)
        #expect(again.items[0].problem == nil)
        #expect(again.items[1].problem?.code == .invalidArgument)
        #expect(throws: WireError.self) { _ = try JobSpec.decode(spec: again.items[0].spec) }
    }

    @Test func specsNameTheirFault() {
        #expect(SenseTests.specProblem { _ in } == nil)
        #expect(SenseTests.specProblem { $0.engine = "" }?.field == "engine")
        #expect(SenseTests.specProblem { $0.input = "" }?.field == "input")
        #expect(SenseTests.specProblem { $0.output = "" }?.field == "output")
        let twice = Parameter(key: "a", value: "1")
        #expect(SenseTests.specProblem { $0.parameters = [twice, twice] }?.field == "parameters")
        #expect(
            SenseTests.specProblem { $0.retries = UInt64(Limits.retriesMax) + 1 }?.field
                == "#1 retries"
        )
        #expect(
            SenseTests.specProblem { $0.timeout = Limits.horizonMax + .milliseconds(1) }?.field
                == "#2 timeout"
        )
        let slot = ResourceAmount(name: "slot", amount: 1)
        #expect(SenseTests.specProblem { $0.needs = [slot, slot] }?.field == "#6 needs")
        let needs = (0...Limits.needsMax).map { ResourceAmount(name: "r\($0)", amount: 1) }
        #expect(SenseTests.specProblem { $0.needs = needs }?.field == "#6 needs")
        #expect(SenseTests.specProblem { $0.needs = needs.dropLast() } == nil)
        let long = Label(name: "n", value: String(repeating: "v", count: Limits.labelBytesMax))
        #expect(SenseTests.specProblem { $0.require = [long] }?.field == "#8 require")
        #expect(SenseTests.specProblem { $0.prefer = [long] }?.field == "#11 prefer")
    }

    @Test func specsAreSortedByBytes() throws {
        // Unicode's order and that of the bytes differ here.
        let keys = ["é", "e\u{301}", "z", "\u{FF5E}", "\u{1F600}", "a"]
        let spec = JobSpec(
            input: "/in",
            output: "/out",
            parameters: keys.map { Parameter(key: $0, value: "") }
        )
        let again = try JobSpec.decode(spec: spec.encoded)
        let sorted = again.parameters.map { Array($0.key.utf8) }
        #expect(
            sorted == keys.map { Array($0.utf8) }.sorted { $0.lexicographicallyPrecedes($1) }
        )
    }

    @Test func specsRefuseUnknownTagsFrom64() {
        var bytes = JobSpec(input: "/in", output: "/out").encoded
        bytes.removeLast()
        let (known, unknown) = (bytes + [1, 63, 0], bytes + [1, 64, 0])
        #expect((try? JobSpec.decode(spec: known)) != nil)
        #expect(throws: WireError.self) { _ = try JobSpec.decode(spec: unknown) }
    }

    @Test func specsAreBounded() {
        let parameters = (0..<3).map {
            Parameter(key: "\($0)", value: String(repeating: "x", count: 30_000))
        }
        let fault = SenseTests.specProblem { $0.parameters = parameters }
        #expect(fault?.expected == "at most \(Limits.specBytesMax) bytes")
    }

    @Test(
        arguments: [
            // kind 2; kind 7; failed without class; class 9; released without reason; ready without
            // hash; hash of kind 2; hash of 3 bytes.
            [2, 5, 0], [7, 5, 0], [5, 5, 0], [5, 5, 1, 8, 1, 9], [6, 5, 0],
            [3, 5, 3, 16, 2, 1, 0x61, 17, 1, 1, 18, 1, 1],
            [3, 5, 4, 16, 2, 1, 0x61, 17, 1, 1, 18, 1, 1, 19, 6, 5, 2, 0, 0, 0, 0],
            [3, 5, 4, 16, 2, 1, 0x61, 17, 1, 1, 18, 1, 1, 19, 4, 3, 1, 0, 0],
        ] as [[UInt8]]
    )
    func aSenselessReportSparesTheOthers(_ rest: [UInt8]) throws {
        let good: [UInt8] = [12, 3, 1, 5, 0]
        let bytes = [0, 3] + good + [12, 3] + rest + good + [0]
        let request = try RoundTripTests.read(Report.Request.self, bytes)
        #expect(request.entries.count == 3)
        #expect(request.items.count == 2)
        guard case .invalid(let number, let attempt, let fault) = request.entries[1] else {
            Issue.record("the report was taken")
            return
        }
        #expect(number == Samples.number)
        #expect(attempt == Samples.attempt)
        #expect(fault.item == 1)
    }

    @Test func tagsOfAnotherKindAreIgnored() throws {
        // A release with the class of a failure.
        let bytes: [UInt8] = [0, 1, 12, 3, 6, 5, 2, 8, 1, 2, 12, 1, 1, 0]
        let request = try RoundTripTests.read(Report.Request.self, bytes)
        #expect(request.items.first?.content == .released(.notStarted, error: nil))
    }

    @Test func batchesAreBounded() {
        var writer = WireWriter()
        writer.uvarint(UInt64(Limits.batchItemsMax) + 1)
        for _ in 0...Limits.batchItemsMax { writer.fixedBytes([1, 1]) }
        writer.string("r")
        writer.emptySection()
        let error = SenseTests.refusal(CancelJob.Request.self, writer.bytes)
        #expect(error?.code == .protocolError)
        #expect(error?.fault.expected == "at most \(Limits.batchItemsMax) items")
    }

    @Test func errorsAreCutAtAWholeCharacter() {
        let message = ErrorMessage(.internal, detail: String(repeating: "€", count: 200))
        #expect(message.detail.utf8.count == 255)
        #expect(message.detail.allSatisfy { $0 == "€" })
    }

    @Test func anErrorNamesItsItem() {
        let error = SenseTests.refusal(
            ListJobs.Request.self,
            [1, 99, 0, 0, 0, 0, 0, 0]
        )
        #expect(error?.fault.field == "states")
        let fault = WireFault(
            message: "m",
            field: "f",
            offset: 1,
            item: 4,
            expected: "e",
            found: "g"
        )
        let message = ErrorMessage(.invalid(fault))
        #expect(message.item == 4)
        #expect(message.detail == "m: item 4, f: expected e, found g (byte 1)")
    }
}
