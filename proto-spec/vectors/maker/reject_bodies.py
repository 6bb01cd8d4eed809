# SPDX-License-Identifier: Apache-2.0
# Reelwork: numbers, bodies and JobSpecs that must be refused
"""Each breaks one rule and no other, so that the reason of the refusal is the rule's."""

from maker.bodies import HASH, ID, NOW, SPEC
from maker.vector import refused
from maker.wire import NO_TAGS, blob, lst, maybe, pairs, s, section, u8, u64, uv


def numbers():
    cases = {
        "not_minimal": ("8000", "uvarint_not_minimal", "0 in two bytes."),
        "not_minimal_300": ("ac8200", "uvarint_not_minimal", "300 in three bytes."),
        "not_minimal_ten": ("80808080808080808000", "uvarint_not_minimal", "0 in ten bytes."),
        "tenth_byte": ("ffffffffffffffffff02", "uvarint_tenth_byte", "More than 64 bits."),
        "tenth_byte_7f": ("ffffffffffffffffff7f", "uvarint_tenth_byte", "70 bits."),
        "eleven": ("8080808080808080808001", "uvarint_too_long", "Eleven bytes."),
        "cut": ("80", "uvarint_truncated", "The next byte is missing."),
        "empty": ("", "uvarint_truncated", "No byte at all."),
        "trailing": ("0100", "trailing_bytes", "A byte after the number."),
    }
    out = [refused("uvarint_" + name, bytes.fromhex(data), "uvarint", "PROTOCOL_ERROR", rule, doc)
           for name, (data, rule, doc) in cases.items()]
    return out + [
        refused("svarint_not_minimal", bytes.fromhex("8100"), "svarint", "PROTOCOL_ERROR",
               "uvarint_not_minimal", "-1 in two bytes."),
        refused("svarint_cut", bytes.fromhex("ffff"), "svarint", "PROTOCOL_ERROR",
               "uvarint_truncated", "The next byte is missing."),
    ]


def body(name, message, data, rule, doc, error="PROTOCOL_ERROR"):
    return refused("body_" + name, data, "body", error, rule, doc, message=message)


