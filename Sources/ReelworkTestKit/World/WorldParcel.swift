// SPDX-License-Identifier: Apache-2.0
// Reelwork: a frame, read for a session of a simulated world

import ReelworkCore
import ReelworkRPC
import ReelworkScheduling
import ReelworkWire

/// A frame, read: what the machine is told, and what is handed on if it says so.
struct WorldParcel {
    /// What is handed on.
    enum Content {
        case none
        case toScheduler(ToScheduler)
        case toWorker(ToWorker)
        case malformed(WireError)
    }

    var event: SessionEvent
    var content = Content.none

    /// Reads a frame that came to this end.
    static func read(
        _ frame: Frame,
        _ body: RawSpan,
        at side: SessionSide,
        hasMore: Bool
    ) -> WorldParcel {
        let header = frame.header
        let (id, field) = (header.requestID, header.methodField)
        let method = Method(rawValue: field >> 4)
        do throws(WireError) {
            switch frame.kind {
            case .request:
                let event = SessionEvent.request(id: id, methodField: field)
                return WorldParcel(event, try content(of: method, id, body, at: side))
            case .response:
                let event = SessionEvent.response(id: id, methodField: field)
                return WorldParcel(event, try content(of: method, id, body, at: side))
            case .event:
                let event = SessionEvent.news(id: id, methodField: field)
                return WorldParcel(event, try content(of: method, id, body, at: side))
            case .cancel: return WorldParcel(.cancel(id: id))
            case .hello: return WorldParcel(.hello(try Hello.decode(body), hasMore: hasMore))
            case .helloAck: return WorldParcel(.helloAck(try HelloAck.decode(body)))
            case .auth: return WorldParcel(.auth(try Auth.decode(body), hasMore: hasMore))
            case .authOK: return WorldParcel(.authOK(try AuthOK.decode(body)))
            case .error:
                let error = try ErrorMessage.decode(body)
                return WorldParcel(.failure(error, id: id, methodField: field))
            case .ping: return WorldParcel(.ping(try Ping.decode(body).opaque))
            case .pong: return WorldParcel(.pong(try Ping.decode(body).opaque))
            case .goaway: return WorldParcel(.goaway(try GoAway.decode(body)))
            }
        } catch {
            return WorldParcel(.malformed(error))
        }
    }

    private init(_ event: SessionEvent, _ content: Content = .none) {
        self.event = event
        self.content = content
    }

    /// The body of a request, an answer or an event that this end may get.
    private static func content(
        of method: Method?,
        _ id: UInt32,
        _ body: RawSpan,
        at side: SessionSide
    ) throws(WireError) -> Content {
        switch side {
        case .server: try toScheduler(method, id, body).map { .toScheduler($0) } ?? .none
        case .client: try toWorker(method, id, body).map { .toWorker($0) } ?? .none
        }
    }

    private static func toScheduler(
        _ method: Method?,
        _ id: UInt32,
        _ body: RawSpan
    ) throws(WireError) -> ToScheduler? {
        switch method {
        case .register:
            let request = try Register.Request.decode(body)
            return .register(request: id, request.worker, request.held)
        case .heartbeat:
            let request = try Heartbeat.Request.decode(body)
            let note = HeartbeatNote(
                assignedSeen: request.assignedSeen,
                open: request.open,
                digest: OpenSetDigest(value: request.digest)
            )
            return .heartbeat(request: id, note)
        case .report:
            let request = try Report.Request.decode(body)
            for entry in request.entries {
                // What a worker of this house reports makes sense to its scheduler.
                if case .invalid(_, _, let fault) = entry { throw .invalid(fault) }
            }
            return .report(request: id, limit: request.assignLimit, request.items)
        case .credit:
            let credit = try Credit.Event.decode(body)
            return .credit(credit.assignLimit, isDraining: credit.isDraining)
        case .inventory:
            let answer = try Inventory.Response.decode(body)
            return .inventory(seen: answer.assignedSeen, answer.held)
        default: return nil
        }
    }

    private static func toWorker(
        _ method: Method?,
        _ id: UInt32,
        _ body: RawSpan
    ) throws(WireError) -> ToWorker? {
        let sentAt = BootInstant(nanoseconds: 0)
        switch method {
        case .register:
            let answer = try Register.Response.decode(body)
            return .registered(
                heartbeat: answer.heartbeat,
                lease: answer.lease,
                answer.verdicts,
                sentAt: sentAt
            )
        case .heartbeat:
            _ = try Heartbeat.Response.decode(body)
            return .heartbeat(sentAt: sentAt)
        case .report: return .reported(try Report.Response.decode(body).results, sentAt: sentAt)
        case .assign:
            let event = try Assign.Event.decode(body)
            return .assign(first: event.firstIndex, event.assignments)
        case .revoke: return .revoke(try Revoke.Event.decode(body).revocations)
        case .inventory:
            _ = try Inventory.Request.decode(body)
            return .inventory(request: id)
        default: return nil
        }
    }
}

extension ToWorker {
    /// The same with the time of its request, which is the request's tag.
    func answering(_ tag: UInt64) -> ToWorker {
        let asked = BootInstant(nanoseconds: Int64(clamping: tag))
        return switch self {
        case .registered(let heartbeat, let lease, let verdicts, _):
            .registered(heartbeat: heartbeat, lease: lease, verdicts, sentAt: asked)
        case .heartbeat: .heartbeat(sentAt: asked)
        case .reported(let results, _): .reported(results, sentAt: asked)
        case .assign, .revoke, .inventory, .failed: self
        }
    }
}
