// SPDX-License-Identifier: Apache-2.0
// Reelwork: who may use which method, in the pages and in the code

import Foundation
import ReelworkCore
import ReelworkWire
import Testing

// Goal: the pages and the code give the same permission to every method. Method: the table of
// messages.md is read, its letters are compared with the code's.
struct PermissionsTests {
    private static let letters: [String: Permissions] = [
        "R": .read, "S": .submit, "O": .operate, "W": .work, "A": .admin,
    ]

    @Test func everyMethodNeedsWhatItsPageSays() throws {
        let page = try String(
            contentsOf: Vector.folder.appending(path: "messages.md"),
            encoding: .utf8
        )
        var found: Set<UInt16> = []
        for line in page.split(separator: "\n") where line.hasPrefix("| ") {
            let cells = line.split(separator: "|").map {
                $0.trimmingCharacters(in: .whitespaces)
            }
            guard cells.count == 5, let permission = Self.letters[cells[2]] else { continue }
            let ids = cells[0].split(separator: "–").compactMap { UInt16($0, radix: 16) }
            guard let first = ids.first, let last = ids.last else { continue }
            for id in first...last {
                let method = ReelworkCore.Method(rawValue: id)
                #expect(method?.permission == permission, "\(id)")
                found.insert(id)
            }
        }
        #expect(found == Set(ReelworkCore.Method.allCases.map(\.rawValue)))
    }
}