def body_rules():
    heartbeat = uv(300) + uv(2) + u64(0)
    list_end = u8(0) + s("") + uv(0) + uv(0) + u8(0) + NO_TAGS
    huge = (1 << 64) - 1
    item = uv(12) + uv(3) + u8(1) + uv(NOW)
    return [
        body("empty", "HEARTBEAT.request", b"", "uvarint_truncated", "Nothing at all."),
        body("cut_in_u64", "HEARTBEAT.request", heartbeat[:-1], "truncated",
             "A byte of the digest is missing."),
        body("cut_before_section", "HEARTBEAT.request", heartbeat, "uvarint_truncated",
             "The tagged section is missing."),
        body("cut_in_string", "METRICS.request", uv(5) + b"reel", "truncated",
             "A byte of the string is missing."),
        body("cut_in_id", "GET_JOB.request", u8(2) + ID[:-1], "truncated",
             "A byte of the id is missing."),
        body("cut_in_nested_section", "REPORT.request",
             uv(0) + uv(1) + item + uv(1) + uv(1) + uv(3), "truncated",
             "The body ends where the value of a tag should begin."),
        body("cut_in_tag", "REPORT.request", uv(0) + uv(1) + item + uv(1) + uv(1) + uv(3) + b"\xc6",
             "truncated", "The value of a tag is cut."),
        body("ping_short", "PING", bytes(7), "truncated", "Seven bytes."),
        body("ping_with_section", "PING", bytes(9), "trailing_bytes", "PING has no section."),
        body("trailing", "HEARTBEAT.response", NO_TAGS + b"\x00", "trailing_bytes",
             "A byte after the section."),
        body("tuple_with_section", "JOB_WHY.response",
             lst(s("a") + s("b") + uv(1) + NO_TAGS) + NO_TAGS, "trailing_bytes",
             "A bare tuple has no section."),
        body("why_worker_with_section", "JOB_WHY.response",
             lst() + section((19, lst(s("a") + s("b") + s("c") + NO_TAGS))), "tag_length",
             "A worker that was considered is a bare tuple."),
        body("why_flag_with_value", "JOB_WHY.response", lst() + section((20, b"\x01")),
             "tag_length", "A flag has no bytes."),
        body("job_ref_with_section", "JOB_WHY.request", u8(1) + uv(12) + NO_TAGS + NO_TAGS,
             "trailing_bytes", "JobRef has no section."),
        body("job_ref_kind", "JOB_WHY.request", u8(4) + uv(12) + NO_TAGS, "job_ref_kind",
             "An unknown kind of JobRef cannot be read past."),
        body("number_not_minimal", "CREDIT.event", b"\x88\x00" + NO_TAGS, "uvarint_not_minimal",
             "A number in a body has one spelling too."),
        body("attempt_33_bits", "LOG_READ.request", uv(12) + uv(1 << 32) + uv(0) + NO_TAGS,
             "number_too_wide", "An attempt has 32 bits."),
        body("permille_33_bits", "PROGRESS.event",
             lst(uv(12) + uv(3) + uv(0) + uv(1 << 32) + NO_TAGS) + NO_TAGS, "number_too_wide",
             "Thousandths have 32 bits."),
        body("code_17_bits", "ERROR", uv(1 << 16) + uv(0) + s("") + NO_TAGS, "number_too_wide",
             "An error code has 16 bits."),
        body("method_13_bits", "HELLO",
             u64(0) + lst() + uv(1 << 20) + uv(64) + lst(uv(0x1000) + u8(0x11)) + s("") + NO_TAGS,
             "number_too_wide", "A method id has 12 bits."),
        body("time_64_bits", "METRICS.response", uv(1 << 63) + lst() + NO_TAGS, "number_too_wide",
             "A moment has 63 bits."),
        body("last_request_id_33_bits", "GOAWAY", uv(1 << 32) + uv(0) + uv(0) + lst() + NO_TAGS,
             "number_too_wide", "A request id has 32 bits."),
        body("count_beyond_bytes", "WATCH.request", uv(3) + u8(1) + uv(1) + NO_TAGS,
             "count_beyond_bytes", "Three items of at least two bytes in three bytes."),
        body("count_huge", "WATCH.request", uv(huge) + NO_TAGS, "count_beyond_bytes",
             "A count whose product with an item's size overflows 64 bits."),
        body("length_huge", "METRICS.request", uv(huge) + NO_TAGS, "string_too_long",
             "A length of 2^64 - 1."),
        body("optional_length_huge", "WORKERS_LIST.request", s("") + u8(0) + uv(huge) + NO_TAGS,
             "bytes_too_long", "An optional value of 2^64 - 2 bytes."),
        body("too_many_items", "LIST_JOBS.request", lst(*[u8(1)] * 4097) + list_end,
             "too_many_items", "4,097 items."),
        body("string_too_long", "LOG_LEVEL.response", s("x" * 4097) + NO_TAGS, "string_too_long",
             "A string of 4,097 bytes."),
        body("bytes_too_long", "JOB_LOG.event", uv(0) + blob(bytes(65537)) + NO_TAGS,
             "bytes_too_long", "65,537 bytes."),
        *text_rules(),
        *tag_rules(),
        *hello_rules(),
        *auth_rules(),
    ]


def text_rules():
    cases = {"stray": ("80", "A byte that only follows others."),
             "overlong": ("c0af", "A slash in two bytes."),
             "surrogate": ("eda080", "Half a surrogate pair."),
             "too_high": ("f4908080", "Above U+10FFFF."),
             "cut": ("e282", "A character that is cut."),
             "ff": ("ff", "A byte that never occurs.")}
    out = [body("utf8_" + name, "METRICS.request", blob(bytes.fromhex(data)) + NO_TAGS, "utf8", doc)
           for name, (data, doc) in cases.items()]
    return out + [body("utf8_in_tag", "HEARTBEAT.request",
                       uv(0) + uv(0) + u64(0) + section((3, blob(b"\xff"))), "utf8",
                       "Bad UTF-8 in a tag.")]


