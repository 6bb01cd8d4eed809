// SPDX-License-Identifier: Apache-2.0
// Reelwork: tests of why a queued job does not start

import ReelworkCore
import Testing

@testable import reelwork

// Goal: the first thing that keeps a job from a worker is named, and nothing where one has room.
// Method: one worker that could run it, changed in one way each.
struct JobWaitTests {
    private let requirement = JobRequirement(
        candidates: [
            EngineCandidate(engine: "ffmpeg", encoders: ["libx265", "aac"]),
            EngineCandidate(engine: "gstreamer", encoders: ["x265enc"]),
        ],
        require: [Label(name: "zone", value: "eu")]
    )
    private let now = Timestamp(milliseconds: 1_000)

    private func worker(_ change: (inout WorkerView) -> Void = { _ in }) -> WorkerView {
        var worker = WorkerView(
            name: "w1",
            state: .known(.alive),
            session: 1,
            capacity: [ResourceAmount(name: "slot", amount: 2)],
            used: [ResourceAmount(name: "slot", amount: 1)],
            open: 1,
            seenAgo: .zero,
            labels: [Label(name: "zone", value: "eu")],
            engines: [EngineReport(name: "gstreamer", version: "1", encoders: ["x265enc"])]
        )
        change(&worker)
        return worker
    }

    private func words(_ workers: [WorkerView], notBefore: Timestamp? = nil) -> String? {
        JobWait.words(requirement, notBefore: notBefore, workers: workers, now: now)
    }

    @Test func saysNothingWhereAWorkerHasRoom() {
        #expect(words([worker()]) == nil)
        #expect(words([worker { $0.state = .known(.dead) }, worker()]) == nil)
        #expect(words([worker { $0.engines = [] }]) == nil, "its engines were left out")
        #expect(words([worker()], notBefore: now) == nil)
    }

    @Test func namesWhatKeepsItFromAWorker() {
        #expect(
            words([worker()], notBefore: Timestamp(milliseconds: 2_000))
                == "it may not start before 1970-01-01T00:00:02.000Z"
        )
        #expect(words([]) == "no worker has registered; start one with `reelwork worker`")
        #expect(
            words([worker { $0.state = .known(.suspect) }])
                == "no worker is connected (w1 is suspect); start one with `reelwork worker`"
        )
        #expect(
            words([worker { $0.engines[0].encoders = ["x264enc"] }])
                == "no connected worker has ffmpeg with libx265 and aac, or gstreamer with x265enc"
        )
        #expect(
            words([worker { $0.engines[0].problem = "gst-launch-1.0 is not there" }])?
                .hasSuffix("; gstreamer of w1 cannot be used: gst-launch-1.0 is not there") == true
        )
        #expect(
            words([worker { $0.labels = [] }])
                == "no worker that could run it has the labels zone=eu"
        )
        #expect(
            words([worker { $0.capacity[0].amount = 0 }])
                == "no worker that could run it has 1 slot"
        )
        #expect(
            words([worker { $0.isDraining = true }])
                == "the workers that could run it are draining: w1"
        )
        let busy = worker { $0.used[0].amount = 2 }
        #expect(words([busy]) == "w1 is busy")
        #expect(words([busy, busy]) == "all 2 workers that can run it are busy")
    }
}
