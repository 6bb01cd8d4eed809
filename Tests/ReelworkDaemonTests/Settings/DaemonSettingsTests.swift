// SPDX-License-Identifier: Apache-2.0
// Reelwork: settings and their layers

import Logging
import ReelworkCore
import Testing

@testable import ReelworkDaemon

/// Goal: options beat the environment, the environment beats the file; what is unknown or wrong is
/// named with its place and what to write.
///
/// Method: layers in, settings or the error's words out.
struct DaemonSettingsTests {
    private static func settings(
        file: [SettingFile.Entry] = [],
        environment: [String: String] = [:],
        options: [SettingKey: [String]] = [:]
    ) throws(DaemonError) -> DaemonSettings {
        let layers = try SettingLayers(
            file: try SettingFile(path: "r.toml", file),
            environment: environment,
            options: options
        )
        return try DaemonSettings(layers)
    }

    private static func words(
        file: [SettingFile.Entry] = [],
        environment: [String: String] = [:],
        options: [SettingKey: [String]] = [:]
    ) -> String {
        do {
            _ = try settings(file: file, environment: environment, options: options)
            return ""
        } catch {
            guard case .configuration(let text) = error else { return "\(error)" }
            return text
        }
    }

    @Test func nothingSetGivesTheDefaults() throws {
        let settings = try Self.settings()
        #expect(settings.policy == SchedulerPolicy())
        #expect(settings.loops == LoopIntervals())
        #expect(settings.data == nil && settings.listen.isEmpty && settings.admin == nil)
        #expect(settings.logLevel == .info && !settings.isInsecureLoopback)
        #expect(settings.connectionsMax == nil && settings.drainMax == .seconds(2))
        #expect(settings.acceptsPerSecondMax == Limits.acceptsPerSecondMax)
    }

    @Test func theStrongerLayerWins() throws {
        let file: [SettingFile.Entry] = [
            .init(name: "data", texts: ["/file"]), .init(name: "workers.lease", texts: ["20s"]),
            .init(name: "listen", texts: ["unix:/a", "unix:/b"], isList: true),
            .init(name: "log_level", texts: ["debug"]),
        ]
        let weak = try Self.settings(file: file)
        #expect(weak.data == "/file" && weak.listen == ["unix:/a", "unix:/b"])
        #expect(weak.policy.leaseDuration == .seconds(20))
        #expect(weak.policy.heartbeatInterval == .seconds(20) / 3)
        let environment = [
            "REELWORK_SERVE_WORKERS_LEASE": "30s", "REELWORK_SERVE_LISTEN": "unix:/c,unix:/d",
            "REELWORK_SERVE_DATA": "", "REELWORK_CONNECT": "unix:/of/clients",
        ]
        let middle = try Self.settings(file: file, environment: environment)
        #expect(middle.policy.leaseDuration == .seconds(30))
        #expect(middle.listen == ["unix:/c", "unix:/d"])
        #expect(middle.data == "/file", "an empty variable counts as not set")
        let strong = try Self.settings(
            file: file,
            environment: environment,
            options: [.lease: ["40s"], .listen: ["unix:/e"]]
        )
        #expect(strong.policy.leaseDuration == .seconds(40) && strong.listen == ["unix:/e"])
        #expect(strong.logLevel == .debug)
    }

    // A key that nobody reads would be taken and do nothing.
    @Test(arguments: SettingKey.allCases)
    func everySettingIsRead(_ key: SettingKey) throws {
        let wrong = key.isList ? "unix:/x" : "\u{1}"
        let entry = SettingFile.Entry(name: key.rawValue, texts: [wrong], isList: key.isList)
        switch key {
        case .data: #expect(try Self.settings(file: [entry]).data == wrong)
        case .admin: #expect(try Self.settings(file: [entry]).admin == wrong)
        case .listen: #expect(try Self.settings(file: [entry]).listen == [wrong])
        case .insecureLoopback, .logLevel, .lease, .heartbeat, .assignedMax, .runMax, .stallWindow,
            .stallStartup, .capabilityGrace, .retries, .retryWaitFirst, .retryWaitMax,
            .retryJitter, .tenantWeight, .tenantHeldMax, .loopScheduling, .loopHealth, .loopCleanup,
            .connectionsMax,
            .acceptsPerSecond, .drain:
            let fromFile = Self.words(file: [entry])
            #expect(fromFile.hasPrefix("r.toml: `\(key.rawValue)` is "), "\(fromFile)")
            let fromVariable = Self.words(environment: [key.variable: wrong])
            #expect(fromVariable.contains(key.variable), "\(fromVariable)")
        }
    }

