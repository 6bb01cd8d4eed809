// SPDX-License-Identifier: Apache-2.0
// Reelwork: what the holder of a credential may do.

package import ReelworkWire

/// What the holder of a certificate or token may do.
///
/// None of them may administer: that goes over the admin socket, where the kernel says who asks.
package enum CredentialRole: String, CaseIterable, Hashable, Sendable {
    /// Looks at jobs and workers.
    case reader
    /// Submits, cancels and looks.
    case submitter
    /// The same, and bumps jobs, pauses queues and drains workers.
    case `operator`
    /// Runs jobs under its own name.
    case worker

    /// Its permissions.
    package var permissions: Permissions {
        switch self {
        case .reader: [.read]
        case .submitter: [.read, .submit]
        case .operator: [.read, .submit, .operate]
        case .worker: [.work]
        }
    }
}
