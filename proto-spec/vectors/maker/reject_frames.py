# SPDX-License-Identifier: Apache-2.0
# Reelwork: prefaces and frames that must be refused
"""Each breaks one rule and no other, so that the reason of the refusal is the rule's."""

import gzip
import zlib

from maker.bodies import SPEC
from maker.vector import refused
from maker.wire import (
    AUTH, AUTH_OK, CANCEL, COMPRESSED, ERROR, EVENT, GOAWAY, HELLO, HELLO_ACK, MAGIC, NO_TAGS, PING,
    PONG, REQUEST, RESPONSE, blob, compressed, frame, header, lst, method_word, preface_client,
    preface_server, s, u8, u64, uv)

WHY = method_word(0x018)
WHY_BODY = u8(1) + uv(12) + NO_TAGS
BIG_BODY = u8(0) + lst(*(s(f"k{index}") + blob(SPEC) + NO_TAGS for index in range(20))) + NO_TAGS
SUBMIT = method_word(0x010)


def prefaces():
    worker, ok = preface_client(1, 1, 1), preface_server(1, 0, 0)

    def client(name, data, error, rule, doc):
        return refused("preface_client_" + name, data, "preface-client", error, rule, doc)

    def server(name, data, error, rule, doc):
        return refused("preface_server_" + name, data, "preface-server", error, rule, doc)

    return [
        client("http", b"GET /metrics HTTP/1.1\r\n"[:16], "CLOSE", "magic", "An HTTP request."),
        client("tls", bytes.fromhex("16030100c8010000c403030011223344"), "CLOSE", "magic",
               "A TLS handshake on a plain port."),
        client("newline_mangled", MAGIC.replace(b"\r\n", b"\n") + worker[8:] + b"\x00", "CLOSE",
               "magic", "CR LF was turned into LF on the way."),
        client("crc", worker[:15] + bytes([worker[15] ^ 1]), "CLOSE", "preface_crc",
               "One bit of the CRC is wrong."),
        client("bit_flipped", worker[:10] + b"\x02" + worker[11:], "CLOSE", "preface_crc",
               "The role changed on the way."),
        client("reserved", preface_client(1, 1, 1, 1), "CLOSE", "reserved", "Byte 11 is not 0."),
        client("version_zero", preface_client(0, 1, 1), "CLOSE", "version_range",
               "Version 0 does not exist."),
        client("versions_swapped", preface_client(2, 1, 1), "CLOSE", "version_range",
               "The lowest version is above the highest."),
        client("role", preface_client(1, 1, 4), "DENIED", "role",
               "An unknown role: answered with preface status 4."),
        client("short", worker[:15], "INCOMPLETE", "preface_truncated", "One byte is missing."),
        client("early_bytes", worker + b"\x14", "CLOSE", "bytes_too_early",
               "A byte of HELLO came before the server's preface."),
        server("crc", ok[:12] + bytes(4), "CLOSE", "preface_crc", "The CRC is missing."),
        server("magic", b"HTTP/1.1 400 Bad", "CLOSE", "magic", "A web server answered."),
        server("version_not_offered", preface_server(2, 0, 0), "CLOSE", "version_not_offered",
               "Status ok with a version that was not offered."),
        server("ok_with_retry", preface_server(1, 0, 1), "CLOSE", "reserved",
               "Status ok with a time to wait."),
    ]


def framed(name, data, error, rule, doc, side="client", **context):
    return refused("frame_" + name, data, "frame", error, rule, doc, **{"from": side}, **context)


