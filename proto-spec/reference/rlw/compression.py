# SPDX-License-Identifier: Apache-2.0
"""Codec 1: each compressed frame is one whole zlib stream by itself (frame.md, "Compression")."""

import zlib

from .errors import Refused

WORTH_FROM = 512
LEVEL = 1
FREE_RATIO_UP_TO = 65536
RATIO_MAX = 256


def deflate(plain):
    """The wire bytes, or None where compressing is not worth it."""
    if len(plain) < WORTH_FROM:
        return None
    wire = zlib.compress(plain, LEVEL)
    # The reader's own rules come first: it would refuse what looks like a bomb.
    worth = len(wire) * 10 <= len(plain) * 9
    bomb = len(plain) > FREE_RATIO_UP_TO and len(plain) > RATIO_MAX * len(wire)
    return wire if worth and not bomb else None


def check_lengths(wire_len, plain_len):
    """What can be refused before a byte is inflated."""
    if not 0 < wire_len < plain_len:
        raise Refused("DECOMPRESS", "nothing_gained", f"{wire_len} bytes of {plain_len}")


def check_ratio(wire_len, plain_len):
    if plain_len > FREE_RATIO_UP_TO and plain_len > RATIO_MAX * wire_len:
        raise Refused("DECOMPRESS", "ratio", f"{wire_len} bytes of {plain_len}")


def inflate(wire, plain_len):
    """Exactly plain_len bytes, of exactly one stream, with nothing after it."""
    check_header(wire)
    # A limit of 0 would mean none to zlib; check_lengths lets no plain_len of 0 come here.
    engine = zlib.decompressobj(zlib.MAX_WBITS)
    try:
        plain = engine.decompress(wire, plain_len)
        if not engine.eof and len(plain) == plain_len:
            # The end of the stream may still be unread; one byte more is one too many.
            if engine.decompress(engine.unconsumed_tail, 1):
                raise Refused("DECOMPRESS", "plain_len_too_small")
    except zlib.error as error:
        rule = "adler32" if "data check" in str(error) else "stream_damaged"
        raise Refused("DECOMPRESS", rule, str(error)) from None
    if not engine.eof:
        raise Refused("DECOMPRESS", "stream_unfinished")
    if len(plain) < plain_len:
        raise Refused("DECOMPRESS", "plain_len_too_great", f"{len(plain)} instead of {plain_len}")
    if engine.unused_data:
        raise Refused("DECOMPRESS", "bytes_after_stream", f"{len(engine.unused_data)}")
    return plain


def check_header(wire):
    """The two bytes of RFC 1950: what is no zlib stream is named before it is tried."""
    if wire[:2] == b"\x1f\x8b":
        raise Refused("DECOMPRESS", "gzip")
    if len(wire) < 2:
        return
    method, flags = wire[0], wire[1]
    if method & 15 != 8 or method >> 4 > 7 or (method << 8 | flags) % 31:
        raise Refused("DECOMPRESS", "not_zlib")
    if flags & 0x20:
        raise Refused("DECOMPRESS", "preset_dictionary")
