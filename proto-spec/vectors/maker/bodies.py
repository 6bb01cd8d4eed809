# SPDX-License-Identifier: Apache-2.0
# Reelwork: valid bodies, put together by hand
"""Every body of version 1, once bare and once with tags."""

from maker.vector import Vector
from maker.wire import (
    NO_TAGS, attempt_hash, blob, digest, f64, lst, maybe, pairs, s, section, sv, u8, u64, uv)

ID = bytes.fromhex("0190b6f2c3d47e5f8a1b2c3d4e5f6071")
NO_ID = bytes(16)
CLUSTER = bytes(range(16))
NOW = 1_700_000_000_000
HASH = bytes.fromhex("01839206e3")
TRACE = bytes(range(24))
SPEC = (u8(1) + s("ffmpeg") + u8(0) + u8(0) + s("/in/a.mp4") + s("/out/a.mp4")
        + pairs(("codec", "libx264"), ("crf", "23")) + NO_TAGS)
SPEC_LIVE = (u8(1) + s("auto") + u8(1) + u8(1) + s("/in/b.mp4") + s("/out/b.mp4") + lst()
             + section((4, b"")))
UNKNOWN = (4000, b"\xff")


def ref_number(number):
    return u8(1) + uv(number), {"kind": 1, "number": number}


def ref_id(value):
    return u8(2) + value, {"kind": 2, "id": value}


def ref_key(key):
    return u8(3) + s(key), {"kind": 3, "key": key}


class Bodies:
    """Collects two vectors for each body."""

    def __init__(self):
        self.vectors = []

    def add(self, message, fields, meaning, *tags, doc):
        """`tags`: (number, bytes of the value, name, meaning). Requests get the common ones too."""
        stem = "body_" + message.lower().replace(".", "_")
        self.one(stem, message, fields + NO_TAGS, meaning, doc + " No tags.")
        values, named, canonical = [], {}, True
        if message.endswith(".request"):
            values += [(1, uv(2500)), (2, TRACE), (3, s("test"))]
            named["common"] = {"timeout": 2500, "trace": TRACE, "reason": "test"}
        for number, value, name, sense in tags:
            values.append((number, value))
            named[name] = sense
        if not values:
            values, canonical = [UNKNOWN], False
            named["unknown_tags"] = [{"tag": UNKNOWN[0], "bytes": UNKNOWN[1]}]
        self.one(stem + "_tagged", message, fields + section(*values), {**meaning, **named},
                 doc + (" All its tags." if canonical else " An unknown tag, to be skipped."),
                 canonical)

    def one(self, name, message, data, meaning, doc, canonical=True):
        self.vectors.append(Vector(
            name, data, kind="body", doc=doc, message=message, canonical=canonical, body=meaning))


def result(code, *tags):
    return uv(code) + section(*tags)


