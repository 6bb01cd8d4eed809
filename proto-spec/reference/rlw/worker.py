# SPDX-License-Identifier: Apache-2.0
"""A worker (workers.md): it registers, takes assignments and runs a command for each.

Its film is one small file, or none at all: it shows the protocol, not encoding. It holds nothing
over a restart: what it had when it died is the old incarnation's.
"""

import os
import pathlib
import random
import secrets
import subprocess
import time
import uuid

from . import messages, numbers
from .checksum import crc32c, digest
from .errors import Answered, Lost, Refused, code_name
from .session import Session

KINDS = {row["name"]: row["number"] for row in numbers.TABLES["report_kinds"]}
BECAUSE = {row["name"]: row["number"] for row in numbers.TABLES["release_reasons"]}
CLASSES = {row["name"]: row["number"] for row in numbers.TABLES["failure_classes"]}
VERDICTS = {row["name"]: row["number"] for row in numbers.TABLES["verdicts"]}
PHASES = {"assigned": 1, "running": 2, "encoded": 3, "granted": 4, "published": 5, "failed": 6}
TERMINAL = {row["number"] for row in numbers.TABLES["report_kinds"] if row["terminal"]}
LATER = ("STORAGE_READONLY", "BUSY")
# What is answered so is answered so again.
NEVER = ("AUTH_REQUIRED", "AUTH_FAILED", "DENIED")
PROGRESS_EVERY = 1.0
ERROR_EXIT = 1


class Attempt:
    """One attempt that the worker holds."""

    def __init__(self, assignment):
        self.id, self.number = assignment["id"], assignment["number"]
        self.attempt, self.engine = assignment["attempt"], assignment["engine"]
        self.granted = assignment.get("granted", [])
        self.look_only = "look_only" in assignment
        self.devices = assignment.get("devices", [])
        self.kill_on_lease_loss = "kill_on_lease_loss" in assignment
        self.spec, self.process, self.started_at = None, None, time.monotonic()
        self.phase, self.film, self.revoked = PHASES["assigned"], None, False

    @property
    def pair(self):
        return (self.number, self.attempt)

    @property
    def as_held(self):
        held = {"id": self.id, "attempt": self.attempt, "phase": self.phase}
        return held | ({"devices": self.devices} if self.devices else {})

    @property
    def output(self):
        return pathlib.Path(self.spec["output"])

    @property
    def part(self):
        """The part stands in the folder of the output, so that the rename is one."""
        name = f".reelwork-{uuid.UUID(bytes=self.id)}-{self.attempt}.part"
        return self.output.parent / name