def tag_rules():
    start = uv(0) + uv(0) + u64(0)

    def beat(name, tags, rule, doc):
        return body("tag_" + name, "HEARTBEAT.request", start + tags, rule, doc)

    return [
        beat("falls", section((17, uv(1)), (16, uv(1))), "tag_order", "Tags in falling order."),
        beat("twice", section((16, uv(1)), (16, uv(1))), "tag_order", "A tag twice."),
        beat("zero", section((0, b"")), "tag_order", "Tag 0."),
        beat("unknown_twice", section((100, b""), (100, b"")), "tag_order",
             "An unknown tag twice."),
        beat("value_short", section((16, b"")), "tag_length", "A number without a byte."),
        beat("value_long", section((16, uv(1) + b"\x00")), "tag_length",
             "A byte after the number."),
        beat("value_cut", section((16, b"\x80")), "tag_length",
             "A number that goes on after the value."),
        beat("not_minimal", section((16, b"\x80\x00")), "uvarint_not_minimal",
             "A number in a tag has one spelling too."),
        beat("trace_23", section((2, bytes(23))), "tag_length", "A trace of 23 bytes."),
        beat("trace_25", section((2, bytes(25))), "tag_length", "A trace of 25 bytes."),
        beat("string_single_length", section((3, b"why")), "tag_length",
             "A string in a tag has its own length too."),
        beat("count_too_great", uv(2) + uv(16) + blob(uv(1)), "count_beyond_bytes",
             "Two tags are announced, one comes."),
        beat("count_huge", uv((1 << 64) - 1), "count_beyond_bytes", "2^64 - 1 tags."),
        beat("length_huge", uv(1) + uv(100) + uv((1 << 64) - 1), "truncated",
             "A tag of 2^64 - 1 bytes."),
        beat("section_cut", uv(3) + uv(100) + blob(b"") + uv(101) + blob(b"\x01\x02"),
             "uvarint_truncated",
             "The third tag is missing."),
        body("flag_with_byte", "LIST_JOBS.request",
             lst() + u8(0) + s("") + uv(0) + uv(0) + u8(0) + section((16, b"\x01")), "tag_length",
             "A flag has no bytes."),
        body("tag_list_trailing", "CHECK.response",
             lst(s("x") + u8(1) + uv(0) + uv(0) + section((2, lst(uv(1)) + b"\x00"))) + NO_TAGS,
             "tag_length", "A byte after the list of a tag."),
        body("tag_struct_without_section", "WATCH.event",
             lst(uv(1) + u8(3) + section((3, uv(12) + uv(3) + uv(0) + uv(0)))) + NO_TAGS,
             "tag_length", "A struct in a tag has its section too."),
    ]


def hello_rules():
    def hello(name, methods, rule, doc, error="PROTOCOL_ERROR", max_frame=1 << 20, inflight=64):
        data = (u64(0) + lst() + uv(max_frame) + uv(inflight)
                + lst(*(uv(method) + u8(versions) for method, versions in methods)) + s("")
                + NO_TAGS)
        return body("hello_" + name, "HELLO", data, rule, doc, error)

    return [
        hello("methods_fall", [(17, 0x11), (16, 0x11)], "method_order", "Method ids fall."),
        hello("method_twice", [(16, 0x11), (16, 0x11)], "method_order", "A method twice."),
        hello("version_zero", [(16, 0x01)], "method_versions", "There is no version 0."),
        hello("versions_swapped", [(16, 0x21)], "method_versions", "Lowest above highest."),
        hello("max_frame_small", [], "max_frame_range", "max_frame below 131,072.",
              "INVALID_ARGUMENT", 131071),
        hello("max_frame_great", [], "max_frame_range", "max_frame of 16 MiB.",
              "INVALID_ARGUMENT", 1 << 24),
        hello("max_inflight_zero", [], "max_inflight_zero", "No request could ever be sent.",
              "INVALID_ARGUMENT", inflight=0),
    ]


def auth_rules():
    return [
        body("auth_cut", "AUTH", s("token") + uv(5) + b"toke", "truncated",
             "A byte of the token is missing."),
        body("auth_without_section", "AUTH", s("token") + uv(1) + b"t", "uvarint_truncated",
             "The tagged section is missing."),
        body("auth_mech_utf8", "AUTH", uv(1) + b"\xff" + uv(1) + b"t" + NO_TAGS, "utf8",
             "The mechanism is no UTF-8."),
        body("auth_trailing", "AUTH", s("token") + uv(1) + b"t" + NO_TAGS + b"\x00",
             "trailing_bytes", "A byte after the section."),
        body("auth_ok_cut", "AUTH_OK", s("token:ci"), "uvarint_truncated",
             "The permissions are missing."),
        body("auth_ok_permissions_minimal", "AUTH_OK", s("ci") + b"\x83\x00" + NO_TAGS,
             "uvarint_not_minimal", "3 in two bytes."),
    ]


