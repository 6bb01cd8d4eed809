// SPDX-License-Identifier: Apache-2.0
// Reelwork: AUTH_OK

/// The server believes the client.
package struct AuthOK: WireMessage {
    /// Whom the server takes the client for.
    package var identity: String
    /// What it may do.
    package var permissions: Permissions

    /// Makes an answer.
    package init(identity: String, permissions: Permissions) {
        self.identity = identity
        self.permissions = permissions
    }

    /// The name in the specification, for errors.
    package static let wireName: StaticString = "AUTH_OK"

    /// Reads it.
    package static func decode(from reader: inout WireReader) throws(WireError) -> AuthOK {
        let answer = AuthOK(
            identity: try reader.string("identity"),
            permissions: Permissions(rawValue: try reader.uvarint("permissions"))
        )
        try reader.skipSection()
        return answer
    }

    /// Writes it.
    package func encode(into writer: inout WireWriter) {
        writer.string(identity)
        writer.uvarint(permissions.rawValue)
        writer.emptySection()
    }
}
