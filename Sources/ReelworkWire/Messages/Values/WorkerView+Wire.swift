// SPDX-License-Identifier: Apache-2.0
// Reelwork: a worker as it is shown, on the wire

package import ReelworkCore

extension WorkerView: WireItem {
    /// The name in the specification, for errors.
    package static let wireName: StaticString = "WorkerView"
    /// The least that one takes.
    package static let byteCountMin = 10

    /// Reads it.
    package static func decode(from reader: inout WireReader) throws(WireError) -> WorkerView {
        var view = WorkerView(
            name: try reader.string("name"),
            state: try reader.open("state", as: WorkerState.self),
            session: try reader.uvarint("session"),
            capacity: try reader.list("capacity", of: ResourceAmount.self),
            used: try reader.list("used", of: ResourceAmount.self),
            open: try reader.uvarint("open"),
            seenAgo: try reader.duration("seen_ago"),
            labels: try reader.list("labels", of: Label.self),
            engines: try reader.list("engines", of: EngineReport.self)
        )
        var section = try reader.openSection()
        while let tag = try reader.nextTag(&section) {
            switch tag {
            case 1: view.isDraining = true
            case 2: view.host = try reader.string("#2 host")
            case 3: view.version = try reader.string("#3 version")
            case 4: view.registered = try reader.timestamp("#4 registered")
            case 5: view.scratchFreeMebibytes = try reader.uvarint("#5 scratch_free_mib")
            case 6: view.clockOffsetMilliseconds = try reader.svarint("#6 clock_offset")
            case 7: view.isCut = true
            case 8: view.isStopped = true
            case 9: view.isUnheard = true
            case 10: view.cordoned = try reader.string("#10 cordoned")
            case 11: view.drainUntil = try reader.timestamp("#11 drain_until")
            default: reader.skipTag()
            }
        }
        return view
    }

    /// Writes it.
    package func encode(into writer: inout WireWriter) {
        writer.string(name)
        writer.u8(state.rawValue)
        writer.uvarint(session)
        writer.list(capacity)
        writer.list(used)
        writer.uvarint(open)
        writer.duration(seenAgo)
        writer.list(labels)
        writer.list(engines)
        var section = writer.openSection()
        writer.tag(&section, 1, flag: isDraining)
        writer.tag(&section, 2, string: host)
        writer.tag(&section, 3, string: version)
        writer.tag(&section, 4, timestamp: registered)
        writer.tag(&section, 5, uvarint: scratchFreeMebibytes)
        writer.tag(&section, 6, svarint: clockOffsetMilliseconds)
        writer.tag(&section, 7, flag: isCut)
        writer.tag(&section, 8, flag: isStopped)
        writer.tag(&section, 9, flag: isUnheard)
        writer.tag(&section, 10, string: cordoned)
        writer.tag(&section, 11, timestamp: drainUntil)
        writer.close(section)
    }
}
