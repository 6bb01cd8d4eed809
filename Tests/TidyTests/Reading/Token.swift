// SPDX-License-Identifier: Apache-2.0
// Reelwork: one word of Swift source, as far as the house rules need to know it.

/// One token of a Swift source; comments other than documentation leave none.
struct Token: Equatable {
    /// What a token is.
    enum Kind {
        /// A keyword, a name (backticks kept) or a number.
        case word
        /// An operator, a bracket, a separator.
        case mark
        /// A string literal; its text is the content without interpolations.
        case text
        /// A block of `///` lines.
        case documentation
    }

    let kind: Kind
    let text: String
    /// Counted from 1.
    let line: Int
    /// Whether the token touches the one before it.
    let isJoined: Bool
    /// Whether the token is the first on its line.
    let isFirst: Bool

    func isWord(_ word: String) -> Bool { kind == .word && text == word }
    func isMark(_ mark: String) -> Bool { kind == .mark && text == mark }
}
