// SPDX-License-Identifier: Apache-2.0
// Reelwork: whether a spec's values make sense

internal import ReelworkCore

extension JobSpec {
    /// Refuses what is well-formed and makes no sense; the error names the field.
    func check(_ reader: inout WireReader) {
        if engine.isEmpty { reader.refuse("engine", expected: "a name or auto", found: "none") }
        if input.isEmpty { reader.refuse("input", expected: "a path or URL", found: "none") }
        if output.isEmpty { reader.refuse("output", expected: "a path or URL", found: "none") }
        checkParameters(&reader)
        if let retries, retries > UInt64(Limits.retriesMax) {
            reader.refuse(
                "#1 retries",
                expected: "at most \(Limits.retriesMax)",
                found: "\(retries)"
            )
        }
        if let timeout, timeout > Limits.horizonMax {
            reader.refuse(
                "#2 timeout",
                expected: "at most \(Limits.horizonMax.wholeMilliseconds) ms",
                found: "\(timeout.wholeMilliseconds) ms"
            )
        }
        if needs.count > Limits.needsMax {
            reader.refuse(
                "#6 needs",
                expected: "at most \(Limits.needsMax)",
                found: "\(needs.count)"
            )
        }
        if let twice = JobSpec.firstTwice(needs.map(\.name)) {
            reader.refuse("#6 needs", expected: "each resource once", found: "\(twice) twice")
        }
        JobSpec.check(require, "#8 require", &reader)
        JobSpec.check(prefer, "#11 prefer", &reader)
    }

    private func checkParameters(_ reader: inout WireReader) {
        guard parameters.count > 1 else { return }
        for index in 1..<parameters.count {
            let before = parameters[index - 1].key
            let key = parameters[index].key
            guard before.utf8.lexicographicallyPrecedes(key.utf8) else {
                reader.refuse(
                    "parameters",
                    expected: "keys sorted by their bytes, none twice",
                    found: "\"\(key)\" after \"\(before)\""
                )
                return
            }
        }
    }

    static func check(
        _ labels: [Label],
        _ field: StaticString,
        _ reader: inout WireReader
    ) {
        for label in labels {
            let count = label.name.utf8.count + label.value.utf8.count
            if count > Limits.labelBytesMax {
                reader.refuse(
                    field,
                    expected: "labels of at most \(Limits.labelBytesMax) bytes",
                    found: "one of \(count)"
                )
            }
        }
        if let twice = firstTwice(labels.map(\.name)) {
            reader.refuse(field, expected: "each label once", found: "\(twice) twice")
        }
    }

    /// The first name that stands in a list twice; names are compared as bytes.
    static func firstTwice(_ names: [String]) -> String? {
        guard names.count > 1 else { return nil }
        var seen: Set<[UInt8]> = []
        return names.first { !seen.insert(Array($0.utf8)).inserted }
    }
}
