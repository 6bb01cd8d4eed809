// SPDX-License-Identifier: Apache-2.0
// Reelwork: tests of the results that wait

import Foundation
import ReelworkCore
import Testing

@testable import ReelworkWorker

/// The spool.
///
/// Goal: what was put in comes out in the next life, and a damaged report costs no other. Method: a
/// real folder; files cut and changed byte by byte.
struct SpoolTests {
    static func item(_ number: UInt64) -> ReportItem {
        ReportItem(
            number: JobNumber(number),
            attempt: AttemptNumber(2),
            at: Timestamp(milliseconds: 1_000),
            content: .failed(
                ReportItem.Failure(.runtimeError, exit: -9, error: "broke", logTail: [1, 2, 255])
            )
        )
    }

    static func key(_ number: UInt64) -> AttemptKey {
        AttemptKey(id: JobID(high: 7 << 12, low: number), origin: AttemptNumber(1))
    }

    @Test func keepsReportsOverLives() throws {
        let folder = try TestFolder()
        let spool = try Spool(in: folder.state)
        for number in 1...3 as ClosedRange<UInt64> {
            try spool.save(Self.key(number), Self.item(number))
        }
        try spool.save(Self.key(2), Self.item(9))
        try spool.remove(Self.key(3))
        try spool.remove(Self.key(3))
        let found = try Spool(in: folder.state).load()
        #expect(found.items.map(\.0) == [Self.key(1), Self.key(2)])
        #expect(found.items.map(\.1) == [Self.item(1), Self.item(9)])
        #expect(found.damaged.isEmpty)
    }

    @Test func setsADamagedReportAsideWhereverItWasCut() throws {
        let folder = try TestFolder()
        let spool = try Spool(in: folder.state)
        try spool.save(Self.key(1), Self.item(1))
        try spool.save(Self.key(2), Self.item(2))
        let files = try FileManager.default.contentsOfDirectory(atPath: folder.state.spool).sorted()
        let first = try #require(files.first)
        let path = folder.state.spool + "/" + first
        let whole = try #require(FileManager.default.contents(atPath: path))
        for count in 0..<whole.count {
            try whole.prefix(count).write(to: URL(fileURLWithPath: path))
            let found = try spool.load()
            #expect(found.items.map(\.0) == [Self.key(2)], "cut at \(count)")
            #expect(found.damaged == [first], "cut at \(count)")
        }
        for index in whole.indices {
            var flipped = whole
            flipped[index] ^= 0x10
            try flipped.write(to: URL(fileURLWithPath: path))
            #expect(try spool.load().items.count == 1, "flipped at \(index)")
        }
        #expect(FileManager.default.fileExists(atPath: path + ".damaged"))
    }

    @Test func takesNoOtherFileForAReport() throws {
        let folder = try TestFolder()
        let spool = try Spool(in: folder.state)
        for name in ["x.report", "README", ".new-x.report"] {
            try Data([1]).write(to: URL(fileURLWithPath: folder.state.spool + "/" + name))
        }
        let found = try spool.load()
        #expect(found.items.isEmpty)
        #expect(found.damaged == ["x.report"])
    }
}
