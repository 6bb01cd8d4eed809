// SPDX-License-Identifier: Apache-2.0
// Reelwork: reads a configuration file

import Foundation
import ReelworkCore
import ReelworkDaemon
import TOMLKit

/// Reads a configuration file: TOML, flattened to text by name.
///
/// Numbers and truth values become the text that they were written as, so that `lease = 15` and
/// `lease = "15s"` are the same.
enum ConfigurationFile {
    /// Reads a file; every error names it, and the line where there is one.
    static func read(_ path: String) throws -> SettingFile {
        let text = try text(of: path)
        let table: TOMLTable
        do {
            table = try TOMLTable(string: text)
        } catch let error as TOMLParseError {
            throw CommandFailure.usage(
                "\(path): line \(error.source.begin.line), column "
                    + "\(error.source.begin.column): this is no TOML: \(error.description)",
                advice: "texts need quotes, as in lease = \"15s\""
            )
        }
        let lines = TOMLLines(text)
        var entries: [SettingFile.Entry] = []
        try flatten(table, "", path, lines, &entries)
        if let tenants = table[tenantsSection] {
            try flattenTenants(tenants, path, lines, &entries)
        }
        return try SettingFile(path: path, entries)
    }

    private static func text(of path: String) throws(CommandFailure) -> String {
        let advice = "name a file that this user may read"
        let bytes: Data
        do {
            let handle = try FileHandle(forReadingFrom: URL(fileURLWithPath: path))
            defer { try? handle.close() }
            bytes = try handle.read(upToCount: Limits.configurationBytesMax + 1) ?? Data()
        } catch {
            let words = (error as NSError).localizedDescription
            throw .usage("the configuration file \(path) cannot be read: \(words)", advice: advice)
        }
        guard bytes.count <= Limits.configurationBytesMax else {
            throw .usage(
                "\(path) is larger than \(Limits.configurationBytesMax) bytes",
                advice: "name a configuration file"
            )
        }
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw .usage("\(path) is not UTF-8", advice: "save it as UTF-8")
        }
        return text
    }

    private static func flatten(
        _ table: TOMLTable,
        _ section: String,
        _ path: String,
        _ lines: TOMLLines,
        _ entries: inout [SettingFile.Entry]
    ) throws {
        for key in table.keys.sorted() {
            let name = section + key
            guard name != tenantsSection, let value = table[key] else { continue }
            if let inner = value.table {
                try flatten(inner, name + ".", path, lines, &entries)
                continue
            }
            let line = lines.line(of: name)
            if let array = value.array {
                let texts = try array.map { try scalar($0, name, path, line) }
                entries.append(.init(name: name, texts: texts, isList: true, line: line))
            } else {
                let text = try scalar(value, name, path, line)
                entries.append(.init(name: name, texts: [text], line: line))
            }
        }
    }

    /// The section in which each tenant has one of its own; names may have dots.
    private static let tenantsSection = "tenants"

    private static func flattenTenants(
        _ section: any TOMLValueConvertible,
        _ path: String,
        _ lines: TOMLLines,
        _ entries: inout [SettingFile.Entry]
    ) throws {
        let advice = "write [\(tenantsSection).NAME] and below it weight = 2 or held_max = 10"
        guard let tenants = section.table else {
            throw CommandFailure.usage(
                "\(path): `\(tenantsSection)` must hold a section a tenant",
                advice: advice
            )
        }
        for tenant in tenants.keys.sorted() {
            guard let table = tenants[tenant]?.table else {
                throw CommandFailure.usage(
                    "\(path): `\(tenantsSection).\(tenant)` must be a section",
                    advice: advice
                )
            }
            for key in table.keys.sorted() {
                guard let value = table[key] else { continue }
                let name = "\(tenantsSection).\(tenant).\(key)"
                let line = lines.line(of: name)
                if let array = value.array {
                    let texts = try array.map { try scalar($0, name, path, line) }
                    entries.append(
                        .init(name: key, texts: texts, isList: true, line: line, tenant: tenant)
                    )
                } else {
                    let text = try scalar(value, name, path, line)
                    entries.append(.init(name: key, texts: [text], line: line, tenant: tenant))
                }
            }
        }
    }

    private static func scalar(
        _ value: any TOMLValueConvertible,
        _ name: String,
        _ path: String,
        _ line: Int
    ) throws(CommandFailure) -> String {
        if let text = value.string { return text }
        if let number = value.int { return "\(number)" }
        if let number = value.double { return "\(number)" }
        if let truth = value.bool { return "\(truth)" }
        let place = line > 0 ? "\(path): line \(line)" : path
        throw .usage(
            "\(place): `\(name)` is a \(value.type), which no setting is",
            advice: "write a text in quotes, a number, true or false"
        )
    }
}
