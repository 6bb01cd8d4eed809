// SPDX-License-Identifier: Apache-2.0
// Reelwork: names, places and broken files that every adapter must bear

import Foundation
import ReelworkCore
import ReelworkEngineKit

extension EngineConformance {
    private var quick: [String: String] { knows(.preset) ? ["preset": "ultrafast"] : [:] }

    // Only links reach the programs, so a name may be anything.
    var names: [EngineRule] {
        [
            "a b", "it's", "say \"x\"", "back\\slash", "a ! filesink location=evil", "new\nline",
            "-y", "concat:a|b", "%03d", "file:x", "d. ! x", "ä\u{202e}",
            String(repeating: "n", count: 240),
        ].map { name in
            EngineRule("a file may be named \(ShownText.quoted(name))") { breaches in
                let folder = try ScratchFolder()
                let film = try await TestFilms.path(of: TestFilms.bikes, in: folder)
                let place = folder.root.appendingPathComponent("place").path
                try FileManager.default.createDirectory(
                    atPath: place,
                    withIntermediateDirectories: true
                )
                let (input, part) = (place + "/" + name, place + "/" + name + ".part")
                try FileManager.default.copyItem(atPath: film, toPath: input)
                var given = quick
                given["resolution"] = "64x64"
                let job = job(given, from: input, to: place + "/" + name + ".mp4")
                _ = try await folder.encode(job, with: engine, part: part)
                let left = try FileManager.default.contentsOfDirectory(atPath: place)
                breaches.require(Set(left) == [name, name + ".part"], "in its folder: \(left)")
                let scratch = folder.scratch.path
                let inside = try FileManager.default.contentsOfDirectory(atPath: scratch)
                breaches.require(Set(inside) == ["in", "out"], "in the scratch folder: \(inside)")
                let link = try FileManager.default.destinationOfSymbolicLink(
                    atPath: scratch + "/out"
                )
                breaches.require(link == part, "the link out leads to \(link)")
            }
        }
    }

    private static let texts = [
        ("plain text", "plain text, no film"), ("nothing", ""),
        ("ffconcat", "ffconcat version 1.0\nfile {film}\n"),
        (
            "a playlist",
            "#EXTM3U\n#EXT-X-TARGETDURATION:10\n#EXTINF:10,\nfile://{film}\n#EXT-X-ENDLIST\n"
        ),
        ("SVG", "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"64\" height=\"64\"></svg>"),
        (
            "SDP",
            "v=0\no=- 0 0 IN IP4 127.0.0.1\ns=x\nc=IN IP4 127.0.0.1\nt=0 0\n"
                + "m=video 5004 RTP/AVP 96\n"
        ),
    ]

    // A list that names another film must not be followed, neither by the inspection nor by the
    // encode.
    var listings: [EngineRule] {
        Self.texts.map { name, text in
            EngineRule("\(name) is no film") { breaches in
                let folder = try ScratchFolder()
                let film = try await TestFilms.path(of: TestFilms.bikes, in: folder)
                let input = folder.root.appendingPathComponent("input").path
                let filled = text.split(separator: "{film}", omittingEmptySubsequences: false)
                    .joined(separator: URL(fileURLWithPath: film).path)
                try Data(filled.utf8).write(to: URL(fileURLWithPath: input))
                try folder.link(input: input)
                let part = folder.root.appendingPathComponent("part").path
                try folder.link(output: part)
                let looked = try await folder.run(
                    engine.inspectPlan(),
                    parser: engine.progressParser()
                )
                let failure = await breaches.failure("its inspection") {
                    _ = try engine.inspected(looked)
                }
                breaches.require(
                    failure?.failureClass == .inputError,
                    "\(String(describing: failure))"
                )
                var media = Self.media
                media.streams.removeLast()
                var plan = try engine.command(
                    job(quick, from: input),
                    context: CommandContext(media: media)
                )
                if mayHangOnGarbage { plan.timeMax = .seconds(10) }
                let outcome = try await folder.run(plan, parser: engine.progressParser())
                let cause = engine.classify(outcome)
                let isHung = mayHangOnGarbage && outcome.end == .signaled(SIGKILL)
                breaches.require(
                    cause?.failureClass == .inputError || isHung,
                    "its encode: \(String(describing: cause))"
                )
                let made = try Data(contentsOf: URL(fileURLWithPath: part))
                breaches.require(made.isEmpty || !isHung, "\(made.count) bytes were written")
            }
        }
    }

