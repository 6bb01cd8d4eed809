// SPDX-License-Identifier: Apache-2.0
// Reelwork: settings from file, environment and options

import Configuration
import ReelworkCore

/// Settings from the configuration file, the environment and the options, from weak to strong.
///
/// All layers hold text, so that a value is read in one way, wherever it stands.
package struct SettingLayers: Sendable {
    private let reader: ConfigReader
    let file: SettingFile?
    private let environment: [String: String]
    private let options: [SettingKey: [String]]

    /// Lays them over each other.
    ///
    /// A variable that begins with ``SettingKey/variablePrefix`` and is none is refused; one that
    /// is empty counts as not set.
    package init(
        file: SettingFile? = nil,
        environment: [String: String] = [:],
        options: [SettingKey: [String]] = [:]
    ) throws(DaemonError) {
        let known = SettingKey.allCases.map(\.variable)
        let ours = environment.filter {
            $0.key.hasPrefix(SettingKey.variablePrefix) && !$0.value.isEmpty
        }
        for name in ours.keys.sorted() where !known.contains(name) {
            throw .configuration(
                "the environment's \(name) is no setting; " + SettingFile.advice(name, known)
            )
        }
        self.file = file
        self.environment = ours
        self.options = options
        reader = ConfigReader(providers: [
            InMemoryProvider(name: "options", values: SettingLayers.values(options)),
            EnvironmentVariablesProvider(environmentVariables: ours),
            InMemoryProvider(name: "file", values: SettingLayers.values(file?.values ?? [:])),
        ])
    }

    private static func values(
        _ texts: [SettingKey: [String]]
    ) -> [AbsoluteConfigKey: ConfigValue] {
        var values: [AbsoluteConfigKey: ConfigValue] = [:]
        for (key, texts) in texts {
            let content: ConfigContent =
                key.isList ? .stringArray(texts) : .string(texts.first ?? "")
            values[AbsoluteConfigKey(key.components)] = ConfigValue(content, isSecret: false)
        }
        return values
    }

    // MARK: - Reading

    /// A text; nil where no layer has it.
    func text(_ key: SettingKey) -> String? {
        reader.string(forKey: ConfigKey(key.components))
    }

    /// The texts of a list; empty where no layer has it.
    func texts(_ key: SettingKey) -> [String] {
        reader.stringArray(forKey: ConfigKey(key.components)) ?? []
    }

    /// A duration within a range.
    func duration(
        _ key: SettingKey,
        _ range: ClosedRange<Duration>,
        default usual: Duration
    ) throws(DaemonError) -> Duration {
        guard let text = text(key) else { return usual }
        guard let value = Duration(text: text) else {
            throw wrong(key, text, "write a duration such as 10s, 2m, 1h30m or 250ms")
        }
        guard range.contains(value) else {
            throw wrong(
                key,
                text,
                "it must be from \(range.lowerBound.words) to \(range.upperBound.words)"
            )
        }
        return value
    }

    /// A whole number within a range; nil where no layer has it.
    func count(_ key: SettingKey, _ range: ClosedRange<Int>) throws(DaemonError) -> Int? {
        guard let text = text(key) else { return nil }
        guard let value = Int(text), range.contains(value) else {
            throw wrong(
                key,
                text,
                "it must be a whole number from \(range.lowerBound) to \(range.upperBound)"
            )
        }
        return value
    }

    /// One of some words; nil where no layer has it.
    func choice<Value>(
        _ key: SettingKey,
        _ values: [(name: String, value: Value)]
    ) throws(DaemonError) -> Value? {
        guard let text = text(key) else { return nil }
        guard let found = values.first(where: { $0.name == text.lowercased() }) else {
            throw wrong(key, text, "take \(values.map(\.name).joined(separator: ", "))")
        }
        return found.value
    }

    // MARK: - Messages

    /// What is wrong with a value, and where it stands.
    func wrong(_ key: SettingKey, _ text: String, _ advice: String) -> DaemonError {
        .configuration("\(origin(of: key)) is `\(text)`; \(advice)")
    }

    /// The strongest layer that has a setting, in words.
    private func origin(of key: SettingKey) -> String {
        if options[key] != nil { return key.option ?? key.rawValue }
        if environment[key.variable] != nil { return "the environment's \(key.variable)" }
        return file?.origin(of: key) ?? "`\(key.rawValue)`"
    }
}
