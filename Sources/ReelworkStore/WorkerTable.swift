// SPDX-License-Identifier: Apache-2.0
// Reelwork: workers on disk

import GRDB
import ReelworkCore

/// Workers on disk: one row each, one for each engine and one for each entry of their lists.
struct WorkerTable {
    let database: Database

    /// What an entry of `worker_item` is, as its column `kind` says.
    private enum Kind: Int64 {
        case capacity = 1
        case label = 2
        case encoder = 3
        case device = 4
    }

    /// Writes a worker in place of what is known of it.
    func write(_ row: WorkerRow) throws {
        let registration = row.registration
        try removeParts(registration.name)
        let statement = try BoundStatement(
            database,
            """
            INSERT INTO worker (name, incarnation, host, pid, scratch_free_mib, version, registered,
                is_draining, drain_until, cordoned_at, cordon_reason)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            ON CONFLICT (name) DO UPDATE SET incarnation = excluded.incarnation,
                host = excluded.host, pid = excluded.pid,
                scratch_free_mib = excluded.scratch_free_mib, version = excluded.version,
                registered = excluded.registered, is_draining = excluded.is_draining,
                drain_until = excluded.drain_until, cordoned_at = excluded.cordoned_at,
                cordon_reason = excluded.cordon_reason
            """
        )
        try statement.bind(registration.name, at: 1)
        try statement.bind(Int64(bitPattern: registration.incarnation), at: 2)
        try statement.bind(registration.host, at: 3)
        try statement.bind(registration.pid.map { Int64(bitPattern: $0) }, at: 4)
        try statement.bind(registration.scratchFreeMebibytes.map { Int64(bitPattern: $0) }, at: 5)
        try statement.bind(registration.version, at: 6)
        try statement.bind(row.registered.milliseconds, at: 7)
        try statement.bind(row.isDraining ? Int64(1) : 0, at: 8)
        try statement.bind(row.drainUntil?.milliseconds, at: 9)
        try statement.bind(row.cordon?.since.milliseconds, at: 10)
        try statement.bind(row.cordon?.reason, at: 11)
        try statement.run()
        try writeParts(registration)
    }

    /// Removes a worker; one that is not there is removed already.
    func remove(_ name: String) throws {
        try removeParts(name)
        let statement = try BoundStatement(database, "DELETE FROM worker WHERE name = ?")
        try statement.bind(name, at: 1)
        try statement.run()
    }

    /// Reads every worker, in order of name.
    func all() throws -> [WorkerRow] {
        let statement = try BoundStatement(
            database,
            """
            SELECT name, incarnation, host, pid, scratch_free_mib, version, registered, is_draining,
                drain_until, cordoned_at, cordon_reason
            FROM worker ORDER BY name
            """
        )
        var rows: [WorkerRow] = []
        while try statement.next() {
            var registration = WorkerRegistration(
                name: statement.text(0),
                incarnation: UInt64(bitPattern: statement.integer(1)),
                capacity: [],
                host: statement.textOrNil(2),
                pid: statement.integerOrNil(3).map { UInt64(bitPattern: $0) },
                scratchFreeMebibytes: statement.integerOrNil(4).map { UInt64(bitPattern: $0) },
                version: statement.textOrNil(5)
            )
            let registered = Timestamp(milliseconds: statement.integer(6))
            let isDraining = statement.integer(7) != 0
            let drainUntil = statement.integerOrNil(8).map { Timestamp(milliseconds: $0) }
            let cordon = statement.integerOrNil(9).map { since in
                Cordon(since: Timestamp(milliseconds: since), reason: statement.text(10))
            }
            try readParts(of: &registration)
            rows.append(
                WorkerRow(
                    registration: registration,
                    registered: registered,
                    isDraining: isDraining,
                    drainUntil: drainUntil,
                    cordon: cordon
                )
            )
        }
        return rows
    }

    // MARK: - Lists

    private func removeParts(_ name: String) throws {
        for table in ["worker_item", "worker_engine"] {
            let statement = try BoundStatement(database, "DELETE FROM \(table) WHERE worker = ?")
            try statement.bind(name, at: 1)
            try statement.run()
        }
    }

