// SPDX-License-Identifier: Apache-2.0
// Reelwork: the wire's caps are those of the vocabulary

import ReelworkCore
import ReelworkWire
import Testing

// Goal: every cap of the wire is the one in `Limits`, neither more nor less. Method: at the cap a
// value is read, one above it is refused, for each kind of value. Security checklist 4.
struct LimitsTests {
    struct Cap: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let max: Int
        /// Makes a body with so much of it, and says whether it is read.
        let isRead: @Sendable (Int) -> Bool

        init<Message: WireMessage>(
            _ words: String,
            _ max: Int,
            _ make: @escaping @Sendable (Int) -> Message
        ) {
            testDescription = words
            self.max = max
            isRead = { count in
                (try? RoundTripTests.read(Message.self, make(count).encoded)) != nil
            }
        }

        init(spec words: String, _ max: Int, _ make: @escaping @Sendable (Int) -> JobSpec) {
            testDescription = words
            self.max = max
            isRead = { count in (try? JobSpec.decode(spec: make(count).encoded)) != nil }
        }
    }

    static func text(_ count: Int) -> String { String(repeating: "x", count: count) }

    static func spec(_ change: (inout JobSpec) -> Void) -> JobSpec {
        var spec = JobSpec(input: "/in", output: "/out")
        change(&spec)
        return spec
    }

    static func worker(_ change: (inout WorkerRegistration) -> Void) -> Register.Request {
        var worker = WorkerRegistration(name: "w", incarnation: 1, capacity: [])
        change(&worker)
        return Register.Request(worker: worker, held: [])
    }

    static let wire = [
        Cap("a string", Limits.stringBytesMax) { Config.Request(prefix: text($0)) },
        Cap("bytes", Limits.blobBytesMax) {
            JobLog.Event(offset: 0, data: [UInt8](repeating: 1, count: $0))
        },
        Cap("bytes that may be absent", Limits.blobBytesMax) {
            WorkersList.Response(workers: [], cursor: [UInt8](repeating: 1, count: $0))
        },
        Cap("a batch", Limits.batchItemsMax) {
            SubmitBatch.Request(
                isAtomic: false,
                items: [SubmitItem](repeating: SubmitItem(key: "k", spec: []), count: $0)
            )
        },
        Cap("a batch of reports", Limits.batchItemsMax) {
            let item = ReportItem(
                number: JobNumber(1),
                attempt: AttemptNumber(1),
                at: Samples.time,
                content: .released(.draining, error: nil)
            )
            return Report.Request(items: [ReportItem](repeating: item, count: $0))
        },
        Cap("a list of strings", Limits.listItemsMax) {
            GoAway(
                lastRequestID: 0,
                code: .ok,
                drain: .zero,
                alternates: [String](repeating: "", count: $0)
            )
        },
        Cap("samples", Limits.samplesMax) {
            let sample = Metrics.Sample(name: "", labels: [], value: 0)
            return Metrics.Response(
                at: Samples.time,
                samples: [Metrics.Sample](repeating: sample, count: $0)
            )
        },
        Cap("codecs", Limits.codecsMax) {
            Hello(codecs: [UInt8](repeating: 9, count: $0), agent: "")
        },
        Cap("a worker's name", Limits.workerNameBytesMax) { count in
            worker { $0.name = text(count) }
        },
        Cap("a worker's engines", Limits.enginesMax) { count in
            worker { worker in
                worker.engines = (0..<count).map {
                    EngineReport(name: "e\($0)", version: "", encoders: [])
                }
            }
        },
        Cap("the largest frame", Limits.frameBytesCeiling) {
            Hello(frameBytesMax: UInt64($0), agent: "")
        },
        Cap("a page", Limits.batchItemsMax) {
            History.Request(ref: .number(JobNumber(1)), afterSequence: 0, limit: UInt64($0))
        },
    ]

    static let specs = [
        Cap(spec: "parameters", Limits.parametersMax) { count in
            spec { spec in
                spec.parameters = (0..<count).map { Parameter(key: "k\($0)", value: "") }
            }
        },
        Cap(spec: "a parameter", Limits.parameterBytesMax) { count in
            spec { $0.parameters = [Parameter(key: "k", value: text(count))] }
        },
        Cap(spec: "a label", Limits.labelBytesMax) { count in
            spec { $0.require = [Label(name: "n", value: text(count - 1))] }
        },
        Cap(spec: "retries", Limits.retriesMax) { count in
            spec { $0.retries = UInt64(count) }
        },
        Cap(spec: "a timeout", Int(Limits.horizonMax.wholeMilliseconds)) { count in
            spec { $0.timeout = .milliseconds(count) }
        },
        Cap(spec: "a spec", Limits.specBytesMax) { count in
            // Two parameters fill it to the byte; the rest of the spec takes 29 bytes.
            let half = Limits.parameterBytesMax
            return spec {
                $0.parameters = [
                    Parameter(key: "a", value: text(half)),
                    Parameter(key: "b", value: text(count - half - 29)),
                ]
            }
        },
    ]

    @Test(arguments: wire + specs)
    func isExact(_ cap: Cap) {
        #expect(cap.isRead(cap.max))
        #expect(!cap.isRead(cap.max + 1))
    }

    @Test func aKeyIsJudgedByItsItem() {
        let key = { (count: Int) in SubmitItem(key: LimitsTests.text(count), spec: []).problem }
        #expect(key(0) != nil)
        #expect(key(Limits.keyBytesMax) == nil)
        #expect(key(Limits.keyBytesMax + 1) != nil)
    }

    @Test func theFloorOfAFrame() {
        let offer = { (count: Int) in Hello(frameBytesMax: UInt64(count), agent: "").encoded }
        #expect((try? RoundTripTests.read(Hello.self, offer(Limits.frameBytesFloor))) != nil)
        #expect((try? RoundTripTests.read(Hello.self, offer(Limits.frameBytesFloor - 1))) == nil)
    }

    @Test func aJobAndAMoveAloneFitTheSmallestFrame() throws {
        let text = LimitsTests.text(Limits.stringBytesMax)
        // Parameters as a spec of the greatest size has them; the other strings at their ends too.
        let half = Limits.parameterBytesMax - 16
        var view = JobView(
            id: JobID(high: 1, low: 1),
            number: JobNumber(.max),
            state: .known(.failed),
            queue: .known(.live),
            priority: .known(.high),
            attempt: AttemptNumber(.max),
            retryCount: .max,
            retriesMax: .max,
            engine: text,
            worker: text,
            created: Samples.time,
            input: text,
            output: text
        )
        view.parameters = ["a", "b"].map { Parameter(key: $0, value: LimitsTests.text(half)) }
        view.error = text
        view.key = text
        view.askedEngine = text
        view.tenant = text
        let move = Move(
            sequence: .max,
            from: nil,
            to: .known(.queued),
            at: Samples.time,
            reason: text,
            attempt: .none,
            worker: text,
            actor: text,
            detail: text
        )
        func isTaken(_ item: some WireItem) -> Bool {
            var room = PageRoom(frameBytesMax: Limits.frameBytesFloor)
            return room.take(item)
        }
        #expect(isTaken(view))
        #expect(isTaken(move))
        #expect(isTaken(JobNews(number: view.number, kind: .known(.snapshot), view: view)))
    }

    @Test func aPageTakesNoMoreThanItsRoom() {
        let item = Label(name: "n", value: "v")
        var room = PageRoom(bytes: 3 * item.encoded.count)
        let four = room.take([Label](repeating: item, count: 4))
        let two = room.take([Label](repeating: item, count: 2))
        let third = room.take(item)
        let bytesLeft = room.bytesLeft
        let fourth = room.take(item)
        #expect([four, two, third, fourth] == [false, true, true, false])
        #expect(bytesLeft == 0)
        #expect(PageRoom(frameBytesMax: 10).bytesLeft == 0)
    }

    @Test func relations() {
        #expect(Limits.blobBytesMax >= Limits.specBytesMax)
        #expect(Limits.blobBytesMax >= Limits.logTailBytesMax)
        #expect(Limits.frameBytesFloor >= Limits.blobBytesMax + Limits.stringBytesMax)
        #expect(Limits.frameBytesFloor <= Limits.frameBytesMax)
        #expect(Limits.frameBytesMax <= Limits.frameBytesCeiling)
        #expect(Limits.handshakeFrameBytesMax < Limits.handshakeBytesOutMax)
        let hello = Hello(agent: LimitsTests.text(255)).encoded
        #expect(hello.count <= Limits.handshakeFrameBytesMax)
        #expect(MethodRange.all.count <= Limits.methodsMax)
    }
}