def connection(out):
    methods = lst(uv(0x010) + u8(0x11), uv(0x016) + u8(0x12))
    names = [{"id": 16, "versions": 17}, {"id": 22, "versions": 18}]
    out.add("HELLO",
            u64(1 << 63) + lst(u8(1), u8(9)) + uv(1 << 20) + uv(64) + methods + s("reelwork 1.0"),
            {"features": 1 << 63, "codecs": [1, 9], "max_frame": 1 << 20, "max_inflight": 64,
             "methods": names, "agent": "reelwork 1.0"},
            doc="HELLO with an unknown feature bit and an unknown codec.")
    out.add("HELLO_ACK",
            u64(0) + u8(0) + uv(1 << 20) + uv(64) + methods + s("reelwork 1.0") + CLUSTER + uv(NOW)
            + uv(NOW) + lst(s("token")),
            {"features": 0, "codec": 0, "max_frame": 1 << 20, "max_inflight": 64,
             "methods": names, "agent": "reelwork 1.0", "cluster": CLUSTER, "epoch": NOW,
             "now": NOW, "mechs": ["token"]},
            doc="HELLO_ACK that asks for authentication and has no codec.")
    out.add("AUTH", s("token") + blob(b"\x00\x01secret"),
            {"mech": "token", "data": b"\x00\x01secret"}, doc="AUTH.")
    out.add("AUTH_OK", s("token:node7") + uv(9), {"identity": "token:node7", "permissions": 9},
            doc="AUTH_OK: may read and work.")
    out.one("body_ping", "PING", bytes(range(8)), {"opaque": bytes(range(8))},
            "PING: eight bytes and no section.")
    out.one("body_pong", "PONG", bytes(range(8)), {"opaque": bytes(range(8))},
            "PONG: eight bytes and no section.")
    out.add("ERROR", uv(0x0202) + uv(0) + s("completed is terminal"),
            {"code": 0x0202, "retry_after": 0, "detail": "completed is terminal"},
            (1, uv(3), "item", 3), (2, u8(4), "from", 4), (3, u8(8), "to", 8),
            (4, lst(), "alternates", []), (5, uv(64), "limit", 64),
            doc="ERROR ILLEGAL_TRANSITION.")
    out.add("GOAWAY", uv(41) + uv(0x0403) + uv(5000) + lst(),
            {"last_request_id": 41, "code": 0x0403, "drain": 5000, "alternates": []},
            doc="GOAWAY with the real number.")


def jobs(out):
    out.add("SUBMIT_BATCH.request",
            u8(0) + lst(s("k1") + blob(SPEC) + NO_TAGS, s("ключ") + blob(SPEC_LIVE) + NO_TAGS),
            {"atomic": 0, "items": [{"key": "k1", "spec": SPEC},
                                    {"key": "ключ", "spec": SPEC_LIVE}]},
            doc="SUBMIT_BATCH of two jobs.")
    out.add("SUBMIT_BATCH.response",
            lst(uv(0) + ID + uv(12) + u8(1) + NO_TAGS,
                uv(1) + ID + uv(12) + u8(4) + NO_TAGS,
                uv(0x010C) + NO_ID + uv(0) + u8(0) + section((3, s("unknown parameter crv")))),
            {"results": [{"code": 0, "id": ID, "number": 12, "state": 1},
                         {"code": 1, "id": ID, "number": 12, "state": 4},
                         {"code": 0x010C, "id": NO_ID, "number": 0, "state": 0,
                          "detail": "unknown parameter crv"}]},
            doc="Results: stored, known before, refused.")
    number, number_sense = ref_number(12)
    ident, ident_sense = ref_id(ID)
    key, key_sense = ref_key("k1")
    out.add("GET_JOB.request", number + u8(1), {"ref": number_sense, "view": 1},
            doc="GET_JOB by number.")
    view, view_sense = job_view()
    out.add("GET_JOB.response", view, {"job": view_sense}, doc="A job with all that can be said.")
    out.add("LIST_JOBS.request",
            lst(u8(1), u8(7)) + u8(3) + s("node7") + uv(100) + maybe(b"") + u8(0),
            {"states": [1, 7], "queue": 3, "worker": "node7", "limit": 100, "cursor": b"",
             "view": 0},
            (16, b"", "oldest_first", True), doc="LIST_JOBS with an empty cursor.")
    short, short_sense = job_view_short()
    out.add("LIST_JOBS.response", lst(short, view) + maybe(None),
            {"jobs": [short_sense, view_sense], "cursor": None}, doc="Last page: no cursor.")
    out.add("WATCH.request", lst(number, ident, key),
            {"refs": [number_sense, ident_sense, key_sense]},
            (16, lst(uv(12) + uv(3)), "from_seq", [{"number": 12, "seq": 3}]),
            (17, u8(1), "queue", 1), doc="WATCH of three jobs, one named each way.")
    watch_events(out, short, short_sense)
    out.add("CANCEL_JOB.request", lst(number, key) + s("not needed"),
            {"refs": [number_sense, key_sense], "reason": "not needed"}, doc="CANCEL_JOB.")
    out.add("CANCEL_JOB.response",
            lst(result(0), result(0x0202, (1, s("completed")), (3, u8(4)), (4, u8(4)), (5, u8(8)))),
            {"results": [{"code": 0}, {"code": 0x0202, "detail": "completed", "state": 4,
                                       "from": 4, "to": 8}]},
            doc="One canceled, one that has ended.")
    out.add("RETRY_JOB.request", lst(number + s("k1-again")) + s("disk was full"),
            {"jobs": [{"ref": number_sense, "key": "k1-again"}], "reason": "disk was full"},
            doc="RETRY_JOB.")
    out.add("RETRY_JOB.response", lst(result(0, (2, uv(13)), (3, u8(1)))),
            {"results": [{"code": 0, "number": 13, "state": 1}]}, doc="The new job is 13.")
    history_log_why(out)
    out.add("JOB_BUMP.request", lst(number) + s("boss"),
            {"refs": [number_sense], "reason": "boss"}, doc="JOB_BUMP.")
    out.add("JOB_BUMP.response", lst(result(0x0206, (1, s("running")))),
            {"results": [{"code": 0x0206, "detail": "running"}]}, doc="Not queued any more.")
    out.add("QUEUE_SET.request", u8(3) + u8(1) + s("night only"),
            {"queue": 3, "action": 1, "reason": "night only"}, doc="Pause the batch queue.")
    out.add("QUEUE_SET.response", lst(result(0)), {"results": [{"code": 0}]}, doc="Paused.")


