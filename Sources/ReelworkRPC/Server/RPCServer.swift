// SPDX-License-Identifier: Apache-2.0
// Reelwork: accepts connections and serves them.

package import Logging

/// Accepts connections and serves them.
package final class RPCServer: Sendable {
    /// Makes a server that listens nowhere yet.
    package init(
        configuration: RPCServerConfiguration,
        delegate: any RPCServerDelegate,
        logger: Logger
    ) {
    }

    /// Listens.
    @discardableResult
    package func listen(
        on endpoint: RPCEndpoint,
        family: RPCFamily,
        isRemoteAllowed: Bool = false
    ) async throws(RPCError) -> RPCEndpoint {
        endpoint
    }

    /// Sends.
    package func deliver(_ deliveries: [RPCDelivery]) {
    }

    /// Drains.
    package func drain(_ time: Duration) async {
    }

    /// Closes.
    package func close() async {
    }
}
