// swift-tools-version: 6.2
// The house of Reelwork, from the cellar to the roof. Settings are declared once and hold for
// every Swift target; `TidyTests` checks who imports whom.
import PackageDescription

let settings: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
    .enableExperimentalFeature("Lifetimes"),
    .treatAllWarnings(as: .error),
]

let cellarSettings: [CSetting] = [
    .enableWarning("all"),
    .enableWarning("extra"),
    .treatAllWarnings(as: .error),
]

/// A C target of the cellar.
func cellar(_ name: String, links library: String? = nil) -> Target {
    .target(
        name: name, cSettings: cellarSettings,
        linkerSettings: library.map { [.linkedLibrary($0)] } ?? [])
}

/// A floor, side room or roof of the house.
func room(_ name: String, _ dependencies: [Target.Dependency] = []) -> Target {
    .target(name: name, dependencies: dependencies, swiftSettings: settings)
}

/// A test target under `Tests/`.
func tests(_ name: String, _ dependencies: [Target.Dependency] = []) -> Target {
    .testTarget(name: name, dependencies: dependencies, swiftSettings: settings)
}

let package = Package(
    name: "reelwork",
    dependencies: [
        .package(url: "https://github.com/apple/swift-collections", exact: "1.6.0"),
        .package(url: "https://github.com/apple/swift-log", exact: "1.16.2"),
    ],
    targets: [
        // Cellar: what Swift cannot import, and the helper that stands over each encoder.
        cellar("CZlib", links: "z"),
        cellar("CChecksum"),
        cellar("CReelworkSystem"),
        cellar("CSQLiteShim", links: "sqlite3"),
        room("ReelworkSystem", ["ReelworkCore", "CReelworkSystem"]),
        room(
            "ReelworkTelemetry",
            ["ReelworkCore", "ReelworkSystem", .product(name: "Logging", package: "swift-log")]),
        .executableTarget(name: "reelwork-exec", cSettings: cellarSettings),
        .executableTarget(
            name: "reelwork-fake-engine", path: "Tests/FakeEngine", cSettings: cellarSettings),
        tests("CellarTests", ["CZlib", "CChecksum", "CReelworkSystem", "CSQLiteShim"]),
        tests("ReelworkExecTests", ["CReelworkSystem"]),

        // Ground floor: the vocabulary and the law of one job.
        room("ReelworkCore"),
        tests("ReelworkCoreTests", ["ReelworkCore"]),

        // Second floor: who gets what.
        room(
            "ReelworkScheduling",
            ["ReelworkCore", .product(name: "HeapModule", package: "swift-collections")]),
        room("ReelworkWorker", ["ReelworkCore"]),
        tests("ReelworkSchedulingTests", ["ReelworkCore", "ReelworkScheduling"]),
    ],
    cLanguageStandard: .c11
)
