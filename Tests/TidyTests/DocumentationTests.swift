// SPDX-License-Identifier: Apache-2.0
// Reelwork: every declaration that others see is documented, tested on the sources.
import Testing

// Goal: whoever uses a room reads what it offers, not how it is built.
// Method: the rule first on planted text, then with each documentation comment taken away, then
// on every source.
struct DocumentationTests {
    private static let documented = """
        /// A.
        @frozen
        public struct A: Sendable {
            /// B.
            package private(set) var b: Int
            /// C.
            @available(*, deprecated, message: "no")
            public static func c(package: Int) {}
            /// D.
            package
                init() {}
            func e() {}
        }
        /// F.
        package enum F {
            /// G.
            case g
            /// H.
            indirect case h(F)
        }
        /// I.
        public protocol I {
            /// J.
            var j: Int { get }
            /// K.
            func k()
            /// L.
            init()
        }
        /// M.
        public final class M {
            /// N.
            public class func n() { switch package { case .a: b } }
        }
        """

    @Test func acceptsWhatIsDocumented() {
        #expect(DocumentationRule.breaches(in: SourceFile("A.swift", Self.documented)).isEmpty)
    }

    @Test(arguments: Array("ABCDFGHIJKLMN"))
    func findsWhatLostItsDocumentation(name: Character) {
        let text = Self.documented.split(separator: "\n").filter { !$0.hasSuffix("/// \(name).") }
        let file = SourceFile("A.swift", text.joined(separator: "\n"))
        #expect(DocumentationRule.breaches(in: file).count == 1)
    }

    @Test(arguments: ["package import A", "// public func a()", "let package = Package()"])
    func acceptsWhatDeclaresNothing(text: String) {
        #expect(DocumentationRule.breaches(in: SourceFile("A.swift", text)).isEmpty)
    }

    @Test func refusesAccessAtAnExtension() {
        let file = SourceFile("A.swift", "/// A.\npackage extension A { func b() {} }")
        #expect(DocumentationRule.breaches(in: file).count == 1)
    }

    @Test func everythingThatOthersSeeIsDocumented() {
        for file in SourceTree.sources where file.isSwift && !file.lies(in: "Tests/TidyTests") {
            expectNone(DocumentationRule.breaches(in: file))
        }
    }
}
