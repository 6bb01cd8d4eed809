// SPDX-License-Identifier: Apache-2.0
// Reelwork: how every adapter reads what programs print

import ReelworkCore
import ReelworkEngineKit

extension EngineConformance {
    var limitsAreBounded: EngineRule {
        EngineRule("time limits are above nothing and within the horizon") { breaches in
            let horizon = Limits.horizonMax
            let plays: [Duration?] = [
                nil, .zero, .seconds(-1), .nanoseconds(1), .seconds(10), .seconds(86_400), horizon,
                horizon + .nanoseconds(1), .seconds(Int64.max), .seconds(Int64.min),
            ]
            for duration in plays {
                let found = engine.timeout(job(), duration: duration, policy: TimeoutPolicy())
                let what = "\(String(describing: duration)): \(found)"
                breaches.require(found.limit > .zero && found.limit <= horizon, what)
                breaches.require(!found.isHard, what + " is hard")
                let known = RunLimit.plausible(duration)
                breaches.require(known != nil || found.limit == .seconds(1_800), what)
                breaches.require(found.limit >= min(known ?? .zero, horizon), what + " is short")
                var own = job()
                own.timeout = .seconds(5)
                let hard = engine.timeout(own, duration: duration, policy: TimeoutPolicy())
                breaches.require(hard == RunLimit(limit: .seconds(5), isHard: true), what)
            }
            guard knows(.duration) else { return }
            let cut = job(["duration": "10"])
            let (short, long) = (
                engine.timeout(cut, duration: .seconds(36_000), policy: TimeoutPolicy()),
                engine.timeout(job(), duration: .seconds(36_000), policy: TimeoutPolicy())
            )
            breaches.require(short.limit < long.limit, "a cut does not shorten the limit")
        }
    }

    var endsAreClassified: EngineRule {
        EngineRule("each end of the encoder has its class") { breaches in
            let ended = EngineProgress(frames: 1, isEnd: true)
            let fine = CommandOutcome(end: .exited(0), progress: ended)
            breaches.require(engine.classify(fine) == nil, "code 0 after its end")
            let ends: [(CommandEnd, FailureClass)] = [
                (.exited(1), .runtimeError), (.exited(-1), .runtimeError),
                (.exited(.max), .runtimeError), (.signaled(9), .runtimeError),
                (.signaled(11), .runtimeError), (.timedOut, .timeout),
                (.notStarted("a\nb"), .capabilityMismatch),
            ]
            for (end, expected) in ends {
                let failure = engine.classify(CommandOutcome(end: end))
                breaches.require(
                    failure?.failureClass == expected,
                    "\(end): \(String(describing: failure))"
                )
                breaches.require(Self.isShort(failure?.description ?? ""), "\(end): long")
            }
            let machine: [(String, FailureClass)] = [
                ("No space left on device", .resourceError),
                ("Cannot allocate memory", .resourceError),
                ("Connection refused", .networkError),
            ]
            for (log, expected) in machine {
                let outcome = CommandOutcome(end: .exited(1), logTail: Array(log.utf8))
                breaches.require(engine.classify(outcome)?.failureClass == expected, log)
            }
        }
    }

    var nothingProvesNothing: EngineRule {
        EngineRule("what was not run proves nothing") { breaches in
            breaches.require(engine.report(probed: []).problem != nil, "no probe")
            let missing = CommandOutcome(end: .notStarted("not found"))
            let plans = engine.probePlans()
            let report = engine.report(probed: plans.map { _ in missing })
            breaches.require(report.problem != nil && report.encoders.isEmpty, "no program")
            let silent = engine.report(probed: plans.map { _ in CommandOutcome(end: .exited(0)) })
            breaches.require(silent.encoders.isEmpty, "encoders that wrote nothing")
            let context = CommandContext(media: Self.media)
            let count = engine.verifyPlans(job(), context: context).count
            breaches.require(count > 0, "nothing is verified")
            for outcomes in [[], Array(repeating: missing, count: count)] {
                let failure = await breaches.failure("a file that was not looked at") {
                    _ = try engine.verified(
                        job(),
                        context: context,
                        encoded: nil,
                        outcomes: outcomes
                    )
                }
                breaches.require(failure?.failureClass != .userError, "the user's error")
                breaches.require(failure?.failureClass != .inputError, "the input's error")
            }
        }
    }

