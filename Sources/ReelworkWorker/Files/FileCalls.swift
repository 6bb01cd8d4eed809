// SPDX-License-Identifier: Apache-2.0
// Reelwork: the calls to the file system that a worker makes

import CReelworkSystem
import Foundation

/// The calls to the file system that a worker makes, each with its error.
///
/// All may block: they run on threads that may (``BlockingWork``).
enum FileCalls {
    /// What stat(2) says, as far as it is used.
    struct Facts: Hashable {
        var device: UInt64
        var inode: UInt64
        var size: UInt64
        var kind: mode_t

        var isFile: Bool { kind == S_IFREG }
        var isFolder: Bool { kind == S_IFDIR }
        func isSame(as other: Facts) -> Bool { device == other.device && inode == other.inode }
    }

    /// Looks through symbolic links (stat(2)), or at them (lstat(2)).
    static func facts(
        _ path: String,
        followsLinks: Bool = true
    ) throws(FileError) -> Facts {
        var buffer = stat()
        guard (followsLinks ? stat(path, &buffer) : lstat(path, &buffer)) == 0 else {
            throw FileError("stat", path, errno)
        }
        return Facts(
            device: UInt64(buffer.st_dev),
            inode: UInt64(buffer.st_ino),
            size: UInt64(clamping: buffer.st_size),
            kind: buffer.st_mode & S_IFMT
        )
    }

    /// The path without links and dots (realpath(3)).
    static func realPath(_ path: String) throws(FileError) -> String {
        guard let resolved = realpath(path, nil) else { throw FileError("realpath", path, errno) }
        defer { free(resolved) }
        return String(cString: resolved)
    }

    /// Whether this process may (access(2)).
    static func requireAccess(_ path: String, _ mode: Int32) throws(FileError) {
        guard access(path, mode) == 0 else { throw FileError("access", path, errno) }
    }

    /// Makes a folder and those above it, mode 0700.
    static func makeFolders(_ path: String) throws(FileError) {
        var made = path.hasPrefix("/") ? "/" : ""
        for part in path.split(separator: "/") {
            made += made.isEmpty || made.hasSuffix("/") ? "\(part)" : "/\(part)"
            guard mkdir(made, 0o700) == 0 || errno == EEXIST else {
                throw FileError("mkdir", made, errno)
            }
        }
        guard try facts(path).isFolder else { throw FileError("mkdir", path, ENOTDIR) }
    }

    /// Makes a symbolic link.
    static func link(_ path: String, to target: String) throws(FileError) {
        guard symlink(target, path) == 0 else { throw FileError("symlink", path, errno) }
    }

    /// Removes a name; one that is not there is no error.
    static func remove(_ path: String) throws(FileError) {
        guard unlink(path) == 0 || errno == ENOENT else { throw FileError("unlink", path, errno) }
    }

    /// Removes a folder and all in it, without following links.
    static func removeTree(_ path: String) throws(FileError) {
        guard let facts = try? facts(path, followsLinks: false) else { return }
        guard facts.isFolder else {
            try remove(path)
            return
        }
        for name in try names(in: path) { try removeTree(path + "/" + name) }
        guard rmdir(path) == 0 || errno == ENOENT else { throw FileError("rmdir", path, errno) }
    }

    /// The names in a folder, sorted.
    static func names(in path: String) throws(FileError) -> [String] {
        guard let folder = opendir(path) else { throw FileError("opendir", path, errno) }
        defer { closedir(folder) }
        var names: [String] = []
        errno = 0
        while let entry = readdir(folder) {
            let name = withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
                String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
            }
            if name != ".", name != ".." { names.append(name) }
            errno = 0
        }
        // An error ends the list as its end does (readdir(3)), and a part that is passed over is
        // no fence.
        guard errno == 0 else { throw FileError("readdir", path, errno) }
        return names.sorted()
    }

    /// Makes the names in a folder durable.
    static func sync(folder path: String) throws(FileError) {
        let answer = reelwork_folder_sync(path)
        guard answer >= 0 else { throw FileError("fsync", path, -answer) }
    }

    /// The whole of a small file; at most `bytesMax`.
    static func read(_ path: String, bytesMax: Int) throws(FileError) -> [UInt8] {
        let file = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard file >= 0 else { throw FileError("open", path, errno) }
        defer { close(file) }
        var bytes: [UInt8] = []
        var piece = [UInt8](repeating: 0, count: 64 << 10)
        while bytes.count < bytesMax {
            let count = Glibc.read(file, &piece, piece.count)
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw FileError("read", path, errno) }
            guard count > 0 else { break }
            bytes.append(contentsOf: piece[..<count])
        }
        return Array(bytes.prefix(bytesMax))
    }

    /// Writes all bytes to a descriptor.
    static func write(_ bytes: [UInt8], to file: Int32, path: String) throws(FileError) {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.write(file, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { throw FileError("write", path, count < 0 ? errno : ENOSPC) }
            rest = rest.dropFirst(count)
        }
    }

    /// Puts a file in place as a whole: written beside it, synced, renamed, folder synced.
    static func replace(
        _ name: String,
        in folder: String,
        with bytes: [UInt8]
    ) throws(FileError) {
        let file = try writeBeside(name, in: folder, bytes) { bytes, file throws(FileError) in
            try write(bytes, to: file, path: folder + "/.new-" + name)
        }
        close(file)
        try moveFromBeside(name, in: folder)
        try sync(folder: folder)
    }

    /// Writes a file's next content beside it and syncs it.
    ///
    /// - Returns: a descriptor of it that appends; the caller closes it.
    static func writeBeside(
        _ name: String,
        in folder: String,
        _ bytes: [UInt8],
        by write: ([UInt8], Int32) throws(FileError) -> Void
    ) throws(FileError) -> Int32 {
        let beside = folder + "/.new-" + name
        try remove(beside)
        let flags = O_WRONLY | O_APPEND | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW
        let file = open(beside, flags, 0o600)
        guard file >= 0 else { throw FileError("open", beside, errno) }
        do throws(FileError) {
            try write(bytes, file)
            guard fsync(file) == 0 else { throw FileError("fsync", beside, errno) }
        } catch {
            close(file)
            try? remove(beside)
            throw error
        }
        return file
    }

    /// Puts what lies beside a file in its place; the folder is still to be synced.
    static func moveFromBeside(_ name: String, in folder: String) throws(FileError) {
        let path = folder + "/" + name
        let beside = folder + "/.new-" + name
        guard rename(beside, path) == 0 else {
            let code = errno
            try? remove(beside)
            throw FileError("rename", path, code)
        }
    }
}
