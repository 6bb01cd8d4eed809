// SPDX-License-Identifier: Apache-2.0
// Reelwork: a name and a value of a worker

/// A name and a value that a worker carries and that a job may require or prefer.
public struct Label: Hashable, Sendable {
    /// The name, such as `zone`.
    public var name: String
    /// The value, such as `eu`; together at most ``Limits/labelBytesMax`` bytes.
    public var value: String

    /// Makes a label.
    public init(name: String, value: String) {
        self.name = name
        self.value = value
    }
}
