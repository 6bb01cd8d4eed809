// SPDX-License-Identifier: Apache-2.0
// Reelwork: what a peer may do

/// What a peer may do; unknown bits are ignored.
package struct Permissions: OptionSet, Hashable, Sendable {
    /// The bits as they travel.
    package let rawValue: UInt64

    /// Makes a set from its bits.
    package init(rawValue: UInt64) {
        self.rawValue = rawValue
    }

    /// Read jobs and workers.
    package static let read = Permissions(rawValue: 1)
    /// Submit, cancel and retry jobs.
    package static let submit = Permissions(rawValue: 2)
    /// Bump jobs, pause queues, drain workers.
    package static let operate = Permissions(rawValue: 4)
    /// Work.
    package static let work = Permissions(rawValue: 8)
    /// Everything on the admin socket.
    package static let admin = Permissions(rawValue: 16)

    /// Their names, for errors: `read, submit`; `nothing` for an empty set.
    package var names: String {
        let all: [(Permissions, String)] = [
            (.read, "read"), (.submit, "submit"), (.operate, "operate"), (.work, "work"),
            (.admin, "admin"),
        ]
        let held = all.filter { contains($0.0) }.map(\.1)
        return held.isEmpty ? "nothing" : held.joined(separator: ", ")
    }
}
