// SPDX-License-Identifier: Apache-2.0
// Reelwork: tests of engines' reports that are too long

import ReelworkCore
import Testing

@testable import ReelworkWorker

/// Goal: whatever engines find, the registration is one that a scheduler takes, and it is said what
/// was left out.
///
/// Method: lists of ten thousand, long names, many engines.
struct ReportCutTests {
    private func report(_ name: String, _ encoders: [String]) -> EngineReport {
        EngineReport(name: name, version: "1", encoders: encoders)
    }

    @Test func whatFitsIsLeftAsItIs() {
        let reports = [report("a", ["x", "y"]), report("b", [])]
        let cut = ReportCut(reports)
        #expect(cut.reports == reports && cut.losses.isEmpty)
    }

    @Test func tenThousandEncodersAreCut() {
        var long = report("a", (0..<10_000).map { "\($0)" })
        long.devices = (0..<10_000).map { ResourceAmount(name: "g:\($0)", amount: 1) }
        let cut = ReportCut([long, report("b", ["x"])])
        let kept = cut.reports[0].encoders
        #expect(kept == Array(long.encoders.prefix(kept.count)) && kept.count > 500)
        #expect(cut.reports[0].devices.count > 100 && cut.reports[1].encoders == ["x"])
        #expect(kept.count <= Limits.listItemsMax)
        #expect(cut.losses.count == 2 && cut.losses[0] == "\(10_000 - kept.count) encoders of a")
        let bytes = cut.reports.reduce(0) { sum, report in
            report.encoders.reduce(sum) { $0 + $1.utf8.count + 10 }
                + report.devices.reduce(0) { $0 + $1.name.utf8.count + 10 }
        }
        #expect(bytes <= Limits.registrationBytesMax)
    }

    // One name that cannot be sent costs itself alone.
    @Test func aNameOfAMegabyteIsLeftOut() {
        let cut = ReportCut([report("a", ["x", String(repeating: "y", count: 1 << 20), "z"])])
        #expect(cut.reports[0].encoders == ["x", "z"])
        #expect(cut.losses == ["1 encoders of a"])
    }
}
