# SPDX-License-Identifier: Apache-2.0
# Reelwork: a small total reader of RLW/1, for testing the vectors
"""The reading half. It shares no code with the writing half but the schema of the pages, and is
written for clearness, not speed. Whatever it refuses it refuses with an error and a rule."""

import struct
import zlib


class Refusal(Exception):
    """Why bytes are refused: the error that the peer gets, and the rule that was broken."""

    def __init__(self, error, rule):
        super().__init__(f"{error}: {rule}")
        self.error, self.rule = error, rule


def malformed(rule):
    return Refusal("PROTOCOL_ERROR", rule)


class Reader:
    """Reads values from bytes; never past the end."""

    def __init__(self, data, structs):
        self.data, self.place, self.structs = data, 0, structs

    def left(self):
        return len(self.data) - self.place

    def take(self, count):
        if count > self.left():
            raise malformed("truncated")
        self.place += count
        return self.data[self.place - count:self.place]

    def uvarint(self, bits=64):
        value = 0
        for index in range(10):
            if not self.left():
                raise malformed("uvarint_truncated")
            byte = self.take(1)[0]
            if index == 9 and byte & 0x80:
                raise malformed("uvarint_too_long")
            if index == 9 and byte > 1:
                raise malformed("uvarint_tenth_byte")
            value |= (byte & 0x7F) << (7 * index)
            if byte < 0x80:
                if byte == 0 and index > 0:
                    raise malformed("uvarint_not_minimal")
                break
        if value >> bits:
            raise malformed("number_too_wide")
        return value

    def svarint(self):
        zigzag = self.uvarint()
        return zigzag // 2 if zigzag % 2 == 0 else -(zigzag // 2) - 1

    def run(self, count, cap, rule):
        if count > cap:
            raise malformed(rule)
        return self.take(count)

    def text(self, data):
        try:
            return data.decode("utf-8", "strict")
        except UnicodeDecodeError:
            raise malformed("utf8") from None

    def value(self, kind):
        name = kind[0]
        if name == "u8":
            return self.take(1)[0]
        if name == "u64":
            return struct.unpack("<Q", self.take(8))[0]
        if name == "f64":
            return struct.unpack("<d", self.take(8))[0]
        if name == "uv":
            return self.uvarint(kind[1])
        if name == "sv":
            return self.svarint()
        if name == "str":
            return self.text(self.run(self.uvarint(), kind[1], "string_too_long"))
        if name == "bytes":
            return self.run(self.uvarint(), kind[1], "bytes_too_long").hex()
        if name == "fixed":
            return self.take(kind[1]).hex()
        if name == "flag":
            return True
        if name == "maybe":
            count = self.uvarint()
            if count == 0:
                return None
            data = self.run(count - 1, kind[1][1], kind[1][0] + "_too_long")
            return self.text(data) if kind[1][0] == "str" else data.hex()
        if name == "list":
            return self.list(kind[1], kind[2])
        if name == "tuple":
            values = [self.value(part) for _, part in kind[1]]
            if kind[1][0][0] is None:
                return values
            return dict(zip([part for part, _ in kind[1]], values))
        if name == "JobRef":
            return self.job_ref()
        return self.struct(kind[1])

    def list(self, item, cap):
        count = self.uvarint()
        if count * smallest(item, self.structs) > self.left():
            raise malformed("count_beyond_bytes")
        if count > cap:
            raise malformed("too_many_items")
        return [self.value(item) for _ in range(count)]

    def job_ref(self):
        kind = self.take(1)[0]
        if kind == 1:
            return {"kind": 1, "number": self.uvarint()}
        if kind == 2:
            return {"kind": 2, "id": self.take(16).hex()}
        if kind == 3:
            return {"kind": 3, "key": self.value(("str", 4096))}
        raise malformed("job_ref_kind")

    def struct(self, name, must_understand_from=None):
        layout, out = self.structs[name], {}
        for field, kind in layout.fields:
            out[field] = self.value(kind)
        if layout.has_section:
            self.section(layout, out, must_understand_from)
        return out

    def section(self, layout, out, must_understand_from):
        count, last = self.uvarint(), 0
        if count * 2 > self.left():
            raise malformed("count_beyond_bytes")
        unknown = []
        for _ in range(count):
            number = self.uvarint()
            if number <= last:
                raise malformed("tag_order")
            last = number
            inner = Reader(self.take(self.uvarint()), self.structs)
            if number in layout.tags:
                field, kind = layout.tags[number]
                try:
                    target = out
                    if layout.name.endswith(".request") and number < 16:
                        target = out.setdefault("common", {})
                    target[field] = inner.value(kind)
                except Refusal as refusal:
                    if refusal.rule in ("truncated", "uvarint_truncated"):
                        raise malformed("tag_length") from None
                    raise
                if inner.left():
                    raise malformed("tag_length")
            elif must_understand_from is not None and number >= must_understand_from:
                raise malformed("jobspec_must_understand")
            else:
                unknown.append({"tag": number, "bytes": inner.data.hex()})
        if unknown:
            out["unknown_tags"] = unknown

    def end(self):
        if self.left():
            raise malformed("trailing_bytes")


