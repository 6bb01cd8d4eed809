// SPDX-License-Identifier: Apache-2.0
// Reelwork: the engines that are there

public import ReelworkCore

/// The engines that are there, registered while the program runs, and the choice among them.
public struct EngineRegistry: Sendable {
    /// What the choice needs of an adapter, asked once.
    private struct Entry: Sendable {
        var name: String
        var strengths: Set<EngineStrength>
        var adapter: any EngineAdapter
    }

    private var entries: [Entry] = []

    /// Makes an empty registry.
    public init() {}

    /// The adapters in the order of their registration.
    public var adapters: [any EngineAdapter] { entries.map(\.adapter) }

    /// The engines' names in the order of their registration.
    public var names: [String] { entries.map(\.name) }

    /// Adds an engine.
    ///
    /// - Throws: ``EngineRefusal`` where the name is taken, reserved or malformed.
    public mutating func register(_ adapter: any EngineAdapter) throws(EngineRefusal) {
        let about = adapter.about
        let name = about.name
        guard about.isNameValid else {
            throw EngineRefusal(
                kind: .invalidEngine,
                message: "an engine may not be named \(ShownText.quoted(name)); use 1 to 64 "
                    + "lower-case letters, digits, - and _, and not auto"
            )
        }
        guard !names.contains(name) else {
            throw EngineRefusal(
                kind: .invalidEngine,
                message: "there is already an engine \(name); name the new one otherwise"
            )
        }
        guard entries.count < Limits.enginesMax else {
            throw EngineRefusal(
                kind: .invalidEngine,
                message: "\(Limits.enginesMax) engines are registered and there may be no more"
            )
        }
        entries.append(Entry(name: name, strengths: about.strengths, adapter: adapter))
    }

    /// The adapter of an engine.
    ///
    /// - Throws: ``EngineRefusal`` that lists the known engines, the nearest first.
    public func adapter(named name: String) throws(EngineRefusal) -> any EngineAdapter {
        if let entry = entries.first(where: { $0.name == name }) { return entry.adapter }
        throw .unknownEngine(name, known: names)
    }

    /// Chooses the engines that could do a job.
    ///
    /// A job that names an engine gets that one. For `auto`, the engines that are strong in what
    /// the job needs come first, in the order of their registration, then the others.
    ///
    /// - Throws: ``EngineRefusal`` where none can.
    public func choose(_ job: JobSpec) throws(EngineRefusal) -> EngineChoice {
        guard job.engine == JobSpec.engineAuto else {
            let candidate = try Self.support(job, by: try adapter(named: job.engine))
            return EngineChoice(
                candidates: [candidate],
                reason: "the job names the engine \(candidate.engine)"
            )
        }
        let (need, why) = Self.need(of: job)
        let ordered =
            entries.filter { $0.strengths.contains(need) }
            + entries.filter { !$0.strengths.contains(need) }
        var candidates: [EngineCandidate] = []
        var passedOver: [EnginePassedOver] = []
        for entry in ordered {
            do {
                candidates.append(try Self.support(job, by: entry.adapter))
            } catch {
                passedOver.append(EnginePassedOver(engine: entry.name, refusal: error))
            }
        }
        guard let first = candidates.first else { throw Self.refusal(of: passedOver) }
        return EngineChoice(
            candidates: candidates,
            reason: Self.reason(first: first.engine, ordered: ordered, why: why, passedOver),
            passedOver: passedOver
        )
    }

    /// What a worker must have for a job: candidates, needs, encoders and labels.
    ///
    /// - Throws: ``EngineRefusal`` where no engine can do it.
    public func requirement(of job: JobSpec) throws(EngineRefusal) -> JobRequirement {
        let candidates = try choose(job).candidates.map { candidate in
            var encoders = candidate.encoders
            for encoder in job.encoders where !encoders.contains(encoder) {
                encoders.append(encoder)
            }
            return EngineCandidate(
                engine: candidate.engine,
                encoders: encoders,
                needs: candidate.needs,
                estimates: candidate.estimates
            )
        }
        return JobRequirement(
            candidates: candidates,
            needs: job.needs,
            require: job.require,
            prefer: job.prefer
        )
    }

    /// Whether an engine can do a job, also with the encoders that the submitter asks for: what its
    /// probe does not try, no worker can have proved.
    private static func support(
        _ job: JobSpec,
        by adapter: any EngineAdapter
    ) throws(EngineRefusal) -> EngineCandidate {
        let candidate = try adapter.support(job)
        let about = adapter.about
        for encoder in job.encoders where !about.encoders.contains(encoder) {
            let near = NearestName.suggestion(about.encoders, near: encoder)
            throw EngineRefusal(
                kind: .unsupported,
                message: "\(about.name) has no encoder \(ShownText.quoted(encoder)); "
                    + (near.map { "did you mean \($0)? " } ?? "")
                    + "known are " + about.encoders.joined(separator: ", ")
            )
        }
        return candidate
    }

    private static func need(of job: JobSpec) -> (EngineStrength, String) {
        if MediaLocation(job.output) == .stream { return (.live, "the output is a stream") }
        if job.queue == .live { return (.live, "the job is in the live queue") }
        return (.files, "the output is a file")
    }

    private static func reason(
        first: String,
        ordered: [Entry],
        why: String,
        _ passedOver: [EnginePassedOver]
    ) -> String {
        guard let preferred = ordered.first?.name, preferred != first else {
            return "auto: \(why), which \(first) is preferred for"
        }
        let reasons = passedOver.prefix { $0.engine != first }
            .map { "\($0.engine) cannot: \($0.refusal.message)" }
        return "auto: \(why); \(first) because " + reasons.joined(separator: "; ")
    }

    /// One refusal for all: the first engine's, with what the others said besides.
    ///
    /// A parameter that none knows, or a value that none takes, is the same mistake for all.
    private static func refusal(of passedOver: [EnginePassedOver]) -> EngineRefusal {
        guard let first = passedOver.first else {
            return EngineRefusal(
                kind: .unknownEngine,
                message: "no engine is registered; start with at least one"
            )
        }
        var messages = [first.refusal.message]
        for other in passedOver.dropFirst() {
            let isSame =
                messages.contains(other.refusal.message)
                || Self.isMistake(first.refusal.kind) && first.refusal.kind == other.refusal.kind
                    && first.refusal.parameter == other.refusal.parameter
            if isSame { continue }
            messages.append("\(other.engine): \(other.refusal.message)")
        }
        return EngineRefusal(
            kind: first.refusal.kind,
            parameter: first.refusal.parameter,
            message: messages.joined(separator: "; ")
        )
    }

    /// Whether it is the text itself that is wrong, whatever an engine can do.
    private static func isMistake(_ kind: EngineRefusal.Kind) -> Bool {
        switch kind {
        case .unknownEngine, .unknownParameter, .invalidParameter: true
        case .conflict, .invalidLocation, .unsupported, .invalidEngine: false
        }
    }
}
