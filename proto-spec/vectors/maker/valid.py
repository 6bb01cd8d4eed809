# SPDX-License-Identifier: Apache-2.0
# Reelwork: valid vectors other than bodies
"""Prefaces, whole frames, bare numbers, JobSpecs and digests that must be read."""

from maker import bodies
from maker.bodies import CLUSTER, HASH, ID, NOW, SPEC, SPEC_LIVE
from maker.vector import Vector
from maker.wire import (
    AUTH, AUTH_OK, CANCEL, ERROR, EVENT, GOAWAY, HELLO, HELLO_ACK, NO_TAGS, PING, PONG, REQUEST,
    RESPONSE, blob, compressed, digest, frame, lst, method_word, pairs, preface_client,
    preface_server, s, section, sv, u8, u64, uv)

# The vectors that the design of the protocol gives as bytes. What is made here must equal them.
LITERALS = {
    "preface_client_worker": "89524c570d0a1a0a 01010100 513d4972",
    "preface_client_submitter": "89524c570d0a1a0a01010200c895ae46",
    "preface_server_ok": "89524c570d0a1a0a 01000000 5837aac4",
    "preface_server_no_version": "89524c570d0a1a0a000100009e0faebc",
    "preface_server_overloaded": "89524c570d0a1a0a010232003847ceec",
    "frame_hello": """1400000001000000000000001400000022e1a4a6bd6d8b62
        0000000000000000 0101 808040 40 011011 0174 00""",
    "frame_hello_ack": """2b00000002000000000000002b0000006ce4299382c99669
        0000000000000000 01 808040 40 011011 0173 000102030405060708090a0b0c0d0e0f 03
        80d095ffbc31 00 00""",
    "frame_heartbeat": """0c00000010001102010000000c000000d1ad475dd8753e32
        ac02 02 810fb28ee9f5b254 00""",
    "frame_credit": "020000001400210200000000020000006ab4756c2a3fa17e 08 00",
    "frame_assign": """61000000140031020000000061000000ab5ef171be8f9944 01 01
        0190b6f2c3d47e5f8a1b2c3d4e5f6071 0c 03 0666666d706567 36
        010666666d7065670000092f696e2f612e6d70340a2f6f75742f612e6d7034
        0205636f646563076c6962783236340363726602323300 01 01 0b 01028080400501839206e3 00""",
    "body_report_request_started": "00 01 0c 03 01 80d095ffbc31 01 01 03 c6dd26 00",
    "frame_error_busy": """0e00000012000101070000000e0000009b55c60074e0538a
        8106 fa01 08696e666c69676874 00""",
    "frame_goaway_soon": """0b00000023000000000000000b000000b1f5a5d46b208f66
        ffffffff0f 8308 904e 00 00""",
    "frame_cancel": "0000000013000000050000000000000000000000829aad4d",
    "digest_one": "0a4600166c68ec83",
    "digest_other": "8b49b298859d5ed7",
    "digest_two": "810fb28ee9f5b254",
}

SUBMITTER_OPEN = [{"request_id": 7, "method": 0x010, "version": 1}]


TOKEN = b"rlw_0011223344556677_" + b"00" * 32


def prefaces():
    def client(name, lowest, highest, role, doc):
        return Vector("preface_client_" + name, preface_client(lowest, highest, role),
                      kind="preface-client", doc=doc,
                      body={"lowest": lowest, "highest": highest, "role": role})

    def server(name, chosen, status, retry_after, doc):
        return Vector("preface_server_" + name, preface_server(chosen, status, retry_after),
                      kind="preface-server", doc=doc,
                      body={"chosen": chosen, "status": status, "retry_after": retry_after})

    return [
        client("worker", 1, 1, 1, "A worker that speaks version 1."),
        client("submitter", 1, 1, 2, "A submitter that speaks version 1."),
        client("admin", 1, 1, 3, "An admin that speaks version 1."),
        client("later_versions", 1, 255, 2, "A submitter that speaks versions 1 to 255."),
        server("ok", 1, 0, 0, "Go on with version 1."),
        server("no_version", 0, 1, 0, "No version in common."),
        server("overloaded", 1, 2, 50, "Too many connections: again in 5 s."),
        server("draining", 1, 3, 65535, "About to stop; the longest wait that can be said."),
        server("denied", 1, 4, 0, "Not permitted."),
        server("unknown_status", 1, 9, 0, "A status that the client does not know: it gives up."),
    ]


