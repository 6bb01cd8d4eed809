// SPDX-License-Identifier: Apache-2.0
// Reelwork: the one connection that all calls of a client share.

internal import ReelworkCore
internal import ReelworkRPC
internal import ReelworkWire
internal import Synchronization

/// The one connection that all calls of a client share: made when wanted, made again when lost.
///
/// The thin shell of ``ReconnectMachine``: it has the clock, the sockets and those who wait.
final class ConnectionKeeper: Sendable {
    /// A connection, and which one it is.
    struct Held: Sendable {
        let connection: RPCConnection
        let serial: UInt64
    }

    private typealias Outcome = Result<Held, RPCError>

    private struct Waiter {
        var continuation: CheckedContinuation<Outcome, Never>
        /// When it no longer waits for another round.
        var patience: ContinuousClock.Instant
    }

    private struct State {
        var machine: ReconnectMachine
        var held: Held?
        var isProven = false
        var lastSerial: UInt64 = 0
        var waiters: [UInt64: Waiter] = [:]
        var lastWaiter: UInt64 = 0
        /// What this round's endpoints said.
        var failures: [(endpoint: RPCEndpoint, error: RPCError)] = []
        /// Why there is no connection.
        var problem = RPCError(.connectFailed, "no scheduler has answered yet; try again")
        var timer: Task<Void, Never>?
    }

    /// What is done once the lock is free.
    private enum Errand {
        case resume([CheckedContinuation<Outcome, Never>], Outcome)
        case connect(RPCEndpoint)
        case ring(ContinuousClock.Instant)
        case hangUp(RPCConnection)
    }

    private let endpoints: [RPCEndpoint]
    private let open: @Sendable (RPCEndpoint) async -> Result<RPCConnection, RPCError>
    private let clock = ContinuousClock()
    private let state: Mutex<State>

    /// Makes one that knows at least one endpoint.
    init(
        _ endpoints: [RPCEndpoint],
        open: @escaping @Sendable (RPCEndpoint) async -> Result<RPCConnection, RPCError>
    ) {
        self.endpoints = endpoints
        self.open = open
        let machine = ReconnectMachine(endpointCount: endpoints.count, now: .now)
        state = Mutex(State(machine: machine))
    }

    deinit {
        state.withLock { $0.timer?.cancel() }
    }

    // MARK: - For the calls