def header_rules():
    good = frame(REQUEST, WHY, 1, WHY_BODY)
    wrong_crc = good[:23] + bytes([good[23] ^ 0x80]) + good[24:]
    return [
        framed("header_short", good[:23], "INCOMPLETE", "header_truncated",
               "23 of 24 bytes: wait for more."),
        framed("payload_short", good[:-1], "INCOMPLETE", "payload_truncated",
               "The last byte of the payload is missing: wait for more."),
        framed("header_crc", wrong_crc, "CLOSE", "header_crc", "The header's CRC is wrong."),
        framed("header_bit_flipped", bytes([good[0] ^ 0x10]) + good[1:], "CLOSE", "header_crc",
               "A length changed on the way; it must not be believed."),
        framed("wire_len_top_byte", header(REQUEST, WHY, 1, wire_len=1 << 24), "CLOSE",
               "wire_len_top_byte", "wire_len of 16 MiB."),
        framed("flags_2", frame(REQUEST, WHY, 1, WHY_BODY, flags=2), "PROTOCOL_ERROR",
               "reserved_flags", "A reserved flag."),
        framed("flags_80", frame(0x80, 0, 0, b"x", flags=0x80), "PROTOCOL_ERROR",
               "reserved_flags", "A reserved flag on an extension."),
        framed("plain_len_greater", frame(REQUEST, WHY, 1, WHY_BODY, plain_len=4),
               "PROTOCOL_ERROR", "plain_len_not_wire_len", "Plain, and plain_len is greater."),
        framed("plain_len_smaller", frame(REQUEST, WHY, 1, WHY_BODY, plain_len=2),
               "PROTOCOL_ERROR", "plain_len_not_wire_len", "Plain, and plain_len is smaller."),
        framed("payload_crc", frame(REQUEST, WHY, 1, WHY_BODY, payload_crc=0), "CHECKSUM",
               "payload_crc", "The payload's CRC is wrong."),
        framed("ignorable_payload_crc", frame(0x90, 0, 0, b"x", payload_crc=0), "CHECKSUM",
               "payload_crc", "An extension is checked before it is dropped."),
        framed("too_large_request", header(REQUEST, SUBMIT, 1, wire_len=262145),
               "FRAME_TOO_LARGE", "max_frame",
               "One byte above max_frame: skipped by exact count and answered.", max_frame=262144),
        framed("too_large_inflated",
               header(REQUEST, SUBMIT, 1, flags=COMPRESSED, wire_len=4096, plain_len=262145),
               "FRAME_TOO_LARGE", "max_frame", "plain_len above max_frame.", max_frame=262144),
        framed("too_large_before_hello", header(HELLO, wire_len=4097), "FRAME_TOO_LARGE",
               "max_frame", "Above 4 KiB before the handshake is over.", state="before_hello"),
        framed("cancel_with_body", frame(CANCEL, 0, 5, b"\x00"), "PROTOCOL_ERROR", "body_length",
               "CANCEL has no body."),
        framed("ping_7", frame(PING, body=bytes(7)), "PROTOCOL_ERROR", "body_length",
               "PING of seven bytes."),
        framed("ping_9", frame(PING, body=bytes(9)), "PROTOCOL_ERROR", "body_length",
               "PING with a section after it."),
    ]


