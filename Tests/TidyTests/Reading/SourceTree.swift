// SPDX-License-Identifier: Apache-2.0
// Reelwork: the checkout that the tests were built from.
import Foundation

/// The checkout that the tests were built from.
enum SourceTree {
    /// The folder of `Package.swift`, found from the place of this file.
    static let root: URL = {
        var folder = URL(fileURLWithPath: #filePath).resolvingSymlinksInPath()
        while folder.path != "/" {
            folder.deleteLastPathComponent()
            let manifest = folder.appendingPathComponent("Package.swift")
            if FileManager.default.fileExists(atPath: manifest.path) { return folder }
        }
        return folder
    }()

    /// Every Swift and C file under Sources, Plugins and Tests, by path.
    static let sources: [SourceFile] = ["Sources", "Plugins", "Tests"].flatMap(files(under:))

    /// The text of `Package.swift`.
    static let manifest = read("Package.swift") ?? ""

    /// The folders `Sources/*` and `Plugins/*`, and those under Tests; empty ones do not count.
    static let targetFolders: [String] = Set(sources.map(\.targetFolder)).sorted()

    /// What git tracks, or nothing where this is no checkout.
    static let tracked: [String]? = {
        guard let list = run(["git", "ls-files", "-z"]), list.status == 0 else { return nil }
        let paths = list.output.split(separator: "\0").map(String.init)
        return paths.isEmpty ? nil : paths
    }()

    static func read(_ path: String) -> String? {
        guard
            let data = FileManager.default.contents(atPath: root.appendingPathComponent(path).path)
        else { return nil }
        return String(data: data, encoding: .utf8)
    }

    /// Runs a program of the PATH in the root; nothing where it cannot be started.
    static func run(_ arguments: [String]) -> (status: Int32, output: String)? {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = arguments
        process.currentDirectoryURL = root
        let pipe = Pipe()
        process.standardOutput = pipe
        process.standardError = pipe
        process.standardInput = FileHandle.nullDevice
        guard (try? process.run()) != nil else { return nil }
        let data = pipe.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        return (process.terminationStatus, String(decoding: data, as: UTF8.self))
    }

    private static func files(under folder: String) -> [SourceFile] {
        let base = root.appendingPathComponent(folder).path
        guard let walk = FileManager.default.enumerator(atPath: base) else { return [] }
        let paths = walk.compactMap { $0 as? String }.filter { path in
            [".swift", ".c", ".h"].contains(where: path.hasSuffix)
        }
        return paths.sorted().compactMap { path in
            read("\(folder)/\(path)").map { SourceFile("\(folder)/\(path)", $0) }
        }
    }
}
