// SPDX-License-Identifier: Apache-2.0
// Reelwork: an engine that could run a job

/// An engine that could run a job, with the encoders that the job needs of it.
public struct EngineCandidate: Hashable, Sendable {
    /// The engine's name; never `auto`.
    public var engine: String
    /// Encoders that the worker must have proved for this engine.
    public var encoders: [String]

    /// Makes a candidate.
    public init(engine: String, encoders: [String]) {
        self.engine = engine
        self.encoders = encoders
    }
}
