// SPDX-License-Identifier: Apache-2.0
// Reelwork: random structs that bodies share

import ReelworkCore
import ReelworkWire

/// Random structs that bodies share.
extension RandomValues {
    mutating func tags() -> RequestTags {
        RequestTags(
            timeout: maybe { $0.duration() },
            trace: maybe { $0.bytes(24) },
            reason: maybe { $0.text() }
        )
    }

    mutating func reference() -> JobRef {
        switch pick(3) {
        case 0: .number(job())
        case 1: .id(id())
        default: .key(text())
        }
    }

    mutating func labels() -> [Label] {
        ["zone", "gpu", "ä"].prefix(pick(4)).map { Label(name: $0, value: text()) }
    }

    mutating func amounts() -> [ResourceAmount] {
        ["slot", "scratch_mib", "gpu_session:0"].prefix(pick(4)).map {
            ResourceAmount(name: $0, amount: number())
        }
    }

    mutating func parameters() -> [Parameter] {
        ["a", "b", "crf", "ä"].prefix(pick(5)).map { Parameter(key: $0, value: text()) }
    }

    mutating func spec() -> [UInt8] {
        JobSpec(
            engine: among(["auto", "ffmpeg", "日本"], else: "auto"),
            queue: maybe { $0.known(JobQueue.self, else: .live) },
            priority: maybe { $0.known(JobPriority.self, else: .low) },
            input: "/in/" + text(),
            output: "/out/" + text(),
            parameters: parameters(),
            retries: maybe { UInt64($0.pick(1_001)) },
            timeout: maybe { .milliseconds(Int64($0.number(bits: 38))) },
            notBefore: maybe { $0.time() },
            overwrite: flip(),
            mediaDuration: maybe { $0.duration() },
            needs: amounts(),
            encoders: list { $0.text() },
            require: labels(),
            prefer: labels(),
            secrets: parameters(),
            tenant: maybe { $0.text() }
        ).encoded
    }

    mutating func result() -> ItemResult {
        var result = ItemResult(
            .ok,
            detail: maybe { $0.text() },
            number: maybe { $0.job() },
            state: maybe { $0.known(JobState.self, else: .queued) },
            from: maybe { $0.known(JobState.self, else: .queued) },
            to: maybe { $0.known(JobState.self, else: .queued) }
        )
        result.code = open(ResultCode.self, unknown: 0xFFFF)
        return result
    }

    mutating func results() -> ItemResults { ItemResults(results: list { $0.result() }) }

    mutating func move() -> Move {
        Move(
            sequence: number(),
            from: maybe { $0.open(JobState.self, unknown: 77) },
            to: open(JobState.self, unknown: 78),
            at: time(),
            reason: text(),
            attempt: attempt(),
            worker: text(),
            actor: text(),
            failure: maybe { $0.open(FailureClass.self, unknown: 99) },
            detail: maybe { $0.text() }
        )
    }

    mutating func progress() -> JobProgress {
        JobProgress(
            number: job(),
            attempt: attempt(),
            media: duration(),
            permille: maybe { UInt32($0.pick(1_001)) },
            speedMilli: maybe { $0.number() },
            framesPerSecondMilli: maybe { $0.number() },
            bytes: maybe { $0.number() },
            remaining: maybe { $0.duration() }
        )
    }

    mutating func view() -> JobView {
        var view = JobView(
            id: id(),
            number: job(),
            state: open(JobState.self, unknown: 70),
            queue: open(JobQueue.self, unknown: 9),
            priority: open(JobPriority.self, unknown: 10),
            attempt: attempt(),
            retryCount: number(),
            retriesMax: number(),
            engine: text(),
            worker: text(),
            created: time(),
            input: text(),
            output: text()
        )
        view.started = maybe { $0.time() }
        view.completed = maybe { $0.time() }
        view.notBefore = maybe { $0.time() }
        view.deadline = maybe { $0.time() }
        view.failure = maybe { $0.open(FailureClass.self, unknown: 99) }
        view.error = maybe { $0.text() }
        view.parameters = parameters()
        view.key = maybe { $0.text() }
        view.retryOf = maybe { $0.job() }
        view.progress = maybe { $0.progress() }
        view.granted = maybe { $0.attempt() }
        view.askedEngine = maybe { $0.text() }
        view.timeout = maybe { $0.duration() }
        view.tenant = maybe { $0.text() }
        view.sequence = maybe { $0.number() }
        return view
    }

    mutating func engine(_ name: String) -> EngineReport {
        EngineReport(
            name: name,
            version: text(),
            encoders: list { $0.text() },
            devices: amounts(),
            problem: maybe { $0.text() },
            adapterVersion: maybe { $0.number() }
        )
    }

    mutating func engines() -> [EngineReport] {
        ["ffmpeg", "gstreamer", "other"].prefix(pick(4)).map { engine($0) }
    }

    mutating func held() -> [HeldAttempt] {
        list {
            HeldAttempt(
                id: $0.id(),
                attempt: $0.attempt(),
                phase: $0.open(HeldAttempt.Phase.self, unknown: 55),
                devices: $0.amounts()
            )
        }
    }
}