def watch_events(out, short, short_sense):
    move, move_sense = move_started()
    progress, progress_sense = progress_half()
    out.add("WATCH.event",
            lst(uv(12) + u8(1) + section((1, short)), uv(12) + u8(2) + section((2, move)),
                uv(12) + u8(3) + section((3, progress)), uv(12) + u8(4) + NO_TAGS,
                uv(12) + u8(77) + NO_TAGS),
            {"events": [{"number": 12, "kind": 1, "view": short_sense},
                        {"number": 12, "kind": 2, "move": move_sense},
                        {"number": 12, "kind": 3, "progress": progress_sense},
                        {"number": 12, "kind": 4}, {"number": 12, "kind": 77}]},
            doc="Every kind of event, and an unknown kind that is kept as its number.")
    out.add("WATCH.response", b"", {}, doc="All watched jobs have ended.")


def history_log_why(out):
    number, number_sense = ref_number(12)
    ident, ident_sense = ref_id(ID)
    out.add("HISTORY.request", ident + uv(2) + uv(0),
            {"ref": ident_sense, "after_seq": 2, "limit": 0}, doc="HISTORY by id.")
    first = (uv(1) + u8(0) + u8(1) + uv(NOW) + s("submitted") + uv(0) + s("") + s("uid:1000")
             + NO_TAGS)
    failed = (uv(4) + u8(3) + u8(7) + uv(NOW + 9000) + s("failed") + uv(1) + s("node7")
              + s("worker:node7") + section((1, u8(2)), (2, s("exit code 1"))))
    out.add("HISTORY.response", number + lst(first, failed) + u8(1),
            {"ref": number_sense, "moves": [
                {"seq": 1, "from": 0, "to": 1, "at": NOW, "reason": "submitted", "attempt": 0,
                 "worker": "", "actor": "uid:1000"},
                {"seq": 4, "from": 3, "to": 7, "at": NOW + 9000, "reason": "failed", "attempt": 1,
                 "worker": "node7", "actor": "worker:node7", "class": 2,
                 "detail": "exit code 1"}], "more": 1},
            doc="First move and a failure.")
    out.add("JOB_LOG.request", number + uv(0) + uv(4096),
            {"ref": number_sense, "attempt": 0, "offset": 4096},
            doc="JOB_LOG of the last attempt.")
    out.add("JOB_LOG.event", uv(4096) + blob(b"frame=1\r\xff"),
            {"offset": 4096, "data": b"frame=1\r\xff"}, doc="A part of a log, not text.")
    out.add("JOB_LOG.response", uv(4105), {"next": 4105}, doc="End of the log.")
    out.add("JOB_WHY.request", number, {"ref": number_sense}, doc="JOB_WHY.")
    out.add("JOB_WHY.response",
            lst(s("busy") + s("node7, node9: node7 is full") + uv(2),
                s("tenant_turn") + s("1 other tenant has had less") + uv(0)),
            {"reasons": [{"code": "busy", "text": "node7, node9: node7 is full", "count": 2},
                         {"code": "tenant_turn", "text": "1 other tenant has had less",
                          "count": 0}]},
            (16, sv(-3), "rank", -3), (17, uv(2), "place", 2), (18, uv(NOW), "next_at", NOW),
            (19, lst(s("node7") + s("busy") + s("is full"), s("node9") + s("odd") + s("is odd")),
             "workers", [{"name": "node7", "code": "busy", "text": "is full"},
                         {"name": "node9", "code": "odd", "text": "is odd"}]),
            (20, b"", "cut", True), (21, b"", "at_least", True), (22, uv(12), "number", 12),
            (23, u8(1), "state", 1),
            doc="Two reasons, bare tuples; a code that no one knows.")


