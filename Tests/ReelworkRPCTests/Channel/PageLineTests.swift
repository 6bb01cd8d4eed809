// SPDX-License-Identifier: Apache-2.0
// Reelwork: pages that wait for their turn.

import ReelworkCore
import ReelworkWire
import Testing

@testable import ReelworkRPC

// Goal: pages come in order, and what is a page is known. Method: a line of deliveries.
struct PageLineTests {
    private static let connection = RPCConnectionID(serial: 1, loop: 0)

    private func page(_ request: UInt32) -> RPCDelivery {
        .response(
            ListJobs.self,
            ListJobs.Response(jobs: [], cursor: nil),
            to: Self.connection,
            request: request
        )
    }

    private func first(_ line: inout PageLine) -> RPCDelivery? { line.popFirst() }

    @Test func theyComeInOrder() {
        var line = PageLine()
        for request in 0..<UInt32(10) { line.append(page(request)) }
        for request in 0..<UInt32(5) { #expect(request == self.request(first(&line))) }
        line.append(page(10))
        #expect(line.count == 6)
        for request in UInt32(5)...10 { #expect(request == self.request(first(&line))) }
        #expect(first(&line) == nil)
        #expect(line.count == 0)
    }

    private func request(_ delivery: RPCDelivery?) -> UInt32? {
        guard case .response(_, let request)? = delivery?.content else { return nil }
        return request
    }

    @Test func onlyAnswersThatComeInPagesArePages() {
        #expect(page(1).isPage)
        #expect(!RPCDelivery.probe(Self.connection).isPage)
        let other = RPCDelivery.response(
            GetJob.self,
            .init(job: jobView(.number(JobNumber(1)))),
            to: Self.connection,
            request: 1
        )
        #expect(!other.isPage)
    }
}
