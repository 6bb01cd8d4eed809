// SPDX-License-Identifier: Apache-2.0
// Reelwork: a scheduler as programs see it.

internal import ReelworkCore
internal import ReelworkRPC
internal import ReelworkWire
internal import Synchronization

/// A scheduler as programs see it: submit, look, follow, cancel.
///
/// Many calls may be on their way at once, from any task; they share one connection. One that
/// breaks is made again, and what may safely be asked twice is asked again. What is submitted has
/// a key, so it is never done twice.
public final class ReelworkClient: Sendable {
    private enum State {
        case idle
        case connecting(Task<Result<RPCConnection, RPCError>, Never>)
        case connected(RPCConnection)
        case closed
    }

    let configuration: ReelworkConfiguration
    private let endpoints: [RPCEndpoint]
    private let state = Mutex(State.idle)

    private init(_ configuration: ReelworkConfiguration, _ endpoints: [RPCEndpoint]) {
        self.configuration = configuration
        self.endpoints = endpoints
    }

    /// Connects to the first scheduler that answers.
    ///
    /// It fails at once where none does: patience is for connections that break later.
    public static func connect(
        _ configuration: ReelworkConfiguration
    ) async throws(ReelworkError) -> ReelworkClient {
        do throws(RPCError) {
            var endpoints: [RPCEndpoint] = []
            for text in configuration.endpoints { endpoints.append(try RPCEndpoint(parsing: text)) }
            guard !endpoints.isEmpty else {
                throw RPCError(.endpointInvalid, "no endpoint is given; write unix:PATH")
            }
            let client = ReelworkClient(configuration, endpoints)
            _ = try await client.connection()
            return client
        } catch {
            throw ReelworkError(error)
        }
    }

    /// Says goodbye and closes; calls that are open fail.
    public func close() async {
        let before = state.withLock { state in
            let before = state
            state = .closed
            return before
        }
        switch before {
        case .idle, .closed: break
        case .connected(let connection): await connection.close()
        case .connecting(let task):
            if case .success(let connection) = await task.value { await connection.close() }
        }
    }

    // MARK: - The connection

    /// The connection that is open, or a new one; all who ask meanwhile get the same.
    func connection() async throws(RPCError) -> RPCConnection {
        let task: Task<Result<RPCConnection, RPCError>, Never>
        let found: State = state.withLock { state in
            if case .idle = state {
                state = .connecting(Task { [self] in await connectAnywhere() })
            }
            return state
        }
        switch found {
        case .idle, .closed: throw RPCError(.canceled, "this client is closed")
        case .connected(let connection): return connection
        case .connecting(let running): task = running
        }
        let outcome = await task.value
        let isClosed = state.withLock { state in
            switch state {
            case .connecting(let running) where running == task:
                switch outcome {
                case .success(let connection): state = .connected(connection)
                case .failure: state = .idle
                }
                return false
            case .idle, .connecting, .connected: return false
            case .closed: return true
            }
        }
        guard !isClosed else { throw RPCError(.canceled, "this client is closed") }
        return try outcome.get()
    }

    private func connectAnywhere() async -> Result<RPCConnection, RPCError> {
        var last = RPCError(.connectFailed, "no endpoint is given")
        var session = SessionConfiguration()
        session.isCompressionAllowed = configuration.isCompressionAllowed
        for endpoint in endpoints {
            do throws(RPCError) {
                let connection = try await RPCConnection.connect(
                    to: endpoint,
                    role: configuration.role.peer,
                    agent: configuration.agent,
                    security: configuration.security?.rpc,
                    configuration: session
                )
                return .success(connection)
            } catch {
                last = error
            }
        }
        return .failure(last)
    }

    /// A connection turned out to be broken or leaving: the next call makes a new one.
    func forget(_ broken: RPCConnection) {
        state.withLock { state in
            if case .connected(let connection) = state, connection === broken { state = .idle }
        }
    }

    // MARK: - Calling

    /// Asks, and asks again where that is safe: `isSafe` says that doing it twice does no harm.
    func perform<C: WireCall>(
        _ call: C.Type,
        _ request: C.Request,
        isSafe: Bool
    ) async throws(ReelworkError) -> C.Response {
        var patience = Patience(configuration.patience)
        while true {
            var used: RPCConnection?
            do throws(RPCError) {
                let connection = try await connection()
                used = connection
                return try await connection.call(
                    call,
                    request,
                    timeout: configuration.timeout
                )
            } catch {
                if let used, error.isConnectionOver { forget(used) }
                guard error.mayBeRetried(isSafe: isSafe),
                    await patience.wait(atLeast: error.retryAfter)
                else { throw ReelworkError(error) }
            }
        }
    }
}