def move_started():
    data = (uv(3) + u8(2) + u8(3) + uv(NOW) + s("started") + uv(1) + s("node7") + s("worker:node7")
            + NO_TAGS)
    return data, {"seq": 3, "from": 2, "to": 3, "at": NOW, "reason": "started", "attempt": 1,
                  "worker": "node7", "actor": "worker:node7"}


def progress_half():
    data = (uv(12) + uv(3) + uv(317283) + uv(501)
            + section((1, uv(2000)), (2, uv(48000)), (3, uv(1 << 33)), (4, uv(158000))))
    return data, {"number": 12, "attempt": 3, "media": 317283, "permille": 501,
                  "speed_milli": 2000, "fps_milli": 48000, "bytes": 1 << 33, "eta": 158000}


def job_view_short():
    data = (ID + uv(12) + u8(1) + u8(2) + u8(2) + uv(0) + uv(0) + uv(3) + s("auto") + s("")
            + uv(NOW) + s("/in/a.mp4") + s("/out/a.mp4") + NO_TAGS)
    return data, {"id": ID, "number": 12, "state": 1, "queue": 2, "priority": 2, "attempt": 0,
                  "retry_count": 0, "max_retries": 3, "engine": "auto", "worker": "",
                  "created": NOW, "input": "/in/a.mp4", "output": "/out/a.mp4"}


def job_view():
    progress, progress_sense = progress_half()
    big = (1 << 64) - 1
    data = (ID + uv(big) + u8(200) + u8(1) + u8(3) + uv((1 << 32) - 1) + uv(2) + uv(3) + s("ffmpeg")
            + s("node7") + uv(NOW) + s("/in/a.mp4") + s("/out/a.mp4")
            + section((1, uv(NOW + 1)), (2, uv(NOW + 2)), (3, uv(NOW + 3)), (4, uv(NOW + 4)),
                      (5, u8(2)), (6, s("exit code 1")), (7, pairs(("crf", "23"))), (8, s("k1")),
                      (9, uv(11)), (10, progress), (11, uv(2)), (12, s("auto")), (13, uv(60000)),
                      (14, s("news")), (15, uv(6))))
    return data, {"id": ID, "number": big, "state": 200, "queue": 1, "priority": 3,
                  "attempt": (1 << 32) - 1, "retry_count": 2, "max_retries": 3, "engine": "ffmpeg",
                  "worker": "node7", "created": NOW, "input": "/in/a.mp4",
                  "output": "/out/a.mp4", "started": NOW + 1, "completed": NOW + 2,
                  "not_before": NOW + 3, "deadline": NOW + 4, "class": 2, "error": "exit code 1",
                  "parameters": [["crf", "23"]], "key": "k1", "retry_of": 11,
                  "progress": progress_sense, "granted": 2, "asked_engine": "auto",
                  "timeout": 60000, "tenant": "news", "seq": 6}


