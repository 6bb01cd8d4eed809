// SPDX-License-Identifier: Apache-2.0
// Reelwork: the numbers of the specification and of the vocabulary

import Foundation
import ReelworkCore
import ReelworkWire
import Testing

// Goal: the numbers that the specification prints are those that the program uses. Method: compare
// numbers.json with the enumerations, both ways: nothing missing, nothing more.
struct NumbersTests {
    let numbers: JSONValue

    init() throws {
        let file = Vector.folder.appending(path: "numbers.json")
        numbers = try JSONDecoder().decode(JSONValue.self, from: Data(contentsOf: file))
    }

    private func table(_ key: String, number: String = "number") -> [UInt64: String] {
        (numbers[key]?.items ?? []).reduce(into: [:]) { table, row in
            guard let value = row[number]?.number, let name = row["name"]?.text else { return }
            table[value] = name
        }
    }

    private func snake(_ text: String) -> String {
        text.reduce(into: "") { result, character in
            if character.isUppercase { result += "_" }
            result += character.lowercased()
        }
    }

    private func names<Value: RawRepresentable & CaseIterable>(
        _ type: Value.Type,
        _ name: (Value) -> String
    ) -> [UInt64: String] where Value.RawValue: BinaryInteger {
        Dictionary(uniqueKeysWithValues: Value.allCases.map { (UInt64($0.rawValue), name($0)) })
    }

    @Test func namedEnumerationsAgree() {
        #expect(table("job_states") == names(JobState.self) { $0.name })
        #expect(table("queues") == names(JobQueue.self) { $0.name })
        #expect(table("priorities") == names(JobPriority.self) { $0.name })
        #expect(table("failure_classes") == names(FailureClass.self) { $0.name })
        #expect(table("worker_states") == names(WorkerState.self) { $0.name })
        #expect(table("methods", number: "id") == names(ReelworkCore.Method.self) { $0.name })
        #expect(table("error_codes") == names(ResultCode.self) { $0.name })
        #expect(table("preface_statuses") == names(PrefaceStatus.self) { $0.name })
        #expect(table("codecs") == names(WireCodec.self) { $0.name })
    }

    // They have no numbers: the wire has the words.
    @Test func reasonsAgree() {
        let rows = numbers["why_codes"]?.items ?? []
        #expect(rows.compactMap { $0["name"]?.text } == WhyCode.allCases.map(\.rawValue))
        let isOfWorker = rows.map { $0["of"]?.text == "worker" }
        #expect(isOfWorker == WhyCode.allCases.map(\.isOfWorker))
        let page = Vector.folder.appending(path: "messages.md")
        let words = (try? String(contentsOf: page, encoding: .utf8)) ?? ""
        #expect(WhyCode.allCases.filter { !words.contains("`\($0.rawValue)`") } == [])
    }

    @Test func unnamedEnumerationsAgree() {
        #expect(table("roles") == names(PeerRole.self) { snake("\($0)") })
        #expect(table("held_phases") == names(HeldAttempt.Phase.self) { snake("\($0)") })
        #expect(table("verdicts") == names(Verdict.Kind.self) { snake("\($0)") })
        #expect(table("report_kinds") == names(ReportItem.Kind.self) { snake("\($0)") })
        #expect(table("progress_phases") == names(JobProgress.Phase.self) { snake("\($0)") })
        #expect(table("event_kinds") == names(JobNews.Kind.self) { snake("\($0)") })
        #expect(table("job_ref_kinds") == names(JobRef.WireKind.self) { snake("\($0)") })
        #expect(table("job_views") == names(JobDetail.self) { snake("\($0)") })
        #expect(table("worker_views") == names(WorkersList.Detail.self) { snake("\($0)") })
        #expect(table("queue_actions") == names(QueueSet.Action.self) { snake("\($0)") })
        #expect(table("worker_actions") == names(WorkerSet.Action.self) { snake("\($0)") })
        #expect(table("recover_targets") == names(Recover.Target.self) { snake("\($0)") })
        #expect(table("recover_actions") == names(Recover.Action.self) { snake("\($0)") })
        #expect(table("loop_actions") == names(LoopSet.Action.self) { snake("\($0)") })
    }

    @Test func reasonsHaveTheSameNumbers() {
        #expect(
            Set(table("release_reasons").keys)
                == Set(ReleaseReason.allCases.map { UInt64($0.rawValue) })
        )
        #expect(
            Set(table("revoke_reasons").keys)
                == Set(RevokeReason.allCases.map { UInt64($0.rawValue) })
        )
    }

    @Test func frameTypesAgree() {
        let rows = numbers["frame_types"]?.items ?? []
        #expect(rows.count == FrameKind.allCases.count)
        for row in rows {
            let kind = row["number"]?.number.flatMap { FrameKind(rawValue: UInt8($0)) }
            #expect(
                snake("\(kind.map { "\($0)" } ?? "")").replacing("auth_o_k", with: "auth_ok")
                    == row["name"]?.text?.lowercased()
            )
            #expect(row["compressible"] == .bool(kind?.mayBeCompressed ?? false))
        }
    }

    @Test func legalMovesAgree() {
        let listed = Set(
            (numbers["legal_moves"]?.items ?? []).map { $0.items.compactMap(\.number) }
        )
        var ours: Set<[UInt64]> = []
        for from in JobState.allCases {
            for to in JobState.allCases where from.canMove(to: to) {
                ours.insert([UInt64(from.rawValue), UInt64(to.rawValue)])
            }
        }
        #expect(listed == ours)
    }

    @Test func statesAndClassesBehaveAlike() {
        for row in numbers["job_states"]?.items ?? [] {
            let state = row["number"]?.number.flatMap { JobState(rawValue: UInt8($0)) }
            #expect(row["terminal"] == .bool(state?.isTerminal ?? false))
            for old in row["legacy"]?.items ?? [] {
                #expect(JobState(name: old.text ?? "") == state)
            }
        }
        for row in numbers["failure_classes"]?.items ?? [] {
            let failure = row["number"]?.number.flatMap { FailureClass(rawValue: UInt8($0)) }
            #expect(row["retried"] == .bool(failure?.isRetryable ?? false))
            #expect(row["counted"] == .bool(failure?.isCounted ?? false))
        }
        for row in numbers["report_kinds"]?.items ?? [] {
            let kind = row["number"]?.number.flatMap { ReportItem.Kind(rawValue: UInt8($0)) }
            #expect(row["terminal"] == .bool(kind?.isTerminal ?? false))
        }
    }

    @Test func constantsAgree() {
        #expect(numbers["protocol"]?["version"]?.number == UInt64(Preface.version))
        #expect(numbers["protocol"]?["header_bytes"]?.number == UInt64(FrameHeader.byteCount))
        #expect(numbers["protocol"]?["preface_bytes"]?.number == UInt64(Preface.byteCount))
        #expect(Vector.unhex(numbers["protocol"]?["magic"]?.text ?? "") == Preface.magic)
        #expect(numbers["job_spec_version"]?.number == UInt64(JobSpec.wireVersion))
        #expect(numbers["job_spec_must_understand_from"]?.number == JobSpec.tagsUnderstoodFrom)
        #expect(
            numbers["frame_types_ignorable_from"]?.number
                == UInt64(FrameHeader.ignorableTypesFrom)
        )
    }
}
