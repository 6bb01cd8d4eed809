// SPDX-License-Identifier: Apache-2.0
// Reelwork: a job as it is shown, on the wire

package import ReelworkCore

extension JobView: WireItem {
    /// The name in the specification, for errors.
    package static let wireName: StaticString = "JobView"
    /// The least that one takes.
    package static let byteCountMin = 29

    /// Reads it.
    package static func decode(from reader: inout WireReader) throws(WireError) -> JobView {
        var view = JobView(
            id: try reader.jobID("id"),
            number: try reader.jobNumber("number"),
            state: try reader.open("state", as: JobState.self),
            queue: try reader.open("queue", as: JobQueue.self),
            priority: try reader.open("priority", as: JobPriority.self),
            attempt: try reader.attempt("attempt"),
            retryCount: try reader.uvarint("retry_count"),
            retriesMax: try reader.uvarint("max_retries"),
            engine: try reader.string("engine"),
            worker: try reader.string("worker"),
            created: try reader.timestamp("created"),
            input: try reader.string("input"),
            output: try reader.string("output")
        )
        var section = try reader.openSection()
        while let tag = try reader.nextTag(&section) { try view.decode(tag, from: &reader) }
        return view
    }

    private mutating func decode(
        _ tag: UInt64,
        from reader: inout WireReader
    ) throws(WireError) {
        switch tag {
        case 1: started = try reader.timestamp("#1 started")
        case 2: completed = try reader.timestamp("#2 completed")
        case 3: notBefore = try reader.timestamp("#3 not_before")
        case 4: deadline = try reader.timestamp("#4 deadline")
        case 5: failure = try reader.open("#5 class", as: FailureClass.self)
        case 6: error = try reader.string("#6 error")
        case 7:
            parameters = try reader.list(
                "#7 parameters",
                of: Parameter.self,
                max: Limits.parametersMax
            )
        case 8: key = try reader.string("#8 key")
        case 9: retryOf = try reader.jobNumber("#9 retry_of")
        case 10: progress = try JobProgress.decode(from: &reader)
        case 11: granted = try reader.attempt("#11 granted")
        case 12: askedEngine = try reader.string("#12 asked_engine")
        case 13: timeout = try reader.duration("#13 timeout")
        case 14: tenant = try reader.string("#14 tenant")
        case 15: sequence = try reader.uvarint("#15 seq")
        default: reader.skipTag()
        }
    }

    /// Writes it.
    package func encode(into writer: inout WireWriter) {
        writer.jobID(id)
        writer.jobNumber(number)
        writer.u8(state.rawValue)
        writer.u8(queue.rawValue)
        writer.u8(priority.rawValue)
        writer.attempt(attempt)
        writer.uvarint(retryCount)
        writer.uvarint(retriesMax)
        writer.string(engine)
        writer.string(worker)
        writer.timestamp(created)
        writer.string(input)
        writer.string(output)
        var section = writer.openSection()
        writer.tag(&section, 1, timestamp: started)
        writer.tag(&section, 2, timestamp: completed)
        writer.tag(&section, 3, timestamp: notBefore)
        writer.tag(&section, 4, timestamp: deadline)
        writer.tag(&section, 5, u8: failure?.rawValue)
        writer.tag(&section, 6, string: error)
        writer.tag(&section, 7, list: parameters)
        writer.tag(&section, 8, string: key)
        writer.tag(&section, 9, uvarint: retryOf?.rawValue)
        writer.tag(&section, 10, item: progress)
        writer.tag(&section, 11, attempt: granted)
        writer.tag(&section, 12, string: askedEngine)
        writer.tag(&section, 13, duration: timeout)
        writer.tag(&section, 14, string: tenant)
        writer.tag(&section, 15, uvarint: sequence)
        writer.close(section)
    }
}
