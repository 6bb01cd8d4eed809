# SPDX-License-Identifier: Apache-2.0
"""All numbers of the protocol, from numbers.json."""

import json
import pathlib

SPEC = pathlib.Path(__file__).resolve().parents[2]
TABLES = json.loads((SPEC / "numbers.json").read_text("utf-8"))


def find(table, number):
    """The row of a number, or None."""
    for row in TABLES[table]:
        if row["number"] == number:
            return row
    return None


def name(table, number):
    """The name of a number. Unknown ones are shown as encoding.md says."""
    row = find(table, number)
    return row["name"] if row else f"unknown({number})"


def number(table, name):
    """The number of a name."""
    for row in TABLES[table]:
        if row["name"] == name:
            return row["number"]
    raise KeyError(f"{table} has no {name}")


def known(table):
    """All numbers of an enum."""
    return {row["number"] for row in TABLES[table]}