    /// The connection that is there, or the next one; who has waited until `patience` is told why
    /// there is none.
    func connection(patience: ContinuousClock.Instant) async throws(RPCError) -> Held {
        let (held, id) = state.withLock { state in
            state.lastWaiter += 1
            return (state.held, state.lastWaiter)
        }
        if let held { return held }
        let outcome = await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let waiter = Waiter(continuation: continuation, patience: patience)
                run(.wanted, change: { $0.waiters[id] = waiter })
                // Where the task was canceled before it stood here, nobody else takes it away.
                if Task.isCancelled { giveUp(id) }
            }
        } onCancel: {
            giveUp(id)
        }
        return try outcome.get()
    }

    /// What was agreed on the connection that is there, or that was there last.
    var frameBytesMax: Int {
        state.withLock { $0.held?.connection.terms.frameBytesMax } ?? Limits.frameBytesMax
    }

    /// How many wait for a connection.
    var waiterCount: Int { state.withLock { $0.waiters.count } }

    /// The connection gave an answer.
    func proven(_ held: Held) {
        let isNew = state.withLock { $0.held?.serial == held.serial && !$0.isProven }
        if isNew { report(.proven, of: held.serial, change: { $0.isProven = true }) }
    }

    /// The connection is over.
    func lost(_ held: Held) {
        report(.lost, of: held.serial)
    }

    /// The scheduler there will stop.
    func leaving(_ held: Held, retryAfter: Duration) {
        report(.leaving(retryAfter: retryAfter), of: held.serial)
    }

    /// Says goodbye and closes; all who wait are told.
    func close() async {
        let held = state.withLock { $0.held }
        run(.close)
        await held?.connection.close()
    }

    private func giveUp(_ id: UInt64) {
        let found: Waiter? = state.withLock { $0.waiters.removeValue(forKey: id) }
        guard let found else { return }
        found.continuation.resume(returning: .failure(.canceledByCaller))
        let isUnwanted = state.withLock { $0.waiters.isEmpty }
        // One who comes in between wants it again: that is a new event, after this one.
        if isUnwanted { run(.unwanted, unless: { !$0.waiters.isEmpty }) }
    }

    // MARK: - The machine

    /// News of a connection that is perhaps no longer the one.
    private func report(
        _ event: ReconnectMachine.Event,
        of serial: UInt64,
        change: (inout State) -> Void = { _ in }
    ) {
        run(event, unless: { $0.held?.serial != serial }, change: change)
    }

    private func run(
        _ event: ReconnectMachine.Event,
        unless isStale: (State) -> Bool = { _ in false },
        opened: RPCConnection? = nil,
        change: (inout State) -> Void = { _ in }
    ) {
        let errands: [Errand] = state.withLock { state in
            guard !isStale(state) else { return [] }
            change(&state)
            let chance = UInt64.random(in: 0...UInt64.max)
            let actions = state.machine.handle(event, now: clock.now, chance: chance)
            return actions.compactMap { carryOut($0, opened, &state) }
        }
        for errand in errands { run(errand) }
    }

    private func carryOut(
        _ action: ReconnectMachine.Action,
        _ opened: RPCConnection?,
        _ state: inout State
    ) -> Errand? {
        switch action {
        case .connect(let endpoint): return .connect(endpoints[endpoint])
        case .wait(let until): return .ring(until)
        case .stopWaiting:
            state.timer?.cancel()
            state.timer = nil
            return nil
        case .tellImpatient(let until):
            let impatient = state.waiters.filter { $0.value.patience < until }
            for id in impatient.keys { state.waiters[id] = nil }
            return .resume(impatient.values.map(\.continuation), .failure(state.problem))
        case .tellFailed: return tell(.failure(state.problem), &state)
        case .tellClosed:
            return tell(.failure(RPCError(.canceled, "this client is closed")), &state)
        case .giveConnection:
            if let opened { take(opened, &state) }
            guard let held = state.held else { return nil }
            return tell(.success(held), &state)
        case .forget:
            state.held = nil
            return nil
        case .drop: return opened.map { .hangUp($0) }
        case .hangUp:
            defer { state.held = nil }
            return state.held.map { .hangUp($0.connection) }
        }
    }

    private func tell(_ outcome: Outcome, _ state: inout State) -> Errand {
        defer { state.waiters = [:] }
        return .resume(state.waiters.sorted { $0.key < $1.key }.map(\.value.continuation), outcome)
    }

    /// A new connection is the one.
    private func take(_ connection: RPCConnection, _ state: inout State) {
        state.lastSerial += 1
        let held = Held(connection: connection, serial: state.lastSerial)
        state.held = held
        state.isProven = false
        state.failures = []
        state.problem = RPCError(.connectFailed, "the connection to the scheduler broke; try again")
        // The stream alone, so that a connection whose last call is over is closed.
        let (pushes, serial) = (connection.pushes, held.serial)
        Task { [weak self] in
            for await push in pushes {
                switch push {
                // How long it drains says nothing of when its successor is there.
                case .farewell: self?.report(.leaving(retryAfter: .zero), of: serial)
                case .closed: self?.report(.lost, of: serial)
                case .assign, .revoke, .inventory, .logRead, .canceled: break
                }
            }
        }
    }

    // MARK: - Sockets and timers

    private func run(_ errand: Errand) {
        switch errand {
        case .resume(let continuations, let outcome):
            for continuation in continuations { continuation.resume(returning: outcome) }
        case .connect(let endpoint): Task { await connect(endpoint) }
        case .ring(let until):
            let timer = Task { [clock, weak self] in
                guard (try? await clock.sleep(until: until)) != nil else { return }
                self?.run(.due)
            }
            state.withLock { state in
                // A timer that is late for its own end rings in vain.
                if case .waiting = state.machine.state {
                    state.timer = timer
                } else {
                    timer.cancel()
                }
            }
        case .hangUp(let connection): Task { await connection.close() }
        }
    }

    private func connect(_ endpoint: RPCEndpoint) async {
        switch await open(endpoint) {
        case .success(let connection): run(.opened, opened: connection)
        case .failure(let error):
            let event = ReconnectMachine.Event.failed(
                isFinal: !error.isTransient,
                retryAfter: error.retryAfter
            )
            let note: (inout State) -> Void = { [endpoints] state in
                state.failures.append((endpoint, error))
                let isRoundOver = state.failures.count >= endpoints.count
                state.problem = RPCError(ofAll: state.failures)
                if isRoundOver { state.failures = [] }
            }
            run(event, change: note)
        }
    }
}
