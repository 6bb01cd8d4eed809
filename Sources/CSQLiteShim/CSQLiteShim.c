// SPDX-License-Identifier: Apache-2.0
// Reelwork: SQLite's variadic sqlite3_db_config, in functions that Swift can call.
#include "CSQLiteShim.h"

#include <sqlite3.h>
#include <stddef.h>

int reelwork_sqlite_configure(void *database, int option, int on, int *now) {
    if (database == NULL) {
        return SQLITE_MISUSE;
    }
    // 1000 and 1001 (main name, lookaside) take other arguments than a switch: passing ours would
    // make SQLite read what is not there.
    if (option < SQLITE_DBCONFIG_ENABLE_FKEY) {
        return SQLITE_ERROR;
    }
    int state = -1;
    int code = sqlite3_db_config(database, option, on, &state);
    if (code == SQLITE_OK && now != NULL) {
        *now = state;
    }
    return code;
}

int reelwork_sqlite_harden(void *database) {
    static const struct {
        int option;
        int wanted;
    } switches[] = {
        {SQLITE_DBCONFIG_DEFENSIVE, 1},
        {SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0},
        {SQLITE_DBCONFIG_ENABLE_LOAD_EXTENSION, 0},
    };
    for (size_t index = 0; index < sizeof switches / sizeof *switches; index += 1) {
        int state = -1;
        int code = reelwork_sqlite_configure(
            database, switches[index].option, switches[index].wanted, &state);
        if (code != SQLITE_OK) {
            return code;
        }
        if (state != switches[index].wanted) {
            return SQLITE_ERROR;
        }
    }
    // The switch above governs the C API alone; this one covers the SQL function as well.
    return sqlite3_enable_load_extension(database, 0);
}

int reelwork_sqlite_version_number(void) {
    return sqlite3_libversion_number();
}
