// SPDX-License-Identifier: Apache-2.0
// Reelwork: a row of the predecessor's table nodes

/// A row of the predecessor's table `nodes`.
///
/// None becomes a worker: nothing in it was ever proved.
package struct PredecessorNode: Hashable, Sendable {
    /// Its id.
    package var id: String
    /// Its name; empty where it has none.
    package var name: String
    /// Its address.
    package var address: String
    /// Its last known status.
    package var status: String

    /// Makes a row.
    package init(id: String, name: String = "", address: String = "", status: String = "") {
        self.id = id
        self.name = name
        self.address = address
        self.status = status
    }
}
