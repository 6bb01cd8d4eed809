// SPDX-License-Identifier: Apache-2.0
// Reelwork: what every adapter makes of real films

import Foundation
import ReelworkCore
import ReelworkEngineKit

extension EngineConformance {
    /// Parameters with the fastest preset, where there are presets and none is said.
    private func fast(_ parameters: [String: String]) -> [String: String] {
        guard knows(.preset) else { return parameters }
        return ["preset": "ultrafast"].merging(parameters) { $1 }.filter { !$0.value.isEmpty }
    }

    /// Encodes a film, and returns what verification and an independent count say.
    private func encode(
        _ film: TestFilms.Film,
        to name: String,
        _ parameters: [String: String],
        _ breaches: inout Breaches
    ) async throws -> (encoded: ScratchFolder.Encoded, frames: UInt64) {
        let folder = try ScratchFolder()
        let input = try await TestFilms.path(of: film, in: folder)
        return try await encode(input, in: folder, to: name, parameters, &breaches)
    }

    private func encode(
        _ input: String,
        in folder: ScratchFolder,
        to name: String,
        _ parameters: [String: String],
        _ breaches: inout Breaches
    ) async throws -> (encoded: ScratchFolder.Encoded, frames: UInt64) {
        let part = folder.root.appendingPathComponent("job.part").path
        let job = job(fast(parameters), from: input, to: "/out/" + name)
        let encoded = try await folder.encode(job, with: engine, part: part)
        let frames = try await folder.countFrames(part) ?? 0
        let progress = encoded.outcome.progress
        breaches.require(encoded.found.video?.frames == frames, "\(frames) frames by ffprobe")
        breaches.require(progress?.isEnd == true, "the progress has no end")
        breaches.require(progress?.frames == frames, "\(frames), not \(progress?.frames ?? 0)")
        breaches.require(
            progress?.framesGiven.map { $0 == frames } ?? true,
            "\(progress?.framesGiven ?? 0) frames were given, \(frames) came"
        )
        return (encoded, frames)
    }

    private func requireNear(
        _ frames: UInt64,
        _ expected: UInt64,
        _ breaches: inout Breaches,
        _ what: String
    ) {
        let gap = frames < expected ? expected - frames : frames - expected
        breaches.require(gap <= framesApart, "\(what): \(frames) frames, not \(expected)")
    }

    var probeProvesAll: EngineRule {
        EngineRule("the probe proves every encoder here") { breaches in
            let report = try await ScratchFolder().probe(engine)
            breaches.require(report.problem == nil, report.problem ?? "")
            breaches.require(report.encoders == engine.about.encoders, "\(report.encoders)")
            breaches.require(report.version.first?.isNumber == true, report.version)
        }
    }

    var endings: [EngineRule] {
        ["mp4", "mkv", "mov", "m4v"].map { ending in
            EngineRule("both films keep their frames in .\(ending)") { breaches in
                for film in [TestFilms.bunny, TestFilms.bikes] {
                    let (encoded, frames) = try await encode(
                        film,
                        to: "f." + ending,
                        [:],
                        &breaches
                    )
                    requireNear(frames, film.frames, &breaches, film.name)
                    breaches.require((encoded.found.audio != nil) == film.hasAudio, "its sound")
                }
            }
        }
    }

    var sizeRateAndBitrateAreKept: EngineRule {
        EngineRule("size, rate and bit rate are kept") { breaches in
            let given = [
                "resolution": "320x180", "fps": "10", "bitrate": "300k", "audio": "none",
            ]
            let film = TestFilms.bunny
            let (encoded, frames) = try await encode(film, to: "f.mp4", given, &breaches)
            let size = Resolution(width: 320, height: 180)
            breaches.require(encoded.found.video?.resolution == size, "another size")
            requireNear(frames, 53, &breaches, film.name)
            breaches.require(encoded.found.audio == nil, "sound")
            let bytes = encoded.outcome.progress?.bytes ?? .max
            breaches.require(bytes < 400_000, "\(bytes) bytes")
        }
    }

