// SPDX-License-Identifier: Apache-2.0
// Reelwork: capabilities, labels and needs that are too much or make no sense

import ReelworkCore
import ReelworkRPC
import ReelworkWire
import Testing

/// Goal: who says more than there may be, or what contradicts itself, gets an error that names the
/// place and the limit; nobody else notices.
///
/// Method: the real scheduler on Unix sockets, bodies that no codec of ours would write, and after
/// each a job that goes the whole way by other connections.
@Suite(.timeLimit(.minutes(1)))
struct CapabilityLimitsTests {
    private static let million = String(repeating: "x", count: 1 << 20)
    private static let thousands = (0..<10_000).map { "e\($0)" }

    private func registration(_ name: String) -> WorkerRegistration {
        WorkerRegistration(
            name: name,
            incarnation: 7,
            capacity: [ResourceAmount(name: "slot", amount: 1)],
            engines: [DaemonHarness.ffmpeg]
        )
    }

    /// What a list of ten thousand stands in.
    enum Place: CaseIterable {
        case capacity
        case labels
        case engines
        case encoders
        case devices
        case declared
        case held
    }

    private func long(_ place: Place) -> Register.Request {
        var worker = registration("long")
        let names = Self.thousands
        var held: [HeldAttempt] = []
        switch place {
        case .capacity: worker.capacity = names.map { ResourceAmount(name: $0, amount: 1) }
        case .labels: worker.labels = names.map { Label(name: $0, value: "") }
        case .engines:
            worker.engines = names.map { EngineReport(name: $0, version: "", encoders: []) }
        case .encoders: worker.engines[0].encoders = names
        case .devices:
            worker.engines[0].devices = names.map { ResourceAmount(name: $0, amount: 1) }
        case .declared: worker.declared = names
        case .held:
            held = names.indices.map {
                HeldAttempt(
                    id: JobID(high: 7 << 12, low: UInt64($0)),
                    attempt: AttemptNumber(1),
                    phase: .known(.running)
                )
            }
        }
        return Register.Request(worker: worker, held: held)
    }

    @Test(arguments: Place.allCases)
    func tenThousandEntriesGetAnErrorThatNamesTheLimit(place: Place) async throws {
        try await DaemonHarness.open { harness in
            let raw = try RawPeer(harness.folder + "/reelwork.sock")
            try raw.shakeHands(.worker)
            try raw.ask(Register.self, long(place), id: 1)
            let answer = try error(raw)
            #expect(answer.code == .known(.protocolError))
            #expect(answer.detail.contains("at most 4096 items"), "\(answer.detail)")
            #expect(answer.detail.contains("10000"), "\(answer.detail)")
            let field = place == .held ? "held" : "\(place)"
            #expect(answer.detail.contains(field), "\(answer.detail)")
            try await expectService(harness)
        }
    }

    // As many as there may be are taken, stored and shown.
    @Test func asManyAsThereMayBeAreTaken() async throws {
        try await DaemonHarness.open { harness in
            let most = Array(Self.thousands.prefix(Limits.listItemsMax))
            let report = EngineReport(name: "ffmpeg", version: "", encoders: most)
            _ = try await harness.worker("most", engines: [report])
            let reader = try await harness.connect(.submitter)
            let list = try await reader.call(
                WorkersList.self,
                WorkersList.Request(name: "most", detail: .withEngines, cursor: nil)
            )
            #expect(list.workers.first?.engines.first?.encoders == most)
            try await expectService(harness)
        }
    }

    @Test func aLabelOfAMegabyteCostsItsConnectionAlone() async throws {
        try await DaemonHarness.open { harness in
            var worker = registration("long")
            worker.labels = [Label(name: "zone", value: Self.million)]
            // It does not even fit into a frame.
            let raw = try RawPeer(harness.folder + "/reelwork.sock")
            try raw.shakeHands(.worker)
            try raw.ask(Register.self, Register.Request(worker: worker, held: []), id: 1)
            let tooLarge = try error(raw)
            #expect(tooLarge.code == .known(.frameTooLarge), "\(tooLarge)")
            // One that does is longer than any string may be.
            worker.labels[0].value = String(Self.million.prefix(100_000))
            let other = try RawPeer(harness.folder + "/reelwork.sock")
            try other.shakeHands(.worker)
            try other.ask(Register.self, Register.Request(worker: worker, held: []), id: 1)
            let malformed = try error(other)
            #expect(malformed.code == .known(.protocolError))
            #expect(malformed.detail.contains("label"), "\(malformed)")
            #expect(malformed.detail.contains("4096 bytes"), "\(malformed)")
            try await expectService(harness)
        }
    }

