# SPDX-License-Identifier: Apache-2.0
"""What a submitter and an admin ask for, over a session."""

import uuid

from . import messages, numbers
from .session import Session

OK = (0, 1)
PAGE = 500


def open_session(endpoint, role="submitter", compress=True, security=None):
    return Session(endpoint, role, compress, security)


def ref(text):
    """A JobRef of what a user writes: a number, an id, or `key:KEY`."""
    if text.startswith("key:"):
        return {"kind": 3, "key": text[4:]}
    if text.isdigit():
        return {"kind": 1, "number": int(text)}
    return {"kind": 2, "id": uuid.UUID(text).bytes}


def make_spec(engine, source, output, **more):
    """The bytes of a JobSpec; parameters are sorted by the bytes of their names."""
    parameters = sorted(more.pop("parameters", {}).items(), key=lambda pair: pair[0].encode())
    value = {
        "version": numbers.TABLES["job_spec_version"],
        "engine": engine,
        "queue": more.pop("queue", 0),
        "priority": more.pop("priority", 0),
        "input": source,
        "output": output,
        "parameters": [list(pair) for pair in parameters],
    }
    return messages.encode_spec(value | more)


def submit(session, items, atomic=False):
    """Submits pairs (key, spec bytes); one result for each.

    Sent again after a lost connection, the same keys give the same jobs.
    """
    body = {
        "atomic": int(atomic),
        "items": [{"key": key, "spec": spec} for key, spec in items],
    }
    # A frame with secrets is never compressed.
    plain = any("secrets" in messages.decode_spec(spec) for _, spec in items)
    return session.call("SUBMIT_BATCH", body, plain=plain)["results"]


def watch(session, refs, on_event, limit=None):
    """Tells of each JobEvent until all jobs have ended."""

    def each(body):
        for event in body["events"]:
            on_event(event)

    session.call("WATCH", {"refs": refs}, on_event=each, limit=limit)


def history(session, which):
    """All moves of a job, page by page."""
    moves, after = [], 0
    while True:
        body = {"ref": which, "after_seq": after, "limit": PAGE}
        page = session.call("HISTORY", body)
        moves += page["moves"]
        if not page["more"] or not page["moves"]:
            return moves
        after = moves[-1]["seq"]


def jobs(session, **filters):
    """All jobs, page by page: only a missing cursor says that it was the last."""
    body = {"states": [], "queue": 0, "worker": "", "limit": PAGE, "cursor": None, "view": 0}
    body |= filters
    found = []
    while True:
        page = session.call("LIST_JOBS", body)
        found += page["jobs"]
        if page["cursor"] is None:
            return found
        body["cursor"] = page["cursor"]


def recover(session, which, action, reason):
    """Takes one job back from where it is."""
    body = {
        "target": numbers.number("recover_targets", "jobs"),
        "refs": [which],
        "worker": "",
        "action": numbers.number("recover_actions", action),
        "reason": reason,
    }
    return session.call("RECOVER", body)["items"]
