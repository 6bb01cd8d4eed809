// SPDX-License-Identifier: Apache-2.0
// Reelwork: compares a value that was read with the JSON of its vector

import ReelworkCore
import ReelworkWire
import Testing

/// Compares a value that was read with the JSON of its vector, by reflection: the names of
/// properties become those of the tables.
enum Meaning {
    static func expect(_ value: Any, _ vector: Vector) throws {
        let found = difference(value, try #require(vector.json["body"]))
        #expect(found == nil)
    }

    /// The first place at which a value differs from its meaning; nil where it does not.
    static func difference(_ value: Any, _ meaning: JSONValue) -> String? {
        let wanted = strip(meaning)
        let found = strip(json(value))
        return found == wanted ? nil : firstDifference(found, wanted)
    }

    /// The first place at which two values differ, for people.
    private static func firstDifference(_ found: JSONValue, _ wanted: JSONValue) -> String {
        switch (found, wanted) {
        case (.object(let left), .object(let right)):
            for key in Set(left.keys).union(right.keys).sorted() {
                guard let one = left[key] else { return "\(key) is missing" }
                guard let other = right[key] else { return "\(key) is too much: \(one)" }
                if one != other { return "\(key): \(firstDifference(one, other))" }
            }
        case (.array(let left), .array(let right)):
            for (one, other) in zip(left, right) where one != other {
                return firstDifference(one, other)
            }
        default: break
        }
        return "\(found) instead of \(wanted)"
    }

    /// Names that do not follow from the property's.
    private static let names: [String: String] = [
        "isAtomic": "atomic", "detail@view": "view", "isOldestFirst": "oldest_first",
        "afterSequence": "after_seq", "hasMore": "more", "follows": "follow",
        "sequence": "seq", "failure": "class", "retriesMax": "max_retries",
        "frameBytesMax": "max_frame", "requestsInFlightMax": "max_inflight",
        "mechanisms": "mechs", "mechanism": "mech", "framesPerSecondMilli": "fps_milli",
        "remaining": "eta", "adapterVersion": "adapter", "scratchFreeMebibytes": "scratch_free_mib",
        "clockOffsetMilliseconds": "clock_offset", "isDraining": "draining",
        "isCut": "cut", "isStopped": "stopped", "isUnheard": "unheard",
        "isPlaceAtLeast": "at_least", "drainUntil": "drain_until",
        "isKilledOnLeaseLoss": "kill_on_lease_loss", "isLookOnly": "look_only",
        "isRunning": "running", "lastMicroseconds": "last_us", "isOK": "ok", "isDeep": "deep",
        "known": "from_seq", "entries": "items", "mediaDuration": "media_ms",
        "isResumed": "resumed", "hasNoFile": "no_file", "isFinal": "final",
        "encodeTime": "encode_ms",
        "notBefore": "not_before", "lastRequestID": "last_request_id", "tags": "common",
        "checksum": "hash",
    ]

    private static func name(_ label: String, _ value: Any) -> String {
        if label == "detail", !(value is String), !(value is String?) { return "view" }
        if label == "kind", value is OpenEnum<Verdict.Kind> { return "verdict" }
        if let name = names[label] { return name }
        return label.reduce(into: "") { result, character in
            if character.isUppercase { result += "_" }
            result += character.lowercased()
        }
    }

    static func json(_ value: Any) -> JSONValue {
        switch value {
        case let value as any ScalarJSON: return value.scalar
        case let value as JobRef: return reference(value)
        case let value as ResourceAmount: return .array([json(value.name), json(value.amount)])
        case let value as Label: return .array([json(value.name), json(value.value)])
        case let value as Parameter: return .array([json(value.key), json(value.value)])
        case let value as ReportItem: return report(value)
        case let value as [Any]: return .array(value.map { json($0) })
        case let value as Grant:
            return .object([
                "attempt": json(value.attempt), "size": json(value.size),
                "hash": hash(value.checksum),
            ])
        case let value as JobSpec:
            var spec = fields(Mirror(reflecting: value))
            spec["version"] = .number("1")
            return .object(spec)
        case let value as JobProgress:
            // On the wire 0 says that it is not known.
            var progress = fields(Mirror(reflecting: value))
            progress["permille"] = value.permille.map { json(UInt64($0) + 1) }
            return .object(progress)
        case let value as Ping:
            let bytes = (0..<8).map { UInt8(truncatingIfNeeded: value.opaque >> ($0 * 8)) }
            return .object(["opaque": json(bytes)])
        case let value as any RawRepresentable: return json(value.rawValue)
        default: break
        }
        let mirror = Mirror(reflecting: value)
        if mirror.displayStyle == .optional {
            return mirror.children.first.map { json($0.value) } ?? .null
        }
        if mirror.displayStyle == .enum, let child = mirror.children.first {
            return json(child.value)
        }
        return .object(fields(mirror))
    }

    private static func fields(_ mirror: Mirror) -> [String: JSONValue] {
        var fields: [String: JSONValue] = [:]
        for child in mirror.children {
            let label = child.label ?? ""
            // The worker's own fields stand beside the attempts that it holds.
            if label == "worker", child.value is WorkerRegistration {
                fields.merge(Self.fields(Mirror(reflecting: child.value))) { first, _ in first }
            } else if label == "highest",
                let low = fields.removeValue(forKey: "lowest")?.number,
                let high = json(child.value).number
            {
                fields["versions"] = .number("\(low << 4 | high)")
            } else if label == "codecs", let codecs = child.value as? [UInt8] {
                fields["codecs"] = .array(codecs.map { json($0) })
            } else {
                fields[name(label, child.value)] = json(child.value)
            }
        }
        return fields
    }

    private static func reference(_ value: JobRef) -> JSONValue {
        switch value {
        case .number(let number):
            .object(["kind": .number("1"), "number": json(number)])
        case .id(let id): .object(["kind": .number("2"), "id": json(id)])
        case .key(let key): .object(["kind": .number("3"), "key": json(key)])
        }
    }

    private static func report(_ item: ReportItem) -> JSONValue {
        var all: [String: JSONValue] = [
            "number": json(item.number), "attempt": json(item.attempt),
            "kind": json(item.kind), "at": json(item.at),
        ]
        func add(_ value: Any) {
            all.merge(fields(Mirror(reflecting: value))) { first, _ in first }
        }
        func addFilm(_ film: ReportItem.Film?) {
            guard let film else { return }
            all["output"] = json(film.output)
            all["size"] = json(film.size)
            all["film_ms"] = json(film.mediaDuration)
            all["hash"] = hash(film.checksum)
        }
        switch item.content {
        case .started(let start): add(start)
        case .ready(let film): addFilm(film)
        case .finished(let film, let finish):
            addFilm(film)
            add(finish)
        case .failed(let failure): add(failure)
        case .released(let because, let error):
            all["because"] = json(because)
            all["error"] = json(error as Any)
        }
        return .object(all)
    }

    static func hash(_ checksum: UInt32) -> JSONValue {
        let bytes = [0, 8, 16, 24].map { UInt8(truncatingIfNeeded: checksum >> $0) }
        return json([1] + bytes)
    }

    /// Leaves out what says nothing, so that absent, nil, false, empty and 0 compare as equal:
    /// writing the bytes again tells those apart.
    private static func strip(_ value: JSONValue) -> JSONValue {
        switch value {
        case .object(let fields):
            .object(
                fields.compactMapValues { field in
                    let field = strip(field)
                    return isNothing(field) ? nil : field
                }.filter { $0.key != "unknown_tags" }
            )
        case .array(let items): .array(items.map { strip($0) })
        case .bool(let value): .number(value ? "1" : "0")
        case .string(let text): .string(text)
        case .number(let text): number(text)
        case .null: .null
        }
    }

    private static func number(_ text: String) -> JSONValue {
        // The vectors write large numbers as strings.
        text.count > 15 ? .string(text) : .number(text)
    }

    private static func isNothing(_ value: JSONValue) -> Bool {
        switch value {
        case .null: true
        case .number(let text): text == "0"
        case .string(let text): text.isEmpty
        case .array(let items): items.isEmpty
        case .object(let fields): fields.isEmpty
        case .bool: false
        }
    }
}
