// SPDX-License-Identifier: Apache-2.0
// Reelwork: an engine that cannot do a job

/// An engine that cannot do a job, and why.
public struct EnginePassedOver: Hashable, Sendable {
    /// The engine's name.
    public var engine: String
    /// Why not.
    public var refusal: EngineRefusal

    /// Makes a note.
    public init(engine: String, refusal: EngineRefusal) {
        self.engine = engine
        self.refusal = refusal
    }
}