def framed(name, data, doc, kind, body, message=None, method=0, request_id=0, side="client",
           is_compressed=False, canonical=True, **context):
    description = {"kind": "frame", "doc": doc, "from": side, **context, "type": kind,
                   "method": method, "version": 1 if method else 0, "request_id": request_id,
                   "compressed": is_compressed, "canonical": canonical}
    if message:
        description["message"] = message
    if body is not None:
        description["body"] = body
    return Vector(name, data, **description)


def handshake_frames():
    hello = (u64(0) + lst(u8(1)) + uv(1 << 20) + uv(64) + lst(uv(0x010) + u8(0x11)) + s("t")
             + NO_TAGS)
    ack = (u64(0) + u8(1) + uv(1 << 20) + uv(64) + lst(uv(0x010) + u8(0x11)) + s("s") + CLUSTER
           + uv(3) + uv(NOW) + lst() + NO_TAGS)
    methods = [{"id": 16, "versions": 17}]
    return [
        framed("frame_hello", frame(HELLO, body=hello), "HELLO of a submitter.", HELLO,
               {"features": 0, "codecs": [1], "max_frame": 1 << 20, "max_inflight": 64,
                "methods": methods, "agent": "t"}, "HELLO", state="before_hello"),
        framed("frame_hello_ack", frame(HELLO_ACK, body=ack), "HELLO_ACK: the client is in.",
               HELLO_ACK,
               {"features": 0, "codec": 1, "max_frame": 1 << 20, "max_inflight": 64,
                "methods": methods, "agent": "s", "cluster": CLUSTER, "epoch": 3, "now": NOW,
                "mechs": []}, "HELLO_ACK", side="server", state="before_hello_ack"),
        framed("frame_auth", frame(AUTH, body=s("token") + blob(b"t0k3n") + NO_TAGS), "AUTH.",
               AUTH, {"mech": "token", "data": b"t0k3n"}, "AUTH", state="before_auth"),
        framed("frame_auth_token", frame(AUTH, body=s("token") + blob(TOKEN) + NO_TAGS),
               "AUTH with a token of the form that is given out.", AUTH,
               {"mech": "token", "data": TOKEN}, "AUTH", state="before_auth"),
        framed("frame_auth_ok_worker",
               frame(AUTH_OK, body=s("token:encoder-7") + uv(8) + NO_TAGS),
               "AUTH_OK of a worker: it may work and nothing else.", AUTH_OK,
               {"identity": "token:encoder-7", "permissions": 8}, "AUTH_OK", side="server",
               state="before_auth_ok"),
        framed("frame_auth_ok", frame(AUTH_OK, body=s("ci") + uv(3) + NO_TAGS), "AUTH_OK.",
               AUTH_OK, {"identity": "ci", "permissions": 3}, "AUTH_OK", side="server",
               state="before_auth_ok"),
    ]


def connection_frames():
    busy = uv(0x0301) + uv(250) + s("inflight") + NO_TAGS
    broken = uv(0x0101) + uv(0) + s("tag order") + NO_TAGS
    goaway = uv(0xFFFFFFFF) + uv(0x0403) + uv(10000) + lst() + NO_TAGS
    opaque = bytes.fromhex("0011223344556677")
    return [
        framed("frame_error_busy", frame(ERROR, method_word(0x010), 7, busy),
               "ERROR for one request.", ERROR,
               {"code": 0x0301, "retry_after": 250, "detail": "inflight"}, "ERROR", 0x010, 7,
               "server", open=SUBMITTER_OPEN),
        framed("frame_error_connection", frame(ERROR, body=broken),
               "ERROR on the connection, which closes.", ERROR,
               {"code": 0x0101, "retry_after": 0, "detail": "tag order"}, "ERROR", side="server"),
        framed("frame_error_before_hello_ack", frame(ERROR, body=broken),
               "An ERROR on the connection may come instead of HELLO_ACK.", ERROR,
               {"code": 0x0101, "retry_after": 0, "detail": "tag order"}, "ERROR", side="server",
               state="before_hello_ack"),
        framed("frame_goaway_soon", frame(GOAWAY, body=goaway), "GOAWAY, the first of two.", GOAWAY,
               {"last_request_id": 0xFFFFFFFF, "code": 0x0403, "drain": 10000, "alternates": []},
               "GOAWAY", side="server"),
        framed("frame_cancel", frame(CANCEL, 0, 5), "CANCEL of request 5: a header and no body.",
               CANCEL, None, request_id=5),
        framed("frame_ping", frame(PING, body=opaque), "PING.", PING, {"opaque": opaque}, "PING"),
        framed("frame_pong", frame(PONG, body=opaque), "PONG with the same bytes.", PONG,
               {"opaque": opaque}, "PONG", side="server"),
        Vector("frame_ignorable", frame(0x80, 0xFFFF, 0xFFFFFFFF, b"from the future"),
               **{"kind": "frame", "doc": "An extension: checked, then dropped.", "from": "client",
                  "type": 0x80, "method": 0xFFF, "version": 15, "request_id": 0xFFFFFFFF,
                  "compressed": False, "canonical": False, "dropped": True}),
        Vector("frame_ignorable_empty", frame(0xFF),
               **{"kind": "frame", "doc": "An extension without a body.", "from": "server",
                  "type": 0xFF, "method": 0, "version": 0, "request_id": 0, "compressed": False,
                  "canonical": False, "dropped": True}),
    ]


