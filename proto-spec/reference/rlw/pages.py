# SPDX-License-Identifier: Apache-2.0
"""Reads the tables of bodies out of the pages, so that what people read is what runs.

A heading "### `NAME`" begins a body or a shared struct (two names share a table). Rows
"| `field` | `type` | … |" are its fields, rows "| #n `field` | `type` | … |" its tags.
"""

import re

from . import numbers, types

PAGES = ("encoding.md", "messages.md", "workers.md", "admin.md")
HEADING = re.compile(r"### (`[^`]+`(?:, `[^`]+`)*)\s*$")
ROW = re.compile(r"\| (?:#(\d+) )?`(\w+)` \| `([^`]+)` \|")
CAPPED = re.compile(r"(.+) ≤ (\d+)$")
COMMON = "*.request"


def load():
    """All structs and bodies by name."""
    structs = {}
    for page in PAGES:
        current = []
        for line in (numbers.SPEC / page).read_text("utf-8").splitlines():
            heading = HEADING.match(line)
            if heading:
                names = re.findall(r"`([^`]+)`", heading[1])
                current = [structs.setdefault(name, types.Struct(name)) for name in names]
            elif line.startswith("#"):
                current = []
            elif line.startswith("No tagged section."):
                for struct in current:
                    struct.has_section = False
            row = ROW.match(line)
            for struct in current if row else []:
                add(struct, structs, *row.groups())
    common = structs.pop(COMMON)
    for name, struct in structs.items():
        if name.endswith(".request"):
            struct.common = common.tags
    structs["JobSpec"].must_understand_from = numbers.TABLES["job_spec_must_understand_from"]
    return structs


def add(struct, structs, number, name, text):
    kind = parse(text, structs)
    if number is None:
        struct.fields.append((name, kind))
    else:
        struct.tags[int(number)] = (name, kind)


def parse(text, structs):
    """A type of the tables, such as `[{str, str ≤ 32768}] ≤ 256`."""
    text, cap = text.strip(), None
    if CAPPED.match(text) and not text.endswith(("}", "]")):
        text, cap = CAPPED.match(text).groups()
        cap = int(cap)
    if text.startswith("["):
        return types.List(parse(text[1:-1], structs), *([cap] if cap else []))
    if text.startswith("{"):
        return parse_tuple(text[1:-1], structs)
    if text.endswith("?"):
        return types.Maybe(parse(text[:-1], structs))
    bits = re.fullmatch(r"uv(\d*)", text)
    if bits:
        return types.Number("uv", int(bits[1] or 64))
    size = re.fullmatch(r"bytes\((\d+)\)", text)
    if size:
        return types.Fixed(int(size[1]))
    simple = {
        "u8": lambda: types.Number("u8", 8),
        "u64": lambda: types.Number("u64", 64),
        "ms": lambda: types.Number("uv", 63),
        "dur": lambda: types.Number("uv", 63),
        "sv": types.Signed,
        "f64": types.Real,
        "flag": types.Flag,
        "id": lambda: types.Fixed(16),
        "JobRef": types.JobRef,
        "str": lambda: types.Text(*([cap] if cap else [])),
        "bytes": lambda: types.Blob(*([cap] if cap else [])),
    }
    if text in simple:
        return simple[text]()
    return structs.setdefault(text, types.Struct(text))


def parse_tuple(text, structs):
    """Parts with names (`{id: uv12, versions: u8}`) or without (`{str, uv}`)."""
    pieces, depth = [""], 0
    for character in text:
        depth += (character in "[{") - (character in "]}")
        if character == "," and depth == 0:
            pieces.append("")
        else:
            pieces[-1] += character
    pairs = [re.fullmatch(r"\s*(?:(\w+): )?(.+)", piece).groups() for piece in pieces]
    names = [name for name, _ in pairs if name]
    return types.Tuple(names, [parse(kind, structs) for _, kind in pairs])
