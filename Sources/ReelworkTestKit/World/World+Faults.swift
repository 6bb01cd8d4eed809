// SPDX-License-Identifier: Apache-2.0
// Reelwork: faults, healing and judgement

import ReelworkCore
import ReelworkRPC
import ReelworkScheduling
import ReelworkWorker

extension World {
    // MARK: - Faults

    mutating func fault() {
        guard !isHealed, let interval = options.faultInterval else { return }
        plan(.fault, after: duration(0...max(1, interval.wholeMilliseconds * 2)))
        let worker = Int(random.next() % UInt64(max(1, options.workers)))
        if strikes("admin", 150) {
            let within = duration(0...10_000)
            let actions: [WorkerOrder.Action] = [
                .drain(within: within), .drain(within: nil), .resume, .remove,
            ]
            let action = actions[Int(random.next() % UInt64(actions.count))]
            plan(.decide(worker: worker, action), after: .zero)
            plan(.decide(worker: worker, .resume), after: duration(0...30_000))
        }
        let dice = random.next() % 100
        if dice < 40 {
            count("cut")
            cut(worker)
        } else if dice < 60 {
            count("worker crash")
            crashWorker(worker)
        } else if dice < 85 {
            count("pause")
            pause(worker)
        } else if dice < 90 {
            count("queue pause")
            let queue = JobQueue.allCases[Int(random.next() % UInt64(JobQueue.allCases.count))]
            setQueue(queue, true)
        } else if isSchedulerUp {
            count("scheduler crash")
            crashScheduler()
        }
    }

    /// A fault at a place where it hurts: one in so many times.
    mutating func strikes(_ fault: String, _ permille: UInt64) -> Bool {
        guard !isHealed, options.faultInterval != nil, chance(permille) else { return false }
        count(fault)
        return true
    }

    private mutating func count(_ fault: String) { faults[fault, default: 0] += 1 }

    /// Its process is killed: runs and connection are gone, disk and published films stay.
    mutating func crashWorker(_ worker: Int) {
        guard workers[worker].isAlive else { return }
        workers[worker].isAlive = false
        workers[worker].runs = [:]
        if let link = workers[worker].link, let index = index(ofLink: link) {
            links[index].isDisturbed = true
            links[index].ends[SessionSide.client.slot] = nil
            if chance(100) {
                // Its whole machine is gone: nobody tells the scheduler.
                links[index].isCut = true
            } else {
                put(.end, index, to: .server)
                // On a Unix socket the scheduler learns at once that the process is gone.
                if chance(500) { plan(.processGone(link: link), after: duration(0...50)) }
            }
        }
        workers[worker].link = nil
        plan(.startWorker(worker), after: duration(100...30_000))
    }

    /// SIGSTOP, for up to three leases: nothing of the agent moves, its connection stays open.
    mutating func pause(_ worker: Int) {
        guard workers[worker].isAlive else { return }
        let longest = options.policy.leaseDuration.wholeMilliseconds * 3
        if let link = workers[worker].link, let index = index(ofLink: link) {
            links[index].isDisturbed = true
        }
        workers[worker].pausedUntil = max(
            workers[worker].pausedUntil,
            now.boot.advanced(by: duration(100...longest))
        )
    }

    mutating func heal() {
        isHealed = true
        for worker in workers.indices where !workers[worker].isAlive {
            plan(.startWorker(worker), after: .zero)
        }
        if !isSchedulerUp { plan(.startScheduler, after: .zero) }
        for queue in JobQueue.allCases {
            plan(.setQueue(queue, isPaused: false), after: .seconds(1))
        }
        for worker in workers.indices {
            plan(.decide(worker: worker, .resume), after: .seconds(1))
        }
    }

    // MARK: - Judgement

    func report(_ begin: Moment) -> WorldReport {
        var report = WorldReport(
            violations: violations,
            states: [:],
            published: files.films.count,
            faults: faults,
            sights: sights,
            frames: wire.frames,
            bytes: wire.bytes,
            steps: steps,
            elapsed: now.boot.since(begin.boot),
            hash: 0
        )
        let jobs = allJobs()
        if jobs.count != options.jobs {
            report.violations.append("I1: \(options.jobs) jobs were submitted, \(jobs.count) stand")
        }
        for job in jobs { judge(job, &report) }
        for finding in (try? store.check(isDeep: true)) ?? [] where !finding.isSound {
            report.violations.append("I6: \(finding.name): \(finding.detail ?? "")")
        }
        return report
    }

    private func allJobs() -> [StoredJob] {
        let query = JobQuery(limit: Int.max, isOldestFirst: true)
        return (try? store.page(query))?.jobs ?? []
    }

    private func judge(_ job: StoredJob, _ report: inout WorldReport) {
        let state = job.row.machine.state
        report.states[state.name, default: 0] += 1
        if !state.isTerminal {
            report.violations.append(
                "I7: job \(job.row.number) is still \(state.name), attempt "
                    + "\(job.row.machine.attempt), worker \(job.row.worker)"
            )
        }
        let published = files.publications[job.insert.id] ?? 0
        if published > 1 {
            report.violations.append(
                "P1: job \(job.row.number) was published \(published) times"
            )
        }
        let output = "/out/" + job.insert.key.dropFirst(4)
        let film = files.films[output]
        if state == .completed, film?.job != job.insert.id {
            report.violations.append("P1: job \(job.row.number) is completed without its film")
        }
        if state != .completed, film != nil {
            report.violations.append("P1: job \(job.row.number) is \(state.name) with a film")
        }
        let history =
            (try? store.history(job.row.number, after: 0, limit: Int.max))?.moves ?? []
        for move in history {
            report.hash = OpenSetDigest.mix(
                report.hash ^ job.row.number.rawValue ^ UInt64(move.to.rawValue) << 32
                    ^ UInt64(bitPattern: move.at.milliseconds)
            )
        }
    }
}
