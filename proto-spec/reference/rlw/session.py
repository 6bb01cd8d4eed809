# SPDX-License-Identifier: Apache-2.0
"""A connection: preface, HELLO, frames both ways, open requests, keepalive, farewell (frame.md)."""

import dataclasses
import selectors
import socket
import ssl
import struct
import time

from . import frame, messages, numbers, preface
from .errors import Answered, Lost, Refused, Untrusted, code_name, malformed
from .security import failure, is_loopback

AGENT = "rlw.py 1"
HANDSHAKE_LIMIT = 5.0
PING_AFTER = 15.0
DEAD_AFTER = 45.0
REQUEST_IDS_MAX = 0xFFFFFFFE
TLS_ALERT = b"\x15\x03"
ROLES = {row["name"]: row["number"] for row in numbers.TABLES["roles"]}


@dataclasses.dataclass
class Message:
    """One frame that came, with its body as a value."""

    type: str
    method: str
    version: int
    request_id: int
    body: dict


def connect_socket(endpoint, security=None, limit=HANDSHAKE_LIMIT):
    """A socket to `unix:PATH` or `tcp:HOST:PORT`; TCP is protected by `security`."""
    family, _, place = endpoint.partition(":")
    if family == "unix":
        made = socket.socket(socket.AF_UNIX)
        made.settimeout(limit)
        made.connect(place)
        return made
    if family == "tcp":
        host, _, port = place.rpartition(":")
        host = host.strip("[]")
        if security is None and not is_loopback(host):
            raise ValueError(f"{endpoint} is another machine: give its authority (--tls-ca)")
        made = socket.create_connection((host, int(port)), limit)
        made.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return made if security is None else security.wrap(made, host)
    raise ValueError(f"{endpoint}: an endpoint is unix:PATH or tcp:HOST:PORT")


