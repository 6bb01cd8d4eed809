// SPDX-License-Identifier: Apache-2.0
// Reelwork: why a scheduler cannot run

package import ReelworkCore
package import ReelworkRPC

/// Why a scheduler cannot run.
package enum DaemonError: Error, Sendable {
    /// The store cannot be used.
    case store(StoreError)
    /// A socket cannot be listened on.
    case socket(RPCError)
    /// The system has no threads or descriptors left.
    case resources(String)
    /// What was asked for makes no sense.
    case configuration(String)

    /// What happened and what to do, for people.
    package var explanation: String {
        switch self {
        case .store(let error): error.explanation
        case .socket(let error): error.description
        case .resources(let text): "\(text); raise the limits of this user (ulimit -n, -u)"
        case .configuration(let text): text
        }
    }
}
