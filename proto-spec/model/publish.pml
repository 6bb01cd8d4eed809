/* SPDX-License-Identifier: Apache-2.0
 * Reelwork: lease, attempt and publish as a model, for spin.
 *
 * One job, two workers on one file system, one scheduler. Everything that may happen between any
 * two steps does: connections break and lose what is on its way, workers pause for ever so long,
 * crash and come back, the scheduler loses a worker that lives, a user cancels. README.md says what
 * it covers and what it leaves out. A name in capitals given with -D plants a bug, which spin must
 * find.
 */

#ifndef RETRIES
#define RETRIES 1
#endif
#ifndef ATTEMPTS
#define ATTEMPTS 9      /* more cannot be reached with the budgets below; asserted */
#endif
#ifndef BREAKS
#define BREAKS 2        /* connections that break */
#endif
#ifndef LOSSES
#define LOSSES 1        /* leases that end while the worker lives */
#endif
#ifndef CRASHES
#define CRASHES 1       /* agents that are killed */
#endif

#define WORKERS 2
#define NOBODY 2

mtype = { assign, grant, revoke, stale, accepted };            /* to a worker */
mtype = { started, ready, finished, failed };                  /* to the scheduler */
mtype = { queued, held, done, gone, canceled };                /* the job; gone = failed */
mtype = { idle, told, encoding, waiting, granted, published, broken };  /* an attempt at its worker */

/* Messages: kind, attempt, earlier grant or adopted attempt, look only. */
chan to_worker[WORKERS] = [4] of { mtype, byte, byte, bool };
chan to_scheduler[WORKERS] = [4] of { mtype, byte, byte };

/* On the scheduler's disk. */
mtype state = queued;
byte attempt = 0;
byte holder = NOBODY;
byte retries = 0;
byte last_grant = 0;
bool is_grant_open = false;
bool is_look_only = false;

/* The file system. */
bool part[ATTEMPTS + 1];
byte output = 0;

/* What must hold. */
byte publications = 0;
byte ends = 0;

/* What may still go wrong. */
byte breaks = BREAKS;
byte losses = LOSSES;
byte crashes = CRASHES;

/* An attempt at its worker, which the ledger and the spool keep. */
mtype phase[WORKERS] = idle;
byte has[WORKERS];       /* the attempt that it runs as */
byte file[WORKERS];      /* the attempt that its part is named after */
byte film[WORKERS];      /* what it reports: whose film stands, or 1 = no fault of the film */
byte earlier[WORKERS];   /* the grant that it was told of */
bool looks[WORKERS];     /* it may look only */
bool is_up[WORKERS];     /* it is registered */

#define can_report(w) (is_up[w] && len(to_scheduler[w]) < 4)
#define is_over (state == done || state == gone || state == canceled)

/* Takes the attempt from its holder; counted where it is the worker's loss. */
inline lose(is_counted) {
    if
    :: is_counted && (retries >= RETRIES || is_look_only) ->
#ifdef GRANT_FORGOTTEN
        state = gone
#else
        if
        :: is_grant_open -> is_look_only = true; state = queued
        :: else -> state = gone
        fi
#endif
    :: else ->
        if
        :: is_counted -> retries++
        :: else
        fi;
        state = queued
    fi;
    holder = NOBODY
}

/* A failure that its worker reported; `platform` is one that says nothing of the film. */
inline fail(platform) {
    if
    :: is_look_only -> state = gone
    :: !is_look_only && retries < RETRIES -> retries++; state = queued
    :: !is_look_only && retries >= RETRIES && platform != 0 && is_grant_open ->
        is_look_only = true; state = queued
    :: else -> state = gone
    fi;
    holder = NOBODY
}

inline hand_out(w) {
    attempt++;
    assert(attempt <= ATTEMPTS);
    state = held;
    holder = w;
    to_worker[w] ! assign(attempt, last_grant, is_look_only)
}

/* ---------------------------------------------------------------- the scheduler */

#ifdef NO_ATTEMPT_CHECK
#define is_current(a) (state == held)
#else
#define is_current(a) (state == held && a == attempt)
#endif

/* The film at the output is of an attempt that was granted the publish. */
#define is_granted(a, f) (f == a && last_grant == a || f != a && f != 0 && f <= last_grant)

#ifdef ANSWER_BEFORE_COMMIT
bool is_uncommitted = false;
#endif

