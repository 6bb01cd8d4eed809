# SPDX-License-Identifier: Apache-2.0
"""The types of the tables as objects: each reads, writes and shows one kind of value.

In Python a number is an int, a text a str, bytes are bytes, a list is a list, a tuple without
names a list too, and everything with names is a dict; an absent tag is absent in its dict.
`show` makes the JSON of the vectors of a value, and `parse` goes back.
"""

from .errors import malformed, senseless
from .wire import Reader, Writer

ITEMS_MAX = 4096
TEXT_BYTES_MAX = 4096
BYTES_MAX = 65536
EXACT_MAX = 1 << 53


class Number:
    """u8, u64, uv…, ms, dur: numbers from 0."""

    smallest = 1

    def __init__(self, form, bits):
        self.form, self.bits = form, bits
        self.smallest = 8 if form == "u64" else 1

    def read(self, reader):
        if self.form == "uv":
            return reader.uvarint(self.bits)
        return reader.u8() if self.form == "u8" else reader.u64()

    def write(self, writer, value):
        if self.form == "uv":
            writer.uvarint(value, self.bits)
        elif self.form == "u8":
            writer.u8(value)
        else:
            writer.u64(value)

    def show(self, value):
        return show_number(value)

    def parse(self, shown):
        return int(shown)


class Signed:
    """sv."""

    smallest = 1

    def read(self, reader):
        return reader.svarint()

    def write(self, writer, value):
        writer.svarint(value)

    def show(self, value):
        return show_number(value)

    def parse(self, shown):
        return int(shown)


class Real:
    """f64, of which every bit pattern is allowed."""

    smallest = 8

    def read(self, reader):
        return reader.f64()

    def write(self, writer, value):
        writer.f64(value)

    def show(self, value):
        if value != value:
            return "NaN"
        if value in (float("inf"), float("-inf")):
            return "Infinity" if value > 0 else "-Infinity"
        return value

    def parse(self, shown):
        return float(shown)


class Text:
    """str: its length in bytes, then UTF-8."""

    smallest = 1

    def __init__(self, cap=TEXT_BYTES_MAX):
        self.cap = cap

    def read(self, reader):
        return self.read_body(reader, reader.uvarint())

    def read_body(self, reader, count):
        if count > self.cap:
            raise malformed("string_too_long", f"{count} bytes, at most {self.cap}")
        return reader.text(count)

    def write(self, writer, value):
        data = self.data(value)
        writer.uvarint(len(data))
        writer.raw(data)

    def data(self, value):
        data = value.encode("utf-8")
        if len(data) > self.cap:
            raise ValueError(f"a text of {len(data)} bytes, at most {self.cap}")
        return data

    def show(self, value):
        return value

    def parse(self, shown):
        return shown


class Blob:
    """bytes: their number, then they."""

    smallest = 1

    def __init__(self, cap=BYTES_MAX):
        self.cap = cap

    def read(self, reader):
        return self.read_body(reader, reader.uvarint())

    def read_body(self, reader, count):
        if count > self.cap:
            raise malformed("bytes_too_long", f"{count} bytes, at most {self.cap}")
        return reader.take(count)

    def write(self, writer, value):
        writer.uvarint(len(self.data(value)))
        writer.raw(value)

    def data(self, value):
        if len(value) > self.cap:
            raise ValueError(f"{len(value)} bytes, at most {self.cap}")
        return value

    def show(self, value):
        return value.hex()

    def parse(self, shown):
        return bytes.fromhex(shown)


class Maybe:
    """str? and bytes?: 0 = nothing, otherwise the length + 1."""

    smallest = 1

    def __init__(self, inner):
        self.inner = inner

    def read(self, reader):
        count = reader.uvarint()
        return self.inner.read_body(reader, count - 1) if count else None

    def write(self, writer, value):
        if value is None:
            writer.uvarint(0)
            return
        data = self.inner.data(value)
        writer.uvarint(len(data) + 1)
        writer.raw(data)

    def show(self, value):
        return None if value is None else self.inner.show(value)

    def parse(self, shown):
        return None if shown is None else self.inner.parse(shown)


class Fixed:
    """bytes(N) and id: without a length."""

    def __init__(self, size):
        self.size = self.smallest = size

    def read(self, reader):
        return reader.take(self.size)

    def write(self, writer, value):
        if len(value) != self.size:
            raise ValueError(f"{len(value)} bytes instead of {self.size}")
        writer.raw(value)

    def show(self, value):
        return value.hex()

    def parse(self, shown):
        return bytes.fromhex(shown)


class Flag:
    """A tag without bytes: that it is there is its meaning."""

    smallest = 0

    def read(self, reader):
        return True

    def write(self, writer, value):
        if value is not True:
            raise ValueError("a flag is True, or absent")

    def show(self, value):
        return True

    def parse(self, shown):
        return True