def sense_rules():
    def item(kind, *tags):
        return uv(0) + lst(uv(12) + uv(3) + u8(kind) + uv(NOW) + section(*tags)) + NO_TAGS

    def report(name, data, rule, doc):
        return body("report_" + name, "REPORT.request", data, rule, doc, "INVALID_ARGUMENT")

    def submit(name, key, spec, rule, doc):
        data = u8(0) + lst(s(key) + blob(spec) + NO_TAGS) + NO_TAGS
        return body("submit_" + name, "SUBMIT_BATCH.request", data, rule, doc, "INVALID_ARGUMENT")

    def register(name, rule, doc, worker="node7", incarnation=1, labels=(), engines=()):
        data = (s(worker) + u64(incarnation) + lst() + pairs(*labels) + lst(*engines) + lst()
                + NO_TAGS)
        return body("register_" + name, "REGISTER.request", data, rule, doc, "INVALID_ARGUMENT")

    film = [(16, s("/out/a.mp4")), (17, uv(1)), (18, uv(1))]
    engine = s("e") + s("1") + lst() + NO_TAGS
    return [
        submit("key_empty", "", SPEC, "key_length", "An empty key."),
        submit("key_256", "k" * 256, SPEC, "key_length", "A key of 256 bytes."),
        submit("spec_too_long", "k", u8(1) + bytes(65536), "jobspec_too_long",
               "A JobSpec above 65,536 bytes costs its item, not the connection."),
        submit("spec_empty", "k", b"", "truncated", "An empty JobSpec."),
        submit("spec_malformed", "k", SPEC[:-1], "uvarint_truncated",
               "A malformed JobSpec costs its item, not the connection."),
        body("submit_atomic_2", "SUBMIT_BATCH.request",
             u8(2) + lst(s("k") + blob(SPEC) + NO_TAGS) + NO_TAGS, "unknown_enum",
             "Neither yes nor no.", "INVALID_ARGUMENT"),
        body("submit_no_items", "SUBMIT_BATCH.request", u8(0) + lst() + NO_TAGS, "empty",
             "A batch of nothing.", "INVALID_ARGUMENT"),
        body("list_unknown_state", "LIST_JOBS.request",
             lst(u8(10)) + u8(0) + s("") + uv(0) + maybe(None) + u8(0) + NO_TAGS, "unknown_enum",
             "A state of the future in a request.", "INVALID_ARGUMENT"),
        body("list_limit_4097", "LIST_JOBS.request",
             lst() + u8(0) + s("") + uv(4097) + maybe(None) + u8(0) + NO_TAGS, "beyond_limit",
             "A page has at most 4,096 jobs.", "INVALID_ARGUMENT"),
        body("history_limit_4097", "HISTORY.request",
             u8(1) + uv(1) + uv(0) + uv(4097) + NO_TAGS, "beyond_limit",
             "A page has at most 4,096 moves.", "INVALID_ARGUMENT"),
        body("report_no_items", "REPORT.request", uv(0) + lst() + NO_TAGS, "empty",
             "A report of nothing.", "INVALID_ARGUMENT"),
        body("queue_set_zero", "QUEUE_SET.request", u8(0) + u8(1) + s("") + NO_TAGS,
             "unknown_enum", "Queue 0 is no queue.", "INVALID_ARGUMENT"),
        body("recover_no_reason", "RECOVER.request",
             u8(3) + lst() + s("") + u8(1) + s("") + NO_TAGS,
             "empty", "Forced recovery needs a reason.", "INVALID_ARGUMENT"),
        body("job_log_follow", "JOB_LOG.request",
             u8(1) + uv(1) + uv(0) + uv(0) + section((16, b"")),
             "not_in_version_1", "Following is kept for later.", "INVALID_ARGUMENT"),
        report("kind_2", item(2), "unknown_enum", "Kind 2 is not used."),
        report("kind_7", item(7), "unknown_enum", "A kind of the future."),
        report("ready_without_hash", item(3, *film), "tag_missing", "ready needs its hash."),
        report("ready_without_length", item(3, *film[:2], (19, blob(HASH))), "tag_missing",
               "ready needs the film's length."),
        report("finished_without_film", item(4, (22, uv(1))), "tag_missing",
               "finished names the film, or says that there is none."),
        report("hash_kind", item(3, *film, (19, blob(b"\x02" + HASH[1:]))), "hash_form",
               "A hash of an unknown kind."),
        report("hash_short", item(3, *film, (19, blob(HASH[:-1]))), "hash_form",
               "A CRC-32C of three bytes."),
        report("failed_class_zero", item(5, (8, u8(0))), "unknown_enum", "failed needs a class."),
        report("failed_class_9", item(5, (8, u8(9))), "unknown_enum", "A class of the future."),
        report("released_without_because", item(6), "tag_missing", "released says why."),
        register("name_empty", "name_length", "A worker without a name.", worker=""),
        register("incarnation_zero", "incarnation_zero", "0 is no incarnation.", incarnation=0),
        register("label_twice", "name_twice", "A label twice.",
                 labels=[("zone", "a"), ("zone", "b")]),
        register("label_257", "label_too_long", "A label of 257 bytes, name and value together.",
                 labels=[("zone", "a" * 253)]),
        register("engines_65", "too_many_engines", "65 engines.", engines=[engine] * 65),
    ]


