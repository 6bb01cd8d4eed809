// SPDX-License-Identifier: Apache-2.0
// Reelwork: reading a configuration file

import Foundation
import ReelworkCore
import ReelworkDaemon
import Testing

@testable import reelwork

/// Goal: the file of the README is understood whole; a bad one is refused with its name, its line
/// and what to write.
///
/// Method: files in a temporary folder.
struct ConfigurationFileTests {
    private static func settings(_ text: String) throws -> DaemonSettings {
        let path = NSTemporaryDirectory() + "rw-\(UUID().uuidString).toml"
        defer { try? FileManager.default.removeItem(atPath: path) }
        try Data(text.utf8).write(to: URL(fileURLWithPath: path))
        return try DaemonSettings(SettingLayers(file: try ConfigurationFile.read(path)))
    }

    private static func words(_ text: String) -> String {
        do {
            _ = try settings(text)
            return ""
        } catch let error as DaemonError {
            return error.explanation
        } catch {
            return "\(error)"
        }
    }

    /// The example of the README.
    private static func example() throws -> String {
        let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        let readme = try String(
            contentsOf: root.appendingPathComponent("README.md"),
            encoding: .utf8
        )
        let start = try #require(readme.range(of: "```toml\n"))
        let end = try #require(readme[start.upperBound...].range(of: "```"))
        return String(readme[start.upperBound..<end.lowerBound])
    }

    @Test func theExampleOfTheReadmeNamesEverySettingAndItsDefault() throws {
        let text = try Self.example()
        let settings = try Self.settings(text)
        #expect(settings.policy == SchedulerPolicy())
        #expect(settings.loops == LoopIntervals())
        #expect(settings.data == "/var/lib/reelwork")
        let lines = TOMLLines(text)
        for key in SettingKey.allCases {
            #expect(lines.line(of: key.rawValue) > 0, "\(key.rawValue) is missing")
        }
    }

    @Test func tenantsHaveSectionsAndNamesWithDots() throws {
        let settings = try Self.settings(
            """
            [tenants.news]
            weight = 3
            [tenants."a.b c"]
            held_max = 10
            [tenants]
            "" = { weight = 2, held_max = "none" }
            """
        )
        #expect(
            settings.policy.tenants == [
                "news": TenantPolicy(weight: 3), "a.b c": TenantPolicy(heldMax: 10),
                "": TenantPolicy(weight: 2),
            ]
        )
        #expect(Self.words("tenants = 3").contains("must hold a section a tenant"))
        #expect(Self.words("[tenants]\nnews = 3").contains("`tenants.news` must be a section"))
        let wrong = Self.words("[tenants.\"a.b c\"]\n\nweight = \"heavy\"")
        #expect(wrong.contains("line 3: `tenants.a.b c.weight` is `heavy`"), "\(wrong)")
    }

    @Test func numbersAndTruthValuesAreText() throws {
        let settings = try Self.settings(
            """
            insecure_loopback = true
            retries.count = 5
            workers = { lease = 20, heartbeat = 1.5 }
            """
        )
        #expect(settings.isInsecureLoopback)
        #expect(settings.policy.retry.retriesDefault == 5)
        #expect(settings.policy.leaseDuration == .seconds(20))
        #expect(settings.policy.heartbeatInterval == .milliseconds(1500))
    }

    @Test(
        arguments: [
            ("data = /var/lib", "line 1, column"), ("a = 1\na = 2", "line 2"),
            ("data = \"/x\"\n\n[workers]\n leese = \"1s\"", "line 4: there is no setting"),
            ("[workers]\nlease = \"soon\"", "line 2: `workers.lease` is `soon`"),
            ("data = 1979-05-27", "`data` is a"), ("listen = \"unix:/a\"", "must be a list"),
            ("listen = [[\"a\"]]", "`listen` is a"), ("[[workers]]\nlease = 1", "`workers` is a"),
        ]
    )
    func aBadFileIsRefusedWithItsLine(_ text: String, _ words: String) {
        let answer = Self.words(text)
        #expect(answer.contains(words), "\(answer)")
        #expect(answer.contains(".toml"), "\(answer)")
    }

    @Test func aFileThatIsNoneIsNamed() {
        for path in ["/nonexistent/r.toml", "/tmp", "/dev/zero"] {
            #expect { try ConfigurationFile.read(path) } throws: { error in
                guard let failure = error as? CommandFailure else { return false }
                return failure.status == .usage && failure.what.contains(path)
            }
        }
    }
}
