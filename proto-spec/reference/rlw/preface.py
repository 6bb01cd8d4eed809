# SPDX-License-Identifier: Apache-2.0
"""The preface: 16 bytes each way, fixed for ever."""

import struct

from . import numbers
from .checksum import crc32c
from .errors import Refused

MAGIC = bytes.fromhex(numbers.TABLES["protocol"]["magic"])
SIZE = 16
VERSION = numbers.TABLES["protocol"]["version"]


def client(role, lowest=VERSION, highest=VERSION):
    """The preface of a client."""
    return sealed(MAGIC + bytes([lowest, highest, role, 0]))


def server(chosen, status, retry_after):
    """The preface of a server; retry_after is in units of 100 ms."""
    return sealed(MAGIC + struct.pack("<BBH", chosen, status, retry_after))


def sealed(data):
    return data + struct.pack("<I", crc32c(data))


def read_client(data):
    """What a server reads. Nothing may come after it before the answer."""
    check(data)
    lowest, highest, role, reserved = data[8:12]
    if reserved:
        raise Refused("CLOSE", "reserved", "byte 11 is not 0")
    if not 1 <= lowest <= highest:
        raise Refused("CLOSE", "version_range", f"{lowest} to {highest}")
    if role not in numbers.known("roles"):
        raise Refused("DENIED", "role", f"role {role}")
    if len(data) > SIZE:
        raise Refused("CLOSE", "bytes_too_early")
    return {"lowest": lowest, "highest": highest, "role": role}


def read_server(data, lowest=VERSION, highest=VERSION):
    """What a client reads, which offered `lowest` to `highest`."""
    check(data)
    chosen, status, retry_after = struct.unpack("<BBH", data[8:12])
    if status == 0 and not lowest <= chosen <= highest:
        raise Refused("CLOSE", "version_not_offered", f"version {chosen}")
    if status == 0 and retry_after:
        raise Refused("CLOSE", "reserved", "status 0 with retry_after")
    if len(data) > SIZE:
        raise Refused("CLOSE", "bytes_too_early")
    return {"chosen": chosen, "status": status, "retry_after": retry_after}


def check(data):
    """What both prefaces have in common. A wrong magic shows before all 16 bytes are there."""
    if data[:8] != MAGIC[: len(data)]:
        raise Refused("CLOSE", "magic")
    if len(data) < SIZE:
        raise Refused("INCOMPLETE", "preface_truncated")
    if data[12:16] != struct.pack("<I", crc32c(data[:12])):
        raise Refused("CLOSE", "preface_crc")
