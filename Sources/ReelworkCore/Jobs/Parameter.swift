// SPDX-License-Identifier: Apache-2.0
// Reelwork: one engine parameter of a job

/// One engine parameter of a job, as the submitter wrote it.
///
/// Engines parse the text into typed values and print them again; the text itself never reaches a
/// command line.
public struct Parameter: Hashable, Sendable {
    /// The parameter's name, such as `codec`.
    public var key: String
    /// Its value; at most ``Limits/parameterBytesMax`` bytes.
    public var value: String

    /// Makes a parameter.
    public init(key: String, value: String) {
        self.key = key
        self.value = value
    }
}
