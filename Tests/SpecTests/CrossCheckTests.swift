// SPDX-License-Identifier: Apache-2.0
// Reelwork: two implementations read what the other writes

import Foundation
import ReelworkCore
import ReelworkWire
import Testing

// Goal: this codec and the reference client, which was written from the pages alone, agree on every
// body. Method: random bodies of every kind from either side, read by the other, compared by their
// meaning, and written again to the same bytes. One process for each direction.
struct CrossCheckTests {
    static let count = 10_200
    private static let seed: UInt64 = 20_251
    /// Every seventh body's meaning is compared, for reading JSON takes long.
    ///
    /// There are 66 kinds, so each kind's is. All are written again.
    private static let stride = 7

    /// A body of every name, in turn.
    static func random(_ count: Int) -> [(name: String, message: any WireMessage)] {
        var random = RandomValues(state: seed)
        var bodies: [(name: String, message: any WireMessage)] = []
        while bodies.count < count {
            bodies += random.connection() + random.jobRequests() + random.jobChanges()
            bodies += random.jobAnswers() + random.sessions() + random.attempts()
            bodies += random.fleetRequests() + random.fleetAnswers()
        }
        return bodies
    }

    @Test func theReferenceReadsAllVectors() throws {
        let answer = try ReferenceClient.run(["decode-vectors"])
        let valid = Vector.all("valid").count
        let reject = Vector.all("reject").count
        #expect(answer.status == 0, "\(answer.errors)")
        #expect(answer.lines == ["\(valid) decoded, \(reject) rejected, 0 failed"])
    }

    @Test func bothSidesMakeEveryBody() throws {
        let names = Set(Bodies.all.keys)
        #expect(Set(CrossCheckTests.random(1).map(\.name)) == names)
        let answer = try ReferenceClient.run(["random", "--count", "\(names.count)"])
        #expect(Set(answer.lines.map { String($0.prefix { $0 != " " }) }) == names)
    }

    @Test func thisSideReadsWhatTheReferenceWrites() throws {
        let answer = try ReferenceClient.run(
            ["random", "--seed", "\(CrossCheckTests.seed)", "--count", "\(CrossCheckTests.count)"]
        )
        #expect(answer.status == 0, "\(answer.errors)")
        #expect(answer.lines.count == CrossCheckTests.count)
        for (index, line) in answer.lines.enumerated() {
            let words = line.split(separator: " ", maxSplits: 2)
            let bytes = Vector.unhex(String(words[1]))
            let read = try #require(Bodies.all[String(words[0])], "no body \(words[0])")
            do throws(WireError) {
                let body = try read(bytes)
                if index % CrossCheckTests.stride == 0 {
                    CrossCheckTests.compare(body.value, words[2], line)
                }
                if body.again != bytes { Issue.record("written differently: \(line)") }
            } catch {
                Issue.record("\(error.explanation): \(line)")
            }
        }
    }

    @Test func theReferenceReadsWhatThisSideWrites() throws {
        let bodies = CrossCheckTests.random(CrossCheckTests.count)
        let lines = bodies.map { name, message in
            let text = message.encoded.scalar.text ?? ""
            return "\(name) \(text.isEmpty ? "-" : text)"
        }
        let answer = try ReferenceClient.run(["check"], input: lines.joined(separator: "\n") + "\n")
        #expect(answer.status == 0, "\(answer.errors)")
        #expect(bodies.count >= 10_000 && answer.lines.count == bodies.count)
        for (index, (body, line)) in zip(bodies, answer.lines).enumerated() {
            #expect(!line.hasPrefix(#"{"detail":"#) || !line.contains(#""rule":"#), "\(line)")
            if index % CrossCheckTests.stride == 0 {
                CrossCheckTests.compare(body.message, line, "\(body.name): \(line)")
            }
        }
    }

    /// Compares a value with the meaning that the other side gave it.
    private static func compare(
        _ value: any WireMessage,
        _ meaning: Substring,
        _ line: some StringProtocol
    ) {
        guard let wanted = try? JSONDecoder().decode(JSONValue.self, from: Data(meaning.utf8))
        else {
            Issue.record("no JSON: \(line)")
            return
        }
        if let difference = Meaning.difference(value, wanted) {
            Issue.record("\(difference): \(line)")
        }
    }
}
