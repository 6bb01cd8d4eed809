// SPDX-License-Identifier: Apache-2.0
// Reelwork: client and server over real sockets.

import Glibc
import ReelworkCore
import ReelworkRPC
import ReelworkWire
import Testing

// Goal: what two peers agree on and ask each other works over Unix and TCP. Method: a real server
// in a temporary folder, the real client, a delegate that answers.
@Suite(.timeLimit(.minutes(1)))
struct RPCConnectionTests {
    @Test(arguments: [true, false])
    func helloAgreesAndCallsAreAnswered(isUnix: Bool) async throws {
        try await Served.run { served in
            let connection = try await served.connect(to: isUnix ? served.unix : served.tcp)
            #expect(connection.terms.cluster == JobID(high: 7, low: 9))
            #expect(connection.terms.epoch == 3)
            #expect(connection.terms.agent == "test server")
            #expect(connection.terms.isCompressed)
            let answer = try await connection.call(
                GetJob.self,
                .init(ref: .number(JobNumber(12)), detail: .short)
            )
            #expect(answer.job.number == JobNumber(12))
            await connection.close()
            let isFarewell = await served.peer.wait {
                if case .closed(_, let isFarewell) = $0 { isFarewell } else { nil }
            }
            #expect(isFarewell == true)
            let peer = try #require(served.peer.peers.first)
            #expect(peer.isUnix == isUnix)
            #expect(peer.agent == "test client")
            #expect((peer.uid == geteuid()) == isUnix)
        }
    }

    @Test(arguments: [true, false])
    func aThousandPipelinedCallsAreAllAnswered(isCompressed: Bool) async throws {
        try await Served.run { served in
            var configuration = SessionConfiguration()
            configuration.isCompressionAllowed = isCompressed
            let connection = try await served.connect(.submitter, to: served.unix, configuration)
            #expect(connection.terms.isCompressed == isCompressed)
            let numbers = try await withThrowingTaskGroup(of: UInt64.self) { group in
                for number in 1...UInt64(1_000) {
                    group.addTask {
                        let ref = JobRef.number(JobNumber(number))
                        let answer = try await connection.call(
                            GetJob.self,
                            .init(ref: ref, detail: .short)
                        )
                        return answer.job.number.rawValue
                    }
                }
                return try await group.reduce(into: Set<UInt64>()) { $0.insert($1) }
            }
            #expect(numbers == Set(1...1_000))
            await connection.close()
        }
    }
}
