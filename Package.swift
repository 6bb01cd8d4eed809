// swift-tools-version: 6.2
// The house of Reelwork, from the cellar to the roof. Settings are declared once and hold for
// every target; `TidyTests` checks who imports whom.
import PackageDescription

/// Whether fuzzers are built (`.ci/fuzz`), and nothing else.
let isFuzzing = Context.environment["REELWORK_FUZZ"] != nil
/// For this package alone, as other packages would take minutes longer to build.
let sanitizers = ["-sanitize=fuzzer,address"]
let sanitizersC = ["-fsanitize=fuzzer-no-link,address"]

let rules: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
    .enableExperimentalFeature("Lifetimes"),
    .treatAllWarnings(as: .error),
]
let settings = rules + (isFuzzing ? [.unsafeFlags(sanitizers)] : [])

let rulesC: [CSetting] = [
    .enableWarning("all"),
    .enableWarning("extra"),
    .treatAllWarnings(as: .error),
]
let settingsC = rulesC + (isFuzzing ? [.unsafeFlags(sanitizersC)] : [])

let collections = Target.Dependency.product(name: "HeapModule", package: "swift-collections")
let configuration = Target.Dependency.product(
    name: "Configuration",
    package: "swift-configuration"
)
let logging = Target.Dependency.product(name: "Logging", package: "swift-log")
let subprocess = Target.Dependency.product(name: "Subprocess", package: "swift-subprocess")
let system = Target.Dependency.product(name: "SystemPackage", package: "swift-system")
let toml = Target.Dependency.product(name: "TOMLKit", package: "TOMLKit")
let arguments = Target.Dependency.product(name: "ArgumentParser", package: "swift-argument-parser")
let nio: [Target.Dependency] =
    isFuzzing
    ? []
    : [
        .product(name: "NIOCore", package: "swift-nio"),
        .product(name: "NIOPosix", package: "swift-nio"),
    ]
/// ALPN and the end of a handshake are told in events of `NIOTLS`.
let tls: [Target.Dependency] =
    isFuzzing
    ? []
    : [
        .product(name: "NIOTLS", package: "swift-nio"),
        .product(name: "NIOSSL", package: "swift-nio-ssl"),
    ]
/// What fuzzers take of ReelworkRPC: sessions and credentials.
///
/// The rest needs sockets and TLS, whose packages would be most of a fuzzer's build.
let sessions: [String]? =
    isFuzzing
    ? [
        "Session", "Server/RPCFamily.swift",
        "Security/AccessToken.swift", "Security/CredentialBook.swift",
        "Security/CredentialBookError.swift", "Security/CredentialKind.swift",
        "Security/CredentialName.swift", "Security/CredentialRecord.swift",
        "Security/CredentialRefusal.swift", "Security/CredentialRole.swift",
        "Security/HexText.swift", "Security/PeerIdentity.swift",
    ]
    : nil
let crypto = Target.Dependency.product(name: "Crypto", package: "swift-crypto")
let certificates: [Target.Dependency] = [
    .product(name: "X509", package: "swift-certificates"),
    .product(name: "SwiftASN1", package: "swift-asn1"),
]
let sqlite: [Target.Dependency] = [
    .product(name: "GRDB", package: "GRDB.swift"),
    .product(name: "GRDBSQLite", package: "GRDB.swift"),
]

/// A C target of the cellar.
func cellar(_ name: String, links library: String? = nil) -> Target {
    .target(
        name: name,
        cSettings: settingsC,
        linkerSettings: library.map { [.linkedLibrary($0)] } ?? []
    )
}

/// A floor or side room, or a part of its sources.
func room(
    _ name: String,
    _ dependencies: [Target.Dependency] = [],
    sources: [String]? = nil
) -> Target {
    .target(name: name, dependencies: dependencies, sources: sources, swiftSettings: settings)
}

/// An engine, or something else that lies in a folder of its own.
func room(_ name: String, in path: String, _ dependencies: [Target.Dependency]) -> Target {
    .target(name: name, dependencies: dependencies, path: path, swiftSettings: settings)
}

