// SPDX-License-Identifier: Apache-2.0
// Reelwork: every body there and back

import ReelworkCore
import ReelworkWire
import Testing

// Goal: every body comes back as it went, and no cut or longer one is read. Method: a sample of
// each, with and without tags.
struct RoundTripTests {
    static func read<Message: WireMessage>(
        _ type: Message.Type,
        _ bytes: [UInt8]
    ) throws(WireError) -> Message {
        try Message.decode(bytes.span.bytes)
    }

    static func expectRound<Message: WireMessage>(_ message: Message) {
        let bytes = message.encoded
        do throws(WireError) {
            let again = try read(Message.self, bytes)
            #expect(again == message)
            #expect(again.encoded == bytes)
        } catch {
            Issue.record("\(Message.wireName): \(error.explanation)")
        }
        for cut in 0..<bytes.count {
            let isRefused = (try? read(Message.self, Array(bytes[..<cut]))) == nil
            #expect(isRefused, "\(Message.wireName) cut at \(cut)")
        }
        let isLongerRefused = (try? read(Message.self, bytes + [0])) == nil
        #expect(isLongerRefused)
    }

    @Test(arguments: 0..<Samples.all.count)
    func everyBody(_ index: Int) {
        RoundTripTests.expectRound(Samples.all[index])
    }

    @Test func theWholeSpec() throws {
        let bytes = Samples.spec.encoded
        #expect(try JobSpec.decode(spec: bytes) == Samples.spec)
        #expect(JobSpec.carriesSecrets(bytes))
        for cut in 0..<bytes.count {
            let isRefused = (try? JobSpec.decode(spec: Array(bytes[..<cut]))) == nil
            #expect(isRefused)
        }
    }

    @Test func everyMethodHasItsBodies() {
        let calls: [any WireCall.Type] = [
            SubmitBatch.self, GetJob.self, ListJobs.self, Watch.self, CancelJob.self,
            RetryJob.self, History.self, JobLog.self, JobWhy.self, JobBump.self, QueueSet.self,
            Register.self, Heartbeat.self, Report.self, Inventory.self, LogRead.self,
            WorkersList.self, WorkerSet.self, Metrics.self, Recover.self, Loops.self, LoopSet.self,
            Check.self, Backup.self, Config.self, LogLevel.self,
        ]
        let events: [any WireEvent.Type] = [
            Watch.self, JobLog.self, Credit.self, Assign.self, Revoke.self, ProgressReport.self,
        ]
        let methods = Set(calls.map { $0.method } + events.map { $0.method })
        #expect(methods == Set(ReelworkCore.Method.allCases))
    }
}