    var plansAreBounded: EngineRule {
        EngineRule("every plan but the encode has a limit, and no program is a path") { breaches in
            let context = CommandContext(media: Self.media)
            let encode = try engine.command(job(), context: context)
            breaches.require(encode.output == .progress, "the encode's output is not read")
            breaches.require(encode.timeMax == nil, "the encode's limit is not the policy's")
            let tools =
                engine.probePlans() + [engine.inspectPlan()]
                + engine.verifyPlans(job(), context: context)
            for plan in tools + [encode] {
                breaches.require(!plan.program.contains("/"), plan.program)
                breaches.require(plan.environment.contains(.plainLocale), "\(plan.program): locale")
            }
            for plan in tools {
                breaches.require((plan.timeMax ?? .zero) > .zero, "\(plan.program) has no limit")
            }
            for seconds in [Int64.max, -1, 0] {
                var odd = context
                odd.media.duration = .seconds(seconds)
                for plan in engine.verifyPlans(job(), context: odd) {
                    let limit = plan.timeMax ?? .zero
                    breaches.require(
                        limit > .zero && limit <= Limits.horizonMax + Limits.probeTime,
                        "\(plan.program): \(limit) for \(seconds) s"
                    )
                }
            }
        }
    }

    var garbageNeverTraps: EngineRule {
        EngineRule("whatever programs print, no reader traps") { breaches in
            var garbage = Garbage(seeds: [inspection, progress])
            let context = CommandContext(media: Self.media)
            for round in 0..<600 {
                let bytes = garbage.next()
                let outcome = CommandOutcome(end: .exited(0), output: bytes, logTail: bytes)
                var texts: [String] = []
                do throws(EngineFailure) { _ = try engine.inspected(outcome) } catch {
                    texts.append(error.description)
                }
                let report = engine.report(probed: Array(repeating: outcome, count: round % 12))
                texts += [report.version] + (report.problem.map { [$0] } ?? [])
                let failed = engine.classify(CommandOutcome(end: .exited(1), logTail: bytes))
                texts.append(failed?.description ?? "")
                var parser = engine.progressParser()
                _ = parser.consume(bytes)
                do throws(EngineFailure) {
                    _ = try engine.verified(
                        job(round % 2 == 0 ? [:] : ["fps": "10"]),
                        context: context,
                        encoded: parser.last,
                        outcomes: (0..<round % 4).map { _ in
                            var outcome = outcome
                            outcome.progress = parser.last
                            return outcome
                        }
                    )
                } catch { texts.append(error.description) }
                for text in texts where !Self.isShort(text) {
                    breaches.note("a message that is long or has control bytes: \(text.prefix(99))")
                }
            }
        }
    }

    var progressIsTheSameHoweverCut: EngineRule {
        EngineRule("progress is the same however it is cut") { breaches in
            let bytes = Array(progress.utf8)
            var whole = engine.progressParser()
            _ = whole.consume(bytes)
            breaches.require(
                whole.last?.isEnd == true,
                "the sample does not end: \(String(describing: whole.last))"
            )
            var single = engine.progressParser()
            for byte in bytes { _ = single.consume([byte]) }
            breaches.require(single.last == whole.last, "byte by byte")
            for cut in 0...bytes.count {
                var parser = engine.progressParser()
                _ = parser.consume(bytes[..<cut])
                _ = parser.consume(bytes[cut...])
                breaches.require(parser.last == whole.last, "cut at \(cut)")
            }
        }
    }

    // The parser's stored bytes are counted through its mirror.
    var parsersAreBounded: EngineRule {
        EngineRule("a progress parser holds at most a line") { breaches in
            for piece in ["a", "frame=1", "\u{0}", "a\r", "progress=", progress] {
                var parser = engine.progressParser()
                let bytes = Array(piece.utf8)
                for _ in 0..<max(400_000 / bytes.count, 1) { _ = parser.consume(bytes) }
                let held = Self.bytesHeld(parser, depth: 0)
                breaches.require(held <= 4 * Limits.progressLineBytesMax, "\(held) bytes held")
                _ = parser.consume(Array(("\n" + progress).utf8))
                breaches.require(
                    parser.last?.isEnd == true,
                    "it does not read on after \(piece.prefix(9))"
                )
            }
        }
    }

    private static func bytesHeld(_ value: Any, depth: Int) -> Int {
        if let bytes = value as? [UInt8] { return bytes.count }
        if let text = value as? String { return text.utf8.count }
        guard depth < 8 else { return 0 }
        return Mirror(reflecting: value).children.reduce(0) {
            $0 + 16 + bytesHeld($1.value, depth: depth + 1)
        }
    }
}
