// SPDX-License-Identifier: Apache-2.0
// Reelwork: what waits for the scheduler, and what happens when it is full

import ReelworkCore
import ReelworkScheduling
import Testing

@testable import ReelworkDaemon

/// Goal: a full inbox refuses what may be refused, takes what never may be and holds its session,
/// and no session grows it by repeating itself.
///
/// Method: letters in, letters and held sessions out.
struct InboxTests {
    private let session = SessionID(rawValue: 5)
    private let other = SessionID(rawValue: 6)

    private func tag(_ request: UInt32, _ method: Method) -> RequestTag {
        RequestTag(connection: 5, request: request, method: method)
    }

    private func report(_ session: SessionID) -> Letter {
        .report(tag(1, .report), session, assignLimit: 0, [])
    }

    private func heartbeat(_ session: SessionID) -> Letter {
        let note = HeartbeatNote(assignedSeen: 0, open: 0, digest: OpenSetDigest(value: 0))
        return .input(.heartbeat(tag(1, .heartbeat), session, note))
    }

    private func credit(_ limit: UInt64, isDraining: Bool? = nil) -> Letter {
        .input(.credit(session, assignLimit: limit, isDraining: isDraining))
    }

    private func taken(_ inbox: Inbox) -> (letters: [Letter], held: [SessionID]) {
        var letters: [Letter] = []
        let held = inbox.take(into: &letters)
        return (letters, held)
    }

    @Test func aFloodOfCreditsIsOneLetterWithTheLastWord() throws {
        let inbox = try Inbox()
        for limit: UInt64 in 1...100_000 { inbox.post(credit(limit)) }
        inbox.post(credit(7, isDraining: true))
        inbox.post(credit(8))
        let letters = taken(inbox).letters
        #expect(letters.count == 1)
        guard case .input(.credit(session, assignLimit: 100_000, isDraining: true))? = letters.first
        else {
            Issue.record("\(letters)")
            return
        }
        // What was taken is no place for the next one.
        inbox.post(credit(9))
        #expect(taken(inbox).letters.count == 1)
    }

    // A credit before REGISTER belongs to nobody; one that comes after must stay behind it.
    @Test func aCreditNeverGoesBeforeTheRegisterOfItsSession() throws {
        let inbox = try Inbox()
        inbox.post(credit(1))
        let worker = WorkerRegistration(name: "w", incarnation: 1, capacity: [], engines: [])
        inbox.post(.register(tag(1, .register), session, worker, []))
        inbox.post(credit(2))
        let letters = taken(inbox).letters
        #expect(letters.count == 3)
        guard case .input(.credit(session, assignLimit: 2, isDraining: nil))? = letters.last else {
            Issue.record("\(letters)")
            return
        }
    }

