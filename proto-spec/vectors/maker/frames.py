# SPDX-License-Identifier: Apache-2.0
# Reelwork: reads prefaces and whole frames, in the order of checks of frame.md
"""Frames of the reading half; bodies are in decoder.py."""

import struct

from maker import decoder
from maker.decoder import Refusal, malformed

HEADER = struct.Struct("<IBBHIIII")
ALLOWED = {  # state: {side: names of the frames that it may send}
    "before_hello": {"client": {"HELLO"}, "server": set()},
    "before_hello_ack": {"client": set(), "server": {"HELLO_ACK"}},
    "before_auth": {"client": {"AUTH"}, "server": set()},
    "before_auth_ok": {"client": set(), "server": {"AUTH_OK"}},
}
CONTROL = {"HELLO", "HELLO_ACK", "AUTH", "AUTH_OK", "PING", "PONG", "GOAWAY"}


class Numbers:
    """What numbers.json says about frames and methods."""

    def __init__(self, document):
        self.types = {entry["number"]: entry for entry in document["frame_types"]}
        self.methods = {entry["id"]: entry for entry in document["methods"]}
        self.ignorable_from = document["frame_types_ignorable_from"]


def preface(data, side):
    if len(data) < 16:
        raise Refusal("INCOMPLETE", "preface_truncated")
    if len(data) > 16:
        raise Refusal("CLOSE", "bytes_too_early")
    if data[:8] != bytes.fromhex("89524c570d0a1a0a"):
        raise Refusal("CLOSE", "magic")
    if struct.unpack("<I", data[12:])[0] != decoder.crc32c(data[:12]):
        raise Refusal("CLOSE", "preface_crc")
    if side == "client":
        lowest, highest, role, reserved = data[8:12]
        if reserved:
            raise Refusal("CLOSE", "reserved")
        if lowest == 0 or lowest > highest:
            raise Refusal("CLOSE", "version_range")
        if role not in (1, 2, 3):
            raise Refusal("DENIED", "role")
        return {"lowest": lowest, "highest": highest, "role": role}
    chosen, status, retry_after = struct.unpack("<BBH", data[8:12])
    if status == 0 and chosen != 1:
        raise Refusal("CLOSE", "version_not_offered")
    if status == 0 and retry_after:
        raise Refusal("CLOSE", "reserved")
    return {"chosen": chosen, "status": status, "retry_after": retry_after}


def read(data, context, numbers, structs):
    """Reads one frame that fills the bytes; returns what its JSON file says of it."""
    state = context.get("state", "ready")
    max_frame = context.get("max_frame", 1 << 20)
    if len(data) < 24:
        raise Refusal("INCOMPLETE", "header_truncated")
    wire_len, kind, flags, method, request_id, plain_len, payload_crc, header_crc = (
        HEADER.unpack(data[:24]))
    if header_crc != decoder.crc32c(data[:20]):
        raise Refusal("CLOSE", "header_crc")
    if wire_len >> 24:
        raise Refusal("CLOSE", "wire_len_top_byte")
    if flags & ~1:
        raise malformed("reserved_flags")
    entry = numbers.types.get(kind)
    name = entry["name"] if entry else None
    check_state(name, kind, request_id, context["from"], state, numbers)
    compressed = bool(flags & 1)
    if compressed and not (entry and entry["compressible"]):
        raise malformed("compressed_type")
    if compressed and context.get("codec", 1) == 0:
        raise malformed("compressed_without_codec")
    check_ids(name, method, request_id, context, numbers)
    check_lengths(name, compressed, wire_len, plain_len, max_frame, state)
    if len(data) < 24 + wire_len:
        raise Refusal("INCOMPLETE", "payload_truncated")
    if len(data) > 24 + wire_len:
        raise Refusal("CLOSE", "bytes_after_frame")
    wire = data[24:]
    if decoder.crc32c(wire) != payload_crc:
        raise Refusal("CHECKSUM", "payload_crc")
    out = {"type": kind, "compressed": compressed, "method": method >> 4, "version": method & 15,
           "request_id": request_id}
    if entry is None and kind >= numbers.ignorable_from:
        return {**out, "dropped": True}
    if entry is None:
        raise Refusal("UNIMPLEMENTED", "frame_type")
    message = message_name(name, method, context, numbers)
    plain = decoder.inflate(wire, plain_len) if compressed else wire
    if name == "CANCEL":
        return out
    return {**out, "message": message, "body": decoder.body(plain, message, structs)}


