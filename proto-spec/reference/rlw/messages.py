# SPDX-License-Identifier: Apache-2.0
"""Bodies of messages as bytes, by the tables of the pages."""

from . import numbers, pages
from .errors import Refused, malformed
from .wire import Reader, Writer

STRUCTS = pages.load()
METHODS = {row["id"]: row for row in numbers.TABLES["methods"]}
METHOD_IDS = {row["name"]: row["id"] for row in numbers.TABLES["methods"]}
PARTS = {"REQUEST": "request", "RESPONSE": "response", "EVENT": "event"}
BARE = ("HELLO", "HELLO_ACK", "AUTH", "AUTH_OK", "PING", "PONG", "ERROR", "GOAWAY")
SPEC_BYTES_MAX = 65536


def all_names():
    """The names of all bodies, sorted."""
    return sorted(name for name in STRUCTS if "." in name or name in BARE)


def decode(name, data):
    """Reads a body to its last byte. Whether it makes sense is asked of `sense`."""
    reader = Reader(data)
    value = STRUCTS[name].read(reader)
    reader.end()
    if name in ("HELLO", "HELLO_ACK"):
        check_methods(value["methods"])
    return value


def encode(name, value):
    """Writes a body; a value that the tables do not allow is a ValueError."""
    writer = Writer()
    STRUCTS[name].write(writer, value)
    return bytes(writer.data)


def decode_spec(data):
    """Reads a JobSpec. Everything wrong in it is INVALID_ARGUMENT."""
    from . import sense

    try:
        if len(data) > SPEC_BYTES_MAX:
            raise malformed("jobspec_too_long", f"{len(data)} bytes")
        # Another version has another form, so the first byte is judged alone.
        if data[:1] and data[0] != numbers.TABLES["job_spec_version"]:
            raise malformed("jobspec_version", f"version {data[0]}")
        reader = Reader(data)
        value = STRUCTS["JobSpec"].read(reader)
        reader.end()
        sense.check_spec(value)
        return value
    except Refused as refusal:
        raise Refused("INVALID_ARGUMENT", refusal.rule, refusal.detail) from None


def encode_spec(value):
    """Writes a JobSpec."""
    return encode("JobSpec", value)


def check_methods(methods):
    """Ids rise, each once; 1 ≤ lowest ≤ highest."""
    last = -1
    for method in methods:
        if method["id"] <= last:
            raise malformed("method_order", f"{method['id']:03X} after {last:03X}")
        last = method["id"]
        lowest, highest = divmod(method["versions"], 16)
        if not 1 <= lowest <= highest:
            raise malformed("method_versions", f"{method['id']:03X}: {lowest} to {highest}")
