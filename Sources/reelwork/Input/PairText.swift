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
            let label = Label(name: name, value: value)
            if let problem = problem(label) {
                throw .usage("\(flag): \(problem)", advice: "shorten it")
            }
            labels.append(label)
        }
        return labels
    }

    /// Why nobody takes a label; nil where they do.
    ///
    /// It is not shown: it may be as long as it likes.
    static func problem(_ label: Label) -> String? {
        let bytes = label.name.utf8.count + label.value.utf8.count
        guard bytes > Limits.labelBytesMax else { return nil }
        return "a label has \(bytes) bytes; it may have \(Limits.labelBytesMax) with its value"
    }

    /// Reads amounts of resources; one that is given twice is refused.
    static func amounts(_ texts: [String], flag: String) throws(CommandFailure) -> [ResourceAmount]
    {
        var amounts: [ResourceAmount] = []
        for text in texts {
            let (name, value) = try read(text, flag: flag)
            guard let amount = CountText.whole(value) else {
                throw .usage(
                    "\(flag) \(ShownLine.cut(text, columns: 60)) has no whole number",
                    advice: "write \(flag) NAME=N, such as \(flag) memory_mib=4096"
                )
            }
            guard !amounts.contains(where: { $0.name == name }) else {
                throw .usage(
                    "\(flag) \(ShownLine.cut(name, columns: 60)) is given twice",
                    advice: "leave one of them out"
                )
            }
            amounts.append(ResourceAmount(name: name, amount: amount))
        }
        return amounts
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
