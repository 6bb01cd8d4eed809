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

    private func move(_ sequence: UInt32, _ from: JobState, _ to: JobState) -> MoveRow {
        MoveRow(
            number: number,
            queue: .standard,
            sequence: sequence,
            step: JobStep(from: from, to: to),
            at: Timestamp(milliseconds: 1),
            reason: "test",
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
            case .probe: return []
            case .error, .request, .close, .reading: return ["?"]
            }
        }
    }

    private func isSnapshot(_ word: String?) -> Bool { word?.contains("snapshot") == true }

    @Test func movesThatCommitWhileTheSnapshotIsReadComeAfterItAndOnce() {
        let hub = WatchHub()
        var sent: [RPCDelivery] = []
        hub.begin(tag, queue: nil, isAll: false, isOpen: false)
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
        hub.begin(tag, queue: nil, isAll: false, isOpen: false)
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
        hub.begin(tag, queue: nil, isAll: false, isOpen: false)
        hub.end(tag)
        hub.follow(tag, [number])
        hub.publish([move(2, .queued, .assigned)]) { sent += $0 }
        hub.open(tag, [snapshot(after: 2)]) { sent += $0 }
        #expect(sent.isEmpty)
        // Nothing of it is left that a later watch of the same tag could meet.
        hub.begin(tag, queue: nil, isAll: false, isOpen: false)
        hub.open(tag, []) { sent += $0 }
        #expect(words(sent) == ["end"])
    }
}
