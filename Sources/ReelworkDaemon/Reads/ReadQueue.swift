// SPDX-License-Identifier: Apache-2.0
// Reelwork: reads that wait, one connection after the other

// Invariants: `count` = tasks in all lanes that wait; no lane is empty unless it is held; each lane
// that is not held is named once in one of the lines, which may also name lanes that are gone.

/// Reads that wait, one connection after the other: who asks for much waits for itself alone.
///
/// A connection's first read goes before the further ones of those that had a turn, so that a
/// thousand connections that each ask for many pages hold up nobody who asks for one job; every
/// fourth turn is theirs all the same.
struct ReadQueue {
    typealias Task = @Sendable () -> Void

    private struct Lane {
        var tasks: [Task] = []
        /// Tasks at the start that are done.
        var done = 0
        /// It has no turn before it is freed.
        var isHeld = false

        var isEmpty: Bool { done == tasks.count }

        mutating func popFirst() -> Task? {
            guard !isEmpty else { return nil }
            defer {
                done += 1
                if done > 64, done * 2 > tasks.count {
                    tasks.removeFirst(done)
                    done = 0
                }
            }
            return tasks[done]
        }
    }

    /// Connections in the order of their turns.
    private struct Line {
        private var connections: [UInt64] = []
        private var turned = 0

        mutating func append(_ connection: UInt64) { connections.append(connection) }

        mutating func popFirst() -> UInt64? {
            guard turned < connections.count else { return nil }
            defer {
                turned += 1
                if turned > 64, turned * 2 > connections.count {
                    connections.removeFirst(turned)
                    turned = 0
                }
            }
            return connections[turned]
        }
    }

    /// Turns of newcomers before one of those that had a turn.
    private static let newcomersInARow = 3

    private var lanes: [UInt64: Lane] = [:]
    private var newcomers = Line()
    private var others = Line()
    private var row = 0
    private(set) var count = 0
    private let countMax: Int
    private let isHolding: Bool

    /// Makes an empty queue; beyond `countMax` each connection may have one read waiting.
    ///
    /// One that is holding gives each connection no further turn before ``free(_:)``.
    init(countMax: Int, isHolding: Bool = false) {
        self.countMax = countMax
        self.isHolding = isHolding
    }

    /// Adds a read; false where too many wait.
    mutating func put(_ task: @escaping Task, for connection: UInt64) -> Bool {
        guard let lane = lanes[connection] else {
            lanes[connection] = Lane(tasks: [task])
            newcomers.append(connection)
            count += 1
            return true
        }
        guard lane.isEmpty || count < countMax else { return false }
        lanes[connection]?.tasks.append(task)
        count += 1
        return true
    }

    /// Takes the next read; nil where none waits.
    mutating func take() -> Task? {
        while let connection = next() {
            guard let task = lanes[connection]?.popFirst() else { continue }
            count -= 1
            if isHolding {
                lanes[connection]?.isHeld = true
            } else if lanes[connection]?.isEmpty == true {
                lanes[connection] = nil
            } else {
                others.append(connection)
            }
            return task
        }
        return nil
    }

    private mutating func next() -> UInt64? {
        if row < ReadQueue.newcomersInARow, let connection = newcomers.popFirst() {
            row += 1
            return connection
        }
        row = 0
        return others.popFirst() ?? newcomers.popFirst()
    }

    /// Gives a connection its turns again that is held.
    mutating func free(_ connection: UInt64) {
        guard let lane = lanes[connection], lane.isHeld else { return }
        guard !lane.isEmpty else {
            lanes[connection] = nil
            return
        }
        lanes[connection]?.isHeld = false
        others.append(connection)
    }

    /// Forgets what a connection has asked.
    mutating func forget(_ connection: UInt64) {
        guard let lane = lanes.removeValue(forKey: connection) else { return }
        count -= lane.tasks.count - lane.done
    }
}