def smallest(kind, structs):
    """Bytes of the smallest value of a type."""
    name = kind[0]
    if name == "struct":
        layout = structs[kind[1]]
        return sum(smallest(part, structs) for _, part in layout.fields) + layout.has_section
    if name == "tuple":
        return sum(smallest(part, structs) for _, part in kind[1])
    return {"fixed": kind[1] if name == "fixed" else 0, "u64": 8, "f64": 8, "JobRef": 2,
            "flag": 0}.get(name, 1)


def body_form(data, message, structs):
    """Reads a whole body, to its last byte, whatever sense it makes."""
    reader = Reader(data, structs)
    out = reader.struct(message)
    reader.end()
    if message in ("HELLO", "HELLO_ACK"):
        check_methods(out["methods"])
    return out


def body(data, message, structs):
    """Reads a whole body, and refuses what makes no sense."""
    out = body_form(data, message, structs)
    check_sense(message, out, structs)
    return out


def job_spec(data, structs):
    """Reads a JobSpec; everything wrong in it is INVALID_ARGUMENT."""
    try:
        if data[:1] and data[0] != 1:
            raise malformed("jobspec_version")
        if len(data) > 65536:
            raise malformed("jobspec_too_long")
        reader = Reader(data, structs)
        out = reader.struct("JobSpec", must_understand_from=64)
        reader.end()
        check_job_spec(out)
        return out
    except Refusal as refusal:
        raise Refusal("INVALID_ARGUMENT", refusal.rule) from None


def check_job_spec(spec):
    names = [name.encode() for name, _ in spec["parameters"]]
    for first, second in zip(names, names[1:]):
        if first == second:
            raise malformed("jobspec_parameter_twice")
        if first > second:
            raise malformed("jobspec_parameters_unsorted")
    if spec["queue"] > 3:
        raise malformed("unknown_enum")
    if spec["priority"] > 3:
        raise malformed("unknown_enum")
    for field in ("engine", "input", "output"):
        if not spec[field]:
            raise malformed("empty")
    for field in ("needs", "require", "prefer", "secrets"):
        pairs = [pair[0] for pair in spec.get(field, [])]
        if len(set(pairs)) != len(pairs):
            raise malformed("name_twice")
        if field in ("require", "prefer") and longest_label(spec.get(field, [])) > 256:
            raise malformed("label_too_long")
    if spec.get("retries", 0) > 1000 or spec.get("timeout", 0) > 315_360_000_000:
        raise malformed("beyond_limit")


def longest_label(labels):
    return max((len((name + value).encode()) for name, value in labels), default=0)


def senseless(rule):
    return Refusal("INVALID_ARGUMENT", rule)


# Enums of requests: where they stand and which numbers they have.
ENUMS = {
    "GET_JOB.request": {"view": (0, 1)},
    "LIST_JOBS.request": {"view": (0, 1), "queue": range(4)},
    "WATCH.request": {"queue": range(1, 4)},
    "QUEUE_SET.request": {"queue": range(1, 4), "action": (1, 2)},
    "WORKERS_LIST.request": {"view": (0, 1)},
    "WORKER_SET.request": {"action": (1, 2, 3)},
    "RECOVER.request": {"target": (1, 2, 3), "action": (1, 2, 3)},
    "LOOP_SET.request": {"action": (1, 2, 3)},
    "CHECK.request": {"deep": (0, 1)},
    "SUBMIT_BATCH.request": {"atomic": (0, 1)},
}
FILM = ("output", "size", "film_ms", "hash")
REQUIRED = {3: FILM, 4: FILM, 5: ("class",),
            6: ("because",), 1: ()}


