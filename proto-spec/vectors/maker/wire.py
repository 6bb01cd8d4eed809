# SPDX-License-Identifier: Apache-2.0
# Reelwork: writes values of RLW/1, one function a type
"""The writing half. It knows types, not bodies: each vector puts its body together by hand, so that
the reading half (decoder.py, which takes its fields from the tables of the pages) checks it."""

import struct
import zlib

MAGIC = bytes.fromhex("89524c570d0a1a0a")

HELLO, HELLO_ACK, AUTH, AUTH_OK = 0x01, 0x02, 0x03, 0x04
REQUEST, RESPONSE, ERROR, CANCEL, EVENT = 0x10, 0x11, 0x12, 0x13, 0x14
PING, PONG, GOAWAY = 0x20, 0x21, 0x23
COMPRESSED = 1


def _crc_table():
    table = []
    for byte in range(256):
        rest = byte
        for _ in range(8):
            rest = (rest >> 1) ^ 0x82F63B78 if rest & 1 else rest >> 1
        table.append(rest)
    return table


_CRC_TABLE = _crc_table()


def crc32c(data):
    """CRC-32C (Castagnoli), reflected, start and final XOR all ones."""
    rest = 0xFFFFFFFF
    for byte in data:
        rest = _CRC_TABLE[(rest ^ byte) & 0xFF] ^ (rest >> 8)
    return rest ^ 0xFFFFFFFF


def u8(value):
    return struct.pack("<B", value)


def u64(value):
    return struct.pack("<Q", value)


def f64(value):
    return struct.pack("<d", value)


def uv(value):
    out = bytearray()
    while value > 0x7F:
        out.append(0x80 | (value & 0x7F))
        value >>= 7
    out.append(value)
    return bytes(out)


def sv(value):
    return uv(2 * value if value >= 0 else -2 * value - 1)


def blob(data):
    return uv(len(data)) + data


def s(text):
    return blob(text.encode())


def maybe(data):
    """`bytes?` or `str?`: None is nothing."""
    return uv(0) if data is None else uv(len(data) + 1) + data


def lst(*items):
    return uv(len(items)) + b"".join(items)


def pairs(*items):
    """`[{str, str}]` and `[{str, uv}]`."""
    return lst(*(s(name) + (s(value) if isinstance(value, str) else uv(value))
                 for name, value in items))


def section(*tags):
    """A tagged section; each tag is (number, bytes of one value)."""
    return uv(len(tags)) + b"".join(uv(number) + blob(value) for number, value in tags)


NO_TAGS = section()


def method_word(method, version=1):
    return method << 4 | version


def header(kind, method=0, request_id=0, wire=b"", plain_len=None, flags=0, wire_len=None,
           payload_crc=None):
    """24 bytes; what is not given is computed from the wire bytes."""
    wire_len = len(wire) if wire_len is None else wire_len
    head = struct.pack(
        "<IBBHIII", wire_len, kind, flags, method, request_id,
        wire_len if plain_len is None else plain_len,
        crc32c(wire) if payload_crc is None else payload_crc)
    return head + struct.pack("<I", crc32c(head))


def frame(kind, method=0, request_id=0, body=b"", **header_fields):
    return header(kind, method, request_id, body, **header_fields) + body


def compressed(kind, method, request_id, body, wire=None, plain_len=None, level=1):
    wire = zlib.compress(body, level) if wire is None else wire
    return frame(kind, method, request_id, wire, flags=COMPRESSED,
                 plain_len=len(body) if plain_len is None else plain_len)


def preface_client(lowest, highest, role, reserved=0):
    data = MAGIC + struct.pack("<BBBB", lowest, highest, role, reserved)
    return data + struct.pack("<I", crc32c(data))


def preface_server(chosen, status, retry_after):
    data = MAGIC + struct.pack("<BBH", chosen, status, retry_after)
    return data + struct.pack("<I", crc32c(data))


_MASK = (1 << 64) - 1


def _mix(z):
    z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) & _MASK
    z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & _MASK
    return z ^ (z >> 31)


def attempt_hash(number, attempt):
    return _mix(number ^ _mix(attempt))


def digest(open_set):
    total = 0
    for number, attempt in open_set:
        total ^= attempt_hash(number, attempt)
    return total