    var qualityCounts: EngineRule {
        EngineRule("a smaller quality number makes more bytes") { breaches in
            var bytes: [UInt64] = []
            for crf in ["20", "40"] {
                let film = TestFilms.bikes
                let (made, _) = try await encode(film, to: "f.mkv", ["crf": crf], &breaches)
                bytes.append(made.outcome.progress?.bytes ?? 0)
            }
            breaches.require(bytes[0] > bytes[1] * 2, "\(bytes)")
        }
    }

    var kinds: [EngineRule] {
        encodes.map { kind in
            let words = kind.parameters.sorted { $0.key < $1.key }
                .map { "\($0.key)=\($0.value)" }.joined(separator: " ")
            return EngineRule("\(words) is made in .\(kind.ending)") { breaches in
                var given = kind.parameters
                if given["codec"] != "copy" { given["resolution"] = "320x180" }
                let name = "f." + kind.ending
                let (encoded, frames) = try await encode(
                    TestFilms.bunny,
                    to: name,
                    given,
                    &breaches
                )
                requireNear(frames, 132, &breaches, words)
                breaches.require(
                    (encoded.found.audio != nil) == (given["audio"] != "none"),
                    "its sound"
                )
            }
        }
    }

    private static let lengths: [([String: String], UInt64, Double)] = [
        (["duration": "2s"], 50, 2), (["duration": "0.5", "audio": "none"], 13, 0.52),
        (["duration": "2", "fps": "60"], 120, 2),
        // Frames are kept that begin before the end: the 11th at 1.0 s, the 32nd not at 1.034 s.
        (["duration": "1.01", "fps": "10"], 11, 1.1), (["duration": "1.1", "fps": "10"], 11, 1.1),
        (["duration": "1.03", "fps": "30000/1001"], 31, 1.034),
        (["duration": "0.000001", "audio": "none"], 1, 0.04), (["duration": "1h"], 132, 5.312),
    ]

    var cuts: [EngineRule] {
        guard knows(.duration) else { return [] }
        return Self.lengths.flatMap { given, expected, seconds in
            ["mp4", "mkv"].map { ending in
                let words = given.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }
                return EngineRule("\(words.joined(separator: " ")) in .\(ending)") { breaches in
                    let film = TestFilms.bunny
                    let (encoded, frames) = try await encode(
                        film,
                        to: "f." + ending,
                        given,
                        &breaches
                    )
                    breaches.require(frames == expected, "\(frames) frames, not \(expected)")
                    breaches.require(
                        (encoded.found.audio != nil) == (given["audio"] != "none"),
                        "its sound"
                    )
                    let plays = encoded.found.duration ?? .zero
                    let gap = abs(plays.seconds - seconds)
                    breaches.require(gap < 0.1, "it plays \(plays), not \(seconds) s")
                }
            }
        }
    }

    var exceptionsAreKnown: EngineRule {
        EngineRule("each exception is one of a hostile input") { breaches in
            let names = HostileInput.all.map(\.name)
            breaches.require(Set(names).count == names.count, "two have one name: \(names)")
            for name in exceptions.keys where !names.contains(name) { breaches.note(name) }
        }
    }

    var hostileInputs: [EngineRule] {
        HostileInput.all.map { input in
            var hostile = input
            hostile.outcome = exceptions[input.name] ?? input.outcome
            return hostile
        }.map { hostile in
            EngineRule("input: " + hostile.name) { breaches in
                let folder = try ScratchFolder()
                let input = try await hostile.make(in: folder)
                do {
                    let (encoded, frames) = try await encode(
                        input,
                        in: folder,
                        to: "f.mp4",
                        hostile.parameters,
                        &breaches
                    )
                    hostile.judge(encoded.found, frames: frames, &breaches)
                } catch let failure as EngineFailure {
                    hostile.judge(failure, &breaches)
                }
            }
        }
    }
}