def workers(out):
    held = lst(ID + uv(3) + u8(2) + NO_TAGS, NO_ID + uv(1) + u8(4) + NO_TAGS)
    held_sense = [{"id": ID, "attempt": 3, "phase": 2}, {"id": NO_ID, "attempt": 1, "phase": 4}]
    engine, engine_sense = engines()
    incarnation = 0xFEDCBA9876543210
    out.add("REGISTER.request",
            s("node7") + u64(incarnation) + pairs(("slot", 2), ("scratch_mib", 100000))
            + pairs(("zone", "a")) + engine + held,
            {"name": "node7", "incarnation": incarnation,
             "capacity": [["slot", 2], ["scratch_mib", 100000]], "labels": [["zone", "a"]],
             "engines": engine_sense, "held": held_sense},
            (16, s("node7.local"), "host", "node7.local"), (17, uv(4242), "pid", 4242),
            (18, uv(90000), "scratch_free_mib", 90000), (19, s("1.0.0"), "version", "1.0.0"),
            doc="REGISTER of a worker that comes back with two attempts.")
    out.add("REGISTER.response",
            uv(7) + uv(5000) + uv(15000)
            + lst(u8(1) + NO_TAGS, u8(2) + section((1, uv(4))), u8(3) + NO_TAGS, u8(4) + NO_TAGS),
            {"session": 7, "heartbeat": 5000, "lease": 15000,
             "verdicts": [{"verdict": 1}, {"verdict": 2, "attempt": 4}, {"verdict": 3},
                          {"verdict": 4}]}, doc="Every verdict.")
    open_set = [(1, 1), (12, 3)]
    out.add("HEARTBEAT.request", uv(300) + uv(2) + u64(digest(open_set)),
            {"assigned_seen": 300, "open": 2, "digest": digest(open_set)},
            (16, uv(90000), "scratch_free_mib", 90000), (17, uv(1500), "load_milli", 1500),
            doc="HEARTBEAT, open set (1, 1) and (12, 3).")
    out.add("HEARTBEAT.response", b"", {}, (16, uv(NOW), "now", NOW), doc="Heard.")
    out.add("CREDIT.event", uv(8), {"assign_limit": 8}, (16, u8(1), "draining", 1), doc="CREDIT 8.")
    assign(out)
    reports(out)
    out.add("REVOKE.event",
            lst(uv(12) + uv(3) + u8(1) + uv(500) + NO_TAGS,
                uv(13) + uv(1) + u8(3) + uv(0) + NO_TAGS),
            {"revocations": [{"number": 12, "attempt": 3, "because": 1, "grace": 500},
                             {"number": 13, "attempt": 1, "because": 3, "grace": 0}]},
            doc="REVOKE: one canceled, one stale and to be killed at once.")
    out.add("INVENTORY.request", b"", {}, doc="INVENTORY.")
    out.add("INVENTORY.response", uv(300) + held, {"assigned_seen": 300, "held": held_sense},
            doc="What the worker holds.")
    progress, progress_sense = progress_half()
    unknown = uv(13) + uv(1) + uv(0) + uv(0) + NO_TAGS
    verified = uv(14) + uv(2) + uv(10000) + uv(1001) + section((5, u8(2)))
    later = uv(15) + uv(1) + uv(0) + uv(0) + section((5, u8(77)))
    out.add("PROGRESS.event", lst(progress, unknown, verified, later),
            {"progress": [progress_sense,
                          {"number": 13, "attempt": 1, "media": 0, "permille": 0},
                          {"number": 14, "attempt": 2, "media": 10000, "permille": 1001,
                           "phase": 2},
                          {"number": 15, "attempt": 1, "media": 0, "permille": 0, "phase": 77}]},
            doc="PROGRESS: one half done, one of which nothing is known, one that is verified, and "
                "a phase that is unknown and kept as its number.")
    out.add("LOG_READ.request", uv(12) + uv(3) + uv(0), {"number": 12, "attempt": 3, "offset": 0},
            doc="LOG_READ.")
    out.add("LOG_READ.response", uv(0) + blob(b""), {"offset": 0, "data": b""},
            doc="No log yet.")