class Worker:
    """A worker over one session after the other."""

    def __init__(self, endpoint, name, slots=1, no_file=False, command=("true",),
                 compress=True, engines=("ffmpeg",), encoders=("libx264", "aac"), security=None,
                 say=print):
        self.endpoint, self.name, self.slots, self.compress = endpoint, name, slots, compress
        self.security = security
        self.no_file, self.command, self.say = no_file, list(command), say
        # Which jobs come is decided by these: an engine without the encoders gets none.
        self.engines, self.encoders = engines, list(encoders)
        self.incarnation = secrets.randbits(64) or 1
        # What the worker has anything of, and terminal reports that were not answered yet.
        self.held, self.unanswered = {}, {}
        self.cluster = None
        self.ended, self.stopping = 0, False
        # A byte comes here when the worker is told to end.
        self.wake_reader, self.wake_writer = os.pipe()

    def drain(self, *_):
        """Takes nothing more, and ends when nothing is held. May be called by a signal."""
        if not self.stopping:
            self.stopping = True
            os.write(self.wake_writer, b"x")

    # Sessions

    def run(self, jobs=None):
        """Works until `jobs` attempts have ended, connecting again whenever it must."""
        wait = 0.1
        while not self.is_done(jobs):
            try:
                with Session(self.endpoint, "worker", self.compress, self.security) as session:
                    self.serve(session, jobs)
                    return
            except (Lost, OSError) as error:
                self.say(f"lost: {error}")
            except Answered as error:
                if code_name(error.code) in NEVER:
                    raise
                # SESSION_SUPERSEDED too: this worker has no newer connection, so its lease is over.
                self.say(f"refused: {error}")
                wait = max(wait, error.retry_after)
            self.pause(random.uniform(0.1, max(0.1, wait)))
            wait = min(wait * 2, 5.0)

    def is_done(self, jobs):
        """Have so many attempts ended, or, when it drains, all that is held?"""
        if self.stopping and not self.held:
            return True
        return jobs is not None and self.ended >= jobs

    def pause(self, seconds):
        time.sleep(seconds)

    def serve(self, session, jobs):
        """One session: REGISTER, then whatever comes."""
        self.session, self.seen, self.limit = session, 0, 0
        self.reports, self.waiting, self.sent_at = {}, [], {}
        self.open = set()
        self.check_cluster(session.hello_ack)
        self.confirmed_at = time.monotonic()
        self.register()
        self.limit = max(0, self.slots - len(self.held))
        session.event("CREDIT", {"assign_limit": self.limit})
        # All that waits of an earlier session is told again, under the attempt that counts now.
        for one in [one for one in self.held.values() if one.phase == PHASES["encoded"]]:
            self.report(self.item(one, "ready", **one.film))
        for item in list(self.unanswered.values()):
            self.report(item)
        self.heartbeat_at, drained = time.monotonic(), False
        while not self.is_done(jobs) or self.reports:
            if self.stopping and not drained:
                session.event("CREDIT", {"assign_limit": self.limit, "draining": 1})
                drained = True
            self.beat()
            also = self.children() + ([] if drained else [self.wake_reader])
            # Without a lease ended children are left alone, so they are not waited for.
            also = also if self.has_lease() else []
            message = session.receive(self.heartbeat_at - time.monotonic(), also)
            if message is not None:
                self.handle(message)
            self.reap()
            self.retry_later()

    def check_cluster(self, ack):
        """A lower epoch of the same cluster is an old backup: never served."""
        if self.cluster and self.cluster[0] == ack["cluster"] and ack["epoch"] < self.cluster[1]:
            raise SystemExit(f"epoch {ack['epoch']} is below {self.cluster[1]}: an old backup")
        if self.cluster and self.cluster[0] != ack["cluster"]:
            # Another scheduler: what is held for the first one is not its business.
            self.drop_all()
        self.cluster = (ack["cluster"], ack["epoch"])

    def drop_all(self):
        for attempt in list(self.held.values()):
            self.stop(attempt)
        self.held, self.unanswered = {}, {}

    def register(self):
        held = list(self.held.values())
        answer = self.call("REGISTER", {
            "name": self.name,
            "incarnation": self.incarnation,
            "capacity": [["slot", self.slots]],
            "labels": [],
            "engines": [
                {"name": name, "version": "0", "encoders": self.encoders} for name in self.engines
            ],
            "held": [
                one.as_held for one in held
            ],
            "host": os.uname().nodename,
            "pid": os.getpid(),
            "version": "rlw.py 1",
        })
        self.heartbeat, self.lease = answer["heartbeat"] / 1000, answer["lease"] / 1000
        for one, verdict in zip(held, answer["verdicts"], strict=True):
            self.judge(one, verdict)
        self.say(f"registered {self.name} session {answer['session']}")

    def judge(self, one, verdict):
        """What becomes of an attempt that was held over a reconnect."""
        kind = verdict["verdict"]
        if kind == VERDICTS["keep"]:
            self.open.add(one.pair)
        elif kind == VERDICTS["adopt"]:
            self.adopt(one, verdict["attempt"])
        else:
            # kill and done (and what nobody knows): forgotten, and nothing is reported.
            self.unanswered.pop(one.pair, None)
            del self.held[one.pair]
            self.stop(one)

    def adopt(self, one, attempt):
        old, item = one.pair, self.unanswered.pop(one.pair, None)
        old_part = one.part
        del self.held[old]
        published = one.phase >= PHASES["granted"]
        one.attempt = attempt
        self.held[one.pair] = one
        self.open.add(one.pair)
        if one.spec and old_part.exists():
            old_part.rename(one.part)
        self.report(self.item(one, "started", resumed=True))
        if published and item:
            # Under the old grant the film came to its place.
            item |= {"attempt": attempt, "adopted": old[1]}
            self.unanswered[one.pair] = item

    def call(self, name, body):
        """A request to whose answer nothing else is done meanwhile: REGISTER."""
        request_id = self.session.request(name, body)
        while True:
            message = self.session.receive(30.0)
            if message is None:
                raise Lost(f"no answer to {name}")
            if message.request_id == request_id:
                return self.session.answer(message)
            self.handle(message)

    # Heartbeats

    def beat(self):
        now = time.monotonic()
        if now < self.heartbeat_at:
            return
        self.heartbeat_at = now + self.heartbeat * random.uniform(0.8, 1.0)
        request_id = self.session.request("HEARTBEAT", {
            "assigned_seen": self.seen, "open": len(self.open), "digest": digest(self.open),
        })
        self.reports[request_id], self.sent_at[request_id] = [], now

    # What comes

    def handle(self, message):
        if message.type == "EVENT" and message.method == "ASSIGN":
            self.assigned(message.body)
        elif message.type == "EVENT" and message.method == "REVOKE":
            for revocation in message.body["revocations"]:
                self.revoked(revocation)
        elif message.type == "REQUEST" and message.method == "INVENTORY":
            self.session.respond(message, {
                "assigned_seen": self.seen,
                "held": [
                    one.as_held for one in self.held.values() if one.pair in self.open
                ],
            })
        elif message.type == "REQUEST":
            # LOG_READ: `true` says nothing, so there is no log of any attempt.
            self.session.refuse(
                messages.METHOD_IDS[message.method], message.version, message.request_id,
                "NOT_FOUND", "this worker keeps no log",
            )
        elif message.type in ("RESPONSE", "ERROR"):
            self.answered(message)

    def assigned(self, body):
        """An ASSIGN beyond the limit, or with a gap, is a defect of the scheduler."""
        if body["first_index"] != self.seen + 1:
            raise self.session.violation(Refused("PROTOCOL_ERROR", "first_index"))
        self.seen += len(body["assignments"])
        if self.seen > self.limit:
            raise self.session.violation(Refused("PROTOCOL_ERROR", "assign_limit"))
        for assignment in body["assignments"]:
            one = Attempt(assignment)
            self.held[one.pair] = one
            self.open.add(one.pair)
            self.begin(one, assignment["spec"])

    def begin(self, one, data):
        try:
            one.spec = messages.decode_spec(data)
        except Refused as refusal:
            self.fail(one, "capability_mismatch", str(refusal))
            return
        if one.granted and self.look(one):
            return
        if self.stopping or not self.has_lease():
            because = "worker_drains" if self.stopping else "not_started"
            self.end(self.item(one, "released", because=BECAUSE[because]))
            return
        one.process = subprocess.Popen(
            self.command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL
        )
        one.phase = PHASES["running"]
        self.report(self.item(one, "started", pid=one.process.pid, encoder=self.command[0]))

    def look(self, one):
        """An earlier grant may have got as far as the rename. True where that settles it."""
        stem = f".reelwork-{uuid.UUID(bytes=one.id)}-"
        for old in one.output.parent.glob(f"{stem}*.part"):
            old.unlink(missing_ok=True)
        sync_folder(one.output.parent)
        if one.output.exists():
            data = one.output.read_bytes()
            found = {"size": len(data), "hash": hash_of(data)}
            for grant in one.granted:
                if (grant["size"], grant["hash"]) == (found["size"], found["hash"]):
                    one.film = {"output": str(one.output), "film_ms": 0} | found
                    self.end(self.item(one, "finished", adopted=grant["attempt"], **one.film))
                    return True
            if "overwrite" not in one.spec:
                self.fail(one, "user_error", f"{one.output} is there already")
                return True
        if one.look_only:
            self.fail(one, "platform_error", "no film of an earlier grant, retries are spent")
            return True
        return False

    def revoked(self, revocation):
        """Stops it, and says so; an attempt that has just ended is fine too."""
        one = self.held.get((revocation["number"], revocation["attempt"]))
        if one is None or one.pair in self.unanswered:
            return
        if revocation["because"] == 6 and one.phase != PHASES["assigned"]:
            return
        self.stop(one)
        self.end(self.item(one, "released", because=BECAUSE["revoked"]))

    # Children

    def children(self):
        """A descriptor for each process, readable when it has ended (pidfd_open(2))."""
        found = []
        for one in self.held.values():
            if one.process and one.process.returncode is None:
                if not hasattr(one, "descriptor"):
                    one.descriptor = os.pidfd_open(one.process.pid)
                found.append(one.descriptor)
        return found

    def reap(self):
        if not self.has_lease():
            self.lose_lease()
            return
        for one in list(self.held.values()):
            if not one.process or one.phase != PHASES["running"] or one.pair in self.unanswered:
                continue
            status = one.process.poll()
            if status is None:
                continue
            self.close_descriptor(one)
            if status:
                self.fail(one, "runtime_error", f"exit {status}", exit=status)
            elif self.no_file:
                self.end(self.item(one, "finished", no_file=True))
            else:
                self.make_film(one)

    def has_lease(self):
        """Past its own lease the worker starts nothing and asks for no grant."""
        return time.monotonic() - self.confirmed_at < self.lease

    def lose_lease(self):
        """Stops the encodes that no grant can fence; the others go on."""
        for one in list(self.held.values()):
            if one.kill_on_lease_loss and one.phase == PHASES["running"]:
                self.stop(one)
                one.phase = PHASES["failed"]
                self.end(self.item(one, "released", because=BECAUSE["lease_lost"]))

    def close_descriptor(self, one):
        if hasattr(one, "descriptor"):
            os.close(one.descriptor)
            del one.descriptor

    def make_film(self, one):
        """Writes the part, syncs it, and asks for the grant."""
        data = f"film of job {one.number}\n".encode()
        try:
            with open(one.part, "wb") as part:
                part.write(data)
                part.flush()
                os.fsync(part.fileno())
        except OSError as error:
            self.fail(one, "resource_error", str(error))
            return
        one.film = {
            "output": str(one.output), "size": len(data), "film_ms": 0, "hash": hash_of(data),
        }
        one.phase = PHASES["encoded"]
        self.report(self.item(one, "ready", **one.film))

    def publish(self, one):
        """The grant is here: the rename, never over a file that may not be replaced."""
        one.phase = PHASES["granted"]
        try:
            if "overwrite" in one.spec:
                os.replace(one.part, one.output)
            else:
                os.link(one.part, one.output)
                one.part.unlink()
            sync_folder(one.output.parent)
        except FileExistsError:
            self.stop(one)
            self.fail(one, "user_error", f"{one.output} is there already")
            return
        except OSError as error:
            self.stop(one)
            self.fail(one, "resource_error", str(error))
            return
        one.phase = PHASES["published"]
        self.end(self.item(one, "finished", **one.film))

    def stop(self, one):
        """Kills the process and deletes the part."""
        if one.process and one.process.poll() is None:
            one.process.kill()
            one.process.wait()
        self.close_descriptor(one)
        if one.spec:
            one.part.unlink(missing_ok=True)

    # Reports

    def item(self, one, kind, **tags):
        head = {"number": one.number, "attempt": one.attempt, "kind": KINDS[kind]}
        return head | {"at": int(time.time() * 1000)} | tags

    def fail(self, one, name, text, **tags):
        one.phase = PHASES["failed"]
        self.end(self.item(one, "failed", error=text, **{"class": CLASSES[name]}, **tags))

    def end(self, item):
        """A terminal report: kept until it is answered."""
        self.unanswered[(item["number"], item["attempt"])] = item
        self.report(item)

    def report(self, item):
        """Sends one item; a slot that it frees goes with it as credit."""
        pair = (item["number"], item["attempt"])
        limit = 0
        if item["kind"] in TERMINAL and pair in self.open:
            self.open.discard(pair)
            self.limit += 1
            limit = self.limit
        request_id = self.session.request("REPORT", {"assign_limit": limit, "items": [item]})
        self.reports[request_id], self.sent_at[request_id] = [item], time.monotonic()

    def answered(self, message):
        items = self.reports.pop(message.request_id)
        # The worker's own lease runs from the sending of the last request that was answered.
        self.confirmed_at = max(self.confirmed_at, self.sent_at.pop(message.request_id))
        if message.type == "ERROR":
            name = code_name(message.body["code"])
            if name == "SESSION_SUPERSEDED":
                # This session is over: connect again and register.
                raise Lost(message.body["detail"])
            if not items:
                return
            if name not in LATER:
                raise Answered(message.body, message.request_id)
            # Not taken as a whole: what it would have ended is open again, until it is sent.
            after = time.monotonic() + max(0.1, message.body["retry_after"] / 1000)
            for item in items:
                pair = (item["number"], item["attempt"])
                if item["kind"] in TERMINAL and pair in self.held:
                    self.open.add(pair)
                    self.limit -= 1
                self.waiting.append((after, item))
            return
        for item, result in zip(items, message.body.get("results", []), strict=True):
            self.judged(item, result)

    def retry_later(self):
        now, due = time.monotonic(), []
        due = [item for after, item in self.waiting if after <= now]
        self.waiting = [(after, item) for after, item in self.waiting if after > now]
        for item in due:
            self.report(item)

    def judged(self, item, result):
        """What the scheduler said of one item."""
        pair, code = (item["number"], item["attempt"]), code_name(result["code"])
        one = self.held.get(pair)
        self.say(f"{pair[0]}/{pair[1]} {numbers.name('report_kinds', item['kind'])}: {code}")
        if item["kind"] in TERMINAL:
            if code == "GRANT_REQUIRED" and one and one.film:
                self.open.add(pair)
                self.limit -= 1
                del self.unanswered[pair]
                one.phase = PHASES["encoded"]
                self.report(self.item(one, "ready", **one.film))
                return
            self.unanswered.pop(pair, None)
            if one:
                self.stop(one)
                del self.held[pair]
                self.ended += 1
            return
        if one is None or pair in self.unanswered:
            return
        if code in ("STALE_ATTEMPT", "NOT_FOUND"):
            self.stop(one)
            self.end(self.item(one, "released", because=BECAUSE["revoked"]))
        elif item["kind"] == KINDS["ready"] and code == "OK":
            self.publish(one)
        elif code == "ILLEGAL_TRANSITION":
            self.report(self.item(one, "started"))
            self.report(self.item(one, "ready", **one.film))
        elif code not in ("OK", "OK_EXISTS"):
            self.stop(one)
            self.fail(one, "runtime_error", f"{code}: {result.get('detail', '')}")


def hash_of(data):
    """Hash of kind 1: CRC-32C, little-endian."""
    return b"\x01" + crc32c(data).to_bytes(4, "little")


def sync_folder(folder):
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
