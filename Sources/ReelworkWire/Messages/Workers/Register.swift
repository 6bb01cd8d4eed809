// SPDX-License-Identifier: Apache-2.0
// Reelwork: REGISTER

package import ReelworkCore

/// A worker says what it is and what it holds (method 020).
package enum Register: WireCall {
    /// The method.
    package static let method = Method.register

    /// What the worker is and what it holds.
    package struct Request: WireMessage {
        /// The worker.
        package var worker: WorkerRegistration
        /// Every attempt that it has anything of.
        package var held: [HeldAttempt]
        /// The common tags.
        package var tags: RequestTags

        /// Makes it.
        package init(
            worker: WorkerRegistration,
            held: [HeldAttempt],
            tags: RequestTags = .none
        ) {
            self.worker = worker
            self.held = held
            self.tags = tags
        }

        /// The name in the specification, for errors.
        package static let wireName: StaticString = "REGISTER.request"

        /// Reads it.
        package static func decode(from reader: inout WireReader) throws(WireError) -> Request {
            var worker = WorkerRegistration(
                name: try reader.string("name"),
                incarnation: try reader.u64("incarnation"),
                capacity: try reader.list("capacity", of: ResourceAmount.self),
                labels: try reader.list("labels", of: Label.self),
                engines: try reader.list("engines", of: EngineReport.self)
            )
            let held = try reader.list("held", of: HeldAttempt.self)
            var tags = RequestTags.none
            var section = try reader.openSection()
            while let tag = try reader.nextTag(&section) {
                switch tag {
                case 16: worker.host = try reader.string("#16 host")
                case 17: worker.pid = try reader.uvarint("#17 pid")
                case 18: worker.scratchFreeMebibytes = try reader.uvarint("#18 scratch_free_mib")
                case 19: worker.version = try reader.string("#19 version")
                case 20: worker.declared = try reader.strings("#20 declared")
                default: try reader.requestTag(tag, &tags)
                }
            }
            let request = Request(worker: worker, held: held, tags: tags)
            request.check(&reader)
            return request
        }

        /// Writes it.
        package func encode(into writer: inout WireWriter) {
            writer.string(worker.name)
            writer.u64(worker.incarnation)
            writer.list(worker.capacity)
            writer.list(worker.labels)
            writer.list(worker.engines)
            writer.list(held)
            var section = writer.openSection(tags)
            writer.tag(&section, 16, string: worker.host)
            writer.tag(&section, 17, uvarint: worker.pid)
            writer.tag(&section, 18, uvarint: worker.scratchFreeMebibytes)
            writer.tag(&section, 19, string: worker.version)
            writer.tag(&section, 20, strings: worker.declared.isEmpty ? nil : worker.declared)
            writer.close(section)
        }

        private func check(_ reader: inout WireReader) {
            let count = worker.name.utf8.count
            if count == 0 || count > Limits.workerNameBytesMax {
                reader.refuse(
                    "name",
                    expected: "1 to \(Limits.workerNameBytesMax) bytes",
                    found: "\(count) bytes"
                )
            }
            if worker.incarnation == 0 {
                reader.refuse("incarnation", expected: "a random number", found: "0")
            }
            if worker.capacity.count > Limits.capacityMax {
                reader.refuse(
                    "capacity",
                    expected: "at most \(Limits.capacityMax)",
                    found: "\(worker.capacity.count)"
                )
            }
            if let twice = JobSpec.firstTwice(worker.capacity.map(\.name)) {
                reader.refuse("capacity", expected: "each resource once", found: "\(twice) twice")
            }
            JobSpec.check(worker.labels, "labels", &reader)
            if worker.engines.count > Limits.enginesMax {
                reader.refuse(
                    "engines",
                    expected: "at most \(Limits.enginesMax)",
                    found: "\(worker.engines.count)"
                )
            }
            if let twice = JobSpec.firstTwice(worker.engines.map(\.name)) {
                reader.refuse("engines", expected: "each engine once", found: "\(twice) twice")
            }
        }
    }

    /// The session, with a verdict for each attempt held.
    package struct Response: WireMessage {
        /// The number of the session.
        package var session: UInt64
        /// The interval of heartbeats.
        package var heartbeat: Duration
        /// The length of the lease.
        package var lease: Duration
        /// One for each attempt held, in order.
        package var verdicts: [Verdict]

        /// Makes it.
        package init(session: UInt64, heartbeat: Duration, lease: Duration, verdicts: [Verdict]) {
            self.session = session
            self.heartbeat = heartbeat
            self.lease = lease
            self.verdicts = verdicts
        }

        /// The name in the specification, for errors.
        package static let wireName: StaticString = "REGISTER.response"

        /// Reads it.
        package static func decode(from reader: inout WireReader) throws(WireError) -> Response {
            let value = Response(
                session: try reader.uvarint("session"),
                heartbeat: try reader.duration("heartbeat"),
                lease: try reader.duration("lease"),
                verdicts: try reader.list("verdicts", of: Verdict.self)
            )
            try reader.skipSection()
            return value
        }

        /// Writes it.
        package func encode(into writer: inout WireWriter) {
            writer.uvarint(session)
            writer.duration(heartbeat)
            writer.duration(lease)
            writer.list(verdicts)
            writer.emptySection()
        }
    }
}