def engines():
    data = lst(s("ffmpeg") + s("5.1.6") + lst(s("libx264"), s("libx265")) + NO_TAGS,
               s("gstreamer") + s("1.22.0") + lst()
               + section((1, pairs(("gpu0", 3))), (2, s("x264enc is missing")), (3, uv(1))))
    return data, [
        {"name": "ffmpeg", "version": "5.1.6", "encoders": ["libx264", "libx265"]},
        {"name": "gstreamer", "version": "1.22.0", "encoders": [], "devices": [["gpu0", 3]],
         "problem": "x264enc is missing", "adapter": 1}]


def assign(out):
    looking = (ID + uv(12) + uv(3) + s("ffmpeg") + blob(SPEC)
               + section((1, lst(uv(2) + uv(1 << 20) + blob(HASH))), (2, b""), (3, uv(2)),
                         (4, uv(300000)), (5, b"")))
    plain = ID + uv(13) + uv(1) + s("gstreamer") + blob(SPEC_LIVE) + NO_TAGS
    out.add("ASSIGN.event", uv(299) + lst(looking, plain),
            {"first_index": 299, "assignments": [
                {"id": ID, "number": 12, "attempt": 3, "engine": "ffmpeg", "spec": SPEC,
                 "granted": [{"attempt": 2, "size": 1 << 20, "hash": HASH}],
                 "kill_on_lease_loss": True, "retry_count": 2, "start_within": 300000,
                 "look_only": True},
                {"id": ID, "number": 13, "attempt": 1, "engine": "gstreamer",
                 "spec": SPEC_LIVE}]},
            doc="ASSIGN of two, one with all its tags.")


def reports(out):
    def item(number, attempt, kind, *tags):
        return uv(number) + uv(attempt) + u8(kind) + uv(NOW) + section(*tags)

    film = [(16, s("/out/a.mp4")), (17, uv(1 << 20)), (18, uv(634566)), (19, blob(HASH))]
    film_sense = {"output": "/out/a.mp4", "size": 1 << 20, "film_ms": 634566, "hash": HASH}
    out.add("REPORT.request",
            uv(9) + lst(
                item(12, 3, 1, (1, uv(634566)), (2, uv(1269132)), (3, uv(4711)),
                     (4, s("libx264")), (5, b"")),
                item(12, 3, 3, *film),
                item(12, 3, 4, (11, blob(b"done\n")), *film, (20, uv(2)), (22, uv(60000))),
                item(13, 1, 4, (21, b"")),
                item(14, 1, 5, (8, u8(2)), (9, sv(-9)), (10, s("killed")), (11, blob(b"\xff")),
                     (23, b"")),
                item(15, 1, 6, (10, s("no slot")), (12, u8(1)))),
            {"assign_limit": 9, "items": [
                {"number": 12, "attempt": 3, "kind": 1, "at": NOW, "media_ms": 634566,
                 "limit": 1269132, "pid": 4711, "encoder": "libx264", "resumed": True},
                {"number": 12, "attempt": 3, "kind": 3, "at": NOW, **film_sense},
                {"number": 12, "attempt": 3, "kind": 4, "at": NOW, "log_tail": b"done\n",
                 **film_sense, "adopted": 2, "encode_ms": 60000},
                {"number": 13, "attempt": 1, "kind": 4, "at": NOW, "no_file": True},
                {"number": 14, "attempt": 1, "kind": 5, "at": NOW, "class": 2, "exit": -9,
                 "error": "killed", "log_tail": b"\xff", "final": True},
                {"number": 15, "attempt": 1, "kind": 6, "at": NOW, "error": "no slot",
                 "because": 1}]},
            doc="REPORT with every kind of item and every tag.")
    out.add("REPORT.response", lst(result(0), result(0x0203, (1, s("attempt 4 is current")))),
            {"results": [{"code": 0}, {"code": 0x0203, "detail": "attempt 4 is current"}]},
            doc="One counts, one is stale.")


