// SPDX-License-Identifier: Apache-2.0
// Reelwork: what is wrong in a body, and where

/// What is wrong in a body: what was expected, what came, and where.
package struct WireFault: Hashable, Sendable {
    /// The body, such as `SUBMIT_BATCH.request`.
    package var message: String
    /// The field within it.
    package var field: String
    /// Where reading stopped, in bytes from the start of the body.
    package var offset: Int
    /// The index of the item concerned, from 0; nil where it is no item's.
    package var item: Int?
    /// What should have stood there.
    package var expected: String
    /// What stood there; never a secret's value.
    package var found: String

    /// Makes a description.
    package init(
        message: String,
        field: String,
        offset: Int,
        item: Int? = nil,
        expected: String,
        found: String
    ) {
        self.message = message
        self.field = field
        self.offset = offset
        self.item = item
        self.expected = expected
        self.found = found
    }

    /// The whole of it in one line, for people.
    package var explanation: String {
        let place = item.map { "item \($0), " } ?? ""
        return "\(message): \(place)\(field): expected \(expected), found \(found) (byte \(offset))"
    }
}
