// SPDX-License-Identifier: Apache-2.0
// Reelwork: a scheduler as programs see it.

internal import ReelworkCore
internal import ReelworkRPC

/// A scheduler as programs see it: submit, look, follow, cancel.
///
/// Many calls may be on their way at once, from any task; they share one connection, and those
/// beyond its limit wait in order. A connection that breaks is made again, with the next endpoint
/// where need be, and what may safely be asked twice is asked again. What is submitted has a key,
/// so it is never done twice. A task that is canceled returns at once, and the scheduler is told.
public final class ReelworkClient: Sendable {
    let configuration: ReelworkConfiguration
    let keeper: ConnectionKeeper
    /// Calls go through here, so that what waits is not encoded yet.
    let calls: Turnstile
    /// Watches are long: they never take all the places.
    let watches: Turnstile

    private init(
        _ configuration: ReelworkConfiguration,
        _ keeper: ConnectionKeeper,
        calls: Turnstile,
        watches: Turnstile
    ) {
        self.configuration = configuration
        self.keeper = keeper
        self.calls = calls
        self.watches = watches
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
            if configuration.isShuffled { endpoints.shuffle() }
            let keeper = ConnectionKeeper(endpoints) { await open($0, configuration) }
            let held = try await keeper.connection(patience: .now)
            let most = held.connection.terms.requestsInFlightMax
            let watchesMax = max(most / 2, 1)
            let client = ReelworkClient(
                configuration,
                keeper,
                calls: Turnstile(most - watchesMax),
                watches: Turnstile(watchesMax)
            )
            return client
        } catch {
            throw ReelworkError(error)
        }
    }

    /// The same client, whose calls may each take so long with all that is asked again.
    ///
    /// The scheduler is told, and drops what it has not begun by then. It shares the connection; to
    /// close one is to close both. A watch has no such limit.
    public func within(_ timeout: Duration?) -> ReelworkClient {
        var configuration = configuration
        configuration.timeout = timeout
        return ReelworkClient(configuration, keeper, calls: calls, watches: watches)
    }

    /// Says goodbye and closes; calls that are open fail.
    public func close() async {
        await keeper.close()
    }

    // MARK: - The connection

    private static func open(
        _ endpoint: RPCEndpoint,
        _ configuration: ReelworkConfiguration
    ) async -> Result<RPCConnection, RPCError> {
        var session = SessionConfiguration()
        session.isCompressionAllowed = configuration.isCompressionAllowed
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
            return .failure(error)
        }
    }
}
