// SPDX-License-Identifier: Apache-2.0
// Reelwork: messages about the fleet and the administration, to be written and read

import ReelworkCore
import ReelworkWire

extension Samples {
    static let fleet: [any WireMessage] = [
        WorkersList.Request(name: "", detail: .withEngines, cursor: [7], tags: tags),
        WorkersList.Response(workers: [workerView], cursor: [1]),
        WorkerSet.Request(
            name: "w",
            action: .remove,
            reason: "r",
            within: .seconds(9),
            tags: tags
        ),
        WorkerSet.Response(results: [result], open: 3),
        Metrics.Request(prefix: "reelwork_", tags: tags),
        Metrics.Response(
            at: time,
            samples: [
                Metrics.Sample(name: "n", labels: worker.labels, value: .infinity)
            ]
        ),
        Recover.Request(
            target: .allOrphans,
            refs: refs,
            worker: "",
            action: .fail,
            reason: "r",
            tags: tags
        ),
        Recover.Response(
            items: [
                Recover.Item(
                    number: number,
                    from: .known(.queued),
                    to: nil,
                    code: .known(.precondition)
                )
            ],
            hasMore: true
        ),
        Loops.Response(loops: [
            Loops.Loop(
                name: "health",
                isRunning: true,
                interval: .seconds(1),
                runs: 1,
                errors: 2,
                lastAt: time,
                lastMicroseconds: 3,
                lastError: "e"
            )
        ]),
        LoopSet.Request(name: "health", action: .run, reason: "r", tags: tags),
        Check.Request(isDeep: true, tags: tags),
        Check.Response(checks: [
            Check.Finding(
                name: "n",
                isOK: false,
                examined: 9,
                bad: 1,
                detail: "d",
                examples: [1, .max],
                warning: "w"
            )
        ]),
        Backup.Request(path: "/b", reason: "r", tags: tags),
        Backup.Response(bytes: 1, took: .seconds(2), sha256: [UInt8](repeating: 5, count: 32)),
        Config.Request(prefix: "", tags: tags),
        Config.Response(items: [Config.Item(key: "k", value: "***", source: "file")]),
        LogLevel.Request(logger: "", level: "debug", reason: "r", tags: tags),
        LogLevel.Response(previous: "info"),
    ]
}
