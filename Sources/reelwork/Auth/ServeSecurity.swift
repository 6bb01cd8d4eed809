// SPDX-License-Identifier: Apache-2.0
// Reelwork: TLS of a scheduler that was set up

import ReelworkCore
import ReelworkRPC
import ReelworkSystem

/// TLS of a scheduler that was set up.
struct ServeSecurity: Sendable {
    let files: ServeSecurityFiles
    let authority: FolderAuthority
    let server: ServerSecurity

    /// Reads the files and the register.
    init(
        _ files: ServeSecurityFiles,
        _ folder: AuthFolder,
        now: @escaping @Sendable () -> Timestamp = { SystemClock.wall() }
    ) throws(CommandFailure) {
        self.files = files
        authority = try FolderAuthority(folder, now: now)
        server = try files.security(authority)
    }
}