    private func writeParts(_ registration: WorkerRegistration) throws {
        let item = try BoundStatement(
            database,
            """
            INSERT INTO worker_item (worker, kind, engine, position, name, value, amount)
            VALUES (?, ?, ?, ?, ?, ?, ?)
            """
        )
        try item.bind(registration.name, at: 1)
        for (position, amount) in registration.capacity.enumerated() {
            try write(amount, .capacity, engine: -1, position, to: item)
        }
        for (position, label) in registration.labels.enumerated() {
            try bind(.label, engine: -1, position, label.name, to: item)
            try item.bind(label.value, at: 6)
            try item.bind(Int64?.none, at: 7)
            try item.run()
        }
        let engine = try BoundStatement(
            database,
            """
            INSERT INTO worker_engine (worker, engine, name, version, problem, adapter_version)
            VALUES (?, ?, ?, ?, ?, ?)
            """
        )
        try engine.bind(registration.name, at: 1)
        for (place, report) in registration.engines.enumerated() {
            try engine.bind(Int64(place), at: 2)
            try engine.bind(report.name, at: 3)
            try engine.bind(report.version, at: 4)
            try engine.bind(report.problem, at: 5)
            try engine.bind(report.adapterVersion.map { Int64(bitPattern: $0) }, at: 6)
            try engine.run()
            for (position, name) in report.encoders.enumerated() {
                try bind(.encoder, engine: place, position, name, to: item)
                try item.bind(String?.none, at: 6)
                try item.bind(Int64?.none, at: 7)
                try item.run()
            }
            for (position, device) in report.devices.enumerated() {
                try write(device, .device, engine: place, position, to: item)
            }
        }
    }

    private func write(
        _ amount: ResourceAmount,
        _ kind: Kind,
        engine: Int,
        _ position: Int,
        to item: BoundStatement
    ) throws {
        try bind(kind, engine: engine, position, amount.name, to: item)
        try item.bind(String?.none, at: 6)
        try item.bind(Int64(bitPattern: amount.amount), at: 7)
        try item.run()
    }

    private func bind(
        _ kind: Kind,
        engine: Int,
        _ position: Int,
        _ name: String,
        to item: BoundStatement
    ) throws {
        try item.bind(kind.rawValue, at: 2)
        try item.bind(Int64(engine), at: 3)
        try item.bind(Int64(position), at: 4)
        try item.bind(name, at: 5)
    }

    private func readParts(of registration: inout WorkerRegistration) throws {
        let engine = try BoundStatement(
            database,
            """
            SELECT name, version, problem, adapter_version FROM worker_engine
            WHERE worker = ? ORDER BY engine
            """
        )
        try engine.bind(registration.name, at: 1)
        while try engine.next() {
            registration.engines.append(
                EngineReport(
                    name: engine.text(0),
                    version: engine.text(1),
                    encoders: [],
                    problem: engine.textOrNil(2),
                    adapterVersion: engine.integerOrNil(3).map { UInt64(bitPattern: $0) }
                )
            )
        }
        let item = try BoundStatement(
            database,
            """
            SELECT kind, engine, name, value, amount FROM worker_item
            WHERE worker = ? ORDER BY kind, engine, position
            """
        )
        try item.bind(registration.name, at: 1)
        while try item.next() {
            let place = Int(item.integer(1))
            let name = item.text(2)
            let amount = ResourceAmount(name: name, amount: UInt64(bitPattern: item.integer(4)))
            switch Kind(rawValue: item.integer(0)) {
            case .capacity: registration.capacity.append(amount)
            case .label: registration.labels.append(Label(name: name, value: item.text(3)))
            case .encoder where registration.engines.indices.contains(place):
                registration.engines[place].encoders.append(name)
            case .device where registration.engines.indices.contains(place):
                registration.engines[place].devices.append(amount)
            case .encoder, .device, nil:
                item.reset()
                throw StoreError.corrupt("worker \(registration.name) has an entry of no list")
            }
        }
    }
}
