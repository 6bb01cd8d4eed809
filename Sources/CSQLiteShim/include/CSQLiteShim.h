// SPDX-License-Identifier: Apache-2.0
// Reelwork: SQLite's variadic sqlite3_db_config, in functions that Swift can call.
#ifndef REELWORK_CSQLITESHIM_H
#define REELWORK_CSQLITESHIM_H

#ifdef __cplusplus
extern "C" {
#endif

// The handle is a `void *` here, and <sqlite3.h> is not included: so this header stands beside any
// Swift module that brings its own view of SQLite. Give it the `sqlite3 *` of an open connection.

/// Sets one switch of a connection and reads it back.
///
/// `option` is one of SQLite's `SQLITE_DBCONFIG_…` numbers that take a switch (1002 and up);
/// `on` is 1 for on, 0 for off, -1 to leave it as it is. `*now`, where not null, becomes the state
/// after the call. Answers SQLite's result code; SQLITE_MISUSE (21) for a null handle, SQLITE_ERROR
/// (1) for an option that this SQLite does not have or that takes no switch.
int reelwork_sqlite_configure(
    void *_Nullable database, int option, int on, int *_Nullable now);

/// Makes a connection safe against a database file that someone else has written.
///
/// Defensive mode on (no writes to the schema table or shadow tables), trusted schema off (no
/// functions with side effects from views and triggers), loading of extensions off, both by SQL
/// and by the C API. Each is read back. Answers 0 (SQLITE_OK) if all hold.
int reelwork_sqlite_harden(void *_Nullable database);

/// Answers the version of the SQLite in use, as 3040001.
int reelwork_sqlite_version_number(void);

#ifdef __cplusplus
}
#endif

#endif