    // A label that is only a little too long costs its request, and not the connection.
    @Test func aLabelThatIsTooLongIsRefusedByItsPlace() async throws {
        try await DaemonHarness.open { harness in
            var worker = registration("long")
            worker.labels = [Label(name: "zone", value: String(Self.million.prefix(253)))]
            let connection = try await harness.connect(.worker)
            let refusal = await #expect(throws: RPCError.self) {
                try await connection.call(
                    Register.self,
                    Register.Request(worker: worker, held: [])
                )
            }
            #expect(refusal?.remote?.code == .known(.invalidArgument), "\(refusal as Any)")
            #expect(refusal?.description.contains("labels of at most 256 bytes") == true)
            worker.labels[0].value.removeLast()
            let answer = try await connection.call(
                Register.self,
                Register.Request(worker: worker, held: [])
            )
            #expect(answer.session > 0)
            try await expectService(harness)
        }
    }

    // MARK: - Jobs

    private static let specs: [(String, @Sendable (inout JobSpec) -> Void, String)] = [
        (
            "a label that is too long",
            { $0.require = [Label(name: "zone", value: String(million.prefix(253)))] },
            "#8 require: expected labels of at most 256 bytes, found one of 257"
        ),
        (
            "a wish that is too long",
            { $0.prefer = [Label(name: "z", value: String(million.prefix(4_000)))] },
            "#11 prefer: expected labels of at most 256 bytes, found one of 4001"
        ),
        (
            "a label that is no string",
            { $0.require = [Label(name: "zone", value: String(million.prefix(5_000)))] },
            "at most 4096 bytes"
        ),
        (
            "two values of one label",
            { $0.require = [Label(name: "a", value: "1"), Label(name: "a", value: "2")] },
            "#8 require: expected each label once"
        ),
        (
            "no slot", { $0.needs = [ResourceAmount(name: "slot", amount: 0)] },
            "needs: a job takes 1 to 1024 slots, not 0"
        ),
        (
            "more slots than any worker has",
            { $0.needs = [ResourceAmount(name: "slot", amount: 1_025)] },
            "needs: a job takes 1 to 1024 slots, not 1025"
        ),
        (
            "a resource without a name", { $0.needs = [ResourceAmount(name: "", amount: 1)] },
            "needs: a resource's name has 0 bytes"
        ),
        (
            "a resource with a long name",
            { $0.needs = [ResourceAmount(name: String(million.prefix(200)), amount: 1)] },
            "needs: a resource's name has 200 bytes; expected 1 to 128"
        ),
        (
            "an encoder of another engine",
            {
                $0.engine = "gstreamer"
                $0.encoders = ["libx264"]
            },
            "gstreamer has no encoder \"libx264\"; known are x264enc"
        ),
        (
            "an encoder that no engine has", { $0.encoders = ["h264_nvenc"] },
            "ffmpeg has no encoder \"h264_nvenc\""
        ),
    ]

    // What can be seen to be impossible is refused at once, with its place; the other items of the
    // request are taken.
    @Test func whatContradictsItselfIsRefusedAtOnce() async throws {
        try await DaemonHarness.open { harness in
            let submitter = try await harness.connect(.submitter)
            for (index, (what, change, words)) in Self.specs.enumerated() {
                var spec = JobSpec(input: "/in/\(index)", output: "/out/\(index).mp4")
                change(&spec)
                let good = DaemonHarness.item("good-\(index)")
                let results = try await submitter.submit([
                    SubmitItem(key: "bad-\(index)", spec: spec.encoded), good,
                ])
                #expect(results[0].code == .known(.invalidArgument), "\(what)")
                #expect(results[0].detail?.contains(words) == true, "\(what): \(results[0])")
                #expect(results[1].code == .known(.ok), "\(what)")
            }
        }
    }

    // Lesson 9: what no worker has today one may have tomorrow: it waits, and is taken then.
    @Test func whatNobodyHasYetWaits() async throws {
        try await DaemonHarness.open { harness in
            let submitter = try await harness.connect(.submitter)
            _ = try await harness.worker("small")
            var spec = JobSpec(input: "/in/a", output: "/out/a.mp4")
            spec.needs = [ResourceAmount(name: "gpu_session", amount: 1)]
            spec.require = [Label(name: "zone", value: "eu")]
            // A wish against what is required is only a wish that nobody can meet.
            spec.prefer = [Label(name: "zone", value: "us")]
            let accepted = try #require(
                try await submitter.submit([SubmitItem(key: "a", spec: spec.encoded)]).first
            )
            #expect(accepted.code == .known(.ok))
            #expect(try await submitter.job(accepted.number).state == .known(.queued))
            let worker = try await harness.connect(.worker)
            var registration = registration("gpu")
            registration.capacity.append(ResourceAmount(name: "gpu_session:1", amount: 1))
            registration.labels = [Label(name: "zone", value: "eu")]
            _ = try await worker.call(
                Register.self,
                Register.Request(worker: registration, held: [])
            )
            worker.send(Credit.self, Credit.Event(assignLimit: 1))
            let assignment = try await worker.assignment()
            #expect(assignment.number == accepted.number)
            #expect(assignment.devices == [ResourceAmount(name: "gpu_session:1", amount: 1)])
        }
    }

    private func error(_ peer: RawPeer) throws -> ErrorMessage {
        let frame = try peer.readFrame(.error)
        return try ErrorMessage.decode(frame.body.span.bytes)
    }

    /// Others submit, work and look as if nothing had been.
    private func expectService(_ harness: DaemonHarness) async throws {
        let submitter = try await harness.connect(.submitter)
        let accepted = try #require(try await submitter.submit([DaemonHarness.item("good")]).first)
        let (worker, _) = try await harness.worker("good")
        let assignment = try await worker.assignment()
        let end = ReportItem.Content.finished(nil, ReportItem.Finish(hasNoFile: true))
        #expect(try await worker.report(assignment, end).code == .known(.ok))
        #expect(try await submitter.job(accepted.number).state == .known(.completed))
    }
}
