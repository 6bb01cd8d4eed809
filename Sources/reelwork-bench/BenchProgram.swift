// SPDX-License-Identifier: Apache-2.0
// Reelwork: programs that a measurement starts

import Foundation

/// Programs that a measurement starts.
enum BenchProgram {
    /// This program itself.
    static var own: URL { URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath() }

    /// A program that was built beside this one.
    static func beside(_ name: String) -> URL {
        own.deletingLastPathComponent().appendingPathComponent(name)
    }

    /// The first line that comes; nil where the program ends before.
    static func line(from pipe: Pipe) -> String? {
        var line: [UInt8] = []
        while !line.contains(UInt8(ascii: "\n")) {
            let more = pipe.fileHandleForReading.availableData
            guard !more.isEmpty else { return nil }
            line += more
        }
        return String(decoding: line.prefix { $0 != UInt8(ascii: "\n") }, as: UTF8.self)
    }
}
