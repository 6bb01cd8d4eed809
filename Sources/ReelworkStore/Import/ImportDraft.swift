// SPDX-License-Identifier: Apache-2.0
// Reelwork: a job while it is being mapped

import ReelworkCore

/// A job while it is being mapped: each step reads some columns and notes what it changes.
struct ImportDraft {
    let source: PredecessorJob
    let number: JobNumber
    let mapping: ImportMapping
    var lines: [ImportLine] = []

    var created = Timestamp(milliseconds: 0)
    var started: Timestamp?
    /// When it ended; of one that has not, when it said something last.
    var ended: Timestamp?
    /// Whether the import itself has ended it.
    var isEndedHere = false
    var retriesMax: UInt16 = 0
    var retryCount: UInt16 = 0
    var queue = JobQueue.standard
    var priority = JobPriority.medium
    var spec = JobSpec(input: ImportDraft.placeUnknown, output: ImportDraft.placeUnknown)
    var bytes: [UInt8] = []
    var history = ImportHistory(at: Timestamp(milliseconds: 0), reason: "", detail: "")
    var failure: FailureClass?
    var error: String?
    /// Why it can never run, where it cannot.
    var problem: String?

    /// What stands where a path is not known: no path, so that no retry of the job runs.
    static let placeUnknown = "unknown"

    init(source: PredecessorJob, number: JobNumber, mapping: ImportMapping) {
        self.source = source
        self.number = number
        self.mapping = mapping
    }

    /// Notes a change in meaning.
    mutating func note(_ change: ImportChange, _ detail: String) {
        lines.append(
            ImportLine(
                id: source.id ?? "",
                numberBefore: ImportText.filled(source.sequenceNumber),
                number: number,
                change: change,
                detail: detail
            )
        )
    }

    // MARK: - Who it is, and when

    mutating func readKey() {
        let old = ImportText.filled(source.sequenceNumber)
        if let old, old != "\(number.rawValue)" {
            note(.renumbered, "#\(ImportText.cut(old, bytes: 40)) is \(number) now")
        }
        let key = ImportMapping.key(of: source)
        if source.id ?? "" == "" {
            note(.rekeyed, "it has no id; its key is \(key)")
        } else if key != ImportText.keyPrefix + (source.id ?? "") {
            note(.rekeyed, "its id is too long; its key is \(key)")
        }
    }

    mutating func readTimes() {
        started = time("started_at", source.startedAt)
        let completed = time("completed_at", source.completedAt)
        let active = time("last_activity_at", source.lastActivityAt)
        ended = completed ?? active
        let known = time("created_at", source.createdAt)
        created = known ?? started ?? ended ?? mapping.now
        guard known == nil else { return }
        note(.timeReplaced, "created_at is not known; taken as \(created.text)")
    }

    /// A time that is known and not in the future, which would keep a job at the end of its line
    /// for ever.
    private mutating func time(_ column: String, _ text: String?) -> Timestamp? {
        switch PredecessorTime(text) {
        case .none: return nil
        case .unreadable:
            note(.timeReplaced, "\(column) is unreadable: \(ImportText.quoted(text ?? ""))")
            return nil
        case .known(let time):
            guard time > mapping.now else { return time }
            note(.timeReplaced, "\(column) lies in the future, \(time.text); taken as now")
            return mapping.now
        }
    }

    // MARK: - Numbers and words

    mutating func readRetries() {
        let most = UInt16(clamping: Limits.retriesMax)
        retriesMax = whole(
            "max_retries",
            source.maxRetries,
            in: 0...most,
            default: RetryPolicy().retriesDefault
        )
        retryCount = whole("retry_count", source.retryCount, in: 0...UInt16.max, default: 0)
        guard retryCount > retriesMax else { return }
        note(
            .numberChanged,
            "retry_count \(retryCount) is more than max_retries; taken as \(retriesMax)"
        )
        retryCount = retriesMax
    }

    private mutating func whole(
        _ column: String,
        _ text: String?,
        in range: ClosedRange<UInt16>,
        default missing: UInt16
    ) -> UInt16 {
        guard let text = ImportText.filled(text) else { return missing }
        let value: UInt16? =
            if let number = Double(text), number.isFinite {
                UInt16(min(max(number, Double(range.lowerBound)), Double(range.upperBound)))
            } else {
                nil
            }
        if let value, Double(text) == Double(value) { return value }
        let taken = value ?? missing
        note(.numberChanged, "\(column) is \(ImportText.quoted(text)); taken as \(taken)")
        return taken
    }

    /// A word of a list; the default where none stands there, and where it means nothing.
    mutating func word<Value>(
        _ column: String,
        _ text: String?,
        default missing: Value,
        named name: String,
        _ read: (String) -> Value?
    ) -> Value {
        guard let text = ImportText.filled(text) else { return missing }
        if let value = read(text.lowercased()) { return value }
        note(.wordReplaced, "\(column) is \(ImportText.quoted(text)); taken as \(name)")
        return missing
    }
}