/// A test target under `Tests/`.
func tests(_ name: String, _ dependencies: [Target.Dependency] = []) -> Target {
    .testTarget(name: name, dependencies: dependencies, swiftSettings: settings)
}

/// A fuzzer, or what fuzzers share: there only where the environment variable REELWORK_FUZZ is set,
/// since nothing else is built with sanitizers, and a fuzzer begins in libFuzzer.
func fuzzers() -> [Target] {
    guard isFuzzing else { return [] }
    let kit: [Target.Dependency] = ["ReelworkCore", "ReelworkWire", "CFuzzKit", "FuzzKit"]
    let peers: [Target.Dependency] = kit + ["ReelworkRPC", "FuzzPeers"]
    func fuzzer(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
        .executableTarget(
            name: name,
            dependencies: dependencies,
            path: "Tests/Fuzz/\(name)",
            exclude: ["corpus"],
            swiftSettings: settings + [.unsafeFlags(["-parse-as-library"])],
            // With sections dropped the linker drops the counters of coverage, and fuzzing is blind.
            linkerSettings: [.unsafeFlags(sanitizers + ["-Xlinker", "--no-gc-sections"])]
        )
    }
    return [
        .target(name: "CFuzzKit", path: "Tests/Fuzz/CFuzzKit", cSettings: settingsC),
        room("FuzzKit", in: "Tests/Fuzz/FuzzKit", Array(kit.dropLast())),
        room("FuzzPeers", in: "Tests/Fuzz/FuzzPeers", Array(peers.dropLast())),
        fuzzer("fuzz-frame", kit),
        fuzzer("fuzz-message", kit),
        fuzzer("fuzz-inflate", kit + ["CZlib"]),
        fuzzer("fuzz-handshake", peers),
        fuzzer("fuzz-session", peers),
    ]
}

