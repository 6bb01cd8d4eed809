// SPDX-License-Identifier: Apache-2.0
// Reelwork: tests of the switches of a SQLite connection.

import CSQLiteShim
import Glibc
import Testing

// Goal: a hardened connection refuses what a hostile database would need.
// Method: SQLite itself, looked up by name in this process, for the shim's header shows none of it.
struct SQLiteShimTests {
    private typealias Open =
        @convention(c) (
            UnsafePointer<CChar>, UnsafeMutablePointer<OpaquePointer?>
        ) -> Int32
    private typealias Close = @convention(c) (OpaquePointer?) -> Int32
    private typealias Execute =
        @convention(c) (
            OpaquePointer?, UnsafePointer<CChar>, OpaquePointer?, OpaquePointer?, OpaquePointer?
        ) -> Int32

    private let openCall: Open
    private let closeCall: Close
    private let executeCall: Execute

    init() throws {
        openCall = unsafeBitCast(try #require(dlsym(nil, "sqlite3_open")), to: Open.self)
        closeCall = unsafeBitCast(try #require(dlsym(nil, "sqlite3_close")), to: Close.self)
        executeCall = unsafeBitCast(try #require(dlsym(nil, "sqlite3_exec")), to: Execute.self)
    }

    @Test func aHardenedConnectionGuardsItsSchema() throws {
        var database: OpaquePointer?
        #expect(openCall(":memory:", &database) == 0)
        defer { #expect(closeCall(database) == 0) }
        let handle = UnsafeMutableRawPointer(try #require(database))
        let attack = "PRAGMA writable_schema = ON; DELETE FROM sqlite_schema;"
        #expect(executeCall(database, attack, nil, nil, nil) == 0)
        #expect(reelwork_sqlite_harden(handle) == 0)
        #expect(executeCall(database, attack, nil, nil, nil) != 0)
        #expect(executeCall(database, "SELECT load_extension('x')", nil, nil, nil) != 0)
        // 1010 DEFENSIVE, 1017 TRUSTED_SCHEMA, 1005 ENABLE_LOAD_EXTENSION; -1 only asks.
        for (option, wanted) in [(1010, 1), (1017, 0), (1005, 0)] as [(Int32, Int32)] {
            var now: Int32 = -1
            #expect(reelwork_sqlite_configure(handle, option, -1, &now) == 0)
            #expect(now == wanted)
        }
    }

    @Test func aSwitchIsSetAndReadBack() throws {
        var database: OpaquePointer?
        #expect(openCall(":memory:", &database) == 0)
        defer { #expect(closeCall(database) == 0) }
        let handle = UnsafeMutableRawPointer(try #require(database))
        var now: Int32 = -1
        // 1002 is ENABLE_FKEY.
        #expect(reelwork_sqlite_configure(handle, 1002, 1, &now) == 0)
        #expect(now == 1)
        #expect(reelwork_sqlite_configure(handle, 1002, 0, &now) == 0)
        #expect(now == 0)
    }

    @Test func whatIsNoSwitchIsRefused() throws {
        var database: OpaquePointer?
        #expect(openCall(":memory:", &database) == 0)
        defer { #expect(closeCall(database) == 0) }
        let handle = UnsafeMutableRawPointer(try #require(database))
        // 1000 and 1001 take other arguments than a switch.
        for option in [1000, 1001, 9999] as [Int32] {
            #expect(reelwork_sqlite_configure(handle, option, 1, nil) == 1)
        }
        #expect(reelwork_sqlite_configure(nil, 1002, 1, nil) == 21)
        #expect(reelwork_sqlite_harden(nil) == 21)
    }

    @Test func theVersionIsThree() {
        #expect(reelwork_sqlite_version_number() / 1_000_000 == 3)
    }
}
