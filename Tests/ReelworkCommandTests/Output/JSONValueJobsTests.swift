// SPDX-License-Identifier: Apache-2.0
// Reelwork: tests of jobs as JSON

import ReelworkCore
import Testing

@testable import reelwork

// Goal: scripts of others rely on these shapes. Method: whole lines compared, golden.
struct JSONValueJobsTests {
    private var view: JobView {
        var view = JobView(
            id: JobID(high: 0x0192_0000_0000_7000, low: 0x8000_0000_0000_0001),
            number: JobNumber(12),
            state: .known(.running),
            queue: .known(.standard),
            priority: .known(.medium),
            attempt: AttemptNumber(2),
            retryCount: 1,
            retriesMax: 3,
            engine: "ffmpeg",
            worker: "w\u{1b}1",
            created: Timestamp(milliseconds: 0),
            input: "/in/\"a\".mp4",
            output: "/out/é.mp4"
        )
        view.started = Timestamp(milliseconds: 1_500)
        view.failure = .known(.runtimeError)
        view.askedEngine = "auto"
        view.key = "k"
        view.timeout = .seconds(90)
        view.error = "it\nfailed"
        view.parameters = [Parameter(key: "crf", value: "22")]
        view.progress = JobProgress(
            number: JobNumber(12),
            attempt: AttemptNumber(2),
            media: .milliseconds(3_200),
            permille: 625,
            speedMilli: 2_300,
            remaining: .seconds(4)
        )
        return view
    }