active proctype scheduler() {
    byte w;
    byte a;
    byte other;
    mtype kind;
    do
    /* A worker that is registered and free is handed the job. */
    :: atomic { state == queued && is_up[0] && phase[0] == idle && len(to_worker[0]) < 3 ->
            hand_out(0) }
    :: atomic { state == queued && is_up[1] && phase[1] == idle && len(to_worker[1]) < 3 ->
            hand_out(1) }

    /* A report; each is one commit, and its answer follows that. */
    :: atomic {
            if
            :: nempty(to_scheduler[0]) && len(to_worker[0]) < 4 -> w = 0
            :: nempty(to_scheduler[1]) && len(to_worker[1]) < 4 -> w = 1
            fi;
            to_scheduler[w] ? kind(a, other);
            if
            :: kind == started ->
                if
                :: is_current(a) && holder == w -> is_grant_open = false
                :: else -> to_worker[w] ! stale(a, 0, false)
                fi
            :: kind == ready ->
                if
                :: is_current(a) ->
#ifdef ANSWER_BEFORE_COMMIT
                    is_uncommitted = true;
#else
                    last_grant = attempt;
                    is_grant_open = true;
#endif
                    to_worker[w] ! grant(a, 0, false)
                :: else -> to_worker[w] ! stale(a, 0, false)
                fi
            :: kind == finished ->
                if
                :: is_current(a) && is_granted(a, other) ->
                    state = done;
                    holder = NOBODY;
                    is_grant_open = false;
                    ends++;
                    assert(ends == 1);
                    assert(output != 0 && publications == 1);
                    to_worker[w] ! accepted(a, 0, false)
                :: state == done && a == attempt -> to_worker[w] ! accepted(a, 0, false)
                :: else -> to_worker[w] ! stale(a, 0, false)
                fi
            :: kind == failed ->
                if
                :: is_current(a) -> fail(other); to_worker[w] ! accepted(a, 0, false)
                :: else -> to_worker[w] ! stale(a, 0, false)
                fi
            fi;
            a = 0; other = 0; w = 0; kind = started }

#ifdef ANSWER_BEFORE_COMMIT
    :: atomic { is_uncommitted ->
            is_uncommitted = false; last_grant = attempt; is_grant_open = true }
#endif

    /* The lease of the holder ends, though it may live and go on. */
    :: atomic { state == held && losses > 0 -> losses--; is_up[holder] = false;
            w = holder; lose(true); w = 0 }

    /* It is over and nobody speaks. */
    :: atomic { is_over && empty(to_scheduler[0]) && empty(to_scheduler[1]) -> goto over }
    od;
over:
    assert(state != done || (output != 0 && publications == 1));
    assert(state == done || publications == 0);
end_over:
    /* What comes late is answered, and changes nothing. */
    do
    :: atomic {
            if
            :: nempty(to_scheduler[0]) && len(to_worker[0]) < 4 -> w = 0
            :: nempty(to_scheduler[1]) && len(to_worker[1]) < 4 -> w = 1
            fi;
            to_scheduler[w] ? kind(a, other);
            to_worker[w] ! stale(a, 0, false);
            a = 0; other = 0; w = 0; kind = started }
    od
}

/* ---------------------------------------------------------------- a worker */

inline forget(w) {
    phase[w] = idle; has[w] = 0; file[w] = 0; film[w] = 0; earlier[w] = 0; looks[w] = false;
    has_prepared = false
}

/* Ends its encode, and removes its part. */
inline drop(w) {
    if
    :: file[w] != 0 -> part[file[w]] = false
    :: else
    fi;
    forget(w)
}

/* Removes every part of the job: what a paused attempt would still rename is gone. */
inline sweep(is_due) {
#ifndef OLDER_PARTS_KEPT
    do
    :: is_due && a < ATTEMPTS -> a++; part[a] = false
    :: else -> a = 0; break
    od
#else
    skip
#endif
}

inline empty_channels(w) {
    do
    :: nempty(to_worker[w]) -> to_worker[w] ? _, _, _, _
    :: empty(to_worker[w]) -> break
    od;
    do
    :: nempty(to_scheduler[w]) -> to_scheduler[w] ? _, _, _
    :: empty(to_scheduler[w]) -> break
    od
}

/* REGISTER: the scheduler judges what the worker holds and what it should hold, in one commit.
 * The verdict arrives, or the connection breaks again before it does. */
inline register(w, is_new_life) {
    if
    :: phase[w] != idle && has[w] == attempt && state == held && holder == w ->
        verdict = 1                                                         /* keep */
#ifdef ADOPTED_UNCHECKED
    :: phase[w] != idle && state == queued && phase[w] != broken && phase[w] != told ->
#else
    :: phase[w] != idle && has[w] == attempt && state == queued && phase[w] != broken &&
            phase[w] != told ->
#endif
        attempt++; assert(attempt <= ATTEMPTS); state = held; holder = w;
        verdict = 2                                                         /* adopt */
    :: phase[w] != idle && has[w] == attempt && state == done && phase[w] != broken ->
        verdict = 4                                                         /* done */
    :: phase[w] == idle || phase[w] == broken && has[w] == attempt && state != held ->
        verdict = 4
    :: else -> verdict = 3                                                  /* kill */
    fi;
    if
#ifndef LOSS_FORGOTTEN
    :: state == held && holder == w && verdict != 1 && verdict != 2 -> lose(is_new_life)
#endif
    :: else
    fi;
    if
    :: breaks > 0 -> breaks--                       /* The verdict is lost. */
    :: true ->
        is_up[w] = true;
        if
        :: verdict == 1 && phase[w] == waiting -> to_scheduler[w] ! ready(has[w], 0)
        :: verdict == 1 && phase[w] == published -> to_scheduler[w] ! finished(has[w], film[w])
        :: verdict == 1 && phase[w] == broken -> to_scheduler[w] ! failed(has[w], film[w])
        :: verdict == 2 ->
            has[w] = attempt;
            if
            :: phase[w] == waiting -> to_scheduler[w] ! ready(has[w], 0)
            :: phase[w] == published -> to_scheduler[w] ! finished(has[w], film[w])
            :: else
            fi
        :: verdict == 3 -> drop(w)
        :: verdict == 4 -> forget(w)
        :: else
        fi
    fi;
    verdict = 0
}

