// SPDX-License-Identifier: Apache-2.0
// Reelwork: `key=value` as people write it

import ReelworkCore

/// `key=value` as people write it.
enum PairText {
    /// Cuts at the first `=`.
    static func read(_ text: String, flag: String) throws(CommandFailure) -> (String, String) {
        guard let cut = text.firstIndex(of: "="), cut > text.startIndex else {
            throw .usage(
                "\(flag) \(ShownLine.cut(text, columns: 60)) is no pair",
                advice: "write \(flag) KEY=VALUE"
            )
        }
        return (String(text[..<cut]), String(text[text.index(after: cut)...]))
    }

    /// Reads labels.
    static func labels(_ texts: [String], flag: String) throws(CommandFailure) -> [Label] {
        var labels: [Label] = []
        for text in texts {
            let (name, value) = try read(text, flag: flag)
            labels.append(Label(name: name, value: value))
        }
        return labels
    }

    /// Reads parameters; one that is given twice is refused.
    static func parameters(_ texts: [String]) throws(CommandFailure) -> [Parameter] {
        var parameters: [Parameter] = []
        for text in texts {
            let (key, value) = try read(text, flag: "--set")
            guard !parameters.contains(where: { $0.key == key }) else {
                throw .usage("--set \(key) is given twice", advice: "leave one of them out")
            }
            guard value.utf8.count <= Limits.parameterBytesMax else {
                throw .usage(
                    "--set \(key) has \(value.utf8.count) bytes",
                    advice: "a parameter has at most \(Limits.parameterBytesMax)"
                )
            }
            parameters.append(Parameter(key: key, value: value))
        }
        return parameters
    }
}