def worker_frames():
    open_set = [(1, 1), (12, 3)]
    heartbeat = uv(300) + uv(2) + u64(digest(open_set)) + NO_TAGS
    assign = (uv(1) + lst(ID + uv(12) + uv(3) + s("ffmpeg") + blob(SPEC)
                          + section((1, lst(uv(2) + uv(1 << 20) + blob(HASH))))) + NO_TAGS)
    return [
        framed("frame_heartbeat", frame(REQUEST, method_word(0x021), 1, heartbeat),
               "HEARTBEAT, request 1.", REQUEST,
               {"assigned_seen": 300, "open": 2, "digest": digest(open_set)}, "HEARTBEAT.request",
               0x021, 1),
        framed("frame_credit", frame(EVENT, method_word(0x022), 0, uv(8) + NO_TAGS), "CREDIT 8.",
               EVENT, {"assign_limit": 8}, "CREDIT.event", 0x022),
        framed("frame_assign", frame(EVENT, method_word(0x023), 0, assign),
               "ASSIGN of job 12, attempt 3, with an earlier grant.", EVENT,
               {"first_index": 1, "assignments": [
                   {"id": ID, "number": 12, "attempt": 3, "engine": "ffmpeg", "spec": SPEC,
                    "granted": [{"attempt": 2, "size": 1 << 20, "hash": HASH}]}]},
               "ASSIGN.event", 0x023, side="server"),
        framed("frame_inventory", frame(REQUEST, method_word(0x026), 2, NO_TAGS),
               "A request of the server: an even id.", REQUEST, {}, "INVENTORY.request", 0x026, 2,
               "server"),
        framed("frame_request_id_last",
               frame(REQUEST, method_word(0x018), 0xFFFFFFFF, u8(1) + uv(12) + NO_TAGS),
               "The last id that a client has.", REQUEST, {"ref": {"kind": 1, "number": 12}},
               "JOB_WHY.request", 0x018, 0xFFFFFFFF, last_request_id=0xFFFFFFFD),
        framed("frame_response",
               frame(RESPONSE, method_word(0x021), 1, NO_TAGS), "The answer of a HEARTBEAT.",
               RESPONSE, {}, "HEARTBEAT.response", 0x021, 1, "server",
               open=[{"request_id": 1, "method": 0x021, "version": 1}]),
        framed("frame_error_from_worker",
               frame(ERROR, method_word(0x028), 2, uv(0x0201) + uv(0) + s("no log") + NO_TAGS),
               "A worker answers a request of the server's by an ERROR.", ERROR,
               {"code": 0x0201, "retry_after": 0, "detail": "no log"}, "ERROR", 0x028, 2,
               "client", open=[{"request_id": 2, "method": 0x028, "version": 1}]),
        framed("frame_watch_event",
               frame(EVENT, method_word(0x013), 9, lst(uv(12) + u8(4) + NO_TAGS) + NO_TAGS),
               "An event of an open request.", EVENT, {"events": [{"number": 12, "kind": 4}]},
               "WATCH.event", 0x013, 9, "server",
               open=[{"request_id": 9, "method": 0x013, "version": 1}]),
    ]


