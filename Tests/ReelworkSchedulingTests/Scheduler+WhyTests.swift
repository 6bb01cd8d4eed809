// SPDX-License-Identifier: Apache-2.0
// Reelwork: tests of why a job stands where it does

import ReelworkCore
import Testing

@testable import ReelworkScheduling

/// Goal: every state and cause has its reasons, the answer first, and the next time at which
/// anything can change; asking costs little, whatever there is, and changes nothing.
///
/// Method: a table of causes; large fleets and lines; random histories in which all are asked.
struct SchedulerWhyTests {
    private static let cases = WhyCase.holds + WhyCase.workers + WhyCase.held + WhyCase.ended

    @Test(arguments: cases)
    func everyCauseHasItsAnswer(_ entry: WhyCase) throws {
        var world = World(policy: entry.policy)
        let job = entry.make(&world)
        let answer = try world.explanation(job, isSettled: false)
        #expect(answer.number == job)
        #expect(answer.reasons.map(\.code) == entry.codes, "\(answer.reasons)")
        #expect(answer.reasons[0].text.contains(entry.words), "\(answer.reasons)")
        #expect(answer.nextAt == entry.nextIn.map { world.now.wall.advanced(by: $0) })
        #expect(world.faults == [])
    }

    // The list is closed: a word that no cause has is a word too many.
    @Test func everyCodeHasACause() {
        let reasons = Set(Self.cases.flatMap(\.codes))
        // Said of workers alone: where one is free, nothing is said against the others.
        let missing = WhyCode.allCases.filter { !reasons.contains($0) }
        #expect(missing == [.free, .lostThere])
    }

    // What has come at the told time is another answer.
    @Test(arguments: (WhyCase.holds + WhyCase.workers + WhyCase.held).filter { $0.nextIn != nil })
    func somethingChangesAtTheToldTime(_ entry: WhyCase) throws {
        var policy = entry.policy
        // No worker speaks meanwhile.
        if !entry.codes.contains(.suspect) { policy.leaseDuration = .seconds(3_600) }
        var world = World(policy: policy)
        let job = entry.make(&world)
        let before = try world.explanation(job)
        let wait = try #require(entry.nextIn)
        world.sweep(.cleanup)
        world.pass(wait - .milliseconds(1))
        if entry.codes.contains(.unfitGrace) { world.sweep(.cleanup) }
        let same = world.why(job)
        #expect(same?.nextAt == before.nextAt)
        world.pass(.milliseconds(1))
        if entry.codes.contains(.unfitGrace) { world.sweep(.cleanup) }
        let after = world.why(job)
        #expect(after?.state != before.state || after?.nextAt != before.nextAt, "\(entry)")
    }

    // MARK: - Workers

    @Test func workersAreToldTheNearestFirst() throws {
        var world = World()
        let first = world.worker("d-busy")
        _ = world.job()
        world.close(world.worker("c-suspect"))
        _ = world.worker("b-small", engines: [EngineReport(name: "x", version: "", encoders: [])])
        _ = world.worker("a-drains")
        _ = world.set("a-drains", .drain(within: nil))
        let job = world.job()
        let answer = try world.explanation(job)
        #expect(
            answer.workers.map(\.code) == [.busy, .suspect, .draining, .noEngine]
        )
        #expect(
            answer.workers.map(\.name) == ["d-busy", "c-suspect", "a-drains", "b-small"]
        )
        #expect(answer.reasons.map(\.code) == [.busy, .suspect, .draining, .noEngine])
        #expect(answer.reasons.map(\.count) == [1, 1, 1, 1])
        #expect(!answer.isCut && world.assigned(first).count == 1)
    }

    @Test func aLostJobIsToldWhereItWasLost() throws {
        var world = World(policy: World.policy)
        let entry = try #require(WhyCase.workers.first { $0.description == "lost there" })
        let job = entry.make(&world)
        _ = world.worker("w2")
        let answer = try world.explanation(job)
        #expect(answer.workers.map(\.code) == [.free, .lostThere])
        #expect(answer.workers.map(\.name) == ["w2", "w1"])
    }

    @Test func aRemovedWorkerIsNotToldOf() throws {
        var world = World()
        world.close(world.worker("w1"))
        _ = world.set("w1", .remove)
        let job = world.job()
        let answer = try world.explanation(job)
        #expect(answer.reasons.map(\.code) == [.noWorker, .unfitGrace])
        #expect(answer.workers.isEmpty)
    }

    @Test func aLargeFleetIsCountedAndCut() throws {
        var world = World()
        for index in 0..<(Limits.whyWorkersSeenMax + 4) {
            _ = world.worker("w\(10_000 + index)", engines: [])
        }
        let job = world.job()
        let answer = try world.explanation(job)
        #expect(answer.workers.count == Limits.whyWorkersMax && answer.isCut)
        #expect(answer.reasons[0].count == UInt64(Limits.whyWorkersSeenMax))
        #expect(
            answer.reasons[0].text == "w10000 has no ffmpeg; likewise "
                + "w10001, w10002, w10003, w10004 and 1019 more"
        )
        // Not all were looked at: whether none fits, the cleanup loop says.
        #expect(answer.reasons.map(\.code) == [.noEngine])
        world.sweep(.cleanup)
        let swept = try world.explanation(job)
        #expect(swept.reasons.map(\.code) == [.noEngine, .unfitGrace])
    }

    // MARK: - Texts

    @Test(arguments: ["x", "ä", "日本", "👨‍👩‍👧‍👦", "e\u{301}"])
    func longTextsAreCutAtACharacter(_ part: String) throws {
        for shift in 0..<4 {
            let whole = String(repeating: "-", count: shift) + String(repeating: part, count: 500)
            let cut = JobExplanation.cut(whole)
            #expect(cut.utf8.count <= Limits.whyTextBytesMax)
            #expect(cut.utf8.count > Limits.whyTextBytesMax - 40)
            #expect(cut.hasSuffix("…") && whole.hasPrefix(cut.dropLast()))
            #expect(!cut.unicodeScalars.contains("\u{FFFD}"))
        }
        let short = String(repeating: "x", count: Limits.whyTextBytesMax)
        #expect(JobExplanation.cut(short) == short)
    }

    @Test func oneCharacterLongerThanTheTextIsCutToo() {
        let endless = "e" + String(repeating: "\u{301}", count: 1_000)
        #expect(endless.count == 1)
        let cut = JobExplanation.cut(endless)
        #expect((300...Limits.whyTextBytesMax).contains(cut.utf8.count))
        #expect(!cut.unicodeScalars.contains("\u{FFFD}"))
    }

    @Test func longListsAreCutBeforeTheyArePutIntoWords() throws {
        var world = World()
        let name = String(repeating: "n", count: Limits.workerNameBytesMax)
        _ = world.worker(name)
        let job = world.job { $0.encoders = (0..<4_096).map { "encoder-\($0)" } }
        let answer = try world.explanation(job)
        #expect(answer.workers[0].text.hasSuffix("encoder-3 and 4092 more for ffmpeg"))
        #expect(answer.reasons.allSatisfy { $0.text.utf8.count <= Limits.whyTextBytesMax })
    }
}
