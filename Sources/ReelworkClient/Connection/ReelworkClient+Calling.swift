// SPDX-License-Identifier: Apache-2.0
// Reelwork: how a client asks, and asks again.

internal import ReelworkCore
internal import ReelworkRPC
internal import ReelworkWire

extension ReelworkClient {
    /// Asks, and asks again where that is safe: `isSafe` says that doing it twice does no harm.
    func perform<C: WireCall>(
        _ call: C.Type,
        _ request: C.Request,
        isSafe: Bool
    ) async throws(ReelworkError) -> C.Response where C.Request: TimedRequest {
        let outcome = await limited { [self] end in
            await repeated(isSafe: isSafe) { held throws(RPCError) in
                try await held.connection.call(call, request.timed(until: end))
            }
        }
        return try ReelworkClient.value(of: outcome, isSafe: isSafe)
    }

    /// Reads something, and reads it again from the beginning where the connection breaks.
    func read<Value: Sendable>(
        _ body:
            @escaping @Sendable (
                ConnectionKeeper.Held, _ end: ContinuousClock.Instant?
            ) async throws(RPCError) -> Value
    ) async throws(ReelworkError) -> Value {
        let outcome = await limited { [self] end in
            await repeated(isSafe: true) { held throws(RPCError) in try await body(held, end) }
        }
        return try ReelworkClient.value(of: outcome, isSafe: true)
    }

    private static func value<Value>(
        of outcome: Result<Value, RPCError>,
        isSafe: Bool
    ) throws(ReelworkError) -> Value {
        switch outcome {
        case .success(let value): return value
        case .failure(let error): throw ReelworkError(error, isSafe: isSafe)
        }
    }

    /// Asks on whatever connection there is, until it is answered or nothing can be hoped for.
    private func repeated<Value>(
        isSafe: Bool,
        _ body: (ConnectionKeeper.Held) async throws(RPCError) -> Value
    ) async -> Result<Value, RPCError> {
        var patience = Patience(configuration.patience)
        while true {
            let held: ConnectionKeeper.Held
            do throws(RPCError) {
                held = try await keeper.connection(patience: patience.end)
            } catch {
                return .failure(error)
            }
            do throws(RPCError) {
                return .success(try await once(held, body))
            } catch {
                learn(error, of: held)
                guard error.mayBeRetried(isSafe: isSafe) else { return .failure(error) }
                guard await patience.wait(atLeast: error.waitForSameScheduler) else {
                    return .failure(Task.isCancelled ? .canceledByCaller : error)
                }
            }
        }
    }

    /// Asks once, with a place among those that are on their way.
    private func once<Value>(
        _ held: ConnectionKeeper.Held,
        _ body: (ConnectionKeeper.Held) async throws(RPCError) -> Value
    ) async throws(RPCError) -> Value {
        let pass = try await calls.pass()
        defer { withExtendedLifetime(pass) {} }
        let answer = try await body(held)
        keeper.proven(held)
        return answer
    }

    /// What a failed call says of its connection.
    func learn(_ error: RPCError, of held: ConnectionKeeper.Held) {
        if error.isConnectionOver { return keeper.lost(held) }
        guard case .remote(let code) = error.code else { return }
        if code.value == .draining {
            keeper.leaving(held, retryAfter: error.retryAfter)
        } else {
            keeper.proven(held)
        }
    }

    /// Runs a call for as long as one may take, and cancels it then.
    private func limited<Value: Sendable>(
        _ body:
            @escaping @Sendable (_ end: ContinuousClock.Instant?) async -> Result<
                Value, RPCError
            >
    ) async -> Result<Value, RPCError> {
        guard let timeout = configuration.timeout else { return await body(nil) }
        let end = ContinuousClock.now.advanced(by: timeout)
        let late = RPCError(
            .timeout,
            "no answer within \(timeout.words); whether it was done is unknown, and asking again "
                + "later, with the same key, does no harm"
        )
        return await withTaskGroup(of: Result<Value, RPCError>?.self) { group in
            group.addTask { await body(end) }
            group.addTask {
                _ = try? await ContinuousClock().sleep(until: end)
                return nil
            }
            defer { group.cancelAll() }
            let outcome = await group.next().flatMap { $0 }
            return outcome ?? .failure(Task.isCancelled ? .canceledByCaller : late)
        }
    }
}
