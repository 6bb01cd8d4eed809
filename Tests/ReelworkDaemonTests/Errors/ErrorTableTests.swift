// SPDX-License-Identifier: Apache-2.0
// Reelwork: every code of the error table through a real socket

import Foundation
import ReelworkCore
import ReelworkRPC
import ReelworkWire
import Testing

/// Goal: each code of `proto-spec/errors.md` comes where the table says, its text says what was
/// expected, what came and where, and no other connection feels it.
///
/// Method: a real scheduler on Unix sockets, a raw socket that provokes, and a connection made
/// before that must be served after.
@Suite(.timeLimit(.minutes(1)))
struct ErrorTableTests {
    @Test(arguments: Provocation.all)
    func eachCodeIsProvokedAndOthersGoOn(provocation: Provocation) async throws {
        let scene = try await ErrorScene.open()
        defer { scene.harness.remove() }
        let said = try await provocation.run(scene)
        #expect(said.code == provocation.code, "\(said)")
        for word in provocation.words {
            #expect(said.detail.contains(word), "\(said.detail)")
        }
        #expect(said.detail.utf8.count <= Limits.errorDetailBytesMax)
        let closes: Set<ResultCode> = [
            .protocolError, .checksum, .decompress, .handshakeTimeout, .enhanceCalm,
        ]
        #expect(said.isClosed == closes.contains(provocation.code), "\(said)")
        guard !provocation.endsServer else { return }
        let view = try await scene.submitter.job(scene.job)
        #expect(view.number == scene.job)
        await scene.submitter.close()
        await scene.harness.stop()
    }

    @Test func everyCodeIsProvokedOrSaysWhyItCannotBe() {
        let provoked = Set(Provocation.all.map(\.code))
        for code in ResultCode.allCases {
            let isNever = Provocation.never[code] != nil
            #expect(provoked.contains(code) != isNever, "\(code.name)")
        }
    }

    @Test func theTableOfTheSpecificationHasTheseCodes() throws {
        let spec = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .appendingPathComponent("../../../proto-spec/errors.md").standardizedFileURL
        let rows = try String(contentsOf: spec, encoding: .utf8).split(separator: "\n")
            .filter { $0.hasPrefix("| 0x") }
            .map { $0.split(separator: "|").map { $0.trimmingCharacters(in: .whitespaces) } }
        let table = rows.compactMap { row in
            UInt16(row[0].dropFirst(2), radix: 16).map { "\($0) \(row[1])" }
        }
        #expect(table.sorted() == ResultCode.allCases.map { "\($0.rawValue) \($0.name)" }.sorted())
    }

    @Test func whatMustBeUnderstoodAndIsNotIsRefusedByName() async throws {
        let scene = try await ErrorScene.open()
        defer { scene.harness.remove() }
        let peer = try scene.raw()
        // Tag 63 may be skipped, tag 64 not; each holds one byte.
        func item(_ tag: UInt8) -> SubmitItem {
            let spec = JobSpec(engine: "ffmpeg", input: "/in/\(tag)", output: "/out/\(tag).mp4")
            return SubmitItem(
                key: "tag-\(tag)",
                spec: Array(spec.encoded.dropLast()) + [1, tag, 1, 0]
            )
        }
        let results = try scene.submit(peer, [item(63), item(64)])
        #expect(results.map(\.code) == [.known(.ok), .known(.invalidArgument)])
        #expect(results[1].detail?.contains("64") == true, "\(results[1])")
        await scene.submitter.close()
        await scene.harness.stop()
    }
}
