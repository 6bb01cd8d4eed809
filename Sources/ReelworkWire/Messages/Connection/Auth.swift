// SPDX-License-Identifier: Apache-2.0
// Reelwork: AUTH

/// The client proves who it is.
package struct Auth: WireMessage {
    /// One of the mechanisms of HELLO_ACK.
    package var mechanism: String
    /// What that mechanism asks for.
    package var data: [UInt8]

    /// Makes a proof.
    package init(mechanism: String, data: [UInt8]) {
        self.mechanism = mechanism
        self.data = data
    }

    /// The mechanism whose data is an access token, as text; inside TLS only.
    package static let mechanismToken = "token"

    /// The name in the specification, for errors.
    package static let wireName: StaticString = "AUTH"

    /// Reads it.
    package static func decode(from reader: inout WireReader) throws(WireError) -> Auth {
        let auth = Auth(mechanism: try reader.string("mech"), data: try reader.blob("data"))
        try reader.skipSection()
        return auth
    }

    /// Writes it.
    package func encode(into writer: inout WireWriter) {
        writer.string(mechanism)
        writer.blob(data)
        writer.emptySection()
    }

    /// A proof never enters a compressed frame.
    package var carriesSecrets: Bool { true }
}
