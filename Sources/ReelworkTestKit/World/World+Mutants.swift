// SPDX-License-Identifier: Apache-2.0
// Reelwork: what planted bugs make of what passes

import ReelworkCore
import ReelworkWorker

/// What passes between the machines goes through these; with no planted bug it stays as it is.
extension World {
    /// What a commit writes.
    mutating func spoiled(_ whole: StoreBatch) -> StoreBatch {
        var batch = whole
        let first = AttemptNumber(1)
        switch options.mutant {
        case .attemptReused:
            for index in batch.moves.indices where batch.moves[index].attempt > first {
                batch.moves[index].attempt = first
            }
        case .recoveredTwice:
            batch.moves += whole.moves.filter { $0.step.to == .retrying }
        case .movesSkipped:
            batch.moves = []
            for move in whole.moves where !chance(50) { batch.moves.append(move) }
        default: break
        }
        return batch
    }

    /// What a scheduler reads when it starts.
    func spoiled(_ whole: StoreSnapshot) -> StoreSnapshot {
        var snapshot = whole
        switch options.mutant {
        case .pauseForgotten: snapshot.queues = []
        case .grantsForgotten:
            for index in snapshot.jobs.indices { snapshot.jobs[index].grants = [] }
        default: break
        }
        return snapshot
    }

    /// What a worker that comes back is told of what it holds.
    func spoiled(_ verdicts: [Verdict]) -> [Verdict] {
        guard options.mutant == .verdictsTurned else { return verdicts }
        return verdicts.map { $0.kind == .known(.keep) ? Verdict(.known(.kill)) : $0 }
    }

    /// What an attempt finds at its output.
    func spoiled(_ look: AttemptLook) -> AttemptLook {
        guard options.mutant == .lookSkipped, case .earlierFilm = look else { return look }
        return .clear
    }

    /// How many assignments a worker says that it allows on a connection.
    mutating func spoiled(credit limit: UInt64, _ link: UInt64) -> UInt64 {
        switch options.mutant {
        case .creditDoubled: return limit * 2
        case .creditAdded:
            guard let index = index(ofLink: link) else { return limit }
            links[index].creditAdded += limit
            return links[index].creditAdded
        default: return limit
        }
    }
}
