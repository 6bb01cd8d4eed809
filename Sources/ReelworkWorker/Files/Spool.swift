// SPDX-License-Identifier: Apache-2.0
// Reelwork: results that wait for the scheduler

import Glibc
package import ReelworkCore
import ReelworkWire

/// Results that wait for the scheduler, on disk: a file a report, so that one that is damaged costs
/// no other.
///
/// `<job uuid>-<attempt>.report` holds the eight bytes `RLWSPL1\n`, the CRC-32C of the rest (four
/// bytes, little-endian), and a REPORT request with that one item as on the wire.
package struct Spool: Sendable {
    /// What lies in a spool.
    package struct Contents: Sendable {
        /// The reports, by job and attempt.
        package var items: [(AttemptKey, ReportItem)] = []
        /// Files that could not be read and were set aside under the ending `.damaged`.
        package var damaged: [String] = []
    }

    private let folder: String
    private static let magic = Array("RLWSPL1\n".utf8)
    private static let ending = ".report"

    /// Makes the spool's folder where it is not there.
    package init(in folder: StateFolder) throws(FileError) {
        self.folder = folder.spool
        try FileCalls.makeFolders(folder.spool)
        try FileCalls.sync(folder: folder.path)
    }

    /// Reads what an earlier life left.
    package func load() throws(FileError) -> Contents {
        var contents = Contents()
        for name in try FileCalls.names(in: folder) where name.hasSuffix(Spool.ending) {
            guard !name.hasPrefix(".") else {
                try FileCalls.remove(folder + "/" + name)
                continue
            }
            guard contents.items.count < Limits.spoolItemsMax else { break }
            if let key = Spool.key(name), let item = read(name) {
                contents.items.append((key, item))
            } else {
                contents.damaged.append(name)
                let path = folder + "/" + name
                guard Glibc.rename(path, path + ".damaged") == 0 else {
                    throw FileError("rename", path, errno)
                }
            }
        }
        return contents
    }

    /// Puts a report in, or in the place of an earlier one; synced when it returns.
    package func save(_ key: AttemptKey, _ item: ReportItem) throws(FileError) {
        let payload = Report.Request(items: [item]).encoded
        let sum = FileSum.checksum(of: payload)
        let bytes = (0..<4).map { UInt8(truncatingIfNeeded: sum >> (8 * $0)) }
        try FileCalls.replace(Spool.name(key), in: folder, with: Spool.magic + bytes + payload)
    }

    /// Takes a report out; one that is not there is no error.
    package func remove(_ key: AttemptKey) throws(FileError) {
        try FileCalls.remove(folder + "/" + Spool.name(key))
    }

    private func read(_ name: String) -> ReportItem? {
        let limit = Limits.frameBytesMax
        guard let bytes = try? FileCalls.read(folder + "/" + name, bytesMax: limit),
            bytes.count > 12, bytes.starts(with: Spool.magic)
        else { return nil }
        let sum = (0..<4).reduce(UInt32(0)) { $0 | UInt32(bytes[8 + $1]) << (8 * UInt32($1)) }
        let payload = Array(bytes[12...])
        guard sum == FileSum.checksum(of: payload),
            let request = try? Report.Request.decode(payload.span.bytes)
        else { return nil }
        return request.items.count == 1 ? request.items.first : nil
    }

    private static func name(_ key: AttemptKey) -> String { "\(key.id)-\(key.origin)\(ending)" }

    private static func key(_ name: String) -> AttemptKey? {
        let middle = name.utf8.dropLast(ending.utf8.count)
        guard middle.count > 37, let id = JobID(String(decoding: middle.prefix(36), as: UTF8.self)),
            let origin = UInt32(String(decoding: middle.dropFirst(37), as: UTF8.self))
        else { return nil }
        let key = AttemptKey(id: id, origin: AttemptNumber(origin))
        return Spool.name(key) == name ? key : nil
    }
}
