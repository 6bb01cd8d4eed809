// SPDX-License-Identifier: Apache-2.0
// Reelwork: the order of what watchers are sent

import ReelworkCore
import ReelworkRPC
import ReelworkScheduling
import ReelworkWire
import Testing

@testable import ReelworkDaemon

/// Goal: what a watch begins with comes before every later move and after none, and no move comes
/// twice or is missing, whatever is committed while it is read.
///
/// Method: the hub alone; the test is the store, the pipeline and the connection.
struct WatchHubTests {
    private let tag = RequestTag(connection: 1, request: 1, method: .watch)
    private let number = JobNumber(7)

    private func move(
        _ sequence: UInt32,
        _ from: JobState,
        _ to: JobState,
        of job: JobNumber? = nil,
        reason: String = "test"
    ) -> MoveRow {
        MoveRow(
            number: job ?? number,
            queue: .standard,
            sequence: sequence,
            step: JobStep(from: from, to: to),
            at: Timestamp(milliseconds: 1),
            reason: reason,
            attempt: AttemptNumber(1),
            actor: "test"
        )
    }

    private func snapshot(after sequence: UInt64, isOver: Bool = false) -> WatchStart {
        WatchStart(
            number: number,
            news: [JobNews(number: number, kind: .known(.snapshot))],
            sequence: sequence,
            isOver: isOver
        )
    }

    /// What was sent, in words: `snapshot`, the seq of a move, or `end`.
    private func words(_ deliveries: [RPCDelivery]) -> [String] {
        deliveries.flatMap { delivery -> [String] in
            switch delivery.content {
            case .event(let body, _, _):
                guard let event = body.message as? Watch.Event else { return ["?"] }
                return event.events.map { news in
                    news.move.map { "\($0.sequence)" } ?? "\(news.kind)"
                }
            case .response: return ["end"]
            case .probe, .ticket: return []
            case .error(let error, _, _): return ["\(error.code)"]
            case .request, .close, .reading: return ["?"]
            }
        }
    }

    private func isSnapshot(_ word: String?) -> Bool { word?.contains("snapshot") == true }

    @Test func movesThatCommitWhileTheSnapshotIsReadComeAfterItAndOnce() {
        let hub = WatchHub()
        var sent: [RPCDelivery] = []
        _ = hub.begin(tag, queue: nil, isAll: false, isOpen: false)
        hub.follow(tag, [number])
        // The snapshot will have the second move already, and lack the third.
        hub.publish([move(2, .queued, .assigned)]) { sent += $0 }
        hub.publish([move(3, .assigned, .running)]) { sent += $0 }
        #expect(sent.isEmpty, "nothing overtakes the snapshot")
        hub.open(tag, [snapshot(after: 2)]) { sent += $0 }
        #expect(isSnapshot(words(sent).first))
        #expect(Array(words(sent).dropFirst()) == ["3"])
        hub.publish([move(4, .running, .completed)]) { sent += $0 }
        #expect(Array(words(sent).dropFirst()) == ["3", "4", "end"])
        hub.publish([move(5, .running, .completed)]) { sent += $0 }
        #expect(words(sent).count == 4, "it has ended")
    }

    @Test func aMoveThatWasReadBeforeItWasPublishedIsNotSentAgain() {
        let hub = WatchHub()
        var sent: [RPCDelivery] = []
        _ = hub.begin(tag, queue: nil, isAll: false, isOpen: false)
        hub.follow(tag, [number])
        hub.open(tag, [snapshot(after: 3)]) { sent += $0 }
        hub.publish([move(2, .queued, .assigned), move(3, .assigned, .running)]) { sent += $0 }
        #expect(words(sent).count == 1)
        hub.publish([move(4, .running, .completed)]) { sent += $0 }
        #expect(Array(words(sent).dropFirst()) == ["4", "end"])
    }

    @Test func aWatchThatEndsBeforeItHasBegunSendsNothing() {
        let hub = WatchHub()
        var sent: [RPCDelivery] = []
        _ = hub.begin(tag, queue: nil, isAll: false, isOpen: false)
        hub.end(tag)
        hub.follow(tag, [number])
        hub.publish([move(2, .queued, .assigned)]) { sent += $0 }
        hub.open(tag, [snapshot(after: 2)]) { sent += $0 }
        #expect(sent.isEmpty)
        // Nothing of it is left that a later watch of the same tag could meet.
        _ = hub.begin(tag, queue: nil, isAll: false, isOpen: false)
        hub.open(tag, []) { sent += $0 }
        #expect(words(sent) == ["end"])
    }

    // Nothing that waits for the store may grow with what is committed meanwhile.
    @Test func whatComesBeforeTheSnapshotIsMergedAndNothingOfTheEndIsLost() {
        let hub = WatchHub()
        var sent: [RPCDelivery] = []
        _ = hub.begin(tag, queue: nil, isAll: false, isOpen: false)
        hub.follow(tag, [number])
        for sequence: UInt32 in 2...20_000 {
            hub.publish([move(sequence, .queued, .assigned)]) { sent += $0 }
        }
        #expect(hub.bytesWaiting < 2 * Limits.outboundBytesSoft)
        hub.publish([move(20_001, .running, .completed)]) { sent += $0 }
        #expect(sent.isEmpty)
        hub.open(tag, [snapshot(after: 2)]) { sent += $0 }
        let told = words(sent)
        #expect(isSnapshot(told.first))
        #expect(told.dropFirst().first?.contains("gap") == true, "moves were left out")
        #expect(told.suffix(2) == ["20001", "end"])
        #expect(hub.bytesWaiting == 0)
    }