def check_state(name, kind, request_id, side, state, numbers):
    if name == "ERROR" and request_id == 0:
        return
    if state != "ready":
        if name in ALLOWED[state][side]:
            return
        handshake = ("HELLO", "HELLO_ACK", "AUTH", "AUTH_OK")
        if state == "before_auth" and side == "client" and name not in handshake:
            raise Refusal("AUTH_REQUIRED", "state")
        raise malformed("state")
    if name in ("HELLO", "HELLO_ACK", "AUTH", "AUTH_OK"):
        raise malformed("state")


def check_ids(name, method, request_id, context, numbers):
    own_parity = 1 if context["from"] == "client" else 0
    if name in CONTROL and method:
        raise malformed("method_not_zero")
    if name in CONTROL and request_id:
        raise malformed("request_id_not_zero")
    if name in ("REQUEST", "RESPONSE", "EVENT") and not method:
        raise malformed("method_zero")
    if name == "CANCEL" and method:
        raise malformed("method_not_zero")
    if name in ("REQUEST", "CANCEL") and (request_id == 0 or request_id % 2 != own_parity):
        raise malformed("request_id_parity")
    if name == "REQUEST" and request_id <= context.get("last_request_id", 0):
        raise malformed("request_id_not_rising")
    if name == "ERROR" and request_id == 0 and method:
        raise malformed("method_not_zero")
    shape = (numbers.methods.get(method >> 4) or {}).get("shape")
    if name == "EVENT" and shape is not None and (request_id == 0) != (shape == "event"):
        raise malformed("event_request_id")
    if name in ("RESPONSE", "ERROR", "EVENT") and (request_id or name == "RESPONSE"):
        opened = {(entry["request_id"], entry["method"], entry["version"])
                  for entry in context.get("open", [])}
        if (request_id, method >> 4, method & 15) not in opened:
            raise malformed("no_open_request")


def check_lengths(name, compressed, wire_len, plain_len, max_frame, state):
    if not compressed and wire_len != plain_len:
        raise malformed("plain_len_not_wire_len")
    if name == "CANCEL" and wire_len:
        raise malformed("body_length")
    if name in ("PING", "PONG") and wire_len != 8:
        raise malformed("body_length")
    if compressed and not 0 < wire_len < plain_len:
        raise Refusal("DECOMPRESS", "nothing_gained")
    limit = max_frame if state == "ready" else min(max_frame, 4096)
    if max(wire_len, plain_len) > limit:
        raise Refusal("FRAME_TOO_LARGE", "max_frame")
    if compressed and plain_len > 65536 and plain_len > 256 * wire_len:
        raise Refusal("DECOMPRESS", "ratio")


def message_name(name, method, context, numbers):
    if name not in ("REQUEST", "RESPONSE", "EVENT"):
        return name
    entry = numbers.methods.get(method >> 4)
    reason = None
    if entry is None:
        reason = "method"
    elif not entry["versions"][0] <= method & 15 <= entry["versions"][1]:
        reason = "method_version"
    elif name == "REQUEST" and (entry["shape"] == "event" or entry["from"] != context["from"]):
        reason = "method_shape"
    elif name == "EVENT" and entry["shape"] == "request":
        reason = "method_shape"
    elif name == "EVENT" and entry["shape"] == "event" and entry["from"] != context["from"]:
        reason = "method_shape"
    if reason and name == "REQUEST":
        raise Refusal("UNIMPLEMENTED", reason)
    if reason:
        raise malformed(reason)
    return f"{entry['name']}.{name.lower()}"
