// SPDX-License-Identifier: Apache-2.0
// Reelwork: the bodies by their names in the specification

import ReelworkCore
import ReelworkWire

/// The bodies by their names in the specification.
enum Bodies {
    typealias Read = @Sendable ([UInt8]) throws(WireError) -> ReadBody

    static func reader<Message: WireMessage>(_ type: Message.Type) -> Read {
        { (bytes: [UInt8]) throws(WireError) in
            let value = try Message.decode(bytes.span.bytes)
            return ReadBody(value: value, again: value.encoded)
        }
    }

    static func call<Call: WireCall>(_ type: Call.Type) -> [String: Read] {
        [
            "\(Call.method.name).request": reader(Call.Request.self),
            "\(Call.method.name).response": reader(Call.Response.self),
        ]
    }

    static func event<News: WireEvent>(_ type: News.Type) -> [String: Read] {
        ["\(News.method.name).event": reader(News.Event.self)]
    }

    static let all: [String: Read] = {
        let groups: [[String: Read]] = [
            call(SubmitBatch.self), call(GetJob.self), call(ListJobs.self), call(Watch.self),
            event(Watch.self), call(CancelJob.self), call(RetryJob.self), call(History.self),
            call(JobLog.self), event(JobLog.self), call(JobWhy.self), call(JobBump.self),
            call(QueueSet.self), call(Register.self), call(Heartbeat.self), event(Credit.self),
            event(Assign.self), call(Report.self), event(Revoke.self), call(Inventory.self),
            event(ProgressReport.self), call(LogRead.self), call(WorkersList.self),
            call(WorkerSet.self), call(Metrics.self), call(Recover.self), call(Loops.self),
            call(LoopSet.self), call(Check.self), call(Backup.self), call(Config.self),
            call(LogLevel.self),
            [
                "HELLO": reader(Hello.self), "HELLO_ACK": reader(HelloAck.self),
                "AUTH": reader(Auth.self), "AUTH_OK": reader(AuthOK.self),
                "PING": reader(Ping.self), "PONG": reader(Ping.self),
                "ERROR": reader(ErrorMessage.self), "GOAWAY": reader(GoAway.self),
            ],
        ]
        return groups.reduce(into: [:]) { $0.merge($1) { first, _ in first } }
    }()
}
