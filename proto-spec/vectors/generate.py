#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
# Reelwork: makes, checks and tests the vectors of the wire protocol
"""Vectors of RLW/1.

    generate.py --write      writes valid/ and reject/ anew
    generate.py --check      says whether the files are what this program makes
    generate.py --self-test  reads all files with a second, independent codec, and compares the
                             pages with numbers.json

Needs nothing but Python's standard library (3.9 or later). The bytes of compressed payloads depend
on the version of zlib, so --check passes over the bytes of such files and --self-test reads them.
"""

import argparse
import json
import random
import re
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
SPEC = HERE.parent
sys.path.insert(0, str(HERE))
sys.dont_write_bytecode = True

from maker import decoder, frames, reject_bodies, reject_frames, schema, valid  # noqa: E402
from maker.decoder import Reader, Refusal  # noqa: E402
from maker.vector import plain, read_hex  # noqa: E402


def all_vectors():
    refused = reject_frames.vectors() + reject_bodies.vectors()
    for folder, vectors in (("valid", valid.vectors()), ("reject", refused)):
        names = set()
        for vector in vectors:
            if vector.name in names:
                raise ValueError(f"two vectors are called {vector.name}")
            names.add(vector.name)
            yield folder, vector


def write():
    for folder in ("valid", "reject"):
        (HERE / folder).mkdir(exist_ok=True)
        for path in (HERE / folder).glob("*.*"):
            path.unlink()
    for folder, vector in all_vectors():
        (HERE / folder / f"{vector.name}.hex").write_text(vector.hex_text(), "utf-8")
        (HERE / folder / f"{vector.name}.json").write_text(vector.json_text(), "utf-8")
    return []


def depends_on_zlib(vector):
    """Whether the bytes hold a stream that another zlib may write in another way."""
    return vector.name.startswith(("frame_compressed", "stream_"))


def check():
    """Differences between the files and what this program makes."""
    problems, expected = [], set()
    for folder, vector in all_vectors():
        for ending, text in (("hex", vector.hex_text()), ("json", vector.json_text())):
            path = HERE / folder / f"{vector.name}.{ending}"
            expected.add(path)
            if not path.is_file():
                problems.append(f"missing: {path.relative_to(HERE)}")
            elif path.read_text("utf-8") != text:
                if not (ending == "hex" and depends_on_zlib(vector)):
                    problems.append(f"differs: {path.relative_to(HERE)}")
    for folder in ("valid", "reject"):
        for path in (HERE / folder).iterdir():
            if path not in expected:
                problems.append(f"not made here: {path.relative_to(HERE)}")
    return problems


