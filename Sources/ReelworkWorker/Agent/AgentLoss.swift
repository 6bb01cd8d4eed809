// SPDX-License-Identifier: Apache-2.0
// Reelwork: how a worker is without its scheduler

import ReelworkCore
import ReelworkEngineKit

/// How a worker came to be without its scheduler.
enum AgentLoss: CaseIterable, Hashable, Sendable {
    /// No connection came to be.
    case notReached
    /// The scheduler does not take this worker.
    case refused
    /// The connection ended.
    case broken
    /// The connection is open and nobody answers.
    case silent

    /// What is wrong and what to do, for people: the cause once, and the endpoint once.
    func words(_ name: String, _ endpoint: String, _ error: AgentTransportError?) -> String {
        let cause = error.map { ": \($0)" } ?? ""
        switch self {
        case .notReached:
            // Who could not connect has said where.
            let isSaid = error?.detail.contains(endpoint) == true
            return "Not connected\(isSaid ? "" : " to \(endpoint)")\(cause)"
        case .refused:
            if error?.code == .known(.sessionSuperseded) {
                return "The name \(ShownText.quoted(name)) is taken at \(endpoint)\(cause)"
            }
            return "The scheduler at \(endpoint) does not take this worker\(cause)"
        case .broken: return "Lost the scheduler at \(endpoint)\(cause)"
        case .silent: return "The scheduler at \(endpoint) does not answer\(cause)"
        }
    }
}
