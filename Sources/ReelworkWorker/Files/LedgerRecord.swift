// SPDX-License-Identifier: Apache-2.0
// Reelwork: one line of the ledger

import ReelworkCore

/// One line of the ledger.
///
/// `CRC WORD FIELD ...`: the CRC-32C of all behind it as eight hexadecimal digits, then fields
/// parted by spaces, in which bytes up to the space, `%` and delete stand as `%XX`. A line feed
/// stands before a record and behind it: one that was torn, by a full disk or a crash, ends where
/// the next one begins and takes nothing of it along.
enum LedgerRecord: Hashable, Sendable {
    /// The boot that the process ids belong to; the first line.
    case boot(String)
    /// A run begins; these are the names that it makes.
    case open(AttemptKey, part: String, scratch: String)
    /// A command of the run has started.
    case child(AttemptKey, helper: ProcessIdentity, encoder: ProcessIdentity)
    /// The run is over and nothing of it is left.
    case close(AttemptKey)

    /// The record as it is appended: a line feed, the line, a line feed.
    var bytes: [UInt8] {
        let fields: [String] =
            switch self {
            case .boot(let id): ["boot", id]
            case .open(let key, let part, let scratch):
                ["open", "\(key.id)", "\(key.origin)", part, scratch]
            case .child(let key, let helper, let encoder):
                [
                    "child", "\(key.id)", "\(key.origin)", "\(helper.pid)", "\(helper.start)",
                    "\(encoder.pid)", "\(encoder.start)",
                ]
            case .close(let key): ["close", "\(key.id)", "\(key.origin)"]
            }
        let body = Array(fields.map(LedgerRecord.escaped).joined(separator: " ").utf8)
        let digits = String(FileSum.checksum(of: body), radix: 16)
        let zeros = String(repeating: "0", count: 8 - digits.utf8.count)
        return Array(("\n" + zeros + digits + " ").utf8) + body + [UInt8(ascii: "\n")]
    }

    /// Reads a line without its end; nil where it is damaged.
    init?(line: some Collection<UInt8>) {
        let bytes = Array(line)
        guard bytes.count > 9, bytes[8] == UInt8(ascii: " "),
            let sum = UInt32(String(decoding: bytes[..<8], as: UTF8.self), radix: 16),
            sum == FileSum.checksum(of: Array(bytes[9...]))
        else { return nil }
        let fields = bytes[9...].split(
            separator: UInt8(ascii: " "),
            omittingEmptySubsequences: false
        ).map { LedgerRecord.unescaped($0) }
        switch (fields.first, fields.count) {
        case ("boot", 2): self = .boot(fields[1])
        case ("open", 5):
            guard let key = LedgerRecord.key(fields) else { return nil }
            self = .open(key, part: fields[3], scratch: fields[4])
        case ("child", 7):
            guard let key = LedgerRecord.key(fields),
                let helper = LedgerRecord.identity(fields[3], fields[4]),
                let encoder = LedgerRecord.identity(fields[5], fields[6])
            else { return nil }
            self = .child(key, helper: helper, encoder: encoder)
        case ("close", 3):
            guard let key = LedgerRecord.key(fields) else { return nil }
            self = .close(key)
        default: return nil
        }
    }

    private static func key(_ fields: [String]) -> AttemptKey? {
        guard let id = JobID(fields[1]), let origin = UInt32(fields[2]) else { return nil }
        return AttemptKey(id: id, origin: AttemptNumber(origin))
    }

    private static func identity(_ pid: String, _ start: String) -> ProcessIdentity? {
        guard let pid = Int32(pid), let start = UInt64(start) else { return nil }
        return ProcessIdentity(pid: pid, start: start)
    }

    private static func escaped(_ text: String) -> String {
        var bytes: [UInt8] = []
        for byte in text.utf8 {
            guard byte <= 0x20 || byte == UInt8(ascii: "%") || byte == 0x7F else {
                bytes.append(byte)
                continue
            }
            let digits = String(byte, radix: 16, uppercase: true)
            bytes += Array((digits.utf8.count == 1 ? "%0" : "%").utf8) + Array(digits.utf8)
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    private static func unescaped(_ text: ArraySlice<UInt8>) -> String {
        var bytes: [UInt8] = []
        var index = text.startIndex
        while index < text.endIndex {
            let rest = text.endIndex - index
            if text[index] == UInt8(ascii: "%"), rest > 2,
                let byte = UInt8(
                    String(decoding: text[(index + 1)..<(index + 3)], as: UTF8.self),
                    radix: 16
                )
            {
                bytes.append(byte)
                index += 3
            } else {
                bytes.append(text[index])
                index += 1
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
