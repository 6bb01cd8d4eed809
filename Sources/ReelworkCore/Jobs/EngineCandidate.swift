// SPDX-License-Identifier: Apache-2.0
// Reelwork: an engine that could run a job

/// An engine that could run a job, with what the job needs of it and of the worker.
public struct EngineCandidate: Hashable, Sendable {
    /// The engine's name; never `auto`.
    public var engine: String
    /// Encoders that the worker must have proved for this engine.
    public var encoders: [String]
    /// What the encode takes up for certain, such as one `gpu_session`.
    ///
    /// A worker without so much left does not get the job. The slot, which every job takes, comes
    /// beside it.
    public var needs: [ResourceAmount]
    /// What it takes up by a guess: processors, memory, room for the film.
    ///
    /// It counts only against what the worker's capacity was declared to be, see
    /// ``WorkerRegistration/declared``, and makes a job wait at most. Few different amounts, as
    /// ``ResourceAmount/rounded`` gives them, let jobs wait in few lines.
    public var estimates: [ResourceAmount]

    /// Makes a candidate.
    public init(
        engine: String,
        encoders: [String],
        needs: [ResourceAmount] = [],
        estimates: [ResourceAmount] = []
    ) {
        self.engine = engine
        self.encoders = encoders
        self.needs = needs
        self.estimates = estimates
    }

    /// Whether a worker with these engines has proved that it can.
    ///
    /// An engine with a problem or without a needed encoder does not fit.
    public func isProved(by engines: [EngineReport]) -> Bool {
        engines.contains { report in
            report.name == engine && report.problem == nil
                && encoders.allSatisfy { report.encoders.contains($0) }
        }
    }
}
