// SPDX-License-Identifier: Apache-2.0
// Reelwork: the runs that a ledger tells of

/// The runs that a ledger tells of and that are not closed, in the order in which they began.
struct LedgerEntries: Hashable, Sendable {
    /// What is known of one run.
    struct Entry: Hashable, Sendable {
        let key: AttemptKey
        let part: String
        let scratch: String
        var helper: ProcessIdentity?
        var encoder: ProcessIdentity?
    }

    /// The boot that the process ids belong to; nil where the ledger does not say.
    private(set) var boot: String?
    private(set) var entries: [Entry] = []

    /// Takes the next record.
    mutating func take(_ record: LedgerRecord) {
        switch record {
        case .boot(let id): boot = id
        case .open(let key, let part, let scratch):
            entries.removeAll { $0.key == key }
            entries.append(Entry(key: key, part: part, scratch: scratch))
        case .child(let key, let helper, let encoder):
            guard let index = entries.lastIndex(where: { $0.key == key }) else { return }
            entries[index].helper = helper
            entries[index].encoder = encoder
        case .close(let key): entries.removeAll { $0.key == key }
        }
    }

    /// The records that say the same, and no more.
    var records: [LedgerRecord] {
        var records = boot.map { [LedgerRecord.boot($0)] } ?? []
        for entry in entries {
            records.append(.open(entry.key, part: entry.part, scratch: entry.scratch))
            guard let helper = entry.helper, let encoder = entry.encoder else { continue }
            records.append(.child(entry.key, helper: helper, encoder: encoder))
        }
        return records
    }

    /// Reads a ledger around its damage.
    ///
    /// - Returns: the runs, and the number of lines that could not be read.
    static func read(_ bytes: [UInt8]) -> (entries: LedgerEntries, damaged: Int) {
        var entries = LedgerEntries()
        var damaged = 0
        for line in bytes.split(separator: UInt8(ascii: "\n")) {
            if let record = LedgerRecord(line: line) {
                entries.take(record)
            } else {
                damaged += 1
            }
        }
        return (entries, damaged)
    }
}
