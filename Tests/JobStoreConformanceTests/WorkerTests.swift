// SPDX-License-Identifier: Apache-2.0
// Reelwork: workers are kept as they registered

import ReelworkCore
import Testing

// Goal: a worker is read back as it registered last, lists in their order; a removed one is gone.
// Method: registrations with every field set and with none.
@Suite struct WorkerTests {
    static let full = WorkerRegistration(
        name: "wörker\0 1",
        incarnation: .max,
        capacity: [
            ResourceAmount(name: "slot", amount: 4), ResourceAmount(name: "gpu", amount: .max),
            ResourceAmount(name: "gpu", amount: 0),
        ],
        labels: [Label(name: "zone", value: ""), Label(name: "", value: "eu")],
        engines: [
            EngineReport(
                name: "gstreamer",
                version: "1.22",
                encoders: ["x264enc", "x264enc", "aenc"],
                devices: [ResourceAmount(name: "nv:0", amount: 3)],
                problem: nil,
                adapterVersion: .max
            ),
            EngineReport(name: "ffmpeg", version: "", encoders: [], problem: "not there"),
        ],
        host: "host",
        pid: .max,
        scratchFreeMebibytes: 1 << 63,
        version: ""
    )

    // Lesson 17: a NULL made a worker's row unreadable, and the worker vanished.
    @Test(arguments: StoreKind.allCases)
    func everyFieldIsReadBack(_ kind: StoreKind) throws {
        let bench = try StoreBench(kind)
        let registered = Timestamp(milliseconds: 77)
        let bare = WorkerRegistration(name: "a", incarnation: 0, capacity: [])
        let rows = [
            WorkerRow(registration: WorkerTests.full, registered: registered, isDraining: true),
            WorkerRow(registration: bare, registered: registered),
        ]
        try bench.write { $0.workers = rows }
        try bench.reopen()
        #expect(try bench.store.load().workers == rows.reversed())
        #expect(try bench.store.check(isDeep: true).allSatisfy { $0.isSound })
    }

    @Test(arguments: StoreKind.allCases)
    func aWorkerThatRegistersAgainIsReplacedWhole(_ kind: StoreKind) throws {
        let bench = try StoreBench(kind)
        let registered = Timestamp(milliseconds: 1)
        try bench.write { batch in
            batch.workers = [WorkerRow(registration: WorkerTests.full, registered: registered)]
        }
        let again = WorkerRegistration(
            name: WorkerTests.full.name,
            incarnation: 2,
            capacity: [ResourceAmount(name: "slot", amount: 1)]
        )
        let row = WorkerRow(registration: again, registered: registered, isDraining: true)
        try bench.write { $0.workers = [row] }
        #expect(try bench.store.load().workers == [row])
    }

    @Test(arguments: StoreKind.allCases)
    func aRemovedWorkerIsGone(_ kind: StoreKind) throws {
        let bench = try StoreBench(kind)
        let registered = Timestamp(milliseconds: 1)
        // Byte order, not the order of people: upper case first, and equal spellings apart.
        let names = ["b", "a", "é", "e\u{301}", "B", ""]
        try bench.write { batch in
            batch.workers = names.map { name in
                WorkerRow(
                    registration: WorkerRegistration(name: name, incarnation: 1, capacity: []),
                    registered: registered
                )
            }
        }
        let stored = try bench.store.load().workers.map(\.registration.name)
        #expect(
            stored.map { Array($0.utf8) }
                == ["", "B", "a", "b", "e\u{301}", "é"].map { Array($0.utf8) }
        )
        try bench.write { $0.workersRemoved = ["a", "é", "not there"] }
        try bench.reopen()
        let rest = try bench.store.load().workers.map { Array($0.registration.name.utf8) }
        #expect(rest == ["", "B", "b", "e\u{301}"].map { Array($0.utf8) })
    }
}
