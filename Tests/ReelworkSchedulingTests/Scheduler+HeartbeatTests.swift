// SPDX-License-Identifier: Apache-2.0
// Reelwork: tests of what a heartbeat's answer waits for.

import ReelworkCore
import ReelworkScheduling
import Testing

/// Goal: a heartbeat's answer needs no commit, but must not tell of a session that a commit may yet
/// lose, nor keep a worker alive that is dead already.
///
/// Method: a scheduler whose commits reach the disk when the test says so.
struct SchedulerHeartbeatTests {
    @Test func aHeartbeatWaitsOnlyForTheCommitOfItsOwnRegister() {
        var world = World()
        let session = world.newSession()
        let registration = WorkerRegistration(
            name: "w1",
            incarnation: 1,
            capacity: [ResourceAmount(name: ResourceAmount.slotName, amount: 1)],
            engines: [World.ffmpeg]
        )
        func beat() {
            world.scheduler.handle(
                .heartbeat(
                    world.tag(),
                    session,
                    HeartbeatNote(assignedSeen: 0, open: 0, digest: OpenSetDigest())
                ),
                now: world.now
            )
        }
        let number = world.scheduler.commit
        world.scheduler.handle(
            .register(world.tag(), session, registration, held: []),
            now: world.now
        )
        beat()
        #expect(world.scheduler.takePrompt().isEmpty, "REGISTER is not on disk")
        let effects = world.scheduler.settle(now: world.now)
        #expect(effects.outputs.count == 2)
        beat()
        #expect(world.scheduler.takePrompt().isEmpty, "REGISTER is on its way to the disk")
        world.scheduler.handle(.committed(number), now: world.now)
        beat()
        world.scheduler.handle(.pulse(world.tag(), session), now: world.now)
        #expect(world.scheduler.takePrompt().count == 2)
        #expect(world.scheduler.takePrompt().isEmpty)
        world.scheduler.handle(.processGone(session), now: world.now)
        beat()
        world.scheduler.handle(.pulse(world.tag(), session), now: world.now)
        #expect(world.scheduler.takePrompt().isEmpty, "its death is not on disk")
    }

    // Hostile review 7: REGISTER, REPORT and CREDIT that wait behind a commit tell that a worker
    // lives, a REGISTER of another life does not.
    @Test(arguments: [true, false])
    func aWordThatWaitsBehindACommitKeepsAWorkerAlive(isRegister: Bool) {
        var world = World()
        let session = world.worker("w1")
        let job = world.job()
        world.start(session, job, 1)
        world.pass(.seconds(14))
        let sign = isRegister ? SignOfLife.worker("w1", incarnation: 1) : .session(session)
        world.scheduler.handle(.life(sign), now: world.now)
        world.pass(.milliseconds(14_999))
        #expect(world.state(job) == .running)
        let others: [SignOfLife] = [.worker("w1", incarnation: 2), .worker("w2", incarnation: 1)]
        for other in others { world.scheduler.handle(.life(other), now: world.now) }
        world.pass(.milliseconds(1))
        #expect(world.state(job) == .retrying)
        world.scheduler.handle(.life(sign), now: world.now)
        #expect(world.scheduler.metrics.workerFailures == 1, "the dead stay dead")
        #expect(world.faults == [])
    }
}
