// SPDX-License-Identifier: Apache-2.0
// Reelwork: engines' reports that fit into a registration

import ReelworkCore

/// Engines' reports cut to what a registration may carry.
///
/// An adapter may find ten thousand encoders; the scheduler takes none of a list that is too long,
/// and a worker that is refused for ever is worse than one with fewer encoders.
struct ReportCut: Sendable {
    private(set) var reports: [EngineReport] = []
    /// What was left out, for people.
    private(set) var losses: [String] = []

    /// Cuts reports: the first entries of each list are kept, within an equal share of the bytes
    /// for each engine and a quarter of that for its devices.
    init(_ all: [EngineReport]) {
        let share = Limits.registrationBytesMax / max(1, all.count)
        for var report in all {
            let (encoders, devices) = (report.encoders.count, report.devices.count)
            var left = share / 4
            report.devices = ReportCut.kept(report.devices, &left) { $0.name }
            left += share - share / 4
            report.encoders = ReportCut.kept(report.encoders, &left) { $0 }
            if report.encoders.count < encoders {
                losses.append("\(encoders - report.encoders.count) encoders of \(report.name)")
            }
            if report.devices.count < devices {
                losses.append("\(devices - report.devices.count) devices of \(report.name)")
            }
            reports.append(report)
        }
    }

    private static func kept<Entry>(
        _ entries: [Entry],
        _ left: inout Int,
        _ text: (Entry) -> String
    ) -> [Entry] {
        var kept: [Entry] = []
        for entry in entries {
            let count = text(entry).utf8.count
            // One that is no name is left out, and those behind it are not.
            guard count <= Limits.stringBytesMax else { continue }
            guard kept.count < Limits.listItemsMax, count + entryBytes <= left else { break }
            left -= count + entryBytes
            kept.append(entry)
        }
        return kept
    }

    /// What an entry takes beside its text, at most.
    private static let entryBytes = 16
}