def compressed_frames():
    spec = (u8(1) + s("ffmpeg") + u8(2) + u8(2) + s("/in/film.mp4") + s("/out/film.mp4")
            + pairs(("codec", "libx264"), ("crf", "23")) + NO_TAGS)
    keys = [f"batch-{index:04d}" for index in range(24)]
    submit = u8(1) + lst(*(s(key) + blob(spec) + NO_TAGS for key in keys)) + NO_TAGS
    meaning = {"atomic": 1, "items": [{"key": key, "spec": spec} for key in keys]}
    results = [uv(0) + bytes([index]) * 16 + uv(index) + u8(1) + NO_TAGS for index in range(1, 41)]
    answer = lst(*results) + NO_TAGS
    answer_meaning = {"results": [{"code": 0, "id": bytes([index]) * 16, "number": index,
                                   "state": 1} for index in range(1, 41)]}
    log = b"\n" * 20000
    progress = lst(*[bodies.progress_half()[0]] * 30) + NO_TAGS
    return [
        framed("frame_compressed_request",
               compressed(REQUEST, method_word(0x010), 7, submit),
               "A compressed SUBMIT_BATCH.", REQUEST, meaning, "SUBMIT_BATCH.request", 0x010, 7,
               is_compressed=True, canonical=False),
        framed("frame_compressed_response",
               compressed(RESPONSE, method_word(0x010), 7, answer, level=9),
               "A compressed answer, at another level.", RESPONSE, answer_meaning,
               "SUBMIT_BATCH.response", 0x010, 7, "server", True, False, open=SUBMITTER_OPEN),
        framed("frame_compressed_event",
               compressed(EVENT, method_word(0x027), 0, progress), "A compressed PROGRESS.", EVENT,
               {"progress": [bodies.progress_half()[1]] * 30}, "PROGRESS.event", 0x027,
               is_compressed=True, canonical=False),
        framed("frame_compressed_high_ratio",
               compressed(RESPONSE, method_word(0x028), 2, uv(0) + blob(log) + NO_TAGS, level=9),
               "More than 256 times smaller, but not above 65,536 bytes.", RESPONSE,
               {"offset": 0, "data": log}, "LOG_READ.response", 0x028, 2, "client", True, False,
               open=[{"request_id": 2, "method": 0x028, "version": 1}]),
    ]


def numbers():
    cases = {"zero": 0, "one": 1, "127": 127, "128": 128, "300": 300, "16383": 16383,
             "16384": 16384, "2e32_less_1": (1 << 32) - 1, "2e53": 1 << 53, "2e63": 1 << 63,
             "greatest": (1 << 64) - 1}
    out = [Vector("uvarint_" + name, uv(value), kind="uvarint", doc=f"{value} as a uvarint.",
                  value=value) for name, value in cases.items()]
    signed = {"zero": 0, "minus_one": -1, "one": 1, "minus_64": -64, "64": 64, "minus_65": -65,
              "least": -(1 << 63), "greatest": (1 << 63) - 1}
    return out + [Vector("svarint_" + name, sv(value), kind="svarint",
                         doc=f"{value} as a svarint.", value=value)
                  for name, value in signed.items()]