let package = Package(
    name: "reelwork",
    products: [
        .executable(name: "reelwork", targets: ["reelwork"]),
        .executable(name: "reelwork-exec", targets: ["reelwork-exec"]),
        .executable(name: "reelwork-bench", targets: ["reelwork-bench"]),
        .library(name: "ReelworkCore", targets: ["ReelworkCore"]),
        .library(name: "ReelworkEngineKit", targets: ["ReelworkEngineKit"]),
        .library(name: "ReelworkClient", targets: ["ReelworkClient"]),
        .library(name: "EngineTestKit", targets: ["EngineTestKit"]),
        // Tests load it into a worker as it is; nothing links it.
        .library(name: "ReelworkPublishPause", type: .dynamic, targets: ["CPublishPause"]),
        // `reelwork-bench wire --allocations` loads it into its server; nothing links it.
        .library(name: "ReelworkAllocationCount", type: .dynamic, targets: ["CAllocationCount"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", exact: "1.8.2"),
        .package(url: "https://github.com/apple/swift-asn1", exact: "1.7.4"),
        .package(url: "https://github.com/apple/swift-certificates", exact: "1.21.1"),
        .package(url: "https://github.com/apple/swift-collections", exact: "1.6.0"),
        // Layers only: no JSON, no watching of files, no options of its own.
        .package(url: "https://github.com/apple/swift-configuration", exact: "1.4.0", traits: []),
        .package(url: "https://github.com/apple/swift-crypto", exact: "4.5.2"),
        .package(url: "https://github.com/apple/swift-log", exact: "1.16.2"),
        .package(url: "https://github.com/apple/swift-nio", exact: "2.101.2"),
        .package(url: "https://github.com/apple/swift-nio-ssl", exact: "2.37.6"),
        .package(url: "https://github.com/apple/swift-system", exact: "1.8.1"),
        .package(url: "https://github.com/groue/GRDB.swift", exact: "7.10.0"),
        .package(url: "https://github.com/LebJe/TOMLKit", exact: "0.6.0"),
        .package(url: "https://github.com/swiftlang/swift-subprocess", exact: "1.0.2"),
    ],
    targets: [
        // Cellar: what Swift cannot import, and the helper that stands over each encoder.
        cellar("CZlib", links: "z"),
        cellar("CChecksum"),
        cellar("CReelworkSystem"),
        cellar("CSQLiteShim", links: "sqlite3"),
        room("ReelworkSystem", ["ReelworkCore", "CReelworkSystem"]),
        room("ReelworkTelemetry", ["ReelworkCore", "ReelworkSystem", logging]),
        .executableTarget(name: "reelwork-exec", cSettings: settingsC),
        .executableTarget(
            name: "reelwork-fake-engine",
            path: "Tests/FakeEngine",
            cSettings: settingsC
        ),
        .target(name: "CPublishPause", path: "Tests/PublishPause", cSettings: settingsC),
        .target(name: "CAllocationCount", path: "Tests/AllocationCount", cSettings: settingsC),
        .target(
            name: "CCrashDisk",
            path: "Tests/CrashDisk",
            cSettings: settingsC,
            linkerSettings: [.linkedLibrary("sqlite3")]
        ),
        tests("CellarTests", ["CZlib", "CChecksum", "CReelworkSystem", "CSQLiteShim"]),
        tests("ReelworkExecTests", ["CReelworkSystem"]),
        tests("ReelworkSystemTests", ["ReelworkCore", "ReelworkSystem"]),
        tests("ReelworkTelemetryTests", ["ReelworkCore", "ReelworkSystem", "ReelworkTelemetry"]),

        // Ground floor: the vocabulary and the law of one job.
        room("ReelworkCore"),
        tests("ReelworkCoreTests", ["ReelworkCore"]),

        // First floor: the bytes.
        room("ReelworkWire", ["ReelworkCore", "CZlib", "CChecksum"]),
        tests("ReelworkWireTests", ["ReelworkCore", "ReelworkWire", "CZlib"]),
        tests("SpecTests", ["ReelworkCore", "ReelworkWire"]),

        // Side rooms, never imported by a floor: the disk and the encoders.
        room("ReelworkStore", ["ReelworkCore", "CSQLiteShim"] + sqlite),
        room("FFmpegEngine", in: "Plugins/FFmpegEngine", ["ReelworkCore", "ReelworkEngineKit"]),
        room(
            "GStreamerEngine",
            in: "Plugins/GStreamerEngine",
            ["ReelworkCore", "ReelworkEngineKit"]
        ),
        room("StoreTestKit", in: "Tests/StoreTestKit", sqlite),
        tests(
            "ReelworkStoreTests",
            ["ReelworkCore", "ReelworkStore", "ReelworkTestKit", "StoreTestKit", "CCrashDisk"]
                + sqlite
        ),
        tests(
            "JobStoreConformanceTests",
            ["ReelworkCore", "ReelworkStore", "ReelworkTestKit"]
        ),
        room("EngineTestKit", in: "Tests/EngineTestKit", ["ReelworkCore", "ReelworkEngineKit"]),
        tests(
            "FFmpegEngineTests",
            ["ReelworkCore", "ReelworkEngineKit", "FFmpegEngine", "EngineTestKit"]
        ),
        tests(
            "GStreamerEngineTests",
            ["ReelworkCore", "ReelworkEngineKit", "GStreamerEngine", "EngineTestKit"]
        ),

        // Second floor: who gets what, how bytes travel, how engines plug in.
        room("ReelworkScheduling", ["ReelworkCore", collections]),
        room("ReelworkEngineKit", ["ReelworkCore"]),
        tests("ReelworkSchedulingTests", ["ReelworkCore", "ReelworkScheduling"]),
        tests(
            "StoredSchedulingTests",
            [
                "ReelworkCore", "ReelworkWire", "ReelworkScheduling", "ReelworkStore",
                "ReelworkDaemon", "ReelworkTestKit", "StoreTestKit",
            ] + sqlite
        ),
        tests("ReelworkEngineKitTests", ["ReelworkCore", "ReelworkEngineKit", "EngineTestKit"]),

        room(
            "ReelworkRPC",
            ["ReelworkCore", "ReelworkWire", "CReelworkSystem", logging, crypto] + nio + tls,
            sources: sessions
        ),

        tests(
            "ReelworkRPCTests",
            [
                "ReelworkCore", "ReelworkWire", "ReelworkRPC", "CReelworkSystem", "CZlib", logging,
                crypto, .product(name: "NIOEmbedded", package: "swift-nio"),
            ] + nio + tls + certificates
        ),

        // Third floor: the two daemons, the client, the simulated world.
        room(
            "ReelworkDaemon",
            [
                "ReelworkCore", "ReelworkWire", "ReelworkScheduling", "ReelworkRPC",
                "ReelworkEngineKit", "ReelworkSystem", "ReelworkTelemetry", configuration,
                logging,
            ]
        ),
        tests(
            "ReelworkDaemonTests",
            [
                "ReelworkCore", "ReelworkWire", "ReelworkRPC", "ReelworkScheduling",
                "ReelworkDaemon", "ReelworkStore", "ReelworkEngineKit", "ReelworkTelemetry",
                "FFmpegEngine", "GStreamerEngine", "ReelworkTestKit", logging,
            ]
        ),
        room("ReelworkClient", ["ReelworkCore", "ReelworkWire", "ReelworkRPC"]),
        room(
            "ReelworkWorker",
            [
                "ReelworkCore", "ReelworkWire", "ReelworkRPC", "ReelworkEngineKit",
                "ReelworkSystem", "CReelworkSystem", "CChecksum", logging, subprocess, system,
            ]
        ),
        tests(
            "ReelworkClientTests",
            [
                "ReelworkCore", "ReelworkWire", "ReelworkRPC", "ReelworkClient", "ReelworkDaemon",
                "ReelworkStore", "ReelworkEngineKit", "FFmpegEngine", logging,
            ] + nio
        ),
        tests(
            "ReelworkWorkerTests",
            [
                "ReelworkCore", "ReelworkWire", "ReelworkRPC", "ReelworkEngineKit",
                "ReelworkSystem", "ReelworkWorker", "CReelworkSystem", "CChecksum",
                "FFmpegEngine", "GStreamerEngine", logging,
            ]
        ),
        room(
            "ReelworkTestKit",
            [
                "ReelworkCore", "ReelworkWire", "ReelworkScheduling", "ReelworkRPC",
                "ReelworkDaemon", "ReelworkWorker", collections,
            ]
        ),
        tests("SimulationTests", ["ReelworkCore", "ReelworkTestKit"]),

        // The house itself: who imports whom, how long, how clean; it reads the sources.
        tests("TidyTests"),

        // Roof: the programs, which only put together what the floors and side rooms have.
        .executableTarget(
            name: "reelwork",
            dependencies: [
                "ReelworkCore", "ReelworkClient", "ReelworkDaemon", "ReelworkRPC", "ReelworkStore",
                "ReelworkWorker", "ReelworkEngineKit", "FFmpegEngine", "GStreamerEngine",
                "ReelworkSystem", "ReelworkTelemetry", arguments, logging, toml, crypto,
            ] + certificates,
            swiftSettings: settings
        ),
        // The credentials of `reelwork auth` at a real scheduler, over real TLS.
        tests(
            "ReelworkCommandTests",
            [
                "ReelworkCore", "ReelworkWire", "ReelworkRPC", "ReelworkClient", "ReelworkDaemon",
                "ReelworkStore", "ReelworkEngineKit", "FFmpegEngine", "reelwork", logging,
            ] + nio + tls + sqlite
        ),
        // Examples of the client library; its articles show their text.
        .executableTarget(
            name: "reelwork-example-film",
            dependencies: ["ReelworkCore", "ReelworkClient"],
            swiftSettings: settings
        ),
        .executableTarget(
            name: "reelwork-example-list",
            dependencies: ["ReelworkCore", "ReelworkClient"],
            swiftSettings: settings
        ),
        // Starts the programs that stand beside it; it links none of them.
        tests(
            "IntegrationTests",
            ["ReelworkCore", "ReelworkWire", "ReelworkRPC", "ReelworkClient", "CZlib", logging]
        ),
        .executableTarget(
            name: "reelwork-bench",
            dependencies: [
                "ReelworkCore", "ReelworkWire", "ReelworkRPC", "ReelworkClient", "ReelworkTestKit",
                logging, arguments,
            ] + nio,
            swiftSettings: settings
        ),
    ] + fuzzers(),
    cLanguageStandard: .c11
)