def handshake_rules():
    hello = (u64(0) + lst(u8(1)) + uv(1 << 20) + uv(64) + lst() + s("t") + NO_TAGS)
    return [
        framed("request_before_hello", frame(REQUEST, WHY, 1, WHY_BODY), "PROTOCOL_ERROR", "state",
               "A request before HELLO.", state="before_hello"),
        framed("request_before_hello_ack", frame(REQUEST, WHY, 1, WHY_BODY), "PROTOCOL_ERROR",
               "state", "A request before HELLO was answered.", state="before_hello_ack"),
        framed("request_before_auth", frame(REQUEST, WHY, 1, WHY_BODY), "AUTH_REQUIRED", "state",
               "A request where AUTH was asked for.", state="before_auth"),
        framed("ping_before_hello_ack", frame(PING, body=bytes(8)), "PROTOCOL_ERROR", "state",
               "PING before HELLO_ACK.", side="server", state="before_hello_ack"),
        framed("ignorable_before_hello", frame(0x80, 0, 0, b"x"), "PROTOCOL_ERROR", "state",
               "Extensions come after the handshake.", state="before_hello"),
        framed("hello_twice", frame(HELLO, body=hello), "PROTOCOL_ERROR", "state",
               "A second HELLO."),
        framed("hello_ack_from_client", frame(HELLO_ACK, body=hello), "PROTOCOL_ERROR", "state",
               "HELLO_ACK goes the other way.", state="before_hello"),
        framed("auth_not_asked", frame(AUTH, body=s("token") + blob(b"") + NO_TAGS),
               "PROTOCOL_ERROR", "state", "AUTH when the client is in."),
        framed("auth_ok_not_asked", frame(AUTH_OK, body=s("") + uv(0) + NO_TAGS),
               "PROTOCOL_ERROR", "state", "AUTH_OK when the client is in.", side="server"),
        framed("auth_request_id", frame(AUTH, 0, 1, s("token") + blob(b"t") + NO_TAGS),
               "PROTOCOL_ERROR", "request_id_not_zero", "AUTH with a request id.",
               state="before_auth"),
        framed("auth_method", frame(AUTH, 0x0101, 0, s("token") + blob(b"t") + NO_TAGS),
               "PROTOCOL_ERROR", "method_not_zero", "AUTH with a method.", state="before_auth"),
        framed("auth_too_large", header(AUTH, wire_len=4097),
               "FRAME_TOO_LARGE", "max_frame", "AUTH above what is read before authentication.",
               state="before_auth"),
        framed("auth_ok_from_client", frame(AUTH_OK, body=s("ci") + uv(3) + NO_TAGS),
               "PROTOCOL_ERROR", "state", "AUTH_OK goes the other way.", state="before_auth"),
        framed("ping_before_auth", frame(PING, body=bytes(8)), "AUTH_REQUIRED", "state",
               "PING where AUTH was asked for.", state="before_auth"),
        framed("request_before_auth_ok", frame(REQUEST, 0x0261, 2, NO_TAGS), "PROTOCOL_ERROR",
               "state", "A request of the server before AUTH_OK.", side="server",
               state="before_auth_ok"),
        framed("hello_method", frame(HELLO, 0x0101, 0, hello), "PROTOCOL_ERROR",
               "method_not_zero", "HELLO with a method.", state="before_hello"),
        framed("hello_request_id", frame(HELLO, 0, 1, hello), "PROTOCOL_ERROR",
               "request_id_not_zero", "HELLO with a request id.", state="before_hello"),
        framed("ping_request_id", frame(PING, 0, 1, bytes(8)), "PROTOCOL_ERROR",
               "request_id_not_zero", "PING with a request id."),
        framed("pong_method", frame(PONG, 0x0101, 0, bytes(8)), "PROTOCOL_ERROR",
               "method_not_zero", "PONG with a method."),
        framed("goaway_request_id", frame(GOAWAY, 0, 2, uv(0) + uv(0) + uv(0) + lst() + NO_TAGS),
               "PROTOCOL_ERROR", "request_id_not_zero", "GOAWAY with a request id.",
               side="server"),
        framed("hello_before_auth", frame(HELLO, body=hello), "PROTOCOL_ERROR", "state",
               "A second HELLO where AUTH was asked for.", state="before_auth"),
    ]