def job_specs():
    base = {"version": 1, "engine": "ffmpeg", "queue": 0, "priority": 0, "input": "/in/a.mp4",
            "output": "/out/a.mp4", "parameters": [["codec", "libx264"], ["crf", "23"]]}
    bare = {**base, "parameters": []}
    start = u8(1) + s("ffmpeg") + u8(0) + u8(0) + s("/in/a.mp4") + s("/out/a.mp4")
    everything = section(
        (1, uv(0)), (2, uv(3600000)), (3, uv(NOW)), (4, b""), (5, uv(634566)),
        (6, pairs(("slot", 1), ("gpu_session:0", 1))), (7, lst(s("libx264"))),
        (8, pairs(("zone", "a"))), (9, pairs(("stream_key", "s3cr3t"))), (10, s("news")),
        (11, pairs(("gpu", "yes"))))
    sense = {"retries": 0, "timeout": 3600000, "not_before": NOW, "overwrite": True,
             "media_ms": 634566, "needs": [["slot", 1], ["gpu_session:0", 1]],
             "encoders": ["libx264"], "require": [["zone", "a"]],
             "secrets": [["stream_key", "s3cr3t"]], "tenant": "news", "prefer": [["gpu", "yes"]]}
    odd = "a b\"\\!\n-concat:é😀"
    many = [[f"p{index:03d}", ""] for index in range(256)]
    sorted_names = [["", "1"], ["Z", "2"], ["a", "3"], ["a ", "4"], ["ab", "5"], ["é", "6"]]

    def spec(name, data, body, doc, canonical=True):
        return Vector("jobspec_" + name, data, kind="jobspec", doc=doc, canonical=canonical,
                      body=body)

    return [
        spec("plain", SPEC, base, "Two parameters, no tags."),
        spec("live", SPEC_LIVE,
             {"version": 1, "engine": "auto", "queue": 1, "priority": 1, "input": "/in/b.mp4",
              "output": "/out/b.mp4", "parameters": [], "overwrite": True},
             "Live, high, may overwrite."),
        spec("every_tag", start + lst() + everything, {**bare, **sense}, "Every tag."),
        spec("odd_names", u8(1) + s("ffmpeg") + u8(3) + u8(3) + s(odd) + s(odd + "2") + lst()
             + NO_TAGS,
             {"version": 1, "engine": "ffmpeg", "queue": 3, "priority": 3, "input": odd,
              "output": odd + "2", "parameters": []},
             "Names with a quote, a newline and letters beyond ASCII."),
        spec("unknown_tag_63", start + lst() + section((12, b""), (63, b"\x01\x02")),
             {**bare, "unknown_tags": [{"tag": 12, "bytes": b""},
                                       {"tag": 63, "bytes": b"\x01\x02"}]},
             "Unknown tags below 64 are skipped.", canonical=False),
        spec("parameters_sorted", start + pairs(*sorted_names) + NO_TAGS,
             {**base, "parameters": sorted_names},
             "Sorted by bytes: capitals first, a prefix first, then what is beyond ASCII."),
        spec("parameters_256", start + pairs(*many) + NO_TAGS, {**base, "parameters": many},
             "As many parameters as there may be."),
        spec("parameter_32_kib", start + pairs(("x", "v" * 32768)) + NO_TAGS,
             {**base, "parameters": [["x", "v" * 32768]]}, "As long a value as there may be."),
    ]


def digests():
    cases = {"empty": [], "one": [(1, 1)], "other": [(12, 3)], "two": [(1, 1), (12, 3)],
             "same_job_twice": [(12, 3), (12, 4)], "swapped": [(1, 3), (12, 1)],
             "greatest": [((1 << 64) - 1, (1 << 32) - 1)]}
    return [Vector("digest_" + name, u64(digest(open_set)), kind="digest",
                   doc=f"Digest of {open_set}.", body={"open": open_set})
            for name, open_set in cases.items()]


