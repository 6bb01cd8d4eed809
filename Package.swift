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
        .package(url: "https://github.com/apple/swift-collections", exact: "1.6.0")
    ],
    targets: [
        // Ground floor: the vocabulary and the law of one job.
        room("ReelworkCore"),
        tests("ReelworkCoreTests", ["ReelworkCore"]),

        // Second floor: who gets what.
        room(
            "ReelworkScheduling",
            ["ReelworkCore", .product(name: "HeapModule", package: "swift-collections")]),
        room("ReelworkWorker", ["ReelworkCore"]),
        tests("ReelworkSchedulingTests", ["ReelworkCore", "ReelworkScheduling"]),
    ]
)