def session_rules():
    error = uv(0x0301) + uv(0) + s("") + NO_TAGS
    opened = [{"request_id": 7, "method": 0x018, "version": 1}]
    answer = lst() + NO_TAGS
    return [
        framed("cancel_method", frame(CANCEL, WHY, 5), "PROTOCOL_ERROR", "method_not_zero",
               "CANCEL with a method."),
        framed("cancel_parity", frame(CANCEL, 0, 6), "PROTOCOL_ERROR", "request_id_parity",
               "A client cancels a request of the server's."),
        framed("cancel_zero", frame(CANCEL, 0, 0), "PROTOCOL_ERROR", "request_id_parity",
               "CANCEL of the connection."),
        framed("request_zero", frame(REQUEST, WHY, 0, WHY_BODY), "PROTOCOL_ERROR",
               "request_id_parity", "A request with id 0."),
        framed("request_even_from_client", frame(REQUEST, WHY, 2, WHY_BODY), "PROTOCOL_ERROR",
               "request_id_parity", "The client's ids are odd."),
        framed("request_odd_from_server", frame(REQUEST, method_word(0x026), 1, NO_TAGS),
               "PROTOCOL_ERROR", "request_id_parity", "The server's ids are even.",
               side="server"),
        framed("request_id_again", frame(REQUEST, WHY, 7, WHY_BODY), "PROTOCOL_ERROR",
               "request_id_not_rising", "An id used before.", last_request_id=7),
        framed("request_id_falls", frame(REQUEST, WHY, 5, WHY_BODY), "PROTOCOL_ERROR",
               "request_id_not_rising", "An id below one used before.", last_request_id=7),
        framed("response_not_open", frame(RESPONSE, WHY, 9, answer), "PROTOCOL_ERROR",
               "no_open_request", "No request has this id.", side="server", open=opened),
        framed("response_other_method", frame(RESPONSE, SUBMIT, 7, answer), "PROTOCOL_ERROR",
               "no_open_request", "The request had another method.", side="server", open=opened),
        framed("response_other_version", frame(RESPONSE, method_word(0x018, 2), 7, answer),
               "PROTOCOL_ERROR", "no_open_request", "The request had another version.",
               side="server", open=opened),
        framed("response_zero", frame(RESPONSE, WHY, 0, answer), "PROTOCOL_ERROR",
               "no_open_request", "A response to the connection.", side="server", open=opened),
        framed("error_not_open", frame(ERROR, WHY, 9, error), "PROTOCOL_ERROR", "no_open_request",
               "An error for a request that is not open.", side="server", open=opened),
        framed("error_connection_method", frame(ERROR, WHY, 0, error), "PROTOCOL_ERROR",
               "method_not_zero", "An error on the connection with a method.", side="server"),
        framed("event_credit_with_id", frame(EVENT, method_word(0x022), 1, uv(8) + NO_TAGS),
               "PROTOCOL_ERROR", "event_request_id", "CREDIT concerns the connection."),
        framed("event_watch_without_id", frame(EVENT, method_word(0x013), 0, lst() + NO_TAGS),
               "PROTOCOL_ERROR", "event_request_id", "An event of WATCH without its request.",
               side="server"),
        framed("event_from_wrong_side",
               frame(EVENT, method_word(0x022), 0, uv(8) + NO_TAGS),
               "PROTOCOL_ERROR", "method_shape", "CREDIT goes the other way.", side="server"),
        framed("event_unknown_method", frame(EVENT, method_word(0x7FF), 0, NO_TAGS),
               "PROTOCOL_ERROR", "method", "Nobody could answer it."),
        framed("request_of_event_method", frame(REQUEST, method_word(0x022), 1, uv(8) + NO_TAGS),
               "UNIMPLEMENTED", "method_shape", "CREDIT has no request."),
        framed("request_from_wrong_side", frame(REQUEST, method_word(0x021), 2, NO_TAGS),
               "UNIMPLEMENTED", "method_shape", "HEARTBEAT is the worker's request.",
               side="server"),
        framed("request_unknown_method", frame(REQUEST, method_word(0x7FF), 1, NO_TAGS),
               "UNIMPLEMENTED", "method", "A method of the future; the connection goes on."),
        framed("request_version_2", frame(REQUEST, method_word(0x018, 2), 1, WHY_BODY),
               "UNIMPLEMENTED", "method_version", "A schema version of the future."),
        framed("request_version_0", frame(REQUEST, method_word(0x018, 0), 1, WHY_BODY),
               "UNIMPLEMENTED", "method_version", "There is no version 0."),
        framed("request_method_zero", frame(REQUEST, 0, 1, NO_TAGS), "PROTOCOL_ERROR",
               "method_zero", "A request without a method."),
        framed("event_method_zero", frame(EVENT, 0, 0, NO_TAGS), "PROTOCOL_ERROR", "method_zero",
               "An event without a method."),
        framed("unknown_type", frame(0x7F, 0, 1, NO_TAGS), "UNIMPLEMENTED", "frame_type",
               "A type below 80 that nobody knows."),
        framed("type_zero", frame(0, 0, 0, b""), "UNIMPLEMENTED", "frame_type", "Type 0."),
        framed("trailing_byte", frame(REQUEST, WHY, 1, WHY_BODY + b"\x00"), "PROTOCOL_ERROR",
               "trailing_bytes", "A byte after the last section."),
    ]