    @Test func whatIsNeverBusyIsTakenByAFullInboxAndItsSessionHeldOnce() throws {
        let inbox = try Inbox(itemsMax: 2)
        let most = Limits.inboxHeldItemsMin
        var held: [SessionID] = []
        func post(_ letter: Letter) -> Bool { inbox.post(letter) { held.append($0) } }
        #expect(post(report(session)) && post(report(session)))
        #expect(held.isEmpty)
        #expect(!post(.cancel(tag(2, .cancelJob), [], reason: "", actor: "")))
        #expect(!post(.input(.metrics(tag(3, .metrics), prefix: ""))))
        #expect(!post(.input(.progress(session, []))))
        for _ in 1..<most { #expect(post(report(session))) }
        #expect(post(heartbeat(other)))
        #expect(held.isEmpty, "few of each wait")
        #expect(post(report(session)) && post(heartbeat(session)))
        #expect(held == [session])
        #expect(inbox.post(report(other), bytes: Limits.inboxHeldBytesMin) { held.append($0) })
        #expect(held == [session, other])
        #expect(post(.stop))
        let (letters, free) = taken(inbox)
        #expect(letters.count == most + 6)
        #expect(Set(free) == [session, other])
        #expect(post(.cancel(tag(2, .cancelJob), [], reason: "", actor: "")))
        #expect(taken(inbox).held.isEmpty)
    }

    @Test func manyBytesFillItToo() throws {
        let inbox = try Inbox(bytesMax: 1_000)
        let cancel = Letter.cancel(tag(2, .cancelJob), [], reason: "", actor: "")
        #expect(inbox.post(cancel, bytes: 999))
        #expect(inbox.post(cancel, bytes: 1))
        #expect(!inbox.post(cancel, bytes: 1))
        _ = taken(inbox)
        #expect(inbox.post(cancel, bytes: 1))
    }

    // The answer goes at once; what the heartbeat says stays behind the report that came before it.
    @Test func aPulseIsTakenOnceAndWhatItSaysStaysInItsPlace() throws {
        let inbox = try Inbox()
        inbox.post(report(session))
        inbox.post(heartbeat(session))
        inbox.post(heartbeat(other))
        let pulses = inbox.takePulses { $0 == session }
        #expect(pulses.map(\.session) == [session])
        #expect(pulses.map(\.tag) == [tag(1, .heartbeat)])
        #expect(inbox.takePulses { $0 == session }.isEmpty)
        // Its REGISTER may wait before it: once that was seen the answer is due.
        #expect(inbox.takePulses { _ in true }.map(\.session) == [other])
        let letters = taken(inbox).letters
        #expect(letters.count == 3)
        guard case .input(.heartbeat(nil, session, _))? = letters.dropFirst().first else {
            Issue.record("\(letters)")
            return
        }
        #expect(inbox.takePulses { _ in true }.isEmpty)
    }

    // Hostile review 2: beside a commit that hangs a full inbox must go on hearing who lives.
    @Test func whoOnlyLivesIsHeardForEverByAFullInbox() throws {
        let inbox = try Inbox(itemsMax: 1)
        var held: [SessionID] = []
        inbox.post(report(other))
        for beat in UInt32(1)...100 {
            let note = HeartbeatNote(
                assignedSeen: UInt64(beat),
                open: 0,
                digest: OpenSetDigest(value: 0),
                scratchFreeMebibytes: beat == 50 ? 7 : nil
            )
            inbox.post(.input(.heartbeat(tag(beat, .heartbeat), session, note))) {
                held.append($0)
            }
            #expect(inbox.takePulses { _ in true }.map(\.tag) == [tag(beat, .heartbeat)])
        }
        #expect(held.isEmpty)
        let letters = taken(inbox).letters
        #expect(letters.count == 2)
        guard case .input(.heartbeat(nil, session, let last))? = letters.last else {
            Issue.record("\(letters)")
            return
        }
        #expect(last.assignedSeen == 100)
        #expect(last.scratchFreeMebibytes == 7)
    }

    @Test func aHeartbeatIsNeverPutBeforeAReportThatCameFirst() throws {
        let inbox = try Inbox()
        inbox.post(heartbeat(session))
        #expect(inbox.takePulses { _ in true }.count == 1)
        inbox.post(report(session))
        inbox.post(heartbeat(session))
        #expect(inbox.takePulses { _ in true }.count == 1)
        let letters = taken(inbox).letters
        #expect(letters.count == 3)
        guard case .input(.heartbeat)? = letters.last else {
            Issue.record("\(letters)")
            return
        }
    }

    // Hostile review 7: REGISTER, REPORT and CREDIT are signs of life too, each once.
    @Test func everyWordThatWaitsIsASignOfLife() throws {
        let inbox = try Inbox()
        let worker = WorkerRegistration(name: "w", incarnation: 3, capacity: [], engines: [])
        inbox.post(credit(1))
        inbox.post(report(other))
        #expect(inbox.takeSigns() == [.session(session), .session(other)])
        #expect(inbox.takeSigns().isEmpty)
        inbox.post(.register(tag(1, .register), other, worker, []))
        inbox.post(credit(2))
        #expect(Set(inbox.takeSigns()) == [.worker("w", incarnation: 3), .session(session)])
        #expect(taken(inbox).letters.count == 3)
        inbox.post(report(session))
        #expect(inbox.takeSigns() == [.session(session)])
    }
}
