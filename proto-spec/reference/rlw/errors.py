# SPDX-License-Identifier: Apache-2.0
"""What goes wrong, and the names of codes (errors.md)."""

from . import numbers


class Refused(Exception):
    """Bytes or values that are not allowed.

    `error` is the name of the code that is answered, or CLOSE (no answer), or INCOMPLETE (more
    bytes are awaited). `rule` is the rule in a word, as the reject vectors call it.
    """

    def __init__(self, error, rule, detail=""):
        super().__init__(f"{error} ({rule}){': ' if detail else ''}{detail}")
        self.error, self.rule, self.detail = error, rule, detail


def malformed(rule, detail=""):
    """The bytes do not follow encoding.md: the connection ends."""
    return Refused("PROTOCOL_ERROR", rule, detail)


def senseless(rule, detail=""):
    """The bytes do, but the value makes no sense here: the request or the item is refused."""
    return Refused("INVALID_ARGUMENT", rule, detail)


class Answered(Exception):
    """An ERROR that the peer sent, for a request or (request id 0) for the connection."""

    def __init__(self, body, request_id=0):
        self.code, self.body, self.request_id = body["code"], body, request_id
        super().__init__(f"{code_name(self.code)}: {body['detail']}")

    @property
    def retry_after(self):
        """Seconds before which it is of no use to try again."""
        return self.body["retry_after"] / 1000


class Lost(Exception):
    """The connection ended; what was open has an unknown outcome."""


class Untrusted(Exception):
    """One side does not know the other: of no use to try again with the same files."""


def code_name(code):
    """The name of a code; an unknown one is kept as its number."""
    return numbers.name("error_codes", code)
