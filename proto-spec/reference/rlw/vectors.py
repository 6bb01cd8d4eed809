# SPDX-License-Identifier: Apache-2.0
"""Reads all vectors of ../vectors as vectors/README.md says."""

import json
import re

from . import checksum, frame, messages, numbers, preface, sense
from .errors import Refused
from .wire import Reader, Writer

FOLDER = numbers.SPEC / "vectors"


class Mismatch(Exception):
    """What was read is not what the vector says."""


def load(group):
    """All vectors of `valid` or `reject`: name, bytes, meaning. Each is a pair of files."""
    folder = FOLDER / group
    hexes = {path.stem for path in folder.glob("*.hex")}
    jsons = {path.stem for path in folder.glob("*.json")}
    if hexes != jsons:
        raise Mismatch(f"{group}: files without their other half: {sorted(hexes ^ jsons)}")
    for name in sorted(hexes):
        lines = (folder / f"{name}.hex").read_text("ascii").splitlines()
        data = bytes.fromhex("".join(line for line in lines if not line.startswith("#")))
        yield name, data, json.loads((folder / f"{name}.json").read_text("utf-8"))


def expect(found, wanted, what):
    if found != wanted:
        raise Mismatch(f"{what}: {found!r} instead of {wanted!r}")


def without_unknown(value):
    """The meaning without what a reader drops."""
    if isinstance(value, dict):
        return {
            key: without_unknown(one) for key, one in value.items() if key != "unknown_tags"
        }
    return [without_unknown(one) for one in value] if isinstance(value, list) else value


def decode_valid(data, meaning):
    """Reads a valid vector, compares its meaning, and writes it again where that is defined."""
    kind = meaning["kind"]
    READERS[kind](data, meaning)


def read_number(data, meaning):
    reader, writer = Reader(data), Writer()
    signed = meaning["kind"] == "svarint"
    value = reader.svarint() if signed else reader.uvarint()
    reader.end()
    if "value" in meaning:
        expect(value, int(meaning["value"]), "value")
        (writer.svarint if signed else writer.uvarint)(value)
        expect(bytes(writer.data), data, "bytes")


def read_preface_client(data, meaning):
    body = preface.read_client(data)
    if "body" in meaning:
        expect(body, meaning["body"], "body")
        expect(preface.client(body["role"], body["lowest"], body["highest"]), data, "bytes")


def read_preface_server(data, meaning):
    body = preface.read_server(data)
    if "body" in meaning:
        expect(body, meaning["body"], "body")
        expect(preface.server(**body), data, "bytes")


def read_digest(data, meaning):
    pairs = [(int(number), int(attempt)) for number, attempt in meaning["body"]["open"]]
    expect(checksum.digest(pairs).to_bytes(8, "little"), data, "digest")


def read_body(data, meaning):
    name = meaning["message"]
    value = messages.decode(name, data)
    if "body" in meaning:
        expect_meaning(name, value, data, meaning)
        return
    # A reject vector is judged as a peer would judge it.
    sense.check(name, value)


def read_spec(data, meaning):
    value = messages.decode_spec(data)
    if "body" in meaning:
        expect_meaning("JobSpec", value, data, meaning)


def expect_meaning(name, value, data, meaning):
    struct = messages.STRUCTS[name]
    expect(struct.show(value), without_unknown(meaning["body"]), "body")
    again = messages.encode(name, struct.parse(struct.show(value)))
    expect(again == data, meaning["canonical"], "canonical")


def expect_cuts(data, meaning):
    """A body that is cut anywhere, or has a byte more, is never read; a frame is incomplete."""
    if meaning["kind"] not in ("body", "jobspec", "frame"):
        return
    shorter = {key: one for key, one in meaning.items() if key not in ("body", "type")}
    pieces = [data[:cut] for cut in range(len(data))]
    if meaning["kind"] != "frame":
        pieces.append(data + b"\0")
    for piece in pieces:
        try:
            READERS[meaning["kind"]](piece, shorter)
        except Refused as refusal:
            if meaning["kind"] == "frame":
                expect(refusal.error, "INCOMPLETE", f"cut at {len(piece)}")
            continue
        raise Mismatch(f"{len(piece)} of {len(data)} bytes were read")


