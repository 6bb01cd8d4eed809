// SPDX-License-Identifier: Apache-2.0
// Reelwork: tests of what a worker says without its scheduler

import Foundation
import ReelworkCore
import Testing

@testable import ReelworkWorker

// Goal: a worker says what is wrong, where and what to do, and each of it once. Method: the words
// of every way to be without a scheduler.
struct AgentLossTests {
    static let endpoint = "unix:/run/reelwork.sock"

    @Test(
        arguments: [
            (
                AgentLoss.notReached,
                AgentTransportError(
                    detail: "no scheduler answers on unix:/run/reelwork.sock; run it"
                ),
                "Not connected: no scheduler answers on unix:/run/reelwork.sock; run it"
            ),
            (
                .notReached, AgentTransportError(detail: "no handshake"),
                "Not connected to unix:/run/reelwork.sock: no handshake"
            ),
            (
                .refused,
                AgentTransportError(
                    code: .known(.sessionSuperseded),
                    detail: "process 7 on host9 is connected with it; stop that one"
                ),
                "The name \"w1\" is taken at unix:/run/reelwork.sock: process 7 on host9 is "
                    + "connected with it; stop that one (SESSION_SUPERSEDED)"
            ),
            (
                .refused, AgentTransportError(code: .known(.denied), detail: "not you"),
                "The scheduler at unix:/run/reelwork.sock does not take this worker: "
                    + "not you (DENIED)"
            ),
            (
                .broken, AgentTransportError(detail: "it is gone"),
                "Lost the scheduler at unix:/run/reelwork.sock: it is gone"
            ),
            (.broken, nil, "Lost the scheduler at unix:/run/reelwork.sock"),
            (.silent, nil, "The scheduler at unix:/run/reelwork.sock does not answer"),
        ] as [(AgentLoss, AgentTransportError?, String)]
    )
    func saysItOnce(_ how: AgentLoss, _ error: AgentTransportError?, _ wanted: String) {
        let words = how.words("w1", Self.endpoint, error)
        #expect(words == wanted)
        #expect(words.components(separatedBy: Self.endpoint).count == 2)
    }
}
