// SPDX-License-Identifier: Apache-2.0
// Reelwork: what the predecessor's job asked for

import ReelworkCore

extension ImportDraft {
    /// Parameters that are no engine's: where the film comes from and goes, and how it travelled.
    private static let inputNames = ["input", "input_file", "input_path", "input_url"]
    private static let outputNames = ["output", "output_file", "output_path", "output_url"]
    private static let streamModes: Set<String> = ["rtmp", "stream"]
    private static let secretNames: Set<String> = ["stream_key"]

    mutating func readSpec() {
        queue = word("queue", source.queue, default: .standard, named: "default") {
            JobQueue(name: $0)
        }
        priority = word("priority", source.priority, default: .medium, named: "medium") {
            JobPriority(name: $0 == "normal" ? "medium" : $0)
        }
        let engine = ImportText.filled(source.engine) ?? JobSpec.engineAuto
        var members = members()
        let (input, output) = places(&members)
        spec = JobSpec(
            engine: cut("engine", engine, bytes: Limits.credentialNameBytesMax),
            queue: queue,
            priority: priority,
            input: input ?? ImportDraft.placeUnknown,
            output: output ?? ImportDraft.placeUnknown,
            parameters: parameters(members.filter { !Self.secretNames.contains($0.key) }),
            retries: UInt64(retriesMax),
            // The predecessor always overwrote, and a run that was cut off has left a part.
            overwrite: true,
            secrets: parameters(members.filter { Self.secretNames.contains($0.key) })
        )
        bytes = mapping.rules.encode(spec)
        if mapping.rules.decode(bytes) == nil {
            spec.parameters = []
            spec.secrets = []
            bytes = mapping.rules.encode(spec)
            note(.textCut, "its parameters cannot be kept; left out")
            problem = "its parameters cannot be kept"
        }
        for (role, place) in [("input", input), ("output", output)] where place == nil {
            if problem == nil { problem = "its \(role) is not known" }
            note(.placeUnknown, "its \(role) is not known; shown as \(ImportDraft.placeUnknown)")
        }
    }

    /// The members of `parameters`, as text.
    private mutating func members() -> [String: String] {
        guard let text = ImportText.filled(source.parameters) else { return [:] }
        switch ImportJSON.read(text) {
        case .object(let members)?:
            // Nothing, an empty text and a duration of 0 meant what no parameter means.
            return members.compactMapValues(\.parameterText)
                .filter { !($0.key == "duration" && Double($0.value) == 0) }
        case .null?: return [:]
        case .some, nil:
            note(.jsonUnreadable, "parameters is no JSON object; left out")
            problem = "its parameters cannot be read"
            return [:]
        }
    }

    /// Takes input and output out of the parameters.
    private mutating func places(
        _ members: inout [String: String]
    ) -> (input: String?, output: String?) {
        let mode = members.removeValue(forKey: "output_mode")?.lowercased() ?? ""
        let stream = members.removeValue(forKey: "rtmp_url")
        let input = first(Self.inputNames, &members)
        var output = first(Self.outputNames, &members)
        if Self.streamModes.contains(mode) {
            output = stream ?? "rtmp://" + Self.placeUnknown
        } else {
            for name in Self.secretNames { members[name] = nil }
        }
        return (place("input", input), place("output", output ?? stream))
    }

    private func first(_ names: [String], _ members: inout [String: String]) -> String? {
        var found: String?
        for name in names {
            guard let value = members.removeValue(forKey: name) else { continue }
            found = found ?? value
        }
        return found
    }

    private mutating func place(_ role: String, _ text: String?) -> String? {
        guard let text else { return nil }
        guard text.utf8.count <= Limits.pathBytesMax else {
            note(.textCut, "its \(role) is longer than \(Limits.pathBytesMax) bytes; left out")
            return nil
        }
        return text
    }

    /// Parameters within the bounds of a spec, sorted by their names.
    private mutating func parameters(_ members: [String: String]) -> [Parameter] {
        var kept: [Parameter] = []
        var count = 0
        for (key, value) in members.sorted(by: { $0.key < $1.key }) {
            let size = key.utf8.count + value.utf8.count + 16
            guard !key.isEmpty, key.utf8.count <= Limits.labelBytesMax,
                value.utf8.count <= Limits.parameterBytesMax, kept.count < Limits.parametersMax,
                count + size <= Limits.specBytesMax / 2
            else {
                note(
                    .textCut,
                    "the parameter \(ImportText.quoted(key)) does not fit; left out"
                )
                problem = "a parameter of it does not fit"
                continue
            }
            count += size
            kept.append(Parameter(key: key, value: value))
        }
        return kept
    }

    /// A text cut to so many bytes, with a line where it was.
    mutating func cut(_ column: String, _ text: String, bytes: Int) -> String {
        let kept = ImportText.cut(text, bytes: bytes)
        if kept.utf8.count < text.utf8.count {
            note(.textCut, "\(column) was cut from \(text.utf8.count) to \(bytes) bytes")
        }
        return kept
    }
}
