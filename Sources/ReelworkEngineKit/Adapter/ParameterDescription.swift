// SPDX-License-Identifier: Apache-2.0
// Reelwork: one parameter that an engine knows

/// One parameter that an engine knows, as people read it.
public struct ParameterDescription: Hashable, Sendable {
    /// Its name, such as `crf`.
    public var name: String
    /// What its value is.
    public var kind: ParameterKind
    /// What holds where it is not given; nil for nothing.
    public var defaultText: String?
    /// What it does, in one sentence.
    public var summary: String

    /// Makes a description.
    public init(name: String, kind: ParameterKind, defaultText: String? = nil, summary: String) {
        self.name = name
        self.kind = kind
        self.defaultText = defaultText
        self.summary = summary
    }
}