def fleet(out):
    _, engine_sense = engines()
    engine, _ = engines()
    full = (s("node7") + u8(1) + uv(7) + pairs(("slot", 2)) + pairs(("slot", 1)) + uv(1) + uv(40)
            + pairs(("zone", "a")) + engine
            + section((1, b""), (2, s("node7.local")), (3, s("1.0.0")), (4, uv(NOW)),
                      (5, uv(90000)), (6, sv(-1234)), (10, s("it failed 3 jobs")),
                      (11, uv(NOW + 60000))))
    short = (s("node8") + u8(3) + uv(0) + lst() + lst() + uv(0) + uv(60000) + lst() + lst()
             + section((7, b"")))
    out.add("WORKERS_LIST.request", s("") + u8(1) + maybe(b"\x01\x02"),
            {"name": "", "view": 1, "cursor": b"\x01\x02"}, doc="WORKERS_LIST, second page.")
    out.add("WORKERS_LIST.response", lst(full, short) + maybe(b"\x03"),
            {"workers": [
                {"name": "node7", "state": 1, "session": 7, "capacity": [["slot", 2]],
                 "used": [["slot", 1]], "open": 1, "seen_ago": 40, "labels": [["zone", "a"]],
                 "engines": engine_sense, "draining": True, "host": "node7.local",
                 "version": "1.0.0", "registered": NOW, "scratch_free_mib": 90000,
                 "clock_offset": -1234, "cordoned": "it failed 3 jobs",
                 "drain_until": NOW + 60000},
                {"name": "node8", "state": 3, "session": 0, "capacity": [], "used": [], "open": 0,
                 "seen_ago": 60000, "labels": [], "engines": [], "cut": True}],
             "cursor": b"\x03"},
            doc="One worker with everything, one that is dead and did not fit.")
    out.add("WORKER_SET.request", s("node7") + u8(1) + s("new disk"),
            {"name": "node7", "action": 1, "reason": "new disk"},
            (16, uv(60000), "within", 60000), doc="Drain a worker.")
    out.add("WORKER_SET.response", lst(result(0)) + uv(1), {"results": [{"code": 0}], "open": 1},
            doc="It drains, one attempt is open.")
    out.add("METRICS.request", s("reelwork_"), {"prefix": "reelwork_"}, doc="METRICS.")
    out.add("METRICS.response",
            uv(NOW) + lst(s("reelwork_jobs") + pairs(("state", "queued")) + f64(12.5) + NO_TAGS,
                          s("reelwork_wait_bucket") + pairs(("le", "+Inf")) + f64(float("inf"))
                          + NO_TAGS),
            {"at": NOW, "samples": [
                {"name": "reelwork_jobs", "labels": [["state", "queued"]], "value": 12.5},
                {"name": "reelwork_wait_bucket", "labels": [["le", "+Inf"]],
                 "value": float("inf")}]},
            doc="Two samples, one of them infinite.")


