// SPDX-License-Identifier: Apache-2.0
// Reelwork: codes of single items

import ReelworkCore
import ReelworkWire

extension Provocation {
    /// Codes of submissions.
    static let submissions = [
        Provocation(.ok) {
            let results = try $0.submit(try $0.raw(), [DaemonHarness.item("second")])
            return Said(results[0])
        },
        Provocation(.okExists) {
            let results = try $0.submit(try $0.raw(), [DaemonHarness.item("first")])
            return Said(results[0])
        },
        Provocation(.keyConflict, ["job #1", "another key"]) {
            let item = DaemonHarness.item("other", key: "key-first")
            return Said(try $0.submit(try $0.raw(), [item])[0])
        },
        Provocation(.outputConflict, ["job #1", "same output"]) {
            let item = DaemonHarness.item("first", key: "another")
            return Said(try $0.submit(try $0.raw(), [item])[0])
        },
        Provocation(.queueFull, ["8 of 8 jobs"]) {
            let items = (0..<8).map { DaemonHarness.item("more-\($0)") }
            return Said(try $0.submit(try $0.raw(), items)[7])
        },
        Provocation(.canceled, ["item 1"]) {
            let items = [
                DaemonHarness.item("good"), DaemonHarness.item("first", key: "bad"),
            ]
            return Said(try $0.submit(try $0.raw(), items, isAtomic: true)[0])
        },
        Provocation(.invalidArgument, ["JobSpec", "expected", "found"]) {
            let item = SubmitItem(key: "k", spec: [9])
            return Said(try $0.submit(try $0.raw(), [item])[0])
        },
    ]

    /// Codes of changes to a job.
    static let changes = [
        Provocation(.illegalTransition, ["completed", "canceled"]) { scene in
            let (worker, assignment) = try await scene.rawWorker()
            let end = ReportItem.Content.finished(nil, ReportItem.Finish(hasNoFile: true))
            _ = try scene.report(worker, assignment, end, id: 3)
            return Said(try scene.cancel(try scene.raw()))
        },
        Provocation(.publishing, ["being published", "ask again"]) { scene in
            let (worker, assignment) = try await scene.rawWorker()
            _ = try scene.report(worker, assignment, .started(ReportItem.Start()), id: 3)
            let film = ErrorScene.film(size: 1)
            _ = try scene.report(worker, assignment, .ready(film), id: 5)
            return Said(try scene.cancel(try scene.raw()))
        },
    ]

    /// Codes of reports.
    static let reports = [
        Provocation(.staleAttempt, ["attempt"]) { scene in
            let (worker, assignment) = try await scene.rawWorker()
            let start = ReportItem.Content.started(ReportItem.Start())
            let other = AttemptNumber(9)
            return Said(try scene.report(worker, assignment, start, id: 3, attempt: other))
        },
        Provocation(.grantRequired, ["report ready first"]) { scene in
            let (worker, assignment) = try await scene.rawWorker()
            let film = ErrorScene.film(size: 1)
            let end = ReportItem.Content.finished(film, ReportItem.Finish())
            return Said(try scene.report(worker, assignment, end, id: 3))
        },
        Provocation(.precondition, ["granted another film"]) { scene in
            let (worker, assignment) = try await scene.rawWorker()
            _ = try scene.report(worker, assignment, .started(ReportItem.Start()), id: 3)
            let (one, two) = (ErrorScene.film(size: 1), ErrorScene.film(size: 2))
            _ = try scene.report(worker, assignment, .ready(one), id: 5)
            return Said(try scene.report(worker, assignment, .ready(two), id: 7))
        },
    ]
}
