# SPDX-License-Identifier: Apache-2.0
"""Lines by which two implementations compare what they write and read.

A line is `NAME HEX` or `NAME HEX JSON`: the name of a body, its bytes, and their meaning as JSON in
one form: sorted keys, no white space, ASCII.
"""

import json

from . import messages, sense
from .errors import Refused
from .randoms import Maker


def canonical(value):
    """JSON in one form."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=True)


def write_random(seed, count, out):
    """Random bodies, each kind in turn."""
    maker, names = Maker(seed), messages.all_names()
    for index in range(count):
        name = names[index % len(names)]
        value = maker.body(name)
        data = messages.encode(name, value)
        out.write(f"{name} {data.hex() or '-'} {canonical(messages.STRUCTS[name].show(value))}\n")


def check_lines(lines, out):
    """Reads each body, judges it, writes it again, and says what it means.

    Answers a line of JSON for each: the meaning, or `{"error": …, "rule": …}`. Returns how many
    were not read, had another meaning than their line says, or were written differently.
    """
    failed = 0
    for line in lines:
        name, digits, *rest = line.rstrip("\n").split(" ", 2)
        data = b"" if digits == "-" else bytes.fromhex(digits)
        try:
            value = messages.decode(name, data)
            sense.check(name, value)
            shown = messages.STRUCTS[name].show(value)
            if rest and canonical(shown) != canonical(json.loads(rest[0])):
                raise Refused("MISMATCH", "meaning", f"{canonical(shown)}")
            again = messages.encode(name, messages.STRUCTS[name].parse(shown))
            if again != data:
                raise Refused("MISMATCH", "bytes", again.hex())
            out.write(canonical(shown) + "\n")
        except Refused as refusal:
            failed += 1
            answer = {"error": refusal.error, "rule": refusal.rule, "detail": refusal.detail}
            out.write(canonical(answer) + "\n")
    return failed
