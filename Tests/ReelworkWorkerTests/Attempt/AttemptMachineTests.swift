// SPDX-License-Identifier: Apache-2.0
// Reelwork: tests of the machine of one run

import ReelworkCore
import Testing

@testable import ReelworkWorker

/// The machine of one run.
///
/// Goal: every event in every state does what it must and nothing else. Method: a table with a cell
/// for each pair, the machine being led into each state by real events.
struct AttemptMachineTests {
    typealias Machine = AttemptMachine

    static let film = ReportItem.Film(
        output: "/o.mp4",
        size: 7,
        mediaDuration: .seconds(3),
        checksum: 9
    )
    static let earlier = Grant(attempt: AttemptNumber(1), size: 7, checksum: 9)
    static let failure = ReportItem.Failure(.runtimeError, error: "broke")

    /// The events, in the order of the table's columns.
    static let events: [(name: String, event: Machine.Event)] = [
        ("begin", .begin), ("clear", .prepared(.clear)), ("foreign", .prepared(.foreignFile)),
        ("earlier", .prepared(.earlierFilm(earlier, film))),
        ("inspected", .inspected(mediaDuration: .seconds(3), limit: .seconds(60))),
        ("started", .encoderStarted(pid: 5)), ("encoded", .encoded), ("verified", .verified),
        ("sealed", .sealed(film)), ("granted", .granted), ("published", .published),
        ("failed", .failed(failure)), ("stop", .stop(.revoked())), ("cleaned", .cleaned),
    ]

    /// The ways into the states.
    static let ways: [(name: String, events: [String])] = [
        ("idle", []), ("preparing", ["begin"]), ("inspecting", ["begin", "clear"]),
        ("encoding", ["begin", "clear", "inspected"]),
        ("encoding'", ["begin", "clear", "inspected", "started"]),
        ("verifying", ["begin", "clear", "inspected", "started", "encoded"]),
        ("sealing", ["begin", "clear", "inspected", "started", "encoded", "verified"]),
        (
            "awaiting",
            ["begin", "clear", "inspected", "started", "encoded", "verified", "sealed"]
        ),
        (
            "publishing",
            ["begin", "clear", "inspected", "started", "encoded", "verified", "sealed", "granted"]
        ),
        ("stopping", ["begin", "stop"]), ("failing", ["begin", "failed"]),
        ("ended", ["begin", "failed", "cleaned"]),
    ]

    /// What is done and where it leads; what is not in a row does nothing and leads nowhere.
    static let table: [String: [String: String]] = [
        "idle": [
            "begin": "prepare>preparing", "failed": "clean>failing", "stop": "clean>stopping",
        ],
        "preparing": [
            "clear": "inspect>inspecting", "foreign": "clean>failing",
            "earlier": "clean,finished,close>ended", "failed": "clean>failing", "stop": ">stopping",
        ],
        "inspecting": [
            "inspected": "encode>encoding", "failed": "clean>failing", "stop": ">stopping",
        ],
        "encoding": [
            "started": "started>encoding", "encoded": "verify>verifying",
            "failed": "clean>failing", "stop": ">stopping",
        ],
        "encoding'": [
            "started": "started>encoding", "encoded": "verify>verifying",
            "failed": "clean>failing", "stop": "stopEncoder>stopping",
        ],
        "verifying": ["verified": "seal>sealing", "failed": "clean>failing", "stop": ">stopping"],
        "sealing": ["sealed": "ready>awaiting", "failed": "clean>failing", "stop": ">stopping"],
        "awaiting": [
            "granted": "publish>publishing", "failed": "clean>failing", "stop": "clean>stopping",
        ],
        "publishing": ["published": "clean,finished,close>ended", "failed": "clean>failing"],
        "stopping": [
            "clear": "clean>stopping", "foreign": "clean>stopping", "earlier": "clean>stopping",
            "inspected": "clean>stopping", "started": "stopEncoder>stopping",
            "encoded": "clean>stopping", "verified": "clean>stopping", "sealed": "clean>stopping",
            "failed": "clean>stopping", "cleaned": "released,close>ended",
        ],
        "failing": [
            "clear": "clean>failing", "foreign": "clean>failing", "earlier": "clean>failing",
            "inspected": "clean>failing", "started": "stopEncoder>failing",
            "encoded": "clean>failing", "verified": "clean>failing", "sealed": "clean>failing",
            "failed": "clean>failing", "cleaned": "failed,close>ended",
        ],
        "ended": [:],
    ]

    static func event(_ name: String) throws -> Machine.Event {
        try #require(events.first { $0.name == name }).event
    }

    static func machine(_ way: [String], isLookOnly: Bool = false) throws -> Machine {
        var machine = Machine(isLookOnly: isLookOnly)
        for name in way { _ = machine.handle(try event(name)) }
        return machine
    }

    static func name(_ state: Machine.State) -> String {
        switch state {
        case .idle: "idle"
        case .preparing: "preparing"
        case .inspecting: "inspecting"
        case .encoding: "encoding"
        case .verifying: "verifying"
        case .sealing: "sealing"
        case .awaitingGrant: "awaiting"
        case .publishing: "publishing"
        case .stopping: "stopping"
        case .failing: "failing"
        case .ended: "ended"
        }
    }

