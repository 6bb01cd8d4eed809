// SPDX-License-Identifier: Apache-2.0
// Reelwork: a file as version 1 of the schema left it

/// A file as version 1 of the schema left it: jobs in every state, workers, grants and logs.
enum GoldenVersion1 {
    /// The schema and the two marks in the file's header.
    ///
    /// Frozen: written by the program that had version 1 as its newest, and never changed again.
    static let schema = """
        CREATE TABLE job (
            number INTEGER PRIMARY KEY CHECK (number > 0), -- never reused, see meta.number_last
            id BLOB NOT NULL UNIQUE CHECK (length(id) = 16), -- UUID of version 7
            key TEXT NOT NULL UNIQUE, -- idempotency key
            tenant TEXT NOT NULL, -- whose job it is
            queue INTEGER NOT NULL CHECK (queue BETWEEN 1 AND 3), -- 1 live 2 default 3 batch
            priority INTEGER NOT NULL CHECK (priority BETWEEN 1 AND 3), -- 1 high 2 medium 3 low
            retries_max INTEGER NOT NULL CHECK (retries_max BETWEEN 0 AND 65535), -- retries
            created INTEGER NOT NULL, -- when it was accepted
            retry_of INTEGER CHECK (retry_of > 0), -- the job that it repeats
            spec BLOB NOT NULL -- the submitter's bytes, as they came
        ) STRICT;
        CREATE TABLE job_state (
            number INTEGER PRIMARY KEY REFERENCES job (number), -- the job
            state INTEGER NOT NULL -- where it stands; timed_out is never at rest
                CHECK (state BETWEEN 1 AND 9 AND state <> 6),
            attempt INTEGER NOT NULL CHECK (attempt BETWEEN 0 AND 4294967295), -- fencing token
            retry_count INTEGER NOT NULL CHECK (retry_count BETWEEN 0 AND 65535), -- counted
            moves INTEGER NOT NULL CHECK (moves BETWEEN 1 AND 4294967295), -- rows in move
            granted INTEGER NOT NULL CHECK (granted BETWEEN 0 AND attempt), -- the last one
            is_grant_open INTEGER NOT NULL CHECK (is_grant_open BETWEEN 0 AND 1), -- 1: no later
                -- attempt has looked whether the granted film stands
            is_look_only INTEGER NOT NULL CHECK (is_look_only BETWEEN 0 AND 1), -- 1: retries
                -- are spent and the next attempt only looks
            rank INTEGER NOT NULL, -- place among the waiting: the smallest comes first
            worker TEXT NOT NULL, -- holds or held it last; empty = none has
            engine TEXT NOT NULL, -- the chosen engine; empty before the first assignment
            not_before INTEGER, -- it waits until then
            started INTEGER, -- when the last attempt started
            completed INTEGER, -- when it reached a terminal state
            deadline INTEGER, -- when the current run's time is over
            failure INTEGER CHECK (failure BETWEEN 1 AND 8), -- class of the last failure
            error TEXT, -- the last error in words
            CHECK ((state = 4 OR state = 5 OR state >= 8) = (completed IS NOT NULL)),
            CHECK (attempt > 0 OR (state <> 2 AND state <> 3 AND state <> 4))
        ) STRICT;
        CREATE TABLE log (
            number INTEGER NOT NULL REFERENCES job (number), -- the job
            attempt INTEGER NOT NULL CHECK (attempt BETWEEN 0 AND 4294967295), -- whose encoder
            tail BLOB NOT NULL, -- the last bytes of its standard error
            PRIMARY KEY (number, attempt)
        ) STRICT;
        CREATE TABLE meta (
            id INTEGER PRIMARY KEY CHECK (id = 1), -- always 1
            cluster BLOB NOT NULL CHECK (length(cluster) = 16), -- random, made with the file
            epoch INTEGER NOT NULL CHECK (epoch >= 1), -- rises with each restore
            created INTEGER NOT NULL, -- when the file was made
            number_last INTEGER NOT NULL CHECK (number_last >= 0) -- highest number ever given
        ) STRICT;
        CREATE TABLE move (
            number INTEGER NOT NULL REFERENCES job (number), -- the job
            seq INTEGER NOT NULL CHECK (seq BETWEEN 1 AND 4294967295), -- from 1, no gap
            from_state INTEGER, -- null for the first
            to_state INTEGER NOT NULL, -- the state after
            at INTEGER NOT NULL, -- when
            reason TEXT NOT NULL, -- why, in words
            attempt INTEGER NOT NULL CHECK (attempt BETWEEN 0 AND 4294967295), -- after the move
            worker TEXT NOT NULL, -- the worker concerned; empty = none
            actor TEXT NOT NULL, -- who caused it
            failure INTEGER CHECK (failure BETWEEN 1 AND 8), -- why the attempt failed
            detail TEXT, -- more for people
            PRIMARY KEY (number, seq),
            CHECK ((from_state IS NULL) = (seq = 1)),
            CHECK (
                CASE from_state
                WHEN 1 THEN to_state = 2 OR to_state = 8 OR to_state = 7 OR to_state = 9
                WHEN 2 THEN to_state = 3 OR to_state = 7 OR to_state = 5 OR to_state = 8
                    OR to_state = 6
                WHEN 3 THEN to_state = 4 OR to_state = 5 OR to_state = 6 OR to_state = 7
                    OR to_state = 8
                WHEN 7 THEN to_state = 1 OR to_state = 5 OR to_state = 8
                WHEN 6 THEN to_state = 7 OR to_state = 5
                ELSE from_state IS NULL AND to_state = 1
                END
            ),
            CHECK (to_state <> 2 OR attempt > 0)
        ) STRICT, WITHOUT ROWID;
        CREATE TABLE publish_grant (
            number INTEGER NOT NULL REFERENCES job (number), -- the job
            attempt INTEGER NOT NULL CHECK (attempt BETWEEN 1 AND 4294967295), -- who encoded it
            size INTEGER NOT NULL, -- the film's bytes, 64 bits
            checksum INTEGER NOT NULL CHECK (checksum BETWEEN 0 AND 4294967295), -- CRC-32C
            at INTEGER NOT NULL, -- when it was given
            PRIMARY KEY (number, attempt)
        ) STRICT, WITHOUT ROWID;
        CREATE TABLE worker (
            name TEXT NOT NULL PRIMARY KEY, -- unique in the fleet
            incarnation INTEGER NOT NULL, -- random at the agent's start, 64 bits
            host TEXT, -- the machine it runs on
            pid INTEGER, -- its process id, 64 bits
            scratch_free_mib INTEGER, -- free scratch space, 64 bits
            version TEXT, -- its program's version
            registered INTEGER NOT NULL, -- when it registered first
            is_draining INTEGER NOT NULL CHECK (is_draining BETWEEN 0 AND 1) -- by an admin
        ) STRICT, WITHOUT ROWID;
        CREATE TABLE worker_engine (
            worker TEXT NOT NULL REFERENCES worker (name), -- the worker
            engine INTEGER NOT NULL CHECK (engine >= 0), -- place in the worker's list, from 0
            name TEXT NOT NULL, -- such as ffmpeg
            version TEXT NOT NULL, -- as the program printed it
            problem TEXT, -- why it cannot be used; null = it works
            adapter_version INTEGER, -- of the adapter that probed it, 64 bits
            PRIMARY KEY (worker, engine)
        ) STRICT, WITHOUT ROWID;
        CREATE TABLE worker_item (
            worker TEXT NOT NULL REFERENCES worker (name), -- the worker
            kind INTEGER NOT NULL CHECK (kind BETWEEN 1 AND 4), -- 1 capacity (name, amount),
                -- 2 label (name, value), 3 an engine's proved encoder (name),
                -- 4 an engine's device (name, amount)
            engine INTEGER NOT NULL, -- with 3 and 4 the place in worker_engine, else -1
            position INTEGER NOT NULL CHECK (position >= 0), -- place in its list, from 0
            name TEXT NOT NULL, -- the entry's name
            value TEXT, -- a label's value
            amount INTEGER, -- how much of it, 64 bits
            PRIMARY KEY (worker, kind, engine, position),
            CHECK ((kind >= 3) = (engine >= 0)),
            CHECK ((kind = 2) = (value IS NOT NULL)),
            CHECK ((kind = 1 OR kind = 4) = (amount IS NOT NULL))
        ) STRICT, WITHOUT ROWID;
        PRAGMA application_id = 1382376812;
        PRAGMA user_version = 1;
        """
}
