// SPDX-License-Identifier: Apache-2.0
// Reelwork: tests of the words of help

import Testing

@testable import reelwork

// Goal: paragraphs flow, examples stay as they are. Method: one text.
struct HelpTextTests {
    @Test func flowsParagraphsAndKeepsExamples() {
        let text = "One\ntwo.\n\nExample:\n  a b\n  c d\nand more"
        #expect(HelpText.flowing(text) == "One two.\n\nExample:\n  a b\n  c d\nand more")
    }
}
