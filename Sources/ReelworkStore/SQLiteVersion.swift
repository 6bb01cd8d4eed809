// SPDX-License-Identifier: Apache-2.0
// Reelwork: which SQLite this is and what is wrong with it

import GRDBSQLite

/// Which SQLite the program runs with, and what is known to be wrong with it.
package struct SQLiteVersion: Hashable, Sendable {
    /// As SQLite counts: 3040001 is 3.40.1.
    package var number: Int32
    /// `3.40.1`.
    package var name: String
    /// Names the very source it was built from.
    package var sourceID: String

    /// The version in use.
    package static var current: SQLiteVersion {
        SQLiteVersion(
            number: sqlite3_libversion_number(),
            name: String(cString: sqlite3_libversion()),
            sourceID: String(cString: sqlite3_sourceid())
        )
    }

    /// What is wrong with it; nil where nothing is known.
    ///
    /// The WAL-reset race: two connections of which one checkpoints while the other commits can
    /// damage the file (fixed in 3.51.3, 3.50.7 and 3.44.6). One connection does both here, which
    /// avoids it.
    package var warning: String? {
        let isFixed =
            number >= 3_051_003 || (3_050_007..<3_051_000).contains(number)
            || (3_044_006..<3_045_000).contains(number)
        guard !isFixed else { return nil }
        return "SQLite \(name) has the WAL-reset race, which this program avoids and another one "
            + "would not: let no other program open the live database"
    }
}
