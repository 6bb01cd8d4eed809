// SPDX-License-Identifier: Apache-2.0
// Reelwork: the specification's vectors, to begin with

internal import Foundation

/// One of the specification's vectors.
package struct FuzzVector {
    /// The file's name.
    package let name: String
    /// What its bytes are, such as `body` or `frame`.
    package let kind: String
    /// The body's name, where it is one.
    package let message: String
    /// What the reader has heard before.
    package let state: String
    /// Who sent it.
    package let from: String
    /// The bytes.
    package let bytes: [UInt8]

    private struct Meaning: Decodable {
        var kind: String?
        var message: String?
        var state: String?
        var from: String?
    }

    /// All of them, valid ones and those that are to be refused.
    package static func all() -> [FuzzVector] {
        let root = URL(filePath: #filePath).deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        let vectors = ["valid", "reject"].flatMap { group in
            folder(root.appending(path: "proto-spec/vectors/\(group)"))
        }
        Invariant.hold(vectors.count > 200, "the vectors of proto-spec are missing")
        return vectors
    }

    private static func folder(_ url: URL) -> [FuzzVector] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: url.path)) ?? []
        return names.filter { $0.hasSuffix(".json") }.sorted().map { file in
            let name = String(file.dropLast(5))
            guard let json = try? Data(contentsOf: url.appending(path: file)),
                let meaning = try? JSONDecoder().decode(Meaning.self, from: json),
                let hex = try? String(
                    contentsOf: url.appending(path: name + ".hex"),
                    encoding: .utf8
                )
            else { Invariant.fail("vector \(name) cannot be read") }
            return FuzzVector(
                name: name,
                kind: meaning.kind ?? "",
                message: meaning.message ?? "",
                state: meaning.state ?? "ready",
                from: meaning.from ?? "",
                bytes: unhex(hex)
            )
        }
    }

    private static func unhex(_ text: String) -> [UInt8] {
        let lines = text.split(separator: "\n").filter { !$0.hasPrefix("#") }
        var digits = lines.joined().compactMap { $0.hexDigitValue }[...]
        var bytes: [UInt8] = []
        while let high = digits.popFirst(), let low = digits.popFirst() {
            bytes.append(UInt8(high << 4 | low))
        }
        return bytes
    }
}