proctype worker(byte w) {
    byte a;
    byte g;
    byte stands;
    byte verdict;
    bool has_prepared;
    bool l;
    mtype kind;
    atomic { is_up[w] = true }
end:
    do
    /* What the scheduler says. */
    :: atomic { can_report(w) && nempty(to_worker[w]) ->
            to_worker[w] ? kind(a, g, l);
            if
            :: kind == assign && phase[w] == idle ->
                has[w] = a; earlier[w] = g; looks[w] = l; phase[w] = told
            :: kind == assign && phase[w] != idle -> skip                  /* It has one already. */
            :: kind == grant && a == has[w] && phase[w] == waiting -> phase[w] = granted
            :: kind == revoke && a == has[w] && phase[w] != granted && phase[w] != published ->
                drop(w)
            :: kind == stale && a == has[w] && phase[w] != idle -> drop(w)
            :: kind == accepted && a == has[w] -> forget(w)
            :: else
            fi;
            a = 0; g = 0; l = false; kind = assign }

    /* It begins: where an earlier attempt had a grant, it sweeps, looks, and then encodes. */
#ifdef SWEPT_AFTER_LOOK
    :: atomic { phase[w] == told && earlier[w] != 0 && !has_prepared ->
            has_prepared = true; stands = output }
    :: atomic { phase[w] == told && can_report(w) && (earlier[w] == 0 || has_prepared) ->
            sweep(earlier[w] != 0);
#else
    :: atomic { phase[w] == told && earlier[w] != 0 && !has_prepared ->
            has_prepared = true; sweep(true) }
    :: atomic { phase[w] == told && can_report(w) && (earlier[w] == 0 || has_prepared) ->
            stands = output;
#endif
            if
#ifndef LOOK_SKIPPED
            :: earlier[w] != 0 && stands != 0 -> phase[w] = published; film[w] = stands;
                to_scheduler[w] ! finished(has[w], stands)
            :: earlier[w] != 0 && stands == 0 && looks[w] -> phase[w] = broken; film[w] = 1;
                to_scheduler[w] ! failed(has[w], 1)
#endif
            :: else -> phase[w] = encoding; file[w] = has[w]; part[has[w]] = true;
                to_scheduler[w] ! started(has[w], 0)
            fi;
            has_prepared = false; stands = 0 }

    /* It has encoded, or failed. */
    :: atomic { phase[w] == encoding && can_report(w) ->
            if
            :: phase[w] = waiting; to_scheduler[w] ! ready(has[w], 0);
#ifdef GRANT_UNASKED
               phase[w] = granted
#endif
            :: phase[w] = broken; part[file[w]] = false; to_scheduler[w] ! failed(has[w], 0)
            fi }

    /* The rename, at any time after the grant: also without a connection, also much later. */
    :: atomic { phase[w] == granted && len(to_scheduler[w]) < 4 ->
            if
            :: part[file[w]] && output == 0 ->
                assert(state != canceled && state != gone);
                part[file[w]] = false; output = file[w]; publications++;
                assert(publications == 1);
                phase[w] = published; film[w] = file[w];
                if
                :: is_up[w] -> to_scheduler[w] ! finished(has[w], film[w])
                :: else
                fi
            :: else -> phase[w] = broken; film[w] = 1;
                if
                :: is_up[w] -> to_scheduler[w] ! failed(has[w], 1)
                :: else
                fi
            fi }

    /* The connection breaks: what is on its way is lost, whoever sent it. */
    :: atomic { is_up[w] && breaks > 0 && !is_over -> breaks--; is_up[w] = false;
            empty_channels(w) }

    /* It connects again, and says what it holds. */
    :: atomic { !is_up[w] -> empty_channels(w); register(w, false) }

    /* The agent is killed: its encoder dies, its ledger's parts are swept at the new start. What
     * was published and spooled is known to the next life, or was not spooled yet. */
    :: atomic { crashes > 0 && phase[w] != idle && !is_over -> crashes--; is_up[w] = false;
            empty_channels(w);
            if
            :: phase[w] == published || phase[w] == broken
            :: true -> drop(w)
            fi;
            register(w, true) }

    /* A cancel of the user; the holder is told. */
#ifdef CANCEL_WHILE_PUBLISHING
    :: atomic { w == 0 && !is_over && len(to_worker[0]) < 4 &&
#else
    :: atomic { w == 0 && !is_over && !is_grant_open && len(to_worker[0]) < 4 &&
#endif
            len(to_worker[1]) < 4 ->
            state = canceled;
            if
            :: holder != NOBODY -> to_worker[holder] ! revoke(attempt, 0, false); holder = NOBODY
            :: else
            fi }
    od
}

init { atomic { run worker(0); run worker(1) } }