class Session:
    """One connection of a client, from its preface to its end."""

    # Where it is set, told of every frame: direction, header.
    trace = None

    def __init__(self, endpoint, role, compress=True, security=None, max_frame=1 << 20,
                 max_inflight=64):
        self.role, self.max_inflight, self.security = role, max_inflight, security
        # Who the server takes this client for, where it was asked who it is.
        self.identity = None
        self.context = frame.Context("server", "before_hello_ack", max_frame, codec=0)
        self.peer_methods, self.hello_ack, self.goaway = {}, None, None
        self.next_id, self.held, self.skipping = 1, b"", 0
        # What was sent of a PING and not yet answered, and when bytes went either way.
        self.last_received = self.last_sent = self.last_ping = time.monotonic()
        self.socket = connect_socket(endpoint, security)
        try:
            self.shake_hands(compress, max_frame)
        except (OSError, struct.error) as error:
            self.close()
            raise failure("handshake", error) from error
        except BaseException:
            self.close()
            raise

    # Handshake

    def shake_hands(self, compress, max_frame):
        self.socket.sendall(preface.client(ROLES[self.role]))
        answer = preface.read_server(self.exactly(preface.SIZE))
        if answer["status"]:
            status = numbers.name("preface_statuses", answer["status"])
            raise Lost(f"the server says {status}, retry after {answer['retry_after'] / 10} s")
        hello = {
            "features": 0,
            "codecs": [1] if compress else [],
            "max_frame": max_frame,
            "max_inflight": self.max_inflight,
            "methods": self.own_methods(),
            "agent": AGENT,
        }
        self.send("HELLO", messages.encode("HELLO", hello))
        message = self.receive(HANDSHAKE_LIMIT)
        if message is None:
            raise Lost("no HELLO_ACK in time")
        self.welcome(message.body, hello)
        if message.body["mechs"]:
            self.authenticate(message.body["mechs"])
        # Only now: nothing is compressed, and no limit but that of the handshake holds, before.
        self.context.codec = self.hello_ack["codec"]
        self.context.max_frame = self.hello_ack["max_frame"]
        self.context.state = "ready"
        self.socket.settimeout(None)

    def authenticate(self, mechanisms):
        """Says who this is. A token goes through TLS alone, to a server that was checked."""
        if self.security is None or not isinstance(self.socket, ssl.SSLSocket):
            raise Untrusted("the server asks who this is, and TLS does not protect the answer")
        answer = self.security.answer(mechanisms)
        self.context.state = "before_auth_ok"
        self.send("AUTH", messages.encode("AUTH", answer), plain=True)
        message = self.receive(HANDSHAKE_LIMIT)
        if message is None:
            raise Lost("no AUTH_OK in time")
        self.identity = message.body["identity"]

    def own_methods(self):
        """The methods of this role's family, with the versions that the pages know."""
        rows = [row for row in numbers.TABLES["methods"] if self.speaks(row)]
        return [
            {"id": row["id"], "versions": row["versions"][0] << 4 | row["versions"][1]}
            for row in sorted(rows, key=lambda row: row["id"])
        ]

    def speaks(self, row):
        if self.role == "worker":
            return row["who"] == "W"
        return row["who"] != "W" and (row["who"] != "A" or self.role == "admin")

    def welcome(self, ack, hello):
        """Takes what HELLO_ACK put in force, if it is within what was offered."""
        if ack["codec"] not in hello["codecs"] + [0]:
            raise self.violation(malformed("codec", f"{ack['codec']} was not offered"))
        if ack["max_frame"] > hello["max_frame"] or ack["max_inflight"] > hello["max_inflight"]:
            raise self.violation(malformed("limits", "above what was offered"))
        if ack["max_frame"] == 0 or ack["max_inflight"] == 0:
            raise self.violation(malformed("limits", "0"))
        self.hello_ack, self.max_inflight = ack, ack["max_inflight"]
        self.peer_methods = {
            method["id"]: divmod(method["versions"], 16) for method in ack["methods"]
        }

    def exactly(self, count):
        """So many bytes, or Lost."""
        data = b""
        while len(data) < count:
            piece = self.socket.recv(count - len(data))
            if not piece and data[:2] == TLS_ALERT:
                raise Untrusted("the server speaks TLS: give its authority (--tls-ca)")
            if not piece:
                raise Lost("closed in the preface")
            data += piece
        return data

    # Sending

    def send(self, type_name, body=b"", method=0, version=0, request_id=0, plain=False):
        compress = self.context.codec == 1 and not plain
        data = frame.encode(type_name, body, method, version, request_id, compress)
        if len(body) > self.context.max_frame:
            raise ValueError(f"{len(body)} bytes, max_frame is {self.context.max_frame}")
        if self.trace:
            self.trace(">", frame.read_header(data))
        try:
            self.socket.sendall(data)
        except OSError as error:
            raise Lost(f"sending: {error}") from error
        self.last_sent = time.monotonic()

    def version(self, name):
        """The version in which a method is spoken: the lower of the two highest."""
        number = messages.METHOD_IDS[name]
        lowest, highest = messages.METHODS[number]["versions"]
        if number not in self.peer_methods:
            raise ValueError(f"the server does not know {name}")
        peer_lowest, peer_highest = self.peer_methods[number]
        if max(lowest, peer_lowest) > min(highest, peer_highest):
            raise ValueError(f"no version of {name} in common")
        return min(highest, peer_highest)

    def request(self, name, body, plain=False):
        """Sends a REQUEST and returns its id; the answer comes by `receive`."""
        if len(self.context.open) >= self.max_inflight and name not in ("HEARTBEAT", "REPORT"):
            raise ValueError(f"{self.max_inflight} requests are open")
        if self.goaway is not None:
            raise Lost("the server says goodbye: " + code_name(self.goaway["code"]))
        if self.next_id > REQUEST_IDS_MAX:
            raise ValueError("the request ids are used up: connect again")
        number, version = messages.METHOD_IDS[name], self.version(name)
        data = messages.encode(f"{name}.request", body)
        request_id, self.next_id = self.next_id, self.next_id + 2
        self.context.open[request_id] = (number, version)
        self.send("REQUEST", data, number, version, request_id, plain)
        return request_id

    def event(self, name, body):
        """Sends an EVENT that concerns the connection."""
        data = messages.encode(f"{name}.event", body)
        self.send("EVENT", data, messages.METHOD_IDS[name], self.version(name))

    def respond(self, message, body):
        """Answers a REQUEST of the server."""
        data = messages.encode(f"{message.method}.response", body)
        number = messages.METHOD_IDS[message.method]
        self.send("RESPONSE", data, number, message.version, message.request_id)

    def refuse(self, method, version, request_id, code, detail, limit=None):
        """Sends an ERROR for a request, or for the connection (0, 0, 0)."""
        body = {
            "code": numbers.number("error_codes", code),
            "retry_after": 0,
            "detail": detail.encode()[:256].decode("utf-8", "ignore"),
        }
        if limit is not None:
            body["limit"] = limit
        self.send("ERROR", messages.encode("ERROR", body), method, version, request_id)

    def cancel(self, request_id):
        """Asks to stop working on a request; it is answered all the same."""
        self.send("CANCEL", request_id=request_id)

    # Receiving

    def receive(self, limit=None, also=()):
        """The next message, or None when `limit` seconds are over or one of `also` can be read.

        PING, PONG and GOAWAY are dealt with here. An ERROR of the connection is raised.
        """
        end = None if limit is None else time.monotonic() + limit
        while True:
            message = self.next_message()
            if message is not None:
                return message
            if not self.fill(end, also):
                return None

    def next_message(self):
        """A message of the bytes that are here; None if they hold none."""
        while True:
            if self.skipping:
                gone = min(self.skipping, len(self.held))
                self.held, self.skipping = self.held[gone:], self.skipping - gone
                if self.skipping:
                    return None
            try:
                header, body = frame.read(self.held, self.context)
            except Refused as refusal:
                if refusal.error == "INCOMPLETE":
                    return None
                message = self.refused(refusal)
                if message is not None:
                    return message
                continue
            self.held = self.held[frame.SIZE + header.wire_len :]
            if self.trace:
                self.trace("<", header)
            message = self.take(header, body)
            if message is not None:
                return message

    def refused(self, refusal):
        """Deals with a frame that is refused: for its request alone where frame.md says so."""
        header = frame.read_header(self.held) if refusal.error != "CLOSE" else None
        name = header.name if header else None
        is_ready = self.context.state == "ready"
        address = (header.method, header.version, header.request_id) if header else None
        if refusal.error == "FRAME_TOO_LARGE" and is_ready and name in ("REQUEST", "RESPONSE"):
            self.held, self.skipping = self.held[frame.SIZE :], header.wire_len
            if name == "REQUEST":
                self.context.last_request_id = header.request_id
                self.refuse(*address, refusal.error, refusal.detail, self.context.max_frame)
                return None
            del self.context.open[header.request_id]
            code = numbers.number("error_codes", refusal.error)
            body = {"code": code, "retry_after": 0, "detail": refusal.detail}
            return Message("ERROR", messages.METHODS[header.method]["name"], *address[1:], body)
        if refusal.error == "UNIMPLEMENTED" and header.request_id:
            self.held = self.held[frame.SIZE + header.wire_len :]
            if name == "REQUEST":
                self.context.last_request_id = header.request_id
            self.refuse(*address, refusal.error, refusal.detail)
            return None
        raise self.violation(refusal)

    def take(self, header, body):
        """Keeps the books of a frame that was read; None where it is no caller's business."""
        name, request_id = header.name, header.request_id
        if name is None or name == "PONG":
            return None
        if name == "PING":
            self.send("PONG", messages.encode("PONG", body))
            return None
        if name == "GOAWAY":
            self.goaway = body
            return None
        if name == "CANCEL":
            return None
        if name == "ERROR" and request_id == 0:
            self.close()
            raise Answered(body)
        if name == "REQUEST":
            self.context.last_request_id = request_id
        if name in ("RESPONSE", "ERROR"):
            del self.context.open[request_id]
        row = messages.METHODS.get(header.method)
        method = row["name"] if row else None
        return Message(name, method, header.version, request_id, body)

    def fill(self, end, also):
        """Waits for bytes and takes them. False when the time is over or `also` has something."""
        while True:
            now = time.monotonic()
            if end is not None and now >= end:
                return False
            wake = min([self.keep_alive(now)] + ([end] if end is not None else []))
            ready = self.await_bytes(max(0, wake - now), also)
            if self.socket in ready:
                try:
                    piece = self.take_bytes()
                except OSError as error:
                    raise Lost(f"receiving: {error}") from error
                if piece is None:
                    continue
                if not piece:
                    raise Lost("the server closed the connection")
                self.last_received = time.monotonic()
                self.held += piece
                return True
            if ready:
                return False

    def await_bytes(self, seconds, also):
        """Which of the socket and `also` can be read, in so many seconds."""
        # What TLS has opened already, no selector shows.
        if isinstance(self.socket, ssl.SSLSocket) and self.socket.pending():
            return {self.socket}
        with selectors.DefaultSelector() as selector:
            selector.register(self.socket, selectors.EVENT_READ)
            for other in also:
                selector.register(other, selectors.EVENT_READ)
            return {key.fileobj for key, _ in selector.select(seconds)}

    def take_bytes(self):
        """What is there; None where it was TLS's own: a ticket, a new key, part of a record."""
        limit = self.socket.gettimeout()
        self.socket.setblocking(False)
        try:
            return self.socket.recv(1 << 18)
        except (BlockingIOError, ssl.SSLWantReadError):
            return None
        finally:
            self.socket.settimeout(limit)

    def keep_alive(self, now):
        """Sends PING where it is due; when to look again."""
        if now - self.last_received >= DEAD_AFTER:
            raise Lost("nothing came for 45 s")
        if self.context.state != "ready":
            return self.last_received + DEAD_AFTER
        due = max(self.last_received, self.last_ping) + PING_AFTER
        if now >= due:
            self.send("PING", messages.encode("PING", {"opaque": struct.pack("<d", now)}))
            self.last_ping, due = now, now + PING_AFTER
        return min(due, self.last_received + DEAD_AFTER)

    # Calls

    def call(self, name, body, on_event=None, plain=False, limit=60.0):
        """Sends a request and waits for its answer; its events go to `on_event`.

        Only for sessions in which nothing else happens: a submitter's or an admin's.
        """
        request_id = self.request(name, body, plain)
        end = None if limit is None else time.monotonic() + limit
        while True:
            message = self.receive(None if end is None else end - time.monotonic())
            if message is None:
                raise Lost(f"no answer to {name} in {limit} s")
            if message.type == "EVENT":
                if on_event:
                    on_event(message.body)
            elif message.request_id == request_id:
                return self.answer(message)

    def answer(self, message):
        """The body of a RESPONSE; an ERROR is raised."""
        if message.type == "ERROR":
            raise Answered(message.body, message.request_id)
        return message.body

    def violation(self, refusal):
        """Says what was wrong, closes, and returns what is to be raised."""
        if refusal.error != "CLOSE":
            try:
                self.refuse(0, 0, 0, refusal.error, str(refusal))
            except Lost:
                pass
        self.close()
        return refusal

    def close(self):
        self.socket.close()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()