    @Test(
        arguments: [
            ("workers.leese", "there is no setting `workers.leese`; did you mean `workers.lease`?"),
            ("lease", "did you mean `workers.lease`?"),
            ("zzzzzzzzzzzzzzzz", "see `reelwork serve --help`"),
        ]
    )
    func anUnknownNameIsRefusedWithTheNearest(_ name: String, _ words: String) {
        let text = Self.words(file: [.init(name: name, texts: ["1"], line: 3)])
        #expect(text.hasPrefix("r.toml: line 3: "), "\(text)")
        #expect(text.contains(words), "\(text)")
    }

    @Test func anUnknownVariableIsRefusedWithTheNearest() {
        let text = Self.words(environment: ["REELWORK_SERVE_WORKERS_LEESE": "1"])
        #expect(text.contains("did you mean `REELWORK_SERVE_WORKERS_LEASE`?"), "\(text)")
    }

    @Test(
        arguments: [
            (SettingKey.lease, "soon", "10s"), (.lease, "0.5s", "from 1s"),
            (.heartbeat, "10s", "half of the lease"), (.retries, "1001", "from 0 to 1000"),
            (.retries, "-1", "whole number"), (.retryWaitFirst, "400s", "retries.wait_first"),
            (.retryJitter, "some", "full, none"), (.logLevel, "loud", "trace, debug"),
            (.insecureLoopback, "maybe", "true, false"), (.drain, "5s", "to 4s"),
            (.tenantWeight, "0", "from 1 to 1000"), (.tenantHeldMax, "0", "from 1 to 10000000"),
            (.tenantHeldMax, "some", "or none"), (.connectionsMax, "0", "from 1"),
            (.loopHealth, "0", "from 100ms"),
        ]
    )
    func whatIsOutOfRangeSaysTheRange(_ key: SettingKey, _ text: String, _ words: String) {
        let answer = Self.words(environment: [key.variable: text])
        #expect(answer.contains(words), "\(answer)")
    }

    @Test func aListMustBeAListAndNothingElse() {
        let text = Self.words(file: [.init(name: "listen", texts: ["unix:/a"])])
        #expect(text.contains("must be a list"), "\(text)")
        let other = Self.words(file: [.init(name: "data", texts: ["/a"], isList: true)])
        #expect(other.contains("must be one value"), "\(other)")
    }

    // What a tenant leaves out is as for all others, and a cap for all can be lifted for one.
    @Test func aTenantHasItsOwnWeightAndCap() throws {
        let settings = try Self.settings(
            file: [
                .init(name: "tenant_default.held_max", texts: ["5"]),
                .init(name: "weight", texts: ["3"], tenant: "news"),
                .init(name: "held_max", texts: ["none"], tenant: "a.b c"),
                .init(name: "held_max", texts: ["2"], tenant: ""),
            ],
            environment: ["REELWORK_SERVE_TENANT_DEFAULT_WEIGHT": "2"]
        )
        let usual = TenantPolicy(weight: 2, heldMax: 5)
        #expect(settings.policy.tenantDefault == usual)
        #expect(
            settings.policy.tenants == [
                "news": TenantPolicy(weight: 3, heldMax: 5),
                "a.b c": TenantPolicy(weight: 2, heldMax: nil),
                "": TenantPolicy(weight: 2, heldMax: 2),
            ]
        )
    }

    @Test(
        arguments: [
            ("weight", "0", "r.toml: line 9: `tenants.x.weight` is `0`; it must be a whole number"),
            ("weight", "1001", "from 1 to 1000"), ("weight", "1.5", "whole number"),
            ("held_max", "-1", "from 1 to 10000000, or none"),
            ("wait", "1", "there is no setting `tenants.x.wait`; a tenant has `weight` and"),
        ]
    )
    func whatIsWrongWithATenantIsSaid(_ name: String, _ text: String, _ words: String) {
        let answer = Self.words(file: [.init(name: name, texts: [text], line: 9, tenant: "x")])
        #expect(answer.contains(words), "\(answer)")
    }

    @Test func aTenantsSettingIsNoListAndItsNameIsOneThatJobsCanHave() {
        let list = Self.words(
            file: [.init(name: "weight", texts: ["1"], isList: true, tenant: "x")]
        )
        #expect(list.contains("must be one value"), "\(list)")
        let long = String(repeating: "x", count: Limits.stringBytesMax + 1)
        let name = Self.words(file: [.init(name: "weight", texts: ["1"], tenant: long)])
        #expect(name.contains("at most 4096 bytes"), "\(name.suffix(80))")
        let many = (0...Limits.tenantsNamedMax).map {
            SettingFile.Entry(name: "weight", texts: ["1"], tenant: "t\($0)")
        }
        #expect(Self.words(file: many).contains("tenants are named"))
    }
}