    @Test func writesAJob() {
        #expect(
            JSONValue.job(view).text
                == #"{"id":"01920000-0000-7000-8000-000000000001","number":12,"state":"running","#
                + #""queue":"default","priority":"medium","tenant":null,"engine":"ffmpeg","#
                + #""asked_engine":"auto","key":"k","#
                + #""attempt":2,"retry_count":1,"max_retries":3,"worker":"w\u001b1","#
                + #""progress":{"percent":62.5,"media":3.2,"speed":2.3,"frames_per_second":null,"#
                + #""bytes":null,"remaining":4,"phase":"encoding"},"#
                + #""created_at":"1970-01-01T00:00:00.000Z","#
                + #""started_at":"1970-01-01T00:00:01.500Z","completed_at":null,"#
                + #""not_before":null,"deadline":null,"timeout":90,"#
                + #""failure_reason":"runtime_error","#
                + #""error":"it\nfailed","input":"/in/\"a\".mp4","output":"/out/é.mp4","#
                + #""parameters":{"crf":"22"}}"#
        )
    }

    @Test func writesAMove() {
        let move = Move(
            sequence: 1,
            from: nil,
            to: .known(.queued),
            at: Timestamp(milliseconds: 250),
            reason: "Submitted",
            attempt: .none,
            actor: "uid:0",
            detail: "not shown"
        )
        #expect(
            JSONValue.move(move).text
                == #"{"seq":1,"from":null,"to":"queued","at":"1970-01-01T00:00:00.250Z","#
                + #""reason":"Submitted","attempt":0,"worker":null,"actor":"uid:0"}"#
        )
    }

    @Test func writesWhatCameOfASubmission() {
        let id = JobID(high: 0x0192_0000_0000_7000, low: 0x8000_0000_0000_0001)
        let made = SubmitResult(.ok, id: id, number: JobNumber(7), state: .queued)
        #expect(
            JSONValue.submitted(made).text
                == #"{"number":7,"id":"01920000-0000-7000-8000-000000000001","#
                + #""state":"queued","created":true}"#
        )
        var known = made
        known.code = .known(.okExists)
        #expect(JSONValue.submitted(known).text.hasSuffix(#""created":false}"#))
        let refused = SubmitResult(.invalidArgument, detail: "no such codec")
        #expect(
            JSONValue.submitted(refused).text
                == #"{"number":null,"id":null,"state":null,"created":false,"#
                + #""error":"no such codec"}"#
        )
    }

    @Test func showsStatesOfTheFutureByNumber() {
        var future = view
        future.state = .unknown(77)
        #expect(JSONValue.job(future).text.contains(#""state":"unknown(77)""#))
    }

    @Test func saysWhereAWorkerHasNoRoomLeft() {
        var worker = WorkerView(
            name: "w1",
            state: .known(.alive),
            session: 1,
            capacity: [],
            used: [],
            open: 0,
            seenAgo: .seconds(3),
            labels: [],
            engines: []
        )
        #expect(worker.stateWords == "alive")
        worker.scratchFreeMebibytes = 1
        #expect(worker.stateWords == "alive")
        worker.scratchFreeMebibytes = 0
        #expect(worker.stateWords == "alive, scratch full")
        worker.state = .known(.dead)
        #expect(worker.stateWords == "dead")
    }

    @Test func saysWhatAWorkerHas() {
        func amounts(_ amounts: [(String, UInt64)]) -> [ResourceAmount] {
            amounts.map { ResourceAmount(name: $0, amount: $1) }
        }
        let worker = WorkerView(
            name: "w1",
            state: .known(.alive),
            session: 1,
            capacity: amounts([("slot", 2), ("cpu", 8), ("gpu_session:0", 3)]),
            used: amounts([("slot", 1), ("gpu_session:0", 2)]),
            open: 1,
            seenAgo: .seconds(3),
            labels: [],
            engines: []
        )
        #expect(worker.resourceWords == "cpu 8  gpu_session:0 2/3")
    }

    // Within a minute clocks differ everywhere; beyond it whoever compares times must know.
    @Test(
        arguments: [
            (nil, "", false), (0, "that of the scheduler", false),
            (-999, "that of the scheduler", false),
            (60_000, "1m ahead of the scheduler's", false),
            (
                60_001,
                "1m ahead of the scheduler's; set it, or its times mislead (jobs are safe)", true
            ),
            (
                -3_600_000,
                "1h00m behind the scheduler's; set it, or its times mislead (jobs are safe)", true
            ),
        ] as [(Int64?, String, Bool)]
    )
    func saysHowFarAWorkersClockIsOff(offset: Int64?, words: String, isWrong: Bool) {
        var worker = WorkerView(
            name: "w1",
            state: .known(.alive),
            session: 1,
            capacity: [],
            used: [],
            open: 0,
            seenAgo: .seconds(3),
            labels: [],
            engines: []
        )
        worker.clockOffsetMilliseconds = offset
        #expect(worker.clockWords == words && worker.isClockWrong == isWrong)
        #expect(
            JSONValue.worker(worker).text.contains(
                "\"clock_offset_ms\":\(offset.map(String.init) ?? "null"),"
            )
        )
        worker.clockOffsetMilliseconds = .min
        #expect(worker.isClockWrong && worker.clockWords.contains("behind"))
    }

    @Test func tellsAStoppedWorkerFromADeadOne() {
        var worker = WorkerView(
            name: "w1",
            state: .known(.dead),
            session: 0,
            capacity: [],
            used: [],
            open: 0,
            seenAgo: .seconds(3),
            labels: [],
            engines: []
        )
        #expect(worker.stateWords == "dead" && worker.seenWords == "3s ago")
        worker.isStopped = true
        #expect(worker.stateWords == "stopped")
        #expect(JSONValue.worker(worker).text.contains(#""stopped":true"#))
        worker.isUnheard = true
        #expect(worker.seenWords == "not since start")
        #expect(JSONValue.worker(worker).text.contains(#""seen_ago":null"#))
        #expect(JSONValue.worker(worker).text.contains(#""cordoned":null"#))
        worker.cordoned = "it fails"
        #expect(worker.stateWords == "stopped, cordoned")
        #expect(JSONValue.worker(worker).text.contains(#""cordoned":"it fails""#))
    }
}
