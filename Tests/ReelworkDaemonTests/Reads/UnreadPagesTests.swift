// SPDX-License-Identifier: Apache-2.0
// Reelwork: who asks for pages and reads none

import ReelworkCore
import ReelworkRPC
import ReelworkWire
import Testing

@testable import ReelworkDaemon

/// Goal: a peer that asks for many large answers and reads none costs the store one, and gets all
/// of them when it reads.
///
/// Security checklist 7 (slow peers).
///
/// Method: a real scheduler with jobs that fill frames; a raw socket that asks and reads later.
@Suite(.timeLimit(.minutes(1)))
struct UnreadPagesTests {
    private static let asked: UInt32 = 4
    /// Of these a frame of the usual size holds about fifty.
    private static let stored = LargeJobs.many(60, parameterBytes: 20 << 10)

    private func list() -> ListJobs.Request {
        ListJobs.Request(
            states: [],
            queue: nil,
            worker: "",
            limit: 4_096,
            cursor: nil,
            detail: .withParameters
        )
    }

    @Test func pagesAreReadWhenTheyAreWanted() async throws {
        var made: SickStore?
        let harness = try await DaemonHarness.start(stored: Self.stored) { store in
            let sick = SickStore(store)
            made = sick
            return sick
        }
        defer { harness.remove() }
        let store = try #require(made)
        let deaf = try RawPeer(harness.folder + "/reelwork.sock")
        try deaf.shakeHands()
        for index in 0..<Self.asked { try deaf.ask(ListJobs.self, list(), id: 2 * index + 1) }
        // What it has asked was heard before this is answered, and pages are read in turns.
        let good = try await harness.connect(.submitter)
        let rounds = 2
        for _ in 0..<rounds {
            let page = try await good.call(ListJobs.self, list())
            #expect(page.jobs.count > 40)
        }
        #expect(store.pages <= rounds + 1, "one page of the deaf peer, and no more")
        for index in 0..<Self.asked {
            let frame = try deaf.readFrame(.response)
            #expect(frame.header.requestID == 2 * index + 1)
            #expect(try ListJobs.Response.decode(frame.body.span.bytes).jobs.count > 40)
        }
        await harness.stop()
    }

    // Hostile review 3: the beginning of a watch of many large jobs is more than a slow reader may
    // leave lying; it neither costs the connection nor is it cut.
    @Test func aWatchOfManyLargeJobsBeginsAsFastAsItIsRead() async throws {
        let folder = "/" + String(repeating: "f", count: 4_000) + "/"
        let harness = try await DaemonHarness.start()
        defer { harness.remove() }
        let submitter = try await harness.connect(.submitter)
        var numbers: [JobNumber] = []
        for part in 0..<10 {
            let items = (0..<100).map { index in
                let name = folder + "\(part)-\(index)"
                let spec = JobSpec(engine: "ffmpeg", input: name + ".mov", output: name + ".mp4")
                return SubmitItem(key: "\(part)-\(index)", spec: spec.encoded)
            }
            numbers += try await submitter.submit(items).map(\.number)
        }
        let watcher = try RawPeer(harness.folder + "/reelwork.sock")
        try watcher.shakeHands()
        let refs = numbers.map { JobRef.number($0) }
        try watcher.ask(Watch.self, Watch.Request(refs: refs), id: 1)
        let canceled = try await submitter.call(CancelJob.self, .init(refs: refs, reason: "test"))
        #expect(canceled.results.allSatisfy { $0.code == .known(.ok) })
        var shown: Set<JobNumber> = []
        var ended: Set<JobNumber> = []
        while true {
            let frame = try #require(try watcher.readFrame())
            guard frame.header.kind == .event else {
                #expect(frame.header.kind == .response)
                break
            }
            for news in try Watch.Event.decode(frame.body.span.bytes).events {
                if let view = news.view {
                    shown.insert(news.number)
                    if view.state == .known(.canceled) { ended.insert(news.number) }
                }
                if news.move?.to == .known(.canceled) { ended.insert(news.number) }
            }
        }
        #expect(shown.count == 1_000)
        #expect(ended.count == 1_000)
        await harness.stop()
    }
}