    @Test func whatWasLeftOutAndTheSnapshotHasIsNoGap() {
        let hub = WatchHub()
        var sent: [RPCDelivery] = []
        _ = hub.begin(tag, queue: nil, isAll: false, isOpen: false)
        hub.follow(tag, [number])
        let long = String(repeating: "r", count: Limits.outboundBytesSoft / 2)
        hub.publish([
            move(2, .queued, .assigned, reason: long), move(3, .assigned, .running, reason: long),
        ]) { sent += $0 }
        hub.publish([move(4, .running, .completed)]) { sent += $0 }
        hub.open(tag, [snapshot(after: 3)]) { sent += $0 }
        #expect(Array(words(sent).dropFirst()) == ["4", "end"])
    }

    // Hostile review 3: what a watch begins with comes in parts; moves wait until the last of it is
    // sent, and then go as far as the connection takes them.
    @Test func whatComesBeforeTheLastPartWaitsForItAndForTheConnection() {
        let hub = WatchHub()
        var sent: [RPCDelivery] = []
        let second = JobNumber(8)
        _ = hub.begin(tag, queue: nil, isAll: false, isOpen: false)
        hub.follow(tag, [number, second])
        #expect(hub.open(tag, [snapshot(after: 1)], isWhole: false) { sent += $0 })
        #expect(words(sent).count == 1)
        hub.publish([move(2, .queued, .assigned)]) { sent += $0 }
        #expect(words(sent).count == 1, "the opening is not whole")
        hub.publish([move(2, .queued, .assigned, of: second)]) { sent += $0 }
        let before = WatchStart(
            number: second,
            news: [JobNews(number: second, kind: .known(.snapshot))],
            sequence: 1,
            isOver: false
        )
        #expect(hub.open(tag, [before]) { sent += $0 })
        #expect(words(sent).count == 4)
        #expect(isSnapshot(words(sent).dropFirst().first))
        #expect(words(sent).suffix(2) == ["2", "2"])
        hub.end(tag)
        #expect(!hub.open(tag, []) { sent += $0 }, "it has ended")
    }

    // Hostile review 3: what was kept while the beginning was read is no more than the connection
    // takes at once.
    @Test func whatWasKeptMeanwhileIsSentAsFarAsTheConnectionTakesIt() {
        let hub = WatchHub()
        var sent: [RPCDelivery] = []
        _ = hub.begin(tag, queue: nil, isAll: true, isOpen: false)
        let reason = String(repeating: "r", count: 1_000)
        for job in 1...UInt64(2_000) {
            hub.publish([move(1, .queued, .assigned, of: JobNumber(job), reason: reason)]) {
                sent += $0
            }
        }
        #expect(sent.isEmpty)
        hub.open(tag, []) { sent += $0 }
        #expect(words(sent).count < 200, "a window of it")
        #expect(hub.bytesWaiting > 1 << 20)
        var rounds = 0
        while hub.bytesWaiting > 0, rounds < 100 {
            rounds += 1
            hub.roomy(tag.connection) { sent += $0 }
        }
        #expect(words(sent).count == 2_000)
    }

    // Method: watches of one connection that reads nothing, each with less than may wait for it
    // alone; another connection loses nothing by it.
    @Test func allWatchesOfAConnectionTogetherAreBounded() {
        let hub = WatchHub()
        var sent: [RPCDelivery] = []
        let tags = (1...8).map { RequestTag(connection: 1, request: $0, method: .watch) }
        let other = RequestTag(connection: 2, request: 1, method: .watch)
        for tag in tags + [other] {
            #expect(hub.begin(tag, queue: nil, isAll: true, isOpen: false))
        }
        let reason = String(repeating: "r", count: 1_000)
        var most = 0
        for job in 1...UInt64(2_000) {
            hub.publish([move(1, .queued, .assigned, of: JobNumber(job), reason: reason)]) {
                sent += $0
            }
            most = max(most, hub.bytesWaiting)
        }
        // Two connections, the second with one watch of about two megabytes.
        #expect(most < Limits.watchBytesMax + (3 << 20))
        let ended = Set(sent.map(\.connection.rawValue))
        #expect(ended == [1])
        #expect(Set(words(sent)) == ["\(OpenEnum<ResultCode>.known(.busy))"])
        #expect(sent.count < tags.count, "those that fit go on")
        sent = []
        hub.open(other, []) { sent += $0 }
        for _ in 0..<100 { hub.roomy(other.connection) { sent += $0 } }
        #expect(words(sent).count == 2_000)
    }

    @Test func aConnectionHasSoManyWatchesAndNoMore() {
        let hub = WatchHub()
        func begin(_ connection: UInt64, _ request: Int) -> Bool {
            let tag = RequestTag(
                connection: connection,
                request: UInt32(request),
                method: .watch
            )
            return hub.begin(tag, queue: nil, isAll: true, isOpen: true)
        }
        for request in 1...Limits.watchesMax { #expect(begin(1, request)) }
        #expect(!begin(1, 1_000))
        #expect(begin(2, 1))
        hub.end(RequestTag(connection: 1, request: 1, method: .watch))
        #expect(begin(1, 1_001))
    }
}
