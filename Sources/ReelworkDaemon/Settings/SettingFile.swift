// SPDX-License-Identifier: Apache-2.0
// Reelwork: what a configuration file says

import ReelworkCore
import ReelworkEngineKit

/// What a configuration file says: text by name, every name known.
package struct SettingFile: Sendable {
    /// One value of the file.
    package struct Entry: Hashable, Sendable {
        /// Its name with its section: `workers.lease`; of a tenant's own only `weight`.
        package var name: String
        /// The tenant whose own it is; nil for all other settings.
        package var tenant: String?
        /// Its text, or the texts of a list.
        package var texts: [String]
        /// Whether it is a list.
        package var isList: Bool
        /// Its line, from 1; 0 where it is not known.
        package var line: Int

        /// Makes an entry.
        package init(
            name: String,
            texts: [String],
            isList: Bool = false,
            line: Int = 0,
            tenant: String? = nil
        ) {
            self.name = name
            self.tenant = tenant
            self.texts = texts
            self.isList = isList
            self.line = line
        }
    }

    /// A setting of one tenant.
    struct TenantEntry: Sendable {
        var tenant: String
        var setting: TenantSetting
        var text: String
        /// Where it stands, for messages.
        var origin: String
    }

    let values: [SettingKey: [String]]
    /// What tenants have of their own, in the order of the entries.
    let tenants: [TenantEntry]
    private let path: String
    private let lines: [SettingKey: Int]

    /// Takes the entries of a file; a name that is unknown is refused, with the nearest one.
    package init(path: String, _ entries: [Entry]) throws(DaemonError) {
        var values: [SettingKey: [String]] = [:]
        var lines: [SettingKey: Int] = [:]
        var tenants: [TenantEntry] = []
        for entry in entries {
            let place = SettingFile.place(path, entry.line)
            if let tenant = entry.tenant {
                tenants.append(try SettingFile.tenantEntry(entry, of: tenant, at: place))
                continue
            }
            guard let key = SettingKey(rawValue: entry.name) else {
                throw .configuration(
                    "\(place): there is no setting `\(entry.name)`; "
                        + SettingFile.advice(entry.name, SettingKey.allCases.map(\.rawValue))
                )
            }
            guard entry.isList == key.isList else {
                throw .configuration(
                    "\(place): `\(entry.name)` must be "
                        + (key.isList ? "a list; write [\"…\", \"…\"]" : "one value; no list")
                )
            }
            values[key] = entry.texts
            lines[key] = entry.line
        }
        self.path = path
        self.values = values
        self.tenants = tenants
        self.lines = lines
    }

    private static func tenantEntry(
        _ entry: Entry,
        of tenant: String,
        at place: String
    ) throws(DaemonError) -> TenantEntry {
        let name = "tenants.\(tenant).\(entry.name)"
        guard let setting = TenantSetting(rawValue: entry.name) else {
            throw .configuration(
                "\(place): there is no setting `\(name)`; a tenant has "
                    + TenantSetting.allCases.map { "`\($0.rawValue)`" }.joined(separator: " and ")
            )
        }
        guard !entry.isList, let text = entry.texts.first else {
            throw .configuration("\(place): `\(name)` must be one value; no list")
        }
        guard tenant.utf8.count <= Limits.stringBytesMax else {
            throw .configuration(
                "\(place): a tenant's name has at most \(Limits.stringBytesMax) bytes; "
                    + "no job can have this one"
            )
        }
        return TenantEntry(
            tenant: tenant,
            setting: setting,
            text: text,
            origin: "\(place): `\(name)`"
        )
    }

    /// Where a setting stands, for messages.
    func origin(of key: SettingKey) -> String {
        SettingFile.place(path, lines[key] ?? 0) + ": `\(key.rawValue)`"
    }

    private static func place(_ path: String, _ line: Int) -> String {
        line > 0 ? "\(path): line \(line)" : path
    }

    /// What to do about a name that is none.
    static func advice(_ name: String, _ known: [String]) -> String {
        if let near = NearestName.suggestion(known, near: name) { return "did you mean `\(near)`?" }
        // The right name in the wrong section is as easily written.
        let last = name.split(separator: ".").last.map(String.init) ?? name
        let same = known.first { $0.split(separator: ".").last.map(String.init) == last }
        return same.map { "did you mean `\($0)`?" } ?? "see `reelwork serve --help`"
    }
}