class SelfTest:
    """Reads the files on disk, not the vectors in memory."""

    def __init__(self):
        self.document = json.loads((SPEC / "numbers.json").read_text("utf-8"))
        self.numbers = frames.Numbers(self.document)
        self.structs = schema.load(SPEC)
        self.problems = []

    def run(self):
        counts = {}
        for folder in ("valid", "reject"):
            paths = sorted((HERE / folder).glob("*.json"))
            counts[folder] = len(paths)
            for path in paths:
                self.one(folder, path)
        self.coverage()
        self.tables()
        self.cut()
        self.damage()
        print(f"{counts['valid']} valid, {counts['reject']} reject")
        return self.problems

    def fail(self, path, text):
        self.problems.append(f"{path.name if isinstance(path, Path) else path}: {text}")

    def one(self, folder, path):
        vector = json.loads(path.read_text("utf-8"))
        data = read_hex(path.with_suffix(".hex").read_text("utf-8"))
        try:
            meaning = self.decode(data, vector)
        except Refusal as refusal:
            if folder == "valid":
                self.fail(path, f"refused: {refusal}")
            elif (refusal.error, refusal.rule) != (vector["error"], vector["rule"]):
                self.fail(path, f"refused for another reason: {refusal}")
            else:
                self.form(path, vector, data)
            return
        if folder == "reject":
            self.fail(path, "accepted")
            return
        for key, value in plain(meaning).items():
            if vector.get(key) != value:
                self.fail(path, f"{key}: read {value}, written {vector.get(key)}")

    def decode(self, data, vector):
        kind = vector["kind"]
        if kind == "preface-client":
            return {"body": frames.preface(data, "client")}
        if kind == "preface-server":
            return {"body": frames.preface(data, "server")}
        if kind == "frame":
            return frames.read(data, vector, self.numbers, self.structs)
        if kind == "body":
            return {"body": decoder.body(data, vector["message"], self.structs)}
        if kind == "jobspec":
            return {"body": decoder.job_spec(data, self.structs)}
        if kind == "digest":
            pairs = [(int(number), int(attempt)) for number, attempt in vector["body"]["open"]]
            made = decoder.digest(pairs).to_bytes(8, "little")
            return {"body": vector["body"] if data == made else made}
        if kind == "stream":
            return {"parts": vector["parts"] if data == self.joined(vector) else None}
        reader = Reader(data, self.structs)
        value = reader.uvarint() if kind == "uvarint" else reader.svarint()
        reader.end()
        return {"value": value}

    def joined(self, vector):
        paths = [HERE / "valid" / f"{name}.hex" for name in vector["parts"]]
        return b"".join(read_hex(path.read_text("utf-8")) for path in paths)

    def form(self, path, vector, data):
        """What makes no sense is still well-formed."""
        if vector["kind"] == "body" and vector["layer"] == "sense":
            try:
                decoder.body_form(data, vector["message"], self.structs)
            except Refusal as refusal:
                self.fail(path, f"its form is refused: {refusal}")

    def coverage(self):
        """Every body of the pages has a vector, and every frame type too."""
        messages, types = set(), set()
        for path in (HERE / "valid").glob("*.json"):
            vector = json.loads(path.read_text("utf-8"))
            messages.add(vector.get("message"))
            types.add(vector.get("type"))
        for name in self.structs:
            if (name.isupper() or "." in name) and name not in messages:
                self.fail(name, "has no valid vector")
        for number in self.numbers.types:
            if number not in types:
                self.fail(hex(number), "frame type without a valid vector")

    def tables(self):
        """The pages name every method, type, code and state with its number."""
        pages = {page.name: page.read_text("utf-8") for page in SPEC.glob("*.md")}
        for method in self.document["methods"]:
            if int(method["hex"], 16) != method["id"]:
                self.fail(method["name"], "hex and id differ")
            shapes = {"event": [".event"], "request": [".request", ".response"],
                      "request_events": [".request", ".response", ".event"]}
            named = {name for name in self.structs if name.split(".")[0] == method["name"]}
            if named != {method["name"] + ending for ending in shapes[method["shape"]]}:
                self.fail(method["name"], f"bodies {sorted(named)} do not fit the shape")
            row = rf"\| {method['hex'].upper()} \| {method['name']} \|"
            if not re.search(row, pages["messages.md"] + pages["admin.md"]):
                self.fail(method["name"], "is in no table of methods")
        for code in self.document["error_codes"]:
            if f"| 0x{code['hex'].upper()} | {code['name']} |" not in pages["errors.md"]:
                self.fail(code["name"], "is not in errors.md")
        for kind in self.document["frame_types"]:
            if f"| {kind['hex']} | {kind['name']} |" not in pages["frame.md"]:
                self.fail(kind["name"], "is not in frame.md")
        self.moves(pages["job-states.md"])

    def moves(self, page):
        """The 9 by 9 table is the list of moves in numbers.json."""
        legal = set()
        for state in self.document["job_states"]:
            row = re.search(rf"^\| {state['number']} {state['name']} \|(.*)\|$", page, re.M)
            cells = [cell.strip() for cell in row.group(1).split("|")]
            legal |= {(state["number"], column + 1) for column, cell in enumerate(cells)
                      if cell == "•"}
            if len(cells) != 9 or cells[state["number"] - 1] != "=":
                self.fail("job-states.md", f"row of {state['name']}")
        if legal != {tuple(move) for move in self.document["legal_moves"]} or len(legal) != 19:
            self.fail("job-states.md", "table and legal_moves differ")

    def cut(self):
        """No valid body, cut anywhere, is read, and none with a byte more."""
        for path in sorted((HERE / "valid").glob("*.json")):
            vector = json.loads(path.read_text("utf-8"))
            if vector["kind"] not in ("body", "jobspec"):
                continue
            data = read_hex(path.with_suffix(".hex").read_text("utf-8"))
            ends = range(len(data)) if len(data) < 600 else range(0, len(data), 997)
            for changed in [data[:end] for end in ends] + [data + b"\x00"]:
                try:
                    self.decode(changed, vector)
                    self.fail(path, f"read although {len(changed)} of {len(data)} bytes")
                except Refusal:
                    pass

    def damage(self):
        """Bodies with some bytes changed give a value or a refusal, never anything else."""
        chance = random.Random(1)
        for path in sorted((HERE / "valid").glob("body_*.json")):
            vector = json.loads(path.read_text("utf-8"))
            data = read_hex(path.with_suffix(".hex").read_text("utf-8"))
            for _ in range(20 if 0 < len(data) < 2000 else 0):
                changed = bytearray(data)
                for _ in range(chance.randint(1, 3)):
                    changed[chance.randrange(len(changed))] = chance.randrange(256)
                try:
                    self.decode(bytes(changed), vector)
                except Refusal:
                    pass


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    for name in ("write", "check", "self-test"):
        parser.add_argument(f"--{name}", action="store_true")
    arguments = parser.parse_args()
    if not (arguments.write or arguments.check or arguments.self_test):
        parser.error("say --write, --check or --self-test")
    problems = []
    if arguments.write:
        problems += write()
    if arguments.check:
        problems += check()
    if arguments.self_test:
        problems += SelfTest().run()
    for problem in problems:
        print(problem, file=sys.stderr)
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
