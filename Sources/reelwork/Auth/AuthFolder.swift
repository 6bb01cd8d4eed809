// SPDX-License-Identifier: Apache-2.0
// Reelwork: the folder of the authority

import Glibc
import ReelworkCore
import ReelworkRPC
import ReelworkSystem

/// The folder that `reelwork auth` keeps: the authority's key and certificate, what it made, and
/// the register of it all.
///
/// Every file has mode 0600 from its first moment and the folder 0700. A change of the register is
/// made under a lock, on a copy that is synced and then renamed: a reader sees the old or the new.
struct AuthFolder {
    let path: String

    init(_ path: String) {
        self.path = path
    }

    /// The authority's certificate.
    var authority: String { "\(path)/ca.pem" }
    /// The authority's key.
    var authorityKey: String { "\(path)/ca.key" }
    /// The register.
    var register: String { "\(path)/credentials" }

    /// The certificate of this name.
    func certificate(_ name: String) -> String { "\(path)/\(name).pem" }
    /// The key of this name.
    func key(_ name: String) -> String { "\(path)/\(name).key" }

    /// Makes the folder, and those above it, where they are missing.
    func make() throws(CommandFailure) {
        var made = ""
        for name in path.split(separator: "/") {
            made += "/\(name)"
            guard mkdir(made, 0o700) != 0, errno != EEXIST else { continue }
            let number = errno
            // A folder that is there may lie where nothing can be made.
            guard AuthFolder.exists(made) else {
                throw AuthFolder.failure("make the folder", made, number)
            }
        }
        guard let facts = FileFacts.of(path), facts.isFolder else {
            throw CommandFailure("\(path) is no folder", advice: "name another with --dir")
        }
        guard !facts.isWritableByOthers else {
            throw CommandFailure(
                "\(path) may be written by others than its owner",
                advice: "whoever writes there makes credentials: `chmod 700 \(path)`"
            )
        }
    }

    /// Whether a file is there.
    static func exists(_ path: String) -> Bool { access(path, F_OK) == 0 }

    /// Reads a file as text.
    static func text(_ path: String, isSecret: Bool) throws(CommandFailure) -> String {
        let bytes: [UInt8]
        do {
            bytes = try SecretFile.read(path, isSecret: isSecret)
        } catch {
            throw CommandFailure(credentials: error)
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    // MARK: - The register

    /// The register; empty where there is none yet.
    func book() throws(CommandFailure) -> CredentialBook {
        if case .failed(let number) = FileFacts.look(at: register) {
            // Not seen is not the same as not there: who was turned out must stay out.
            guard number == ENOENT else { throw AuthFolder.failure("read", register, number) }
            return CredentialBook()
        }
        let text = try RegisterFile.text(register)
        do {
            return try CredentialBook(parsing: text)
        } catch {
            throw CommandFailure(
                "\(register): \(error)",
                advice: "bring it back from a backup; without it no token is known"
            )
        }
    }

    /// Changes the register.
    func change<Answer>(
        _ body: (inout CredentialBook) throws(CommandFailure) -> Answer
    ) throws(CommandFailure) -> Answer {
        try make()
        let lock = "\(path)/lock"
        let descriptor = open(lock, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw AuthFolder.failure("open", lock, errno) }
        defer { close(descriptor) }
        while flock(descriptor, LOCK_EX) != 0 {
            guard errno == EINTR else { throw AuthFolder.failure("lock", lock, errno) }
        }
        var book = try book()
        let answer = try body(&book)
        try AuthFolder.write(book.text, to: register, replaces: true)
        return answer
    }

    // MARK: - Writing

    /// Writes a file of mode 0600, synced; one that is there is an error unless it is replaced.
    static func write(
        _ text: String,
        to path: String,
        replaces: Bool = false
    ) throws(CommandFailure) {
        let target = replaces ? "\(path).new" : path
        if replaces { unlink(target) }
        let descriptor = open(target, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else {
            let number = errno
            guard number == EEXIST else { throw failure("write", target, number) }
            throw CommandFailure(
                "\(path) is there already",
                advice: "move it away, or choose another name"
            )
        }
        // A umask takes bits away and never adds any; this gives back what it took.
        var isWritten = fchmod(descriptor, 0o600) == 0
        if isWritten { isWritten = put(Array(text.utf8), descriptor) && fsync(descriptor) == 0 }
        let number = errno
        close(descriptor)
        guard isWritten, !replaces || rename(target, path) == 0 else {
            let cause = isWritten ? errno : number
            unlink(target)
            throw failure("write", path, cause)
        }
        try syncFolder(of: path)
    }

    private static func put(_ bytes: [UInt8], _ descriptor: Int32) -> Bool {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { return false }
            rest = rest.dropFirst(count)
        }
        return true
    }

    private static func syncFolder(of path: String) throws(CommandFailure) {
        let folder = path.lastIndex(of: "/").map { String(path[..<$0]) } ?? "."
        let descriptor = open(folder.isEmpty ? "/" : folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { throw failure("open", folder, errno) }
        defer { close(descriptor) }
        guard fsync(descriptor) == 0 else { throw failure("sync", folder, errno) }
    }

    static func failure(_ what: String, _ path: String, _ number: Int32) -> CommandFailure {
        CommandFailure(
            number == EACCES || number == EPERM ? .denied : .failed,
            "cannot \(what) \(path): \(String(cString: strerror(number)))",
            advice: "check that its folder is there and that this user may write there"
        )
    }
}
