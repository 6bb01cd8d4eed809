// SPDX-License-Identifier: Apache-2.0
// Reelwork: runs single attempts in tests

import FFmpegEngine
import Foundation
import Logging
import ReelworkCore
import ReelworkEngineKit
import ReelworkWire
import Testing

@testable import ReelworkWorker

/// Runs single attempts as a worker does, with the real helper and the fake engine, or the real
/// one.
struct AttemptBench {
    let folder: TestFolder
    let settings: AttemptSettings
    let id = JobID(high: 7 << 12, low: 0x8000_0000_0000_0001)

    // isReal: use the machine's own ffmpeg. isRooted: inputs and outputs must lie in `media`.
    init(
        isReal: Bool = false,
        isRooted: Bool = false,
        engine: any EngineAdapter = FFmpegEngine()
    ) throws {
        folder = try TestFolder()
        var environment = ["REELWORK_FAKE_LOG": folder.path + "/events"]
        if !isReal { environment["PATH"] = try TestPrograms.fakeEnginePath(in: folder) }
        var engines = EngineRegistry()
        try engines.register(engine)
        let (ledger, _) = try Ledger.open(in: folder.state)
        var roots: [String] = []
        if isRooted {
            let media = folder.path + "/media"
            try FileManager.default.createDirectory(
                atPath: media,
                withIntermediateDirectories: true
            )
            roots = [try FileCalls.realPath(media)]
        }
        settings = AttemptSettings(
            folder: folder.state,
            roots: roots,
            engines: engines,
            commands: CommandRunner(
                helper: try #require(TestPrograms.path("reelwork-exec")),
                environment: CommandEnvironment(overrides: environment)
            ),
            ledger: ledger
        )
    }

    /// An attempt that has begun.
    func begin(
        _ input: String,
        _ output: String = "out.mp4",
        attempt: UInt32 = 1,
        overwrite: Bool = false,
        granted: [Grant] = [],
        isLookOnly: Bool = false,
        devices: [ResourceAmount] = []
    ) -> AttemptRun {
        let place = { (path: String) in path.hasPrefix("/") ? path : folder.path + "/" + path }
        let spec = JobSpec(
            engine: settings.engines.names.first ?? "",
            input: place(input),
            output: place(output),
            overwrite: overwrite
        )
        let assignment = Assignment(
            id: id,
            number: JobNumber(1),
            attempt: AttemptNumber(attempt),
            engine: settings.engines.names.first ?? "",
            spec: spec.encoded,
            granted: granted,
            isLookOnly: isLookOnly,
            devices: devices
        )
        return AttemptRun(assignment, settings)
    }

    func part(_ attempt: UInt32) -> String { ".reelwork-\(id)-\(attempt).part" }

    /// The lines of the fake engine's log that begin with a word.
    func events(_ word: String) -> [[Substring]] {
        (folder.read("events") ?? "").split(separator: "\n").map { $0.split(separator: " ") }
            .filter { $0.first.map(String.init) == word }
    }

    /// The processes that the fake engine has started and that still live.
    var processesLeft: [Int32] {
        (events("start") + events("grandchild")).compactMap { $0.count > 1 ? Int32($0[1]) : nil }
            .filter { ProcessIdentity(running: $0) != nil }
    }

    /// Whether no part and no scratch folder is left.
    var isTidy: Bool {
        let attempts =
            (try? FileManager.default.contentsOfDirectory(atPath: settings.folder.attempts))
        return (attempts ?? []).isEmpty && !folder.names.contains { $0.hasSuffix(".part") }
    }
}
