// SPDX-License-Identifier: Apache-2.0
// Reelwork: what an adapter says of itself

/// What an adapter says of itself: for `engines list`, suggestions and documentation.
public struct EngineDescription: Hashable, Sendable {
    /// The name that a job asks for, such as `ffmpeg`: lower-case letters, digits, `-` and `_`.
    public var name: String
    /// The version of the adapter, raised with each change of what it does.
    public var adapterVersion: UInt64
    /// A few words for people.
    public var title: String
    /// What it is better at than others; `auto` goes by it.
    public var strengths: Set<EngineStrength>
    /// The parameters that it knows, in the order in which they are shown.
    public var parameters: [ParameterDescription]
    /// The encoders that its probe tries.
    public var encoders: [String]

    /// Makes a description.
    public init(
        name: String,
        adapterVersion: UInt64,
        title: String,
        strengths: Set<EngineStrength> = [],
        parameters: [ParameterDescription],
        encoders: [String]
    ) {
        self.name = name
        self.adapterVersion = adapterVersion
        self.title = title
        self.strengths = strengths
        self.parameters = parameters
        self.encoders = encoders
    }

    /// Whether the name may be registered: it is printed in logs and typed on command lines.
    public var isNameValid: Bool {
        let bytes = Array(name.utf8)
        guard let first = bytes.first, bytes.count <= 64, name != "auto" else { return false }
        let letters = UInt8(ascii: "a")...UInt8(ascii: "z")
        let digits = UInt8(ascii: "0")...UInt8(ascii: "9")
        return letters.contains(first)
            && bytes.allSatisfy {
                letters.contains($0) || digits.contains($0) || $0 == UInt8(ascii: "-")
                    || $0 == UInt8(ascii: "_")
            }
    }
}
