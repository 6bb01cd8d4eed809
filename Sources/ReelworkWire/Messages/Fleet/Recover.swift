// SPDX-License-Identifier: Apache-2.0
// Reelwork: RECOVER

package import ReelworkCore

/// Forces jobs out of dead hands (method 041).
package enum Recover: WireCall {
    /// The method.
    package static let method = Method.recover

    /// Which jobs.
    package enum Target: UInt8, CaseIterable, Hashable, Sendable {
        /// Those named.
        case jobs = 1
        /// All of the worker named.
        case worker = 2
        /// All whose worker is dead or unknown.
        case allOrphans = 3
    }

    /// What to do with them.
    package enum Action: UInt8, CaseIterable, Hashable, Sendable {
        /// To retrying, where the worker is dead, removed or unknown.
        case recover = 1
        /// To queued, now.
        case requeue = 2
        /// To failed.
        case fail = 3
    }

    /// What came of one job.
    package struct Item: WireItem {
        /// The job; 0 where the reference named none.
        package var number: JobNumber
        /// The state before; nil where there is none.
        package var from: OpenEnum<JobState>?
        /// The state after.
        package var to: OpenEnum<JobState>?
        /// What came of it.
        package var code: OpenEnum<ResultCode>
        /// What to do, in words; nil where it is done.
        package var detail: String?

        /// Makes it.
        package init(
            number: JobNumber,
            from: OpenEnum<JobState>?,
            to: OpenEnum<JobState>?,
            code: OpenEnum<ResultCode>,
            detail: String? = nil
        ) {
            self.number = number
            self.from = from
            self.to = to
            self.code = code
            self.detail = detail
        }

        /// The name in the specification, for errors.
        package static let wireName: StaticString = "RecoverItem"
        /// The least that one takes.
        package static let byteCountMin = 5

        /// Reads it.
        package static func decode(from reader: inout WireReader) throws(WireError) -> Item {
            var value = Item(
                number: try reader.jobNumber("number"),
                from: try reader.openOrNone("from", as: JobState.self),
                to: try reader.openOrNone("to", as: JobState.self),
                code: try reader.code("code")
            )
            var section = try reader.openSection()
            while let tag = try reader.nextTag(&section) {
                switch tag {
                case 1: value.detail = try reader.string("#1 detail")
                default: reader.skipTag()
                }
            }
            return value
        }

        /// Writes it.
        package func encode(into writer: inout WireWriter) {
            writer.jobNumber(number)
            writer.u8(from?.rawValue ?? 0)
            writer.u8(to?.rawValue ?? 0)
            writer.code(code)
            var section = writer.openSection()
            writer.tag(&section, 1, string: detail)
            writer.close(section)
        }
    }

    /// Which jobs, and what to do.
    package struct Request: WireMessage {
        /// Which jobs.
        package var target: Target
        /// With `jobs`, otherwise empty.
        package var refs: [JobRef]
        /// With `worker`, otherwise empty.
        package var worker: String
        /// What to do.
        package var action: Action
        /// Why; not empty.
        package var reason: String
        /// The common tags.
        package var tags: RequestTags

        /// Makes it.
        package init(
            target: Target,
            refs: [JobRef],
            worker: String,
            action: Action,
            reason: String,
            tags: RequestTags = .none
        ) {
            self.target = target
            self.refs = refs
            self.worker = worker
            self.action = action
            self.reason = reason
            self.tags = tags
        }

        /// The name in the specification, for errors.
        package static let wireName: StaticString = "RECOVER.request"

        /// Reads it.
        package static func decode(from reader: inout WireReader) throws(WireError) -> Request {
            var value = Request(
                target: try reader.known("target", else: .jobs),
                refs: try reader.list("refs", of: JobRef.self),
                worker: try reader.string("worker"),
                action: try reader.known("action", else: .recover),
                reason: try reader.string("reason")
            )
            if value.reason.isEmpty { reader.refuse("reason", expected: "a reason", found: "none") }
            value.tags = try reader.requestSection()
            return value
        }

        /// Writes it.
        package func encode(into writer: inout WireWriter) {
            writer.u8(target.rawValue)
            writer.list(refs)
            writer.string(worker)
            writer.u8(action.rawValue)
            writer.string(reason)
            writer.requestSection(tags)
        }
    }

    /// What came of it.
    package struct Response: WireMessage {
        /// One for each job.
        package var items: [Item]
        /// There are more than one answer holds: ask again.
        package var hasMore: Bool

        /// Makes it.
        package init(items: [Item], hasMore: Bool = false) {
            self.items = items
            self.hasMore = hasMore
        }

        /// The name in the specification, for errors.
        package static let wireName: StaticString = "RECOVER.response"

        /// Reads it.
        package static func decode(from reader: inout WireReader) throws(WireError) -> Response {
            var value = Response(items: try reader.list("items", of: Item.self))
            var section = try reader.openSection()
            while let tag = try reader.nextTag(&section) {
                switch tag {
                case 16: value.hasMore = true
                default: reader.skipTag()
                }
            }
            return value
        }

        /// Writes it.
        package func encode(into writer: inout WireWriter) {
            writer.list(items)
            var section = writer.openSection()
            writer.tag(&section, 16, flag: hasMore)
            writer.close(section)
        }
    }
}
