// SPDX-License-Identifier: Apache-2.0
// Reelwork: tests of why a job stands where it does, as it is shown

import ReelworkClient
import ReelworkCore
import Testing

@testable import reelwork

// Goal: the answer is the first line after the job, nothing of a user reaches a terminal unescaped,
// and a program gets all of it. Method: made answers, on plain and narrow terminals.
struct StandingTextTests {
    private static let now = Timestamp(milliseconds: 1_000)

    private static func standing() -> JobStanding {
        var standing = JobStanding.made(
            .known(.queued),
            [("busy", "w1, w2: w1 is full"), ("tenant_turn", "1 other tenant has had less")]
        )
        standing.reasons[0].count = 2
        standing.number = JobNumber(12)
        standing.rank = -5
        standing.place = 3
        standing.nextAt = Timestamp(milliseconds: 31_000)
        standing.workers = [
            .init(name: "w1", code: "busy", text: "is full"),
            .init(name: "w-2", code: "dead", text: "is dead"),
        ]
        standing.isCut = true
        return standing
    }

    private func lines(_ standing: JobStanding, columns: Int = .max) -> [String] {
        StandingText(standing, now: Self.now).lines(on: Terminal(), columns: columns)
    }

    @Test func aQueuedJobIsShownWhole() {
        #expect(
            lines(Self.standing()) == [
                "#12 is queued",
                "why     w1, w2: w1 is full",
                "        1 other tenant has had less",
                "place   3 among its tenant's waiting jobs",
                "next    1970-01-01T00:00:31.000Z, in 30s",
                "",
                "WORKER",
                "w1      is full",
                "w-2     is dead",
                "… and more workers",
            ]
        )
    }

    @Test func whatIsNotKnownIsLeftOut() {
        let standing = JobStanding.made(nil, [("odd", "it is odd")])
        #expect(lines(standing) == ["why     it is odd"])
    }

    @Test func placesAreInWords() {
        var standing = JobStanding.made(nil, [("busy", "b")])
        standing.place = 1
        #expect(lines(standing).last == "place   the next of its tenant's waiting jobs")
        standing.isPlaceAtLeast = true
        standing.place = 10_001
        #expect(lines(standing).last == "place   10001 or later among its tenant's waiting jobs")
        standing.nextAt = Timestamp(milliseconds: 900)
        #expect(lines(standing).last == "next    1970-01-01T00:00:00.900Z, now")
    }

    @Test func longReasonsAreBrokenAndNothingIsLeftUnescaped() {
        let words = (1...20).map { "word\($0)" }.joined(separator: " ")
        let standing = JobStanding.made(nil, [("x", words + " \u{1b}[31m\u{202e}")])
        let lines = lines(standing, columns: 40)
        #expect(lines.count > 3 && lines.allSatisfy { $0.count <= 40 })
        #expect(lines.dropFirst().allSatisfy { $0.hasPrefix("        ") })
        let text = lines.joined()
        #expect(!text.unicodeScalars.contains("\u{1b}") && !text.contains("\u{202e}"))
        let coloured = StandingText(Self.standing(), now: Self.now)
            .lines(on: Terminal(isInteractive: true, isColoured: true), columns: 80)
        #expect(coloured[1].hasPrefix("\u{1b}[2mwhy     \u{1b}[0m"))
    }

    @Test func programsGetAllOfIt() {
        #expect(
            JSONValue.standing(Self.standing()).text == #"{"number":12,"state":"queued","#
                + #""reasons":[{"code":"busy","text":"w1, w2: w1 is full","workers":2},"#
                + #"{"code":"tenant_turn","text":"1 other tenant has had less","workers":0}],"#
                + #""rank":-5,"place":3,"place_is_at_least":false,"#
                + #""next_at":"1970-01-01T00:00:31.000Z","#
                + #""workers":[{"name":"w1","code":"busy","text":"is full"},"#
                + #"{"name":"w-2","code":"dead","text":"is dead"}],"workers_cut":true}"#
        )
        let none = JSONValue.standing(.made(nil, [("x", "y")])).text
        #expect(none.hasPrefix(#"{"number":null,"state":null,"#))
        #expect(none.contains(#""rank":null,"place":null"#))
    }
}