def check_sense(message, out, structs):
    """The rules of sense that need nothing but the body."""
    for field, numbers in ENUMS.get(message, {}).items():
        if field in out and out[field] not in numbers:
            raise senseless("unknown_enum")
    if message == "SUBMIT_BATCH.request":
        if not out["items"]:
            raise senseless("empty")
        for item in out["items"]:
            check_key(item["key"])
            job_spec(bytes.fromhex(item["spec"]), structs)
    elif message == "RETRY_JOB.request":
        for job in out["jobs"]:
            check_key(job["key"])
    elif message == "LIST_JOBS.request":
        if any(not 1 <= state <= 9 for state in out["states"]):
            raise senseless("unknown_enum")
        check_page(out)
    elif message == "HISTORY.request":
        check_page(out)
    elif message == "RECOVER.request":
        if not out["reason"]:
            raise senseless("empty")
    elif message == "REGISTER.request":
        check_register(out)
    elif message == "REPORT.request":
        if not out["items"]:
            raise senseless("empty")
        for item in out["items"]:
            check_report_item(item)
    elif message in ("HELLO", "HELLO_ACK"):
        check_hello(out)
    elif message == "JOB_LOG.request" and out.get("follow"):
        raise senseless("not_in_version_1")


def check_page(out):
    if out["limit"] > 4096:
        raise senseless("beyond_limit")


def check_key(key):
    if not 1 <= len(key.encode()) <= 255:
        raise senseless("key_length")


def check_register(out):
    if not 1 <= len(out["name"].encode()) <= 255:
        raise senseless("name_length")
    if out["incarnation"] == 0:
        raise senseless("incarnation_zero")
    if len(out["engines"]) > 64:
        raise senseless("too_many_engines")
    for field in ("capacity", "labels"):
        names = [pair[0] for pair in out[field]]
        if len(set(names)) != len(names):
            raise senseless("name_twice")
    if longest_label(out["labels"]) > 256:
        raise senseless("label_too_long")


def check_report_item(item):
    kind = item["kind"]
    if kind not in REQUIRED:
        raise senseless("unknown_enum")
    if not (kind == 4 and item.get("no_file")):
        if any(field not in item for field in REQUIRED[kind]):
            raise senseless("tag_missing")
    if kind == 5 and not 1 <= item["class"] <= 8:
        raise senseless("unknown_enum")
    if kind == 6 and not 1 <= item["because"] <= 5:
        raise senseless("unknown_enum")
    if "hash" in item:
        data = bytes.fromhex(item["hash"])
        if not data or data[0] != 1 or len(data) != 5:
            raise senseless("hash_form")


def check_methods(methods):
    last = -1
    for method in methods:
        low, high = method["versions"] >> 4, method["versions"] & 15
        if method["id"] <= last:
            raise malformed("method_order")
        if not 1 <= low <= high:
            raise malformed("method_versions")
        last = method["id"]


def check_hello(out):
    if not 131072 <= out["max_frame"] < 1 << 24:
        raise senseless("max_frame_range")
    if out["max_inflight"] == 0:
        raise senseless("max_inflight_zero")


def digest(open_set):
    """XOR of mix(number XOR mix(attempt)), as workers.md says."""
    def mix(z):
        for shift, factor in ((30, 0xBF58476D1CE4E5B9), (27, 0x94D049BB133111EB)):
            z = (z ^ z >> shift) * factor % 2**64
        return z ^ z >> 31

    total = 0
    for number, attempt in open_set:
        total ^= mix(number ^ mix(attempt))
    return total


def crc32c(data):
    """CRC-32C bit by bit: slow, and not the table of the writing half."""
    rest = 0xFFFFFFFF
    for byte in data:
        rest ^= byte
        for _ in range(8):
            rest = (rest >> 1) ^ (0x82F63B78 & -(rest & 1))
    return rest ^ 0xFFFFFFFF


def inflate(wire, plain_len):
    """Exactly one whole zlib stream of exactly plain_len bytes."""
    engine = zlib.decompressobj(15)
    try:
        plain = engine.decompress(wire, plain_len)
        if len(plain) < plain_len:
            rule = "plain_len_too_great" if engine.eof else "stream_unfinished"
            raise Refusal("DECOMPRESS", rule)
        if not engine.eof and engine.decompress(engine.unconsumed_tail, 1):
            raise Refusal("DECOMPRESS", "plain_len_too_small")
    except zlib.error as error:
        raise Refusal("DECOMPRESS", zlib_rule(wire, str(error))) from None
    if not engine.eof:
        raise Refusal("DECOMPRESS", "stream_unfinished")
    if engine.unused_data:
        raise Refusal("DECOMPRESS", "bytes_after_stream")
    return plain


def zlib_rule(wire, text):
    if "incorrect data check" in text:
        return "adler32"
    if "Error 2" in text:
        return "preset_dictionary"
    if wire[:2] == b"\x1f\x8b":
        return "gzip"
    if "header check" in text or "compression method" in text:
        return "not_zlib"
    return "stream_damaged"
