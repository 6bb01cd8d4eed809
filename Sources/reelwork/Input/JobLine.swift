// SPDX-License-Identifier: Apache-2.0
// Reelwork: a line of a file of jobs

import ReelworkCore
import ReelworkEngineKit

/// A line of a file of jobs: a JSON object, all of it optional but input and output.
struct JobLine {
    /// Why a line is no job.
    struct Problem: Error, Hashable, Sendable {
        var line: Int
        var message: String
    }

    /// What a line may say.
    static let names = [
        "engine", "input", "output", "key", "queue", "priority", "tenant", "parameters", "needs",
        "require", "prefer", "retries", "timeout", "not_before", "overwrite",
    ]

    private let line: Int
    private let members: [JSONValue.Member]

    /// Reads a line; what it does not say is taken from `defaults`.
    static func order(
        _ bytes: [UInt8],
        line: Int,
        defaults: JobSpec,
        folder: String,
        now: Timestamp
    ) throws(Problem) -> JobOrder {
        let value: JSONValue
        do {
            value = try JSONReader.value(bytes)
        } catch {
            throw Problem(line: line, message: "column \(error.column): \(error.message)")
        }
        guard case .object(let members) = value else {
            throw Problem(line: line, message: "expected an object: {\"input\": …, \"output\": …}")
        }
        return try JobLine(line: line, members: members).order(defaults, folder, now)
    }

    private func order(
        _ defaults: JobSpec,
        _ folder: String,
        _ now: Timestamp
    ) throws(Problem) -> JobOrder {
        for member in members where !JobLine.names.contains(member.name) {
            let near = NearestName.suggestion(JobLine.names, near: member.name)
            throw problem(
                "there is no \(ShownText.quoted(member.name)); "
                    + (near.map { "did you mean \($0)?" }
                        ?? "known are " + JobLine.names.joined(separator: ", "))
            )
        }
        var spec = defaults
        guard let input = try text("input"), !input.isEmpty else {
            throw problem("`input` is missing")
        }
        guard let output = try text("output"), !output.isEmpty else {
            throw problem("`output` is missing")
        }
        spec.input = JobOrder.absolute(input, in: folder)
        spec.output = JobOrder.absolute(output, in: folder)
        if let engine = try text("engine") { spec.engine = engine }
        if let tenant = try text("tenant") { spec.tenant = tenant }
        if let name = try text("queue") {
            guard let queue = JobQueue(name: name) else {
                let names = JobQueue.allCases.map(\.name)
                throw problem("queue: " + NamedValue.advice(names, near: name))
            }
            spec.queue = queue
        }
        if let name = try text("priority") {
            guard let priority = JobPriority(name: name) else {
                let names = JobPriority.allCases.map(\.name)
                throw problem("priority: " + NamedValue.advice(names, near: name))
            }
            spec.priority = priority
        }
        if let pairs = try pairs("parameters") {
            let own = pairs.map { Parameter(key: $0, value: $1) }
            let rest = spec.parameters.filter { old in !own.contains { $0.key == old.key } }
            spec.parameters = (own + rest).sorted { $0.key < $1.key }
        }
        if let amounts = try amounts("needs") { spec.needs = amounts }
        if let labels = try labels("require") { spec.require = labels }
        if let labels = try labels("prefer") { spec.prefer = labels }
        try readTimes(into: &spec, now)
        let key = try text("key")
        if let key, !(1...Limits.keyBytesMax).contains(key.utf8.count) {
            throw problem("key: expected 1 to \(Limits.keyBytesMax) bytes")
        }
        return JobOrder(spec: spec, key: key, line: line)
    }

    private func readTimes(into spec: inout JobSpec, _ now: Timestamp) throws(Problem) {
        switch self["retries"] {
        case nil, .null: break
        case .integer(let count) where (0...Int64(Limits.retriesMax)).contains(count):
            spec.retries = UInt64(count)
        case .some: throw problem("retries: expected a whole number from 0 to \(Limits.retriesMax)")
        }
        switch self["timeout"] {
        case nil, .null: break
        case .integer(let seconds) where (1...315_360_000).contains(seconds):
            spec.timeout = .seconds(seconds)
        case .number(let seconds) where seconds >= 0.001 && seconds <= 315_360_000:
            spec.timeout = .milliseconds(Int64(seconds * 1_000))
        case .string(let text):
            guard let duration = DurationText.read(text), duration > .zero else { fallthrough }
            spec.timeout = duration
        case .some: throw problem("timeout: expected seconds, or \(DurationText.form)")
        }
        if let text = try text("not_before") {
            guard let time = TimeText.read(text, now: now) else {
                throw problem("not_before: expected \(TimeText.form)")
            }
            spec.notBefore = time
        }
        switch self["overwrite"] {
        case nil, .null: break
        case .bool(let value): spec.overwrite = value
        case .some: throw problem("overwrite: expected true or false")
        }
    }

    private subscript(_ name: String) -> JSONValue? {
        members.first { $0.name == name }?.value
    }

    private func problem(_ message: String) -> Problem { Problem(line: line, message: message) }

    private func text(_ name: String) throws(Problem) -> String? {
        switch self[name] {
        case nil, .null: return nil
        case .string(let text): return text
        case .some: throw problem("\(name): expected a text in quotes")
        }
    }

    private func labels(_ name: String) throws(Problem) -> [Label]? {
        guard let pairs = try pairs(name) else { return nil }
        let labels = pairs.map { Label(name: $0, value: $1) }
        for label in labels {
            if let words = PairText.problem(label) { throw problem("\(name): \(words)") }
        }
        return labels
    }

    private func amounts(_ name: String) throws(Problem) -> [ResourceAmount]? {
        switch self[name] {
        case nil, .null: return nil
        case .object(let members):
            var amounts: [ResourceAmount] = []
            for member in members {
                guard case .integer(let amount) = member.value, amount >= 0 else {
                    throw problem("\(name).\(member.name): expected a whole number")
                }
                amounts.append(
                    ResourceAmount(name: member.name, amount: UInt64(amount))
                )
            }
            return amounts
        case .some: throw problem("\(name): expected an object such as {\"memory_mib\": 4096}")
        }
    }

    private func pairs(_ name: String) throws(Problem) -> [(String, String)]? {
        switch self[name] {
        case nil, .null: return nil
        case .object(let members):
            var pairs: [(String, String)] = []
            for member in members {
                switch member.value {
                case .string(let text): pairs.append((member.name, text))
                case .integer, .number, .bool: pairs.append((member.name, member.value.text))
                case .null, .array, .object:
                    throw problem("\(name).\(member.name): expected a text, number or boolean")
                }
            }
            return pairs
        case .some: throw problem("\(name): expected an object such as {\"codec\": \"h264\"}")
        }
    }
}