    var missingInput: EngineRule {
        EngineRule("an input that is not there, a folder and a device") { breaches in
            let folder = try ScratchFolder()
            for path in [
                folder.root.appendingPathComponent("none").path, folder.root.path, "/dev/null",
            ] {
                try folder.link(input: path)
                let looked = try await folder.run(
                    engine.inspectPlan(),
                    parser: engine.progressParser()
                )
                let failure = await breaches.failure(path) { _ = try engine.inspected(looked) }
                breaches.require(
                    failure?.failureClass == .inputError,
                    "\(path): \(String(describing: failure))"
                )
                let isThere = FileManager.default.fileExists(atPath: path)
                let says = failure?.message.contains("not there") == true
                breaches.require(isThere != says, "\(path): \(failure?.message ?? "")")
            }
        }
    }

    // Whoever may read everything tries it as the user and group 65534, nobody.
    var lockedInput: EngineRule {
        EngineRule("an input that may not be read is an input error") { breaches in
            let folder = try ScratchFolder()
            let film = try await TestFilms.path(of: TestFilms.bikes, in: folder)
            let input = folder.root.appendingPathComponent("locked.mp4").path
            try FileManager.default.copyItem(atPath: film, toPath: input)
            try folder.link(input: input)
            let parser = engine.progressParser()
            let open = try await folder.run(engine.inspectPlan(), parser: parser, isNobody: true)
            do throws(EngineFailure) { _ = try engine.inspected(open) } catch {
                breaches.note("before it is locked: \(error)")
            }
            try FileManager.default.setAttributes([.posixPermissions: 0], ofItemAtPath: input)
            let looked = try await folder.run(engine.inspectPlan(), parser: parser, isNobody: true)
            let failure = await breaches.failure("locked") { _ = try engine.inspected(looked) }
            breaches.require(failure?.failureClass == .inputError, "\(String(describing: failure))")
            let words = failure?.message ?? ""
            breaches.require(words.contains("may not be read"), words)
        }
    }

    var fullDisk: EngineRule {
        EngineRule("a full disk is a resource error") { breaches in
            let folder = try ScratchFolder()
            try folder.link(input: try await TestFilms.path(of: TestFilms.bikes, in: folder))
            try folder.link("out", to: "/dev/full")
            let parser = engine.progressParser()
            let looked = try await folder.run(engine.inspectPlan(), parser: parser)
            let context = CommandContext(media: try engine.inspected(looked))
            let plan = try engine.command(job(quick, to: "/o.mkv"), context: context)
            let cause = engine.classify(try await folder.run(plan, parser: parser))
            breaches.require(cause?.failureClass == .resourceError, "\(String(describing: cause))")
        }
    }

    // A file that lost its end must not be published, whatever the container says of its length.
    var truncations: [EngineRule] {
        ["mp4", "mkv", "mov"].map { ending in
            EngineRule("a truncated .\(ending) is refused") { breaches in
                let folder = try ScratchFolder()
                let input = try await TestFilms.path(of: TestFilms.bunny, in: folder)
                let part = folder.root.appendingPathComponent("part").path
                let whole = job(quick, from: input, to: "/o." + ending)
                let encoded = try await folder.encode(whole, with: engine, part: part)
                let context = CommandContext(media: encoded.media)
                let data = try Data(contentsOf: URL(fileURLWithPath: part))
                for kept in [0, 1, 40, data.count / 3, data.count * 2 / 3, data.count * 9 / 10] {
                    try data.prefix(kept).write(to: URL(fileURLWithPath: part))
                    let failure = await breaches.failure("\(kept) of \(data.count) bytes") {
                        _ = try await folder.verify(
                            whole,
                            with: engine,
                            context: context,
                            encoded.outcome.progress
                        )
                    }
                    let isRight = failure?.reason == EngineFailure.outputInvalid
                    breaches.require(isRight, "\(kept) bytes: \(String(describing: failure))")
                    breaches.require(failure?.failureClass == .runtimeError, "its class")
                    // Not even where nothing is known of the encode.
                    let blind = await breaches.failure("\(kept) bytes, blind") {
                        _ = try await folder.verify(whole, with: engine, context: context, nil)
                    }
                    breaches.require(
                        blind?.reason == EngineFailure.outputInvalid,
                        "\(kept) bytes, blind: \(String(describing: blind))"
                    )
                }
            }
        }
    }
}