def context(meaning):
    """What the reader of a frame knows."""
    return frame.Context(
        sender=meaning["from"],
        state=meaning.get("state", "ready"),
        max_frame=meaning.get("max_frame", 1 << 20),
        codec=meaning.get("codec", 1),
        last_request_id=meaning.get("last_request_id", 0),
        open={
            row["request_id"]: (row["method"], row["version"]) for row in meaning.get("open", [])
        },
    )


def read_frame(data, meaning):
    header, value = frame.read(data, context(meaning))
    if "type" not in meaning:
        return
    expect(frame.SIZE + header.wire_len, len(data), "length")
    for field in ("type", "method", "version", "request_id"):
        expect(getattr(header, field), meaning[field], field)
    expect(header.is_compressed, meaning["compressed"], "compressed")
    if meaning.get("dropped"):
        expect(value, None, "body")
        return
    name = frame.body_name(header)
    expect(name, meaning.get("message"), "message")
    if name is not None:
        struct = messages.STRUCTS[name]
        expect(struct.show(value), without_unknown(meaning["body"]), "body")
    if meaning["canonical"]:
        body = b"" if name is None else messages.encode(name, value)
        again = frame.encode(header.name, body, header.method, header.version, header.request_id)
        expect(again, data, "bytes")


def read_stream(data, meaning):
    """Reads a preface and frames, fed in pieces of every size."""
    group = {name: parts for name, _, parts in load("valid")}
    parts = [group[name] for name in meaning["parts"]]
    for piece in (1, 7, len(data)):
        feed(data, piece, meaning["from"], parts)


def feed(data, piece, sender, parts):
    held, at, rest = b"", 0, list(parts)
    while rest:
        try:
            if rest[0]["kind"].startswith("preface"):
                head, size = held[: preface.SIZE], preface.SIZE
                READERS[rest[0]["kind"]](head, rest[0])
            else:
                header, _ = frame.read(held, context(rest[0]))
                size = frame.SIZE + header.wire_len
                READERS["frame"](held[:size], rest[0])
            held, rest = held[size:], rest[1:]
        except Refused as refusal:
            if refusal.error != "INCOMPLETE" or at >= len(data):
                raise
            held, at = held + data[at : at + piece], at + piece
    expect(held + data[at:], b"", "bytes left")


READERS = {
    "preface-client": read_preface_client,
    "preface-server": read_preface_server,
    "frame": read_frame,
    "body": read_body,
    "jobspec": read_spec,
    "uvarint": read_number,
    "svarint": read_number,
    "digest": read_digest,
    "stream": read_stream,
}


def refuse(data, meaning):
    """Expects that a reject vector is refused with its error and its rule."""
    try:
        READERS[meaning["kind"]](data, meaning)
    except Refused as refusal:
        expect((refusal.error, refusal.rule), (meaning["error"], meaning["rule"]), "refused")
        return
    raise Mismatch("was read")


def byte_tables():
    """The bytes of each table below "Byte by byte" of a page, if they are written out in full."""
    for page in ("messages.md", "workers.md"):
        text = (numbers.SPEC / page).read_text("utf-8")
        section = text.partition("\n## Byte by byte\n")[2].partition("\n## ")[0]
        for table in re.findall(r"\| bytes \| meaning \|\n\|.*\n((?:\|.*\n)+)", section):
            cells = [row.split("|")[1] for row in table.splitlines()]
            if not any("…" in cell for cell in cells):
                spans = "".join(span for cell in cells for span in re.findall("`(.*?)`", cell))
                yield page, bytes.fromhex(spans)


def run(report):
    """Reads every vector; `report` is told of each failure. Returns the three counts."""
    counts = {"valid": 0, "reject": 0, "failed": 0}
    for group, check in (("valid", decode_valid), ("reject", refuse)):
        for name, data, meaning in load(group):
            try:
                check(data, meaning)
                if group == "valid":
                    expect_cuts(data, meaning)
                counts[group] += 1
            except (Refused, Mismatch) as failure:
                counts["failed"] += 1
                report(f"{group}/{name}: {failure}")
    known = {data for _, data, _ in load("valid")}
    for page, data in byte_tables():
        if data not in known:
            counts["failed"] += 1
            report(f"{page}: no vector has the bytes of the table {data.hex()}")
    return counts["valid"], counts["reject"], counts["failed"]