def compression_rules():
    plain = BIG_BODY
    stream = zlib.compress(plain, 1)
    raw = zlib.compressobj(1, zlib.DEFLATED, -15)
    raw_stream = raw.compress(plain) + raw.flush()
    dictionary = zlib.compressobj(1, zlib.DEFLATED, 15, zdict=SPEC)
    dictionary_stream = dictionary.compress(plain) + dictionary.flush()
    bad_adler = stream[:-1] + bytes([stream[-1] ^ 1])
    flush = zlib.compressobj(1)
    unfinished = flush.compress(plain) + flush.flush(zlib.Z_SYNC_FLUSH)
    damaged = stream[:2] + b"\xff" + stream[3:]
    bomb = bytes(300_000)
    small = zlib.compress(WHY_BODY)

    def request(name, rule, doc, wire=stream, plain_len=len(plain), error="DECOMPRESS", **context):
        data = compressed(REQUEST, SUBMIT, 1, b"", wire, plain_len)
        return framed("compressed_" + name, data, error, rule, doc, **context)

    def control(name, kind, doc, rule="compressed_type", **context):
        data = frame(kind, 0, 0, stream, flags=COMPRESSED, plain_len=len(plain))
        return framed("compressed_" + name, data, "PROTOCOL_ERROR", rule, doc, **context)

    return [
        request("plain_len_short", "plain_len_too_small", "plain_len is one too small.",
                plain_len=len(plain) - 1),
        request("plain_len_long", "plain_len_too_great", "plain_len is one too great.",
                plain_len=len(plain) + 1),
        request("byte_after_stream", "bytes_after_stream", "One byte after the stream.",
                stream + b"\x00"),
        request("stream_after_stream", "bytes_after_stream", "A second stream after the first.",
                stream + zlib.compress(b"")),
        request("adler", "adler32", "The Adler-32 is wrong.", bad_adler),
        request("adler_missing", "stream_unfinished", "The Adler-32 is missing.", stream[:-4]),
        request("cut", "stream_unfinished", "Half a stream.", stream[:len(stream) // 2]),
        request("sync_flush", "stream_unfinished", "Flushed and not ended.", unfinished),
        request("damaged", "stream_damaged", "A block type that does not exist.", damaged),
        request("dictionary", "preset_dictionary", "A preset dictionary.", dictionary_stream),
        request("raw_deflate", "not_zlib", "Deflate without the zlib header.", raw_stream),
        request("gzip", "gzip", "gzip.", gzip.compress(plain, 1, mtime=0)),
        request("not_compressed", "not_zlib", "COMPRESSED, and plain bytes.", plain[:-1]),
        request("plain_len_zero", "nothing_gained", "plain_len is 0.", plain_len=0),
        request("empty", "nothing_gained", "No bytes at all.", b"", 10),
        request("both_empty", "nothing_gained", "No bytes of nothing.", b"", 0),
        request("equal", "nothing_gained", "wire_len = plain_len.", stream, len(stream)),
        request("greater", "nothing_gained", "A small body grew.", small, len(WHY_BODY)),
        request("bomb", "ratio", "More than 256 times and above 65,536 bytes.",
                zlib.compress(bomb, 9), len(bomb)),
        request("without_codec", "compressed_without_codec", "No codec was agreed on.",
                error="PROTOCOL_ERROR", codec=0),
        request("before_hello_ack", "state", "Before HELLO_ACK.", error="PROTOCOL_ERROR",
                state="before_hello_ack"),
        request("body_malformed", "trailing_bytes", "A sound stream with an unsound body.",
                zlib.compress(plain + b"\x00", 1), len(plain) + 1, "PROTOCOL_ERROR"),
        control("hello", HELLO, "HELLO is never compressed.", state="before_hello"),
        control("ping", PING, "PING is never compressed."),
        control("error", ERROR, "ERROR is never compressed.", side="server"),
        control("goaway", GOAWAY, "GOAWAY is never compressed.", side="server"),
        control("ignorable", 0x80, "Extensions are never compressed."),
    ]


def vectors():
    return (prefaces() + header_rules() + handshake_rules() + session_rules()
            + compression_rules())