class List:
    """[T]: the number of items, then they."""

    smallest = 1

    def __init__(self, item, cap=ITEMS_MAX):
        self.item, self.cap = item, cap

    def read(self, reader):
        count = reader.count(self.item.smallest)
        if count > self.cap:
            raise malformed("too_many_items", f"{count} items, at most {self.cap}")
        return [self.item.read(reader) for _ in range(count)]

    def write(self, writer, value):
        if len(value) > self.cap:
            raise ValueError(f"{len(value)} items, at most {self.cap}")
        writer.uvarint(len(value))
        for item in value:
            self.item.write(writer, item)

    def show(self, value):
        return [self.item.show(item) for item in value]

    def parse(self, shown):
        return [self.item.parse(item) for item in shown]


class Tuple:
    """{a, b}: its parts and nothing after them. With names it is a dict, without a list."""

    def __init__(self, names, parts):
        self.names, self.parts = names, parts
        self.smallest = sum(part.smallest for part in parts)

    def read(self, reader):
        values = [part.read(reader) for part in self.parts]
        return dict(zip(self.names, values)) if self.names else values

    def values(self, value):
        return [value[name] for name in self.names] if self.names else value

    def write(self, writer, value):
        for part, one in zip(self.parts, self.values(value), strict=True):
            part.write(writer, one)

    def show(self, value):
        shown = [part.show(one) for part, one in zip(self.parts, self.values(value))]
        return dict(zip(self.names, shown)) if self.names else shown

    def parse(self, shown):
        values = [part.parse(one) for part, one in zip(self.parts, self.values(shown))]
        return dict(zip(self.names, values)) if self.names else values


class JobRef:
    """Names a job by number, id or key. No tagged section."""

    parts = {1: ("number", Number("uv", 64)), 2: ("id", Fixed(16)), 3: ("key", Text())}
    smallest = 2

    def read(self, reader):
        kind = reader.u8()
        if kind not in self.parts:
            raise malformed("job_ref_kind", f"kind {kind}")
        name, part = self.parts[kind]
        return {"kind": kind, name: part.read(reader)}

    def write(self, writer, value):
        name, part = self.parts[value["kind"]]
        writer.u8(value["kind"])
        part.write(writer, value[name])

    def show(self, value):
        name, part = self.parts[value["kind"]]
        return {"kind": value["kind"], name: part.show(value[name])}

    def parse(self, shown):
        name, part = self.parts[shown["kind"]]
        return {"kind": shown["kind"], name: part.parse(shown[name])}


class Struct:
    """Fields in order, then (nearly always) a tagged section.

    `common` are the tags that every request may carry; they stand in a dict of that name.
    """

    def __init__(self, name):
        self.name, self.fields, self.tags, self.common = name, [], {}, {}
        self.has_section = True
        self.must_understand_from = None

    @property
    def smallest(self):
        return sum(kind.smallest for _, kind in self.fields) + self.has_section

    def read(self, reader):
        value = {name: kind.read(reader) for name, kind in self.fields}
        if self.has_section:
            self.read_section(reader, value)
        return value

    def read_section(self, reader, value):
        last = 0
        for _ in range(reader.count(2)):
            number = reader.uvarint()
            if number <= last:
                raise malformed("tag_order", f"tag {number} after {last}")
            last = number
            data = reader.take(reader.uvarint())
            known = self.tags.get(number) or self.common.get(number)
            if known is None:
                if self.must_understand_from and number >= self.must_understand_from:
                    raise senseless("jobspec_must_understand", f"tag {number}")
                continue
            name, kind = known
            place = value if number in self.tags else value.setdefault("common", {})
            place[name] = read_tag(kind, data)

    def write(self, writer, value):
        for name, kind in self.fields:
            kind.write(writer, value[name])
        if not self.has_section:
            return
        present = [
            (number, kind, place[name])
            for tags, place in ((self.tags, value), (self.common, value.get("common", {})))
            for number, (name, kind) in tags.items()
            if name in place
        ]
        writer.uvarint(len(present))
        for number, kind, one in sorted(present, key=lambda tag: tag[0]):
            inner = Writer()
            kind.write(inner, one)
            writer.uvarint(number)
            writer.uvarint(len(inner.data))
            writer.raw(inner.data)

    def show(self, value):
        return self.convert(value, "show")

    def parse(self, shown):
        return self.convert(shown, "parse")

    def convert(self, value, how):
        kinds = dict(self.fields) | dict(self.tags.values())
        out = {
            name: getattr(kind, how)(value[name]) for name, kind in kinds.items() if name in value
        }
        common = dict(self.common.values())
        if value.get("common"):
            out["common"] = {
                name: getattr(common[name], how)(one) for name, one in value["common"].items()
            }
        return out


def read_tag(kind, data):
    """Exactly one value, which fills its length exactly."""
    reader = Reader(data)
    try:
        value = kind.read(reader)
    except Exception as error:
        # Bytes that are missing at the end of a tag are the fault of the tag's length.
        short = {"truncated", "uvarint_truncated", "count_beyond_bytes"}
        if getattr(error, "rule", None) in short:
            raise malformed("tag_length", str(error)) from None
        raise
    reader.end("tag_length")
    return value


def show_number(value):
    """A JSON number; a decimal string where a double could not hold it."""
    return value if abs(value) <= EXACT_MAX else str(value)
