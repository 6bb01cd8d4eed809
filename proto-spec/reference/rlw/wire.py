# SPDX-License-Identifier: Apache-2.0
"""Single values as bytes (encoding.md, "Types"): one way to write each, and a total reader."""

import struct

from .errors import malformed

UINT64_MAX = (1 << 64) - 1


class Reader:
    """Bytes that are read from the front; asks only for what is there."""

    def __init__(self, data):
        self.data, self.at = bytes(data), 0

    @property
    def left(self):
        """How many bytes are left."""
        return len(self.data) - self.at

    def take(self, count):
        """The next `count` bytes."""
        if count > self.left:
            raise malformed("truncated", f"{count} bytes wanted, {self.left} left")
        self.at += count
        return self.data[self.at - count : self.at]

    def end(self, rule="trailing_bytes"):
        """Nothing may be left."""
        if self.left:
            raise malformed(rule, f"{self.left} bytes are left")

    def u8(self):
        return self.take(1)[0]

    def u64(self):
        return int.from_bytes(self.take(8), "little")

    def f64(self):
        return struct.unpack("<d", self.take(8))[0]

    def uvarint(self, bits=64):
        """Seven bits a byte, the low ones first, in the shortest form only."""
        value = 0
        for index in range(10):
            if not self.left:
                raise malformed("uvarint_truncated")
            byte = self.take(1)[0]
            if index == 9 and byte & 0x80:
                raise malformed("uvarint_too_long")
            if index == 9 and byte > 1:
                raise malformed("uvarint_tenth_byte")
            value |= (byte & 0x7F) << (7 * index)
            if not byte & 0x80:
                if byte == 0 and index:
                    raise malformed("uvarint_not_minimal")
                break
        if value >> bits:
            raise malformed("number_too_wide", f"{value} has more than {bits} bits")
        return value

    def svarint(self):
        """The zigzag form: 0, -1, 1, -2 are 0, 1, 2, 3."""
        folded = self.uvarint()
        return -(folded >> 1) - 1 if folded & 1 else folded >> 1

    def text(self, count):
        """Valid UTF-8 (RFC 3629). Python's strict decoder is one."""
        try:
            return self.take(count).decode("utf-8")
        except UnicodeDecodeError as error:
            raise malformed("utf8", error.reason) from None

    def count(self, smallest):
        """The number of items, if so many can be there."""
        count = self.uvarint()
        if count * smallest > self.left:
            raise malformed("count_beyond_bytes", f"{count} items in {self.left} bytes")
        return count


class Writer:
    """Bytes that are written one after the other. Values out of range are the caller's mistake."""

    def __init__(self):
        self.data = bytearray()

    def raw(self, data):
        self.data += data

    def u8(self, value):
        self.data += value.to_bytes(1, "little")

    def u64(self, value):
        self.data += value.to_bytes(8, "little")

    def f64(self, value):
        self.data += struct.pack("<d", value)

    def uvarint(self, value, bits=64):
        if value < 0 or value >> bits:
            raise ValueError(f"{value} is no number of {bits} bits")
        while value > 0x7F:
            self.data.append(value & 0x7F | 0x80)
            value >>= 7
        self.data.append(value)

    def svarint(self, value):
        self.uvarint(value << 1 if value >= 0 else (-value << 1) - 1)