    static func name(_ action: Machine.Action) -> String {
        switch action {
        case .report(let content):
            switch content {
            case .started: "started"
            case .ready: "ready"
            case .finished: "finished"
            case .failed: "failed"
            case .released: "released"
            }
        case .stopEncoder: "stopEncoder"
        case .prepare, .inspect, .encode, .verify, .seal, .publish, .clean, .close:
            "\(action)"
        }
    }

    @Test(arguments: ways.map(\.name))
    func doesWhatTheTableSays(_ place: String) throws {
        let way = try #require(Self.ways.first { $0.name == place })
        let row = try #require(Self.table[place])
        for (name, event) in Self.events {
            var machine = try Self.machine(way.events)
            let before = Self.name(machine.state)
            let actions = machine.handle(event).map(Self.name).joined(separator: ",")
            let expected = row[name] ?? ">\(before)"
            #expect("\(actions)>\(Self.name(machine.state))" == expected, "\(place), \(name)")
        }
    }

    @Test func tellsTheWholeStory() throws {
        // Goal: what is reported carries what was found on the way.
        var machine = try Self.machine(["begin", "clear", "inspected"])
        let start = ReportItem.Start(
            mediaDuration: .seconds(3),
            limit: .seconds(60),
            pid: 5
        )
        #expect(machine.handle(.encoderStarted(pid: 5)) == [.report(.started(start))])
        _ = machine.handle(.encoded)
        #expect(machine.isEncoded)
        _ = machine.handle(.verified)
        #expect(machine.handle(.sealed(Self.film)) == [.report(.ready(Self.film))])
        #expect(machine.phase == .encoded)
        _ = machine.handle(.granted)
        #expect(machine.phase == .granted)
        let done = machine.handle(.published)
        #expect(done == [.clean, .report(.finished(Self.film, ReportItem.Finish())), .close])
        #expect(machine.phase == .published)
    }

    @Test func takesOverTheFilmOfAnEarlierAttempt() throws {
        // Goal: the film that stands is reported whole, under the attempt that was granted.
        var machine = try Self.machine(["begin"], isLookOnly: true)
        let finish = ReportItem.Finish(adopted: AttemptNumber(1))
        let actions = machine.handle(.prepared(.earlierFilm(Self.earlier, Self.film)))
        #expect(actions == [.clean, .report(.finished(Self.film, finish)), .close])
    }

    @Test func encodesNothingWhereItMayOnlyLook() throws {
        // Goal: with the retries spent, no film is a failure of the platform.
        var machine = try Self.machine(["begin"], isLookOnly: true)
        #expect(machine.handle(.prepared(.clear)) == [.clean])
        let last = machine.handle(.cleaned)
        guard case .report(.failed(let failure)) = last.first else {
            Issue.record("\(last)")
            return
        }
        #expect(failure.failure == .platformError)
    }

    @Test func refusesAForeignFileAsTheUsersError() throws {
        // Goal: the class says that a retry would not help.
        var machine = try Self.machine(["begin", "foreign"])
        guard case .report(.failed(let failure)) = machine.handle(.cleaned).first else {
            Issue.record("no failure")
            return
        }
        #expect(failure.failure == .userError)
    }

    @Test(arguments: [
        (AttemptStop.revoked(), ReleaseReason.revoked), (.draining, .draining),
        (.leaseLost, .leaseLost),
    ])
    func saysWhyItLetGo(_ stop: AttemptStop, _ reason: ReleaseReason) throws {
        // Goal: each reason to stop has its word.
        var machine = try Self.machine(["begin"])
        _ = machine.handle(.stop(stop))
        _ = machine.handle(.prepared(.clear))
        #expect(machine.handle(.cleaned) == [.report(.released(reason, error: nil)), .close])
    }

    @Test func saysNothingOnceForgotten() throws {
        // Goal: a verdict outranks a revoke that came before, and no report leaves.
        var machine = try Self.machine(["begin", "clear", "inspected", "started", "stop"])
        #expect(machine.handle(.stop(.forgotten)).isEmpty)
        #expect(machine.handle(.failed(Self.failure)) == [.clean])
        #expect(machine.handle(.cleaned) == [.close])
    }

    @Test func stopsAnEncoderThatStartsAfterTheStop() throws {
        // Goal: a stop between the order to encode and the encoder's birth is not lost.
        var machine = try Self.machine(["begin", "clear", "inspected", "stop"])
        #expect(
            machine.handle(.encoderStarted(pid: 5)) == [.stopEncoder(grace: Limits.terminateGrace)]
        )
        #expect(machine.handle(.failed(Self.failure)) == [.clean])
    }

    @Test(arguments: [
        // The first grace, the second, what the second makes of it, and what is told at the end.
        (Duration.milliseconds(500), Duration.zero, [Duration.zero]),
        (.seconds(30), .seconds(2), [.seconds(2)]), (.seconds(2), .seconds(30), []),
        (.zero, .zero, []),
    ])
    func aLaterStopCanOnlyShortenTheGrace(
        _ first: Duration,
        _ second: Duration,
        _ again: [Duration]
    ) throws {
        var machine = try Self.machine(["begin", "clear", "inspected", "started"])
        #expect(machine.handle(.stop(.revoked(grace: first))) == [.stopEncoder(grace: first)])
        let actions = machine.handle(.stop(.revoked(grace: second)))
        #expect(actions == again.map { .stopEncoder(grace: $0) })
        #expect(machine.handle(.encoded) == [.clean])
        #expect(machine.handle(.cleaned) == [.report(.released(.revoked, error: nil)), .close])
    }
}
