// SPDX-License-Identifier: Apache-2.0
// Reelwork: who may import whom.

/// Who may import whom: a row for every target under Sources and Plugins, and for what tests share.
enum HouseTable {
    /// What every Swift target may import.
    static let always: Set<String> = ["Swift", "Synchronization", "Glibc"]

    /// What every test target may import besides what `Package.swift` gives it.
    static let testing: Set<String> = always.union(["Testing", "Foundation", "Dispatch"])

    /// Rows whose target may be absent: what the house plans and does not have yet.
    static let planned: Set<String> = []

    static let rows: [HouseRow] = cellar + floors + sideRooms + roof + tests

    private static let cellar = [
        HouseRow("CZlib", .cellar),
        HouseRow("CChecksum", .cellar),
        // `CSystem` of the design: swift-system has a target of that name.
        HouseRow("CReelworkSystem", .cellar),
        HouseRow("CSQLiteShim", .cellar),
        HouseRow("reelwork-exec", .cellar),
        // Threads, doorbell and clock, which daemon, worker and telemetry would each write again.
        HouseRow("ReelworkSystem", .cellar, ours: ["ReelworkCore", "CReelworkSystem"]),
        HouseRow(
            "ReelworkTelemetry",
            .cellar,
            ours: ["ReelworkCore", "ReelworkSystem"],
            others: ["Logging", "Metrics", "Histogram"]
        ),
    ]

    private static let floors = [
        HouseRow("ReelworkCore", .ground),
        HouseRow("ReelworkWire", .first, ours: ["ReelworkCore", "CZlib", "CChecksum"]),
        HouseRow(
            "ReelworkScheduling",
            .second,
            ours: ["ReelworkCore"],
            others: ["HeapModule", "DequeModule", "OrderedCollections"]
        ),
        HouseRow("ReelworkEngineKit", .second, ours: ["ReelworkCore", "CEnginePlugin"]),
        HouseRow(
            "ReelworkRPC",
            .second,
            ours: ["ReelworkCore", "ReelworkWire", "ReelworkTelemetry", "CReelworkSystem"],
            others: ["NIOCore", "NIOPosix", "NIOTLS", "NIOSSL", "Crypto", "Logging"]
        ),
        HouseRow("ReelworkClient", .third, ours: ["ReelworkCore", "ReelworkWire", "ReelworkRPC"]),
        HouseRow(
            "ReelworkDaemon",
            .third,
            ours: [
                "ReelworkCore", "ReelworkWire", "ReelworkScheduling", "ReelworkRPC",
                "ReelworkEngineKit", "ReelworkSystem", "ReelworkTelemetry",
            ],
            others: ["ServiceLifecycle", "Configuration", "Logging"]
        ),
        HouseRow(
            "ReelworkWorker",
            .third,
            ours: [
                "ReelworkCore", "ReelworkWire", "ReelworkRPC", "ReelworkClient",
                "ReelworkEngineKit", "ReelworkSystem", "ReelworkTelemetry", "CReelworkSystem",
                "CChecksum",
            ],
            // SystemPackage: Subprocess speaks its FilePath. Dispatch: blocking file work goes to
            // its queues, not to the threads that Swift's tasks share.
            others: [
                "Foundation", "Subprocess", "SystemPackage", "ServiceLifecycle", "Logging",
                "Dispatch",
            ]
        ),
        HouseRow(
            "ReelworkTestKit",
            .third,
            ours: [
                "ReelworkCore", "ReelworkWire", "ReelworkScheduling", "ReelworkRPC",
                "ReelworkEngineKit", "ReelworkDaemon", "ReelworkWorker", "ReelworkClient",
            ],
            others: ["NIOEmbedded", "HeapModule"]
        ),
    ]

    private static let sideRooms = [
        HouseRow(
            "ReelworkStore",
            .side,
            ours: ["ReelworkCore", "CSQLiteShim"],
            others: ["Foundation", "GRDB", "GRDBSQLite"]
        ),
        engine("FFmpegEngine"),
        engine("GStreamerEngine"),
    ]

    private static let roof = [
        HouseRow(
            "reelwork",
            .roof,
            ours: everythingBelow,
            others: [
                "Foundation", "ArgumentParser", "TOMLKit", "X509", "Logging", "ServiceLifecycle",
                // Crypto: the keys of certificates. SwiftASN1: their PEM and addresses.
                "Crypto", "SwiftASN1",
            ]
        ),
        HouseRow(
            "reelwork-bench",
            .roof,
            ours: everythingBelow.union(["ReelworkTestKit"]),
            // The bare echo that the protocol is measured against is swift-nio itself.
            others: [
                "Foundation", "ArgumentParser", "TOMLKit", "X509", "Logging", "NIOCore",
                "NIOPosix",
            ]
        ),
        // What a program outside of the house may use.
        HouseRow("reelwork-example-film", .roof, ours: ["ReelworkCore", "ReelworkClient"]),
        HouseRow("reelwork-example-list", .roof, ours: ["ReelworkCore", "ReelworkClient"]),
    ]

    /// What several test targets share lies under Tests and is known to tests alone.
    private static let tests = [
        HouseRow(
            "EngineTestKit",
            .tests,
            ours: ["ReelworkCore", "ReelworkEngineKit"],
            others: ["Foundation"],
            in: "Tests/EngineTestKit"
        ),
        HouseRow("StoreTestKit", .tests, others: ["GRDB", "GRDBSQLite"], in: "Tests/StoreTestKit"),
        HouseRow("reelwork-fake-engine", .tests, in: "Tests/FakeEngine"),
        HouseRow("CPublishPause", .tests, in: "Tests/PublishPause"),
        HouseRow("CAllocationCount", .tests, in: "Tests/AllocationCount"),
        HouseRow("CCrashDisk", .tests, others: ["sqlite3"], in: "Tests/CrashDisk"),
    ]

    /// What the roof puts together: every floor and side room, the simulated world excepted.
    private static let everythingBelow = Set(
        (floors + sideRooms).map(\.target).filter { $0 != "ReelworkTestKit" }
    ).union(["ReelworkSystem", "ReelworkTelemetry"])

    private static func engine(_ name: String) -> HouseRow {
        HouseRow(
            name,
            .side,
            ours: ["ReelworkCore", "ReelworkEngineKit"],
            others: ["Foundation"],
            in: "Plugins/\(name)"
        )
    }
}
