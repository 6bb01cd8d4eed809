# SPDX-License-Identifier: Apache-2.0
"""Frames: the 24 bytes of a header, the payload, and the order of checks (frame.md)."""

import dataclasses
import struct

from . import compression, messages, numbers
from .checksum import crc32c
from .errors import Refused, malformed

SIZE = 24
COMPRESSED = 1
IGNORABLE_FROM = numbers.TABLES["frame_types_ignorable_from"]
TYPES = {row["number"]: row for row in numbers.TABLES["frame_types"]}
TYPE_NUMBERS = {row["name"]: row["number"] for row in numbers.TABLES["frame_types"]}
BODY_SIZES = {"CANCEL": 0, "PING": 8, "PONG": 8}
METHOD_TYPES = ("REQUEST", "RESPONSE", "EVENT")
HANDSHAKE_BYTES_MAX = 4096
EVENTS_OF_A_REQUEST = ("WATCH", "JOB_LOG")

# Which types may come in a state, from the client and from the server; None: see `ready`.
STATES = {
    "before_hello": (("HELLO",), ("ERROR",)),
    "before_hello_ack": ((), ("HELLO_ACK", "ERROR")),
    "before_auth": (("AUTH",), ("ERROR",)),
    "before_auth_ok": ((), ("AUTH_OK", "ERROR")),
    "ready": (None, None),
}


@dataclasses.dataclass
class Header:
    """The fields of a header."""

    wire_len: int
    type: int
    flags: int
    method: int
    version: int
    request_id: int
    plain_len: int
    payload_crc: int

    @property
    def name(self):
        """The name of the type; None for one that this page does not know."""
        return TYPES[self.type]["name"] if self.type in TYPES else None

    @property
    def is_compressed(self):
        return bool(self.flags & COMPRESSED)


@dataclasses.dataclass
class Context:
    """What the reader knows besides the bytes."""

    sender: str
    state: str = "ready"
    max_frame: int = 1 << 20
    codec: int = 1
    last_request_id: int = 0
    # The open requests of the side that reads: request id -> (method, version).
    open: dict = dataclasses.field(default_factory=dict)
    # The methods that this side may be asked for: id -> (lowest, highest).
    methods: dict = None


def encode(type_name, body=b"", method=0, version=0, request_id=0, compress=False):
    """One frame. It is compressed only where that is allowed and worth it."""
    number, wire, flags = TYPE_NUMBERS[type_name], body, 0
    if compress and TYPES[number]["compressible"]:
        smaller = compression.deflate(body)
        if smaller is not None:
            wire, flags = smaller, COMPRESSED
    head = struct.pack(
        "<IBBHIII",
        len(wire), number, flags, method << 4 | version, request_id, len(body), crc32c(wire),
    )
    return head + struct.pack("<I", crc32c(head)) + wire


def read_header(data):
    """Checks 1 to 3: what fails here is closed without an answer."""
    if len(data) < SIZE:
        raise Refused("INCOMPLETE", "header_truncated")
    if data[20:24] != struct.pack("<I", crc32c(data[:20])):
        raise Refused("CLOSE", "header_crc")
    wire_len, kind, flags, method, request_id, plain_len, crc = struct.unpack(
        "<IBBHIII", data[:20]
    )
    if wire_len >> 24:
        raise Refused("CLOSE", "wire_len_top_byte")
    return Header(wire_len, kind, flags, method >> 4, method & 15, request_id, plain_len, crc)


def check_header(header, context):
    """Checks 4 to 11: what must be refused before a byte of the payload is there."""
    if header.flags & ~COMPRESSED:
        raise malformed("reserved_flags", f"flags {header.flags:02x}")
    check_state(header, context)
    name = header.name
    if header.is_compressed and (name is None or not TYPES[header.type]["compressible"]):
        raise malformed("compressed_type", f"{name or header.type}")
    if header.is_compressed and context.codec == 0:
        raise malformed("compressed_without_codec")
    if name is not None:
        check_address(header, name, context)
    if not header.is_compressed and header.plain_len != header.wire_len:
        raise malformed("plain_len_not_wire_len")
    if header.wire_len != BODY_SIZES.get(name, header.wire_len):
        raise malformed("body_length", name)
    if header.is_compressed:
        compression.check_lengths(header.wire_len, header.plain_len)
    is_ready = context.state == "ready"
    limit = context.max_frame if is_ready else min(HANDSHAKE_BYTES_MAX, context.max_frame)
    if max(header.wire_len, header.plain_len) > limit:
        raise Refused("FRAME_TOO_LARGE", "max_frame", f"{header.plain_len}, at most {limit}")
    if header.is_compressed:
        compression.check_ratio(header.wire_len, header.plain_len)


