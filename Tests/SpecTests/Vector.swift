// SPDX-License-Identifier: Apache-2.0
// Reelwork: the vectors of the specification

import Foundation
import Testing

/// One vector: its bytes, and what the specification says of them.
struct Vector: Sendable, CustomTestStringConvertible {
    let name: String
    let bytes: [UInt8]
    let json: JSONValue

    var testDescription: String { name }
    var kind: String { json["kind"]?.text ?? "" }
    var isCanonical: Bool { json["canonical"] == .bool(true) }

    static let folder = URL(filePath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .appending(path: "proto-spec")

    static func all(_ group: String) -> [Vector] {
        let folder = folder.appending(path: "vectors/\(group)")
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
        return names.filter { $0.hasSuffix(".json") }.sorted().compactMap { file in
            let name = String(file.dropLast(5))
            guard let json = try? Data(contentsOf: folder.appending(path: file)),
                let hex = try? String(
                    contentsOf: folder.appending(path: name + ".hex"),
                    encoding: .utf8
                ),
                let value = try? JSONDecoder().decode(JSONValue.self, from: json)
            else {
                Issue.record("vector \(name) cannot be read")
                return nil
            }
            let digits = hex.split(separator: "\n").filter { !$0.hasPrefix("#") }.joined()
            return Vector(name: name, bytes: unhex(digits), json: value)
        }
    }

    static func unhex(_ text: String) -> [UInt8] {
        var bytes: [UInt8] = []
        var high: UInt8?
        for character in text {
            guard let digit = character.hexDigitValue.map({ UInt8($0) }) else { continue }
            if let first = high {
                bytes.append(first << 4 | digit)
                high = nil
            } else {
                high = digit
            }
        }
        return bytes
    }
}