def job_specs():
    start = u8(1) + s("ffmpeg") + u8(0) + u8(0) + s("/in/a.mp4") + s("/out/a.mp4")

    def spec(name, data, rule, doc):
        return refused("jobspec_" + name, data, "jobspec", "INVALID_ARGUMENT", rule, doc)

    return [
        spec("version_2", u8(2) + SPEC[1:], "jobspec_version", "A version of the future."),
        spec("version_0", u8(0) + SPEC[1:], "jobspec_version", "There is no version 0."),
        spec("empty", b"", "truncated", "Nothing at all."),
        spec("cut", SPEC[:-1], "uvarint_truncated", "The section is missing."),
        spec("trailing", SPEC + b"\x00", "trailing_bytes", "A byte after the section."),
        spec("unsorted", start + pairs(("crf", "23"), ("codec", "x")) + NO_TAGS,
             "jobspec_parameters_unsorted", "Parameters out of order."),
        spec("unsorted_bytes", start + pairs(("a", "1"), ("Z", "2")) + NO_TAGS,
             "jobspec_parameters_unsorted", "Capitals come before small letters."),
        spec("parameter_twice", start + pairs(("crf", "23"), ("crf", "24")) + NO_TAGS,
             "jobspec_parameter_twice", "A parameter twice."),
        spec("parameters_257", start + pairs(*((f"p{i:03d}", "") for i in range(257))) + NO_TAGS,
             "too_many_items", "257 parameters."),
        spec("parameter_too_long", start + pairs(("x", "v" * 32769)) + NO_TAGS, "string_too_long",
             "A value above 32 KiB."),
        spec("parameter_name_too_long", start + pairs(("x" * 4097, "")) + NO_TAGS,
             "string_too_long", "A name above 4 KiB."),
        spec("input_too_long", u8(1) + s("ffmpeg") + u8(0) + u8(0) + s("/" + "x" * 4096) + s("/o")
             + lst() + NO_TAGS, "string_too_long", "A path above 4 KiB."),
        spec("tag_64", start + lst() + section((64, b"")), "jobspec_must_understand",
             "A tag that must be understood."),
        spec("tag_1000", start + lst() + section((1000, b"\x01")), "jobspec_must_understand",
             "A greater tag that must be understood."),
        spec("overwrite_with_byte", start + lst() + section((4, b"\x01")), "tag_length",
             "A flag has no bytes."),
        spec("tags_fall", start + lst() + section((5, uv(1)), (1, uv(1))), "tag_order",
             "Tags in falling order."),
        spec("queue_4", u8(1) + s("ffmpeg") + u8(4) + u8(0) + s("/i") + s("/o") + lst() + NO_TAGS,
             "unknown_enum", "A queue of the future."),
        spec("priority_4",
             u8(1) + s("ffmpeg") + u8(0) + u8(4) + s("/i") + s("/o") + lst() + NO_TAGS,
             "unknown_enum", "A priority of the future."),
        spec("engine_empty", u8(1) + s("") + u8(0) + u8(0) + s("/i") + s("/o") + lst() + NO_TAGS,
             "empty", "No engine; it should be auto."),
        spec("output_empty",
             u8(1) + s("ffmpeg") + u8(0) + u8(0) + s("/i") + s("") + lst() + NO_TAGS,
             "empty", "No output."),
        spec("retries_1001", start + lst() + section((1, uv(1001))), "beyond_limit",
             "More retries than there may be."),
        spec("label_257", start + lst() + section((8, pairs(("zone", "a" * 253)))),
             "label_too_long", "A label of 257 bytes, name and value together."),
        spec("need_twice", start + lst() + section((6, pairs(("slot", 1), ("slot", 2)))),
             "name_twice", "A resource twice."),
        spec("utf8", u8(1) + s("ffmpeg") + u8(0) + u8(0) + blob(b"/in/\xff") + s("/o") + lst()
             + NO_TAGS, "utf8", "A path that is not UTF-8."),
    ]


def vectors():
    return numbers() + body_rules() + sense_rules() + job_specs()
