// SPDX-License-Identifier: Apache-2.0
// Reelwork: the scheduler of a simulated world

import ReelworkCore
import ReelworkDaemon
import ReelworkRPC
import ReelworkScheduling
import ReelworkWire
import ReelworkWorker

extension World {
    // MARK: - The scheduler's turn

    mutating func input(_ input: SchedulerInput) {
        guard isSchedulerUp else { return }
        inbox.append(input)
        turn()
    }

    /// Takes what is in the inbox, settles where no commit is under way, and plans the next look at
    /// the timers.
    ///
    /// What the turn itself brings, as the end of a session that it closes, waits for its own.
    mutating func turn() {
        guard isSchedulerUp, !isInTurn else { return }
        isInTurn = true
        repeat {
            for input in inbox { scheduler.handle(input, now: now) }
            inbox = []
            oneTurn()
        } while !inbox.isEmpty
        isInTurn = false
    }

    private mutating func oneTurn() {
        if sweepAt <= now.boot {
            sweepAt = now.boot.advanced(by: .seconds(5))
            for sweep in SchedulerSweep.allCases { scheduler.handle(.sweep(sweep), now: now) }
        }
        release(scheduler.takePrompt())
        if commit.isIdle {
            let number = scheduler.commit
            var effects = scheduler.settle(now: now)
            if options.mutant == .answerBeforeCommit {
                release(effects.outputs)
                effects.outputs = []
            }
            if !effects.isEmpty {
                carryOut(commit.handle(.effects(number, effects), now: now.boot))
            }
        }
        // While a commit is under way no timer is acted on; its end brings the next turn.
        guard commit.isIdle else { return }
        let timer = options.mutant == .timersLost ? nil : scheduler.nextTimer
        let next = min(timer ?? .distantFuture, sweepAt)
        guard next < schedulerTickAt else { return }
        schedulerTickAt = max(next, now.boot)
        plan(.schedulerTick(life: schedulerLife), at: next)
    }

    private mutating func carryOut(_ actions: [CommitMachine.Action]) {
        for action in actions {
            switch action {
            case .write(let batch):
                var effects = SchedulerEffects()
                effects.batch = spoiled(batch)
                committing = effects
                plan(.committed(life: schedulerLife), after: duration(0...3))
            case .release(let number, let effects):
                release(effects)
                scheduler.handle(.committed(number), now: now)
            case .beginReadOnly, .endReadOnly, .releaseNow: break
            case .exit(let error): violation("the store failed: \(error.explanation)")
            }
        }
    }

    mutating func committed() {
        guard let batch = committing?.batch else { return }
        committing = nil
        isInTurn = true
        do throws(StoreError) {
            try store.apply(batch)
            check(batch)
            carryOut(commit.handle(.written, now: now.boot))
        } catch {
            violation("a batch was refused: \(error.explanation)")
            carryOut(commit.handle(.failed(error), now: now.boot))
        }
        isInTurn = false
        turn()
    }

    // MARK: - Lives of the scheduler

    mutating func crashScheduler() {
        guard isSchedulerUp else { return }
        isSchedulerUp = false
        // Half of the commits that were under way had reached the disk when the process died.
        if let batch = committing?.batch, chance(500), (try? store.apply(batch)) != nil {
            check(batch)
        }
        schedulerLife += 1
        committing = nil
        reports = [:]
        inbox = []
        for index in links.indices {
            links[index].isDisturbed = true
            links[index].ends[SessionSide.server.slot] = nil
            put(.end, index, to: .client)
        }
        links.removeAll { link in link.ends.allSatisfy { $0 == nil } }
        plan(.startScheduler, after: duration(500...20_000))
    }

    mutating func startScheduler() {
        guard !isSchedulerUp else { return }
        isSchedulerUp = true
        commit = CommitMachine()
        schedulerTickAt = .distantFuture
        do throws(StoreError) {
            let snapshot = spoiled(try store.load())
            for job in snapshot.jobs where specs[job.row.number] == nil {
                specs[job.row.number] = JobSpec(
                    input: "",
                    output: "/out/" + job.insert.key.dropFirst(4)
                )
            }
            scheduler = Scheduler(
                restoring: snapshot.jobs.map { job in
                    Scheduler.RestoredJob(
                        stored: job,
                        content: Submission.Content(
                            spec: JobSpec(
                                input: "/in",
                                output: "/out/" + job.insert.key.dropFirst(4)
                            ),
                            requirement: JobRequirement(
                                candidates: [EngineCandidate(engine: "ffmpeg", encoders: [])])
                        )
                    )
                },
                workers: snapshot.workers,
                queues: snapshot.queues,
                marks: snapshot.marks,
                nextNumber: snapshot.nextNumber,
                policy: options.policyTold,
                random: RandomSource(seed: options.seed, schedulerLife),
                now: now
            )
        } catch {
            violation("the store cannot be loaded: \(error.explanation)")
        }
        turn()
    }
}
