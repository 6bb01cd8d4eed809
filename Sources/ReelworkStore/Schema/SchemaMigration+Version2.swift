// SPDX-License-Identifier: Apache-2.0
// Reelwork: the second schema

extension SchemaMigration {
    /// Paused queues, cordoned and draining workers, and what workers did to live jobs.
    static let version2 = SchemaMigration(
        version: 2,
        sql: """
            ALTER TABLE worker ADD COLUMN drain_until INTEGER; -- then its jobs are handed back
            ALTER TABLE worker ADD COLUMN cordoned_at INTEGER; -- it gets nothing since then
            ALTER TABLE worker ADD COLUMN cordon_reason TEXT -- why; null where not cordoned
                CHECK ((cordoned_at IS NULL) = (cordon_reason IS NULL));

            -- Queues that were ever paused, one row each.
            CREATE TABLE queue (
                queue INTEGER PRIMARY KEY CHECK (queue BETWEEN 1 AND 3), -- as in job.queue
                paused_at INTEGER, -- nothing of it is assigned since; null: it goes on
                actor TEXT NOT NULL, -- who said so last
                reason TEXT NOT NULL -- why, in words
            ) STRICT;

            -- What workers did to jobs that live; the rows of a job go when it ends. The worker
            -- may have been removed since, so its name refers to no row.
            CREATE TABLE job_worker (
                number INTEGER NOT NULL REFERENCES job (number), -- the job
                worker TEXT NOT NULL, -- the worker's name
                kind INTEGER NOT NULL CHECK (kind BETWEEN 1 AND 3), -- 1 refused it, 2 died under
                    -- it, 3 failed it
                incarnation INTEGER NOT NULL, -- which life of the worker, 64 bits
                at INTEGER NOT NULL, -- when
                PRIMARY KEY (number, worker, kind, incarnation)
            ) STRICT, WITHOUT ROWID;
            """
    )
}
