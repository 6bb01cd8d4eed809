// SPDX-License-Identifier: Apache-2.0
// Reelwork: tests of who is left over by an earlier life

import Glibc
import Testing

@testable import ReelworkWorker

/// Goal: what runs of an earlier life have started is killed wherever it went, and nobody else is.
///
/// Method: real processes with and without the mark; each is in a group of its own.
struct StragglersTests {
    @Test(.timeLimit(.minutes(1)))
    func killsWhoHasTheMarkAndSparesWhoOnlyLooksLikeIt() throws {
        let folder = try TestFolder()
        let (state, old) = (folder.state, folder.path + "/old/attempt")
        let marked = try [
            Sleeper(environment: ["A=1", "TMPDIR=\(state.attempts)/some-1"]),
            Sleeper(environment: ["TMPDIR=\(old)", "B=2"]),
        ]
        let others = try [
            Sleeper(),
            Sleeper(environment: ["TMPDIR=/tmp"]),
            Sleeper(environment: ["TMPDIR=\(state.attempts)"]),
            Sleeper(environment: ["TMPDIR=\(state.attempts)-of-another/some-1"]),
            Sleeper(environment: ["TMPDIR=\(old)er"]),
            Sleeper(environment: ["OTHER=TMPDIR=\(old)", "PWD=\(old)"]),
        ]
        let killed = Stragglers.kill(folders: [old], below: [state.attempts], wait: .seconds(5))
        #expect(killed == marked.count)
        #expect(marked.map { $0.signal() } == [SIGKILL, SIGKILL])
        #expect(others.allSatisfy { $0.signal() == nil })
        #expect(Stragglers.kill(folders: [old], below: [state.attempts], wait: .seconds(5)) == 0)
    }
}