def single_bodies():
    report = (uv(0) + lst(uv(12) + uv(3) + u8(1) + uv(NOW) + section((1, uv(634566)))) + NO_TAGS)
    empty = u8(0) + section((1000, b""), (1001, b"\x01"), ((1 << 64) - 1, b""))
    out = bodies.Bodies()
    out.one("body_report_request_started", "REPORT.request", report,
            {"assign_limit": 0, "items": [{"number": 12, "attempt": 3, "kind": 1, "at": NOW,
                                           "media_ms": 634566}]},
            "REPORT: job 12 attempt 3 has started.")
    out.one("body_register_request_unknown_phase", "REGISTER.request",
            s("n") + u64(1) + lst() + lst() + lst() + lst(ID + uv(1) + u8(77) + NO_TAGS) + NO_TAGS,
            {"name": "n", "incarnation": 1, "capacity": [], "labels": [], "engines": [],
             "held": [{"id": ID, "attempt": 1, "phase": 77}]},
            "A phase of the future is kept: it must not cost the whole worker.")
    capacity = (("slot", 2), ("memory_mib", 8192), ("gpu_session:1", 3))
    out.one("body_register_request_declared", "REGISTER.request",
            s("n") + u64(1) + pairs(*capacity) + lst() + lst()
            + lst(ID + uv(3) + u8(2) + section((1, pairs(("gpu_session:1", 1)))))
            + section((20, lst(s("memory_mib"), s("gpu_session:1")))),
            {"name": "n", "incarnation": 1, "capacity": [list(one) for one in capacity],
             "labels": [], "engines": [],
             "held": [{"id": ID, "attempt": 3, "phase": 2, "devices": [["gpu_session:1", 1]]}],
             "declared": ["memory_mib", "gpu_session:1"]},
            "Capacity that a person declared, and an attempt that has a device.")
    out.one("body_assign_event_devices", "ASSIGN.event",
            uv(1) + lst(ID + uv(12) + uv(3) + s("ffmpeg") + blob(SPEC)
                        + section((6, pairs(("gpu_session:0", 1), ("nvdec:1", 2)))))
            + NO_TAGS,
            {"first_index": 1, "assignments": [
                {"id": ID, "number": 12, "attempt": 3, "engine": "ffmpeg", "spec": SPEC,
                 "devices": [["gpu_session:0", 1], ["nvdec:1", 2]]}]},
            "An assignment that says which devices it has.")
    out.one("body_list_jobs_request_nothing", "LIST_JOBS.request",
            lst() + u8(0) + s("") + uv(0) + uv(0) + u8(0) + NO_TAGS,
            {"states": [], "queue": 0, "worker": "", "limit": 0, "cursor": None, "view": 0},
            "LIST_JOBS of everything: no cursor.")
    out.one("body_list_jobs_request_most_items", "LIST_JOBS.request",
            lst(*[u8(1)] * 4096) + u8(0) + s("") + uv(0) + uv(0) + u8(0) + NO_TAGS,
            {"states": [1] * 4096, "queue": 0, "worker": "", "limit": 0, "cursor": None,
             "view": 0}, "A list of 4,096 items.")
    out.one("body_watch_request_all", "WATCH.request", lst() + NO_TAGS, {"refs": []},
            "WATCH of all jobs.")
    out.one("body_check_request_unknown_tags", "CHECK.request", empty,
            {"deep": 0, "unknown_tags": [{"tag": 1000, "bytes": b""},
                                         {"tag": 1001, "bytes": b"\x01"},
                                         {"tag": (1 << 64) - 1, "bytes": b""}]},
            "Unknown tags up to the greatest number.", canonical=False)
    out.one("body_log_level_response_longest_string", "LOG_LEVEL.response", s("x" * 4096) + NO_TAGS,
            {"previous": "x" * 4096}, "A string of 4,096 bytes.")
    out.one("body_error_unknown_code", "ERROR", uv(0xFFFF) + uv(0) + s("") + NO_TAGS,
            {"code": 0xFFFF, "retry_after": 0, "detail": ""},
            "A code of the future is kept as its number.")
    out.one("body_history_response_times", "HISTORY.response",
            u8(1) + uv(1) + lst(uv(1) + u8(99) + u8(1) + uv((1 << 63) - 1) + s("") + uv(0) + s("")
                                + s("") + NO_TAGS) + u8(0) + NO_TAGS,
            {"ref": {"kind": 1, "number": 1}, "moves": [
                {"seq": 1, "from": 99, "to": 1, "at": (1 << 63) - 1, "reason": "", "attempt": 0,
                 "worker": "", "actor": ""}], "more": 0},
            "The latest moment, and an unknown state in an answer.")
    return out.vectors


def streams(made):
    """What one side sends on a whole connection, for readers that are fed in pieces."""
    by_name = {vector.name: vector.data for vector in made}
    cases = {
        "client": ["preface_client_worker", "frame_hello", "frame_heartbeat", "frame_credit",
                   "frame_ignorable", "frame_cancel", "frame_ping", "frame_compressed_request"],
        "server": ["preface_server_ok", "frame_hello_ack", "frame_assign", "frame_response",
                   "frame_inventory", "frame_pong", "frame_ignorable_empty", "frame_goaway_soon"],
    }
    return [Vector("stream_" + side, b"".join(by_name[part] for part in parts), kind="stream",
                   doc=f"A preface and frames of the {side}, one after the other.",
                   parts=parts, **{"from": side}) for side, parts in cases.items()]


def vectors():
    made = (prefaces() + handshake_frames() + connection_frames() + worker_frames()
            + compressed_frames() + numbers() + job_specs() + digests() + single_bodies()
            + bodies.vectors())
    made += streams(made)
    by_name = {vector.name: vector for vector in made}
    for name, text in LITERALS.items():
        assert by_name[name].data == bytes.fromhex(text.replace("\n", " ")), name
    return made
