// SPDX-License-Identifier: Apache-2.0
// Reelwork: knows peers by the register

import ReelworkCore
import ReelworkRPC
import ReelworkSystem
import Synchronization

/// Knows peers by the register in a folder, which it keeps in memory: no event loop waits for a
/// disk.
final class FolderAuthority: PeerAuthority {
    private struct State {
        var book: CredentialBook
        var identity: FileFacts?
    }

    private let folder: AuthFolder
    private let state: Mutex<State>
    private let now: @Sendable () -> Timestamp

    /// Reads the register.
    init(
        _ folder: AuthFolder,
        now: @escaping @Sendable () -> Timestamp
    ) throws(CommandFailure) {
        self.folder = folder
        self.now = now
        let identity = RegisterFile.identity(folder.register)
        state = Mutex(State(book: try folder.book(), identity: identity))
    }

    /// Reads the register again where it has changed; answers whether it had.
    ///
    /// One that cannot be read leaves what was known before; it is looked at again the next time.
    func refresh() throws(CommandFailure) -> Bool {
        let identity = RegisterFile.identity(folder.register)
        guard identity != state.withLock({ $0.identity }) else { return false }
        // A register that was there and is gone would let in again whoever was turned out.
        guard identity != nil else {
            throw CommandFailure(
                "\(folder.register) is gone",
                advice: "bring it back; until then what it said last is in force"
            )
        }
        let book = try folder.book()
        state.withLock { $0 = State(book: book, identity: identity) }
        return true
    }

    func identity(certificate: [UInt8]) throws(CredentialRefusal) -> PeerIdentity {
        let identity = try CertificateReader.identity(certificate)
        if let refusal = refusal(of: identity) { throw refusal }
        return identity
    }

    func identity(token: [UInt8]) throws(CredentialRefusal) -> PeerIdentity {
        try state.withLock { $0.book }.identity(token: token, now: now())
    }

    func refusal(of identity: PeerIdentity) -> CredentialRefusal? {
        state.withLock { $0.book }.refusal(of: identity, now: now())
    }
}
