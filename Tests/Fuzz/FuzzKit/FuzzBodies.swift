// SPDX-License-Identifier: Apache-2.0
// Reelwork: every body there is, a line each

internal import ReelworkCore
internal import ReelworkWire

/// Every body there is, a line each.
package enum FuzzBodies {
    /// All of them.
    ///
    /// An input's first byte is an index in this list: add new ones at its end, and
    /// inputs that once found something keep their meaning.
    package static let all: [FuzzBody] = [
        call(SubmitBatch.self), call(GetJob.self), call(ListJobs.self), call(Watch.self),
        event(Watch.self), call(CancelJob.self), call(RetryJob.self), call(History.self),
        call(JobLog.self), event(JobLog.self), call(JobWhy.self), call(JobBump.self),
        call(QueueSet.self), call(Register.self), call(Heartbeat.self), event(Credit.self),
        event(Assign.self), call(Report.self), event(Revoke.self), call(Inventory.self),
        event(ProgressReport.self), call(LogRead.self), call(WorkersList.self),
        call(WorkerSet.self), call(Metrics.self), call(Recover.self), call(Loops.self),
        call(LoopSet.self), call(Check.self), call(Backup.self), call(Config.self),
        call(LogLevel.self), handshake,
        [
            FuzzBody("PING", Ping.self, .connection(.ping)),
            FuzzBody("PONG", Ping.self, .connection(.pong)),
            FuzzBody("GOAWAY", GoAway.self, .connection(.goaway)),
        ],
    ].flatMap { $0 }

    /// Those that come before anybody is known.
    package static let handshake: [FuzzBody] = [
        FuzzBody("HELLO", Hello.self, .connection(.hello)),
        FuzzBody("HELLO_ACK", HelloAck.self, .connection(.helloAck)),
        FuzzBody("AUTH", Auth.self, .connection(.auth)),
        FuzzBody("AUTH_OK", AuthOK.self, .connection(.authOK)),
        FuzzBody("ERROR", ErrorMessage.self, .connection(.error)),
    ]

    private static func call<Call: WireCall>(_ type: Call.Type) -> [FuzzBody] {
        let field = FrameHeader.field(Call.method)
        return [
            FuzzBody(
                "\(Call.method.name).request",
                Call.Request.self,
                .init(kind: .request, methodField: field)
            ),
            FuzzBody(
                "\(Call.method.name).response",
                Call.Response.self,
                .init(kind: .response, methodField: field)
            ),
        ]
    }

    private static func event<News: WireEvent>(_ type: News.Type) -> [FuzzBody] {
        let field = FrameHeader.field(News.method)
        return [
            FuzzBody(
                "\(News.method.name).event",
                News.Event.self,
                .init(kind: .event, methodField: field)
            )
        ]
    }
}
