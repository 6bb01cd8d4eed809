// SPDX-License-Identifier: Apache-2.0
// Reelwork: a command's environment

import Glibc
import ReelworkEngineKit

/// The small fixed environment of every command: nothing of the agent's own leaks into it.
package struct CommandEnvironment: Hashable, Sendable {
    private var values: [String: String]

    /// What is taken over from the agent where it is set.
    ///
    /// GStreamer keeps its registry below HOME or XDG_CACHE_HOME and finds plugins by the GST_
    /// variables; the REELWORK_FAKE_ ones speak to the engine of the tests.
    private static let passed = [
        "PATH", "HOME", "XDG_CACHE_HOME", "XDG_RUNTIME_DIR", "GST_PLUGIN_PATH",
        "GST_PLUGIN_SYSTEM_PATH", "GST_REGISTRY", "LD_LIBRARY_PATH", "REELWORK_FAKE_MS",
        "REELWORK_FAKE_LOG",
    ]

    /// Takes over what is needed, and lets `overrides` stand above it.
    package init(overrides: [String: String] = [:]) {
        values = ["PATH": "/usr/local/bin:/usr/bin:/bin", "HOME": "/", "LANG": "C"]
        for name in CommandEnvironment.passed {
            if let value = getenv(name) { values[name] = String(cString: value) }
        }
        values.merge(overrides) { $1 }
    }

    /// The lines `NAME=VALUE` for a command, in the order of the names.
    func lines(_ plan: CommandPlan, folder: String) -> [String] {
        var values = values
        values["TMPDIR"] = folder
        for value in plan.environment where CommandEnvironment.isName(value.name) {
            values[value.name] = value.value
        }
        return values.filter { !$0.value.utf8.contains(0) }.sorted { $0.key < $1.key }
            .map { "\($0.key)=\($0.value)" }
    }

    private static func isName(_ text: String) -> Bool {
        !text.isEmpty && !text.utf8.contains { $0 == UInt8(ascii: "=") || $0 == 0 }
    }
}