def check_state(header, context):
    """May the type come in this state, from this side?"""
    name = header.name
    allowed = STATES[context.state][context.sender == "server"]
    if allowed is None:
        once = ("HELLO", "HELLO_ACK", "AUTH", "AUTH_OK")
        if name in once:
            raise malformed("state", f"{name} after the handshake")
    elif name == "ERROR" and header.request_id == 0:
        pass
    elif name not in allowed:
        never = ("HELLO", "HELLO_ACK", "AUTH_OK")
        if context.state == "before_auth" and context.sender == "client" and name not in never:
            raise Refused("AUTH_REQUIRED", "state", f"{name} before AUTH")
        raise malformed("state", f"{name} in {context.state}")


def check_address(header, name, context):
    """Do method and request id fit the type?"""
    if name in METHOD_TYPES:
        if header.method == 0:
            raise malformed("method_zero", name)
    elif name == "ERROR":
        if header.request_id == 0 and (header.method or header.version):
            raise malformed("method_not_zero", "an ERROR of the connection has no method")
    else:
        if header.method or header.version:
            raise malformed("method_not_zero", name)
        if header.request_id and name != "CANCEL":
            raise malformed("request_id_not_zero", name)
    own = 1 if context.sender == "client" else 0
    if name in ("REQUEST", "CANCEL"):
        if header.request_id == 0 or header.request_id % 2 != own:
            raise malformed("request_id_parity", f"{header.request_id}")
    if name == "REQUEST" and header.request_id <= context.last_request_id:
        raise malformed(
            "request_id_not_rising", f"{header.request_id} after {context.last_request_id}"
        )
    if name == "EVENT":
        check_event(header, context)
    if name == "RESPONSE" or (name in ("ERROR", "EVENT") and header.request_id):
        asked = context.open.get(header.request_id)
        if asked != (header.method, header.version):
            raise malformed("no_open_request", f"{name} {header.request_id}")


def check_event(header, context):
    """An event that nobody could answer must be right in all."""
    row = messages.METHODS.get(header.method)
    if row is None:
        raise malformed("method", f"{header.method:03X}")
    if f"{row['name']}.event" not in messages.STRUCTS:
        raise malformed("method_shape", row["name"])
    of_request = row["name"] in EVENTS_OF_A_REQUEST
    if (header.request_id != 0) != of_request:
        raise malformed("event_request_id", row["name"])
    # The events of a request come from the side that answers it.
    sender = {"client": "server", "server": "client"}[row["from"]] if of_request else row["from"]
    if sender != context.sender:
        raise malformed("method_shape", f"{row['name']} from the {context.sender}")
    lowest, highest = row["versions"]
    if not lowest <= header.version <= highest:
        raise malformed("method_version", f"{row['name']} {header.version}")


def check_method(header, context):
    """A REQUEST that is not known here is answered; its body is not decoded."""
    row = messages.METHODS.get(header.method)
    if row is None:
        raise Refused("UNIMPLEMENTED", "method", f"{header.method:03X}")
    if row["from"] != context.sender or f"{row['name']}.request" not in messages.STRUCTS:
        raise Refused("UNIMPLEMENTED", "method_shape", row["name"])
    lowest, highest = row["versions"]
    if not lowest <= header.version <= highest:
        raise Refused("UNIMPLEMENTED", "method_version", f"{row['name']} {header.version}")


def read_payload(header, data):
    """Checks 13 to 15: the plain bytes of the body."""
    wire = data[SIZE : SIZE + header.wire_len]
    if len(wire) < header.wire_len:
        raise Refused("INCOMPLETE", "payload_truncated")
    if crc32c(wire) != header.payload_crc:
        raise Refused("CHECKSUM", "payload_crc")
    return compression.inflate(wire, header.plain_len) if header.is_compressed else wire


def body_name(header):
    """The name of the body that a frame holds; None where it has none to decode."""
    name = header.name
    if name in METHOD_TYPES:
        return f"{messages.METHODS[header.method]['name']}.{messages.PARTS[name]}"
    return None if name in (None, "CANCEL") else name


def read(data, context):
    """Reads one frame from the front of `data`.

    Returns its header, and its body as a value (None for CANCEL and what is dropped).
    """
    header = read_header(data)
    check_header(header, context)
    plain = read_payload(header, data)
    if header.name is None:
        if header.type >= IGNORABLE_FROM:
            return header, None
        raise Refused("UNIMPLEMENTED", "frame_type", f"type {header.type:02x}")
    if header.name == "REQUEST":
        check_method(header, context)
    name = body_name(header)
    return header, None if name is None else messages.decode(name, plain)
