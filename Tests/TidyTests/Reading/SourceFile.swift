// SPDX-License-Identifier: Apache-2.0
// Reelwork: one file of the tree, read once for all rules.

/// One file of the tree.
struct SourceFile {
    /// From the root of the tree, with `/` between the parts.
    let path: String
    let text: String
    let lines: [Substring]
    /// Empty for what is not Swift.
    let tokens: [Token]

    init(_ path: String, _ text: String) {
        self.path = path
        self.text = text
        lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        tokens = path.hasSuffix(".swift") ? SwiftLexer.tokens(of: text) : []
    }

    var isSwift: Bool { path.hasSuffix(".swift") }
    var isC: Bool { path.hasSuffix(".c") || path.hasSuffix(".h") }

    /// Lines as an editor counts them: the newline at the end opens no further one.
    var lineCount: Int { text.hasSuffix("\n") ? lines.count - 1 : lines.count }

    /// `Jobs/JobMachine+Steps.swift` gives `JobMachine+Steps`.
    var stem: String {
        let name = path.split(separator: "/").last ?? ""
        guard let dot = name.lastIndex(of: ".") else { return String(name) }
        return String(name[..<dot])
    }

    /// `Sources/ReelworkCore/Jobs/JobID.swift` gives `Sources/ReelworkCore`.
    var targetFolder: String {
        path.split(separator: "/").prefix(2).joined(separator: "/")
    }

    func lies(in folder: String) -> Bool { path.hasPrefix(folder + "/") }
}