def admin(out):
    number, number_sense = ref_number(12)
    out.add("RECOVER.request", u8(1) + lst(number) + s("") + u8(2) + s("node7 is on fire"),
            {"target": 1, "refs": [number_sense], "worker": "", "action": 2,
             "reason": "node7 is on fire"}, doc="Requeue one job.")
    out.add("RECOVER.response",
            lst(uv(12) + u8(3) + u8(1) + uv(0) + NO_TAGS,
                uv(0) + u8(0) + u8(0) + uv(0x0201) + NO_TAGS),
            {"items": [{"number": 12, "from": 3, "to": 1, "code": 0},
                       {"number": 0, "from": 0, "to": 0, "code": 0x0201}]},
            (16, b"", "more", True), doc="One requeued, one not found.")
    out.add("LOOPS.request", b"", {}, doc="LOOPS.")
    loop = s("health") + u8(1) + uv(5000) + uv(100) + uv(1) + uv(NOW) + uv(730)
    idle = s("cleanup") + u8(0) + uv(10000) + uv(0) + uv(0) + uv(0) + uv(0)
    out.add("LOOPS.response", lst(loop + section((1, s("disk full"))), idle + NO_TAGS),
            {"loops": [
                {"name": "health", "running": 1, "interval": 5000, "runs": 100, "errors": 1,
                 "last_at": NOW, "last_us": 730, "last_error": "disk full"},
                {"name": "cleanup", "running": 0, "interval": 10000, "runs": 0, "errors": 0,
                 "last_at": 0, "last_us": 0}]}, doc="Two loops.")
    out.add("LOOP_SET.request", s("cleanup") + u8(3) + s("now"),
            {"name": "cleanup", "action": 3, "reason": "now"}, doc="Run a loop now.")
    out.add("LOOP_SET.response", lst(result(0x0201)), {"results": [{"code": 0x0201}]},
            doc="No such loop.")
    out.add("CHECK.request", u8(1), {"deep": 1}, doc="A full check.")
    out.add("CHECK.response",
            lst(s("history") + u8(1) + uv(1000000) + uv(0) + NO_TAGS,
                s("fold") + u8(0) + uv(12) + uv(2)
                + section((1, s("state differs")), (2, lst(uv(3), uv(300)))),
                s("version") + u8(1) + uv(1) + uv(0) + section((3, s("an old one")))),
            {"checks": [{"name": "history", "ok": 1, "examined": 1000000, "bad": 0},
                        {"name": "fold", "ok": 0, "examined": 12, "bad": 2,
                         "detail": "state differs", "examples": [3, 300]},
                        {"name": "version", "ok": 1, "examined": 1, "bad": 0,
                         "warning": "an old one"}]},
            doc="One check holds, one does not, one holds with a warning.")
    out.add("BACKUP.request", s("/backup/reelwork.db") + s("nightly"),
            {"path": "/backup/reelwork.db", "reason": "nightly"}, doc="BACKUP.")
    out.add("BACKUP.response", uv(1 << 40) + uv(90000) + blob(bytes(range(32))),
            {"bytes": 1 << 40, "took": 90000, "sha256": bytes(range(32))}, doc="A big copy.")
    out.add("CONFIG.request", s("tls."), {"prefix": "tls."}, doc="CONFIG.")
    out.add("CONFIG.response", lst(s("tls.key") + s("***") + s("file") + NO_TAGS),
            {"items": [{"key": "tls.key", "value": "***", "source": "file"}]},
            doc="A secret is not shown.")
    out.add("LOG_LEVEL.request", s("scheduler") + s("debug") + s("looking"),
            {"logger": "scheduler", "level": "debug", "reason": "looking"}, doc="LOG_LEVEL.")
    out.add("LOG_LEVEL.response", s("info"), {"previous": "info"}, doc="It was info.")


def vectors():
    out = Bodies()
    for part in (connection, jobs, workers, fleet, admin):
        part(out)
    assert attempt_hash(1, 1) == 0x83EC686C1600460A
    return out.vectors
