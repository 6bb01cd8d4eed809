# SPDX-License-Identifier: Apache-2.0
# Reelwork: reads the tables of bodies out of the pages
"""The tables of encoding.md, messages.md, workers.md and admin.md are the schema. A heading
"### `NAME`" begins one; rows "| `field` | `type` |" are its fields and rows
"| #n `field` | `type` |" its tags. The words "No tagged section." take the section away."""

import re
from pathlib import Path

PAGES = ("encoding.md", "messages.md", "workers.md", "admin.md")
_HEADING = re.compile(r"^### (`.*`)\s*$")
_ROW = re.compile(r"^\| (?:#(\d+) )?`(\w+)` \| `([^`]+)` \|")
COMMON = "*.request"


class Struct:
    """Fields in order, tags by number, and whether there is a tagged section."""

    def __init__(self, name):
        self.name, self.fields, self.tags, self.has_section = name, [], {}, True


def _split(text):
    """Splits at the commas that are not inside brackets."""
    depth, part, parts = 0, "", []
    for char in text:
        depth += (char in "[{") - (char in "]}")
        if char == "," and depth == 0:
            parts.append(part)
            part = ""
        else:
            part += char
    return [piece.strip() for piece in parts + [part]]


def parse_type(text):
    """'[{str, str ≤ 9}] ≤ 4' -> ('list', ('tuple', [(None, ('str', 4096)), …]), 4)."""
    text, cap = text.strip(), None
    match = re.fullmatch(r"(.*\S) ≤ (\d+)", text)
    if match and match.group(1).count("[") == match.group(1).count("]"):
        text, cap = match.group(1), int(match.group(2))
    if text.startswith("["):
        return ("list", parse_type(text[1:-1]), 4096 if cap is None else cap)
    if text.startswith("{"):
        parts = []
        for part in _split(text[1:-1]):
            name, colon, kind = part.partition(": ")
            parts.append((name, parse_type(kind)) if colon else (None, parse_type(part)))
        return ("tuple", parts)
    fixed = re.fullmatch(r"bytes\((\d+)\)", text)
    if fixed:
        return ("fixed", int(fixed.group(1)))
    bits = re.fullmatch(r"uv(\d+)", text)
    if bits:
        return ("uv", int(bits.group(1)))
    plain = {"uv": ("uv", 64), "ms": ("uv", 63), "dur": ("uv", 63), "id": ("fixed", 16),
             "str": ("str", 4096 if cap is None else cap),
             "bytes": ("bytes", 65536 if cap is None else cap),
             "str?": ("maybe", ("str", 4096)), "bytes?": ("maybe", ("bytes", 65536))}
    if text in plain:
        return plain[text]
    if text in ("u8", "u64", "f64", "sv", "flag", "JobRef"):
        return (text,)
    return ("struct", text)


def load(folder):
    """All structs and bodies of the pages, by name."""
    structs, current = {}, []
    for page in PAGES:
        for line in (Path(folder) / page).read_text("utf-8").splitlines():
            heading = _HEADING.match(line)
            if heading:
                names = re.findall(r"`([^`]+)`", heading.group(1))
                current = [structs.setdefault(name, Struct(name)) for name in names]
            elif line.startswith("#"):
                current = []
            elif "No tagged section." in line:
                for struct in current:
                    struct.has_section = False
            row = _ROW.match(line)
            if row and current:
                number, name, kind = row.group(1), row.group(2), parse_type(row.group(3))
                for struct in current:
                    if number is None:
                        struct.fields.append((name, kind))
                    else:
                        struct.tags[int(number)] = (name, kind)
    common = structs.pop(COMMON)
    for name, struct in structs.items():
        if name.endswith(".request"):
            struct.tags = {**common.tags, **struct.tags}
    return structs
