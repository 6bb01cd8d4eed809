// SPDX-License-Identifier: Apache-2.0
// Reelwork: reads that wait, one connection after the other

// Invariants: `count` = tasks in all lanes that wait; no lane is empty; `order` names each lane, and
// perhaps some that are gone.

/// Reads that wait, one connection after the other: who asks for much waits for itself alone.
struct ReadQueue {
    typealias Task = @Sendable () -> Void

    private struct Lane {
        var tasks: [Task] = []
        /// Tasks at the start that are done.
        var done = 0
    }

    private var lanes: [UInt64: Lane] = [:]
    private var order: [UInt64] = []
    /// Lanes at the start of `order` that had their turn.
    private var turned = 0
    private(set) var count = 0
    private let countMax: Int

    /// Makes an empty queue; beyond `countMax` each connection may have one read waiting.
    init(countMax: Int) {
        self.countMax = countMax
    }

    /// Adds a read; false where too many wait.
    mutating func put(_ task: @escaping Task, for connection: UInt64) -> Bool {
        guard lanes[connection] != nil else {
            lanes[connection] = Lane(tasks: [task])
            order.append(connection)
            count += 1
            return true
        }
        guard count < countMax else { return false }
        lanes[connection]?.tasks.append(task)
        count += 1
        return true
    }

    /// Takes the next read; nil where none waits.
    mutating func take() -> Task? {
        while turned < order.count {
            let connection = order[turned]
            turned += 1
            defer { forgetTurned() }
            guard let lane = lanes[connection] else { continue }
            count -= 1
            if lane.done + 1 == lane.tasks.count {
                lanes[connection] = nil
            } else {
                lanes[connection]?.done += 1
                order.append(connection)
            }
            return lane.tasks[lane.done]
        }
        return nil
    }

    /// Forgets what a connection has asked.
    mutating func forget(_ connection: UInt64) {
        guard let lane = lanes.removeValue(forKey: connection) else { return }
        count -= lane.tasks.count - lane.done
    }

    private mutating func forgetTurned() {
        guard turned > 64, turned * 2 > order.count else { return }
        order.removeFirst(turned)
        turned = 0
    }
}
