# SPDX-License-Identifier: Apache-2.0
# Reelwork: one vector and its two files
"""A vector is bytes and what they mean, or why they are refused."""

import json


class Vector:
    """Bytes (`NAME.hex`) and their description (`NAME.json`)."""

    def __init__(self, name, data, **description):
        self.name, self.data, self.description = name, data, description

    def hex_text(self):
        text = self.data.hex()
        lines = [text[start:start + 64] for start in range(0, len(text), 64)]
        return "".join(line + "\n" for line in [f"# {self.description['doc']}"] + lines)

    def json_text(self):
        return json.dumps(plain(self.description), indent=2, ensure_ascii=False) + "\n"


# Where a rule is checked, for tests of one part of an implementation; see README.md.
_SESSION = {"state", "request_id_parity", "request_id_not_rising", "no_open_request",
            "event_request_id", "method", "method_version", "method_shape", "frame_type",
            "compressed_without_codec"}
_HEADER = {"header_truncated", "header_crc", "wire_len_top_byte", "reserved_flags", "max_frame",
           "compressed_type", "method_not_zero", "method_zero", "request_id_not_zero",
           "body_length", "plain_len_not_wire_len", "nothing_gained", "ratio"}


def layer(kind, error, rule):
    """The part of an implementation that finds the mistake."""
    if kind.startswith("preface"):
        return "preface"
    if kind == "jobspec":
        return "jobspec"
    if kind == "frame":
        if rule in _SESSION:
            return "session"
        if rule in _HEADER:
            return "header"
        if error in ("CHECKSUM", "INCOMPLETE", "DECOMPRESS"):
            return "payload"
    if error == "INVALID_ARGUMENT":
        return "sense"
    return "body" if kind in ("body", "frame") else "number"


def refused(name, data, kind, error, rule, doc, **context):
    """A vector that must be refused."""
    return Vector(name, data, kind=kind, doc=doc, error=error, rule=rule,
                  layer=layer(kind, error, rule), **context)


def read_hex(text):
    lines = [line for line in text.splitlines() if not line.startswith("#")]
    return bytes.fromhex("".join(lines))


def plain(value):
    """What JSON can hold without loss: numbers beyond 2^53 become decimal strings, bytes hex."""
    if isinstance(value, dict):
        return {key: plain(inner) for key, inner in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(inner) for inner in value]
    if isinstance(value, bytes):
        return value.hex()
    if isinstance(value, float):
        names = {"inf": "Infinity", "-inf": "-Infinity", "nan": "NaN"}
        return names.get(str(value), value)
    if isinstance(value, int) and not isinstance(value, bool) and abs(value) > 1 << 53:
        return str(value)
    return value
