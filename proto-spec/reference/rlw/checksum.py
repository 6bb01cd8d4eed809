# SPDX-License-Identifier: Apache-2.0
"""CRC-32C, and the digest of an open set."""

POLYNOMIAL = 0x82F63B78  # 1EDC6F41, reflected
MASK = (1 << 64) - 1


def _row(byte):
    for _ in range(8):
        byte = byte >> 1 ^ (POLYNOMIAL if byte & 1 else 0)
    return byte


TABLE = [_row(byte) for byte in range(256)]


def crc32c(data, before=0):
    """CRC-32C of `data`, going on from that of the bytes before it."""
    rest = before ^ 0xFFFFFFFF
    for byte in data:
        rest = rest >> 8 ^ TABLE[(rest ^ byte) & 0xFF]
    return rest ^ 0xFFFFFFFF


def mix(z):
    """The mixer of workers.md."""
    z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9 & MASK
    z = (z ^ z >> 27) * 0x94D049BB133111EB & MASK
    return z ^ z >> 31


def digest(open_set):
    """The digest of an open set of pairs (number, attempt)."""
    total = 0
    for number, attempt in open_set:
        total ^= mix(number ^ mix(attempt))
    return total
