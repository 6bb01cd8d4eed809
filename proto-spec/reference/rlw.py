#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Reelwork's reference client of RLW/1: submits, watches, works, administers, and compares."""

import argparse
import json
import pathlib
import signal
import sys

from rlw import client, exchange, messages, numbers, vectors
from rlw.errors import Answered, Lost, Refused, Untrusted, code_name
from rlw.security import Security
from rlw.session import Session
from rlw.worker import Worker


def say(value):
    """One line of JSON, at once."""
    print(exchange.canonical(value), flush=True)


def shown(name, value):
    return messages.STRUCTS[name].show(value)


def trace(direction, header):
    """One line on standard error for each frame."""
    row = messages.METHODS.get(header.method)
    words = [direction, header.name or f"type {header.type:02x}", row["name"] if row else "-"]
    words += [str(header.request_id), "compressed" if header.is_compressed else "plain"]
    print(*words, f"{header.wire_len}/{header.plain_len}", file=sys.stderr, flush=True)


def submit(options):
    parameters = dict(pair.split("=", 1) for pair in options.parameter)
    more = {"parameters": parameters}
    if options.overwrite:
        more["overwrite"] = True
    if options.secret:
        more["secrets"] = [pair.split("=", 1) for pair in options.secret]
    items = []
    for index in range(options.count):
        output = options.output.replace("{n}", str(index + 1))
        spec = client.make_spec(options.engine, options.input, output, **more)
        key = options.key if options.count == 1 else f"{options.key}-{index + 1}"
        items.append((key, spec))
    with connect(options) as session:
        results = client.submit(session, items)
        for result in results:
            say(shown("SubmitResult", result) | {"code": code_name(result["code"])})
        failed = [result for result in results if result["code"] not in client.OK]
        return 1 if failed else 0


def watch(options):
    last = {}

    def each(event):
        say(shown("JobEvent", event))
        for part, field in (("view", "state"), ("move", "to")):
            if part in event:
                last[event["number"]] = numbers.name("job_states", event[part][field])

    with connect(options) as session:
        client.watch(session, [client.ref(text) for text in options.job], each, options.limit)
    for number, state in sorted(last.items()):
        print(f"{number} {state}", flush=True)
    return 0 if set(last.values()) == {"completed"} else 1


def cancel(options):
    with connect(options) as session:
        refs = [client.ref(text) for text in options.job]
        answer = session.call("CANCEL_JOB", {"refs": refs, "reason": options.reason})
        for result in answer["results"]:
            say(shown("Result", result) | {"code": code_name(result["code"])})
        return 0 if all(result["code"] in client.OK for result in answer["results"]) else 1


def jobs(options):
    with connect(options) as session:
        for view in client.jobs(session):
            say(shown("JobView", view) | {"state": numbers.name("job_states", view["state"])})
    return 0


def why(options):
    with connect(options) as session:
        say_why(session, options.job)
    return 0


def say_why(session, job):
    answer = session.call("JOB_WHY", {"ref": client.ref(job)})
    state = numbers.name("job_states", answer["state"]) if "state" in answer else None
    say(shown("JOB_WHY.response", answer) | {"state": state})


def work(options):
    worker = Worker(
        options.connect, options.name, options.slots, options.no_file, options.command,
        not options.plain, options.engine or ("ffmpeg",), options.encoder or ("libx264", "aac"),
        security(options), say=lambda text: print(text, flush=True),
    )
    signal.signal(signal.SIGTERM, worker.drain)
    worker.run(options.jobs)
    return 0


def admin(options):
    with connect(options, "admin") as session:
        return ADMIN[options.what](session, options)


def admin_metrics(session, options):
    answer = session.call("METRICS", {"prefix": options.argument or ""})
    for sample in answer["samples"]:
        say(shown("Sample", sample))
    return 0


def admin_history(session, options):
    for move in client.history(session, client.ref(options.argument)):
        say(shown("Move", move))
    return 0


def admin_why(session, options):
    say_why(session, options.argument)
    return 0


def admin_recover(session, options):
    which = client.ref(options.argument)
    items = client.recover(session, which, options.action, options.reason)
    for item in items:
        say(shown("RecoverItem", item) | {"code": code_name(item["code"])})
    return 0 if all(item["code"] in client.OK for item in items) else 1


def admin_loops(session, options):
    for loop in session.call("LOOPS", {})["loops"]:
        say(shown("LoopView", loop))
    return 0


def admin_check(session, options):
    checks = session.call("CHECK", {"deep": int(options.deep)})["checks"]
    for check in checks:
        say(shown("CheckView", check))
    return 0 if all(check["ok"] for check in checks) else 1


def admin_config(session, options):
    for item in session.call("CONFIG", {"prefix": options.argument or ""})["items"]:
        say(shown("ConfigItem", item))
    return 0


def admin_backup(session, options):
    body = {"path": str(pathlib.Path(options.argument).resolve()), "reason": options.reason}
    say(shown("BACKUP.response", session.call("BACKUP", body)))
    return 0


ADMIN = {
    "metrics": admin_metrics,
    "history": admin_history,
    "why": admin_why,
    "recover": admin_recover,
    "loops": admin_loops,
    "check": admin_check,
    "config": admin_config,
    "backup": admin_backup,
}


def decode_vectors(options):
    valid, reject, failed = vectors.run(lambda text: print(text, file=sys.stderr))
    print(f"{valid} decoded, {reject} rejected, {failed} failed")
    return 1 if failed else 0


def write_random(options):
    exchange.write_random(options.seed, options.count, sys.stdout)
    return 0


def check(options):
    failed = exchange.check_lines(sys.stdin, sys.stdout)
    if failed:
        print(f"{failed} failed", file=sys.stderr)
    return 1 if failed else 0


def connect(options, role="submitter"):
    return client.open_session(options.connect, role, not options.plain, security(options))


def security(options):
    """What protects TCP; None where nothing was given."""
    others = (options.tls_cert, options.tls_key, options.tls_name, options.token_file)
    if options.tls_ca is None:
        if any(others):
            raise ValueError("who this is, is told only to a server that is known: give --tls-ca")
        return None
    return Security(options.tls_ca, *others)


EXAMPLES = """\
examples:
  rlw.py jobs --connect unix:/run/reelwork/reelwork.sock
  rlw.py submit --connect tcp:farm.example:7411 --tls-ca ca.pem --token-file ci.token \\
      --input /films/a.mov --output /films/a.mp4 --key a-1
  rlw.py work --connect tcp:farm.example:7411 --name w1 \\
      --tls-ca ca.pem --tls-cert w1.pem --tls-key w1.key

`reelwork auth ca`, `auth cert` and `auth token` make these files; `rlw.py COMMAND --help` tells
the options of a command.
"""


def parse(arguments):
    parser = argparse.ArgumentParser(
        prog="rlw.py", description=__doc__, epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    commands = parser.add_subparsers(dest="command_name", required=True)

    def command(name, run, text, connects=True):
        sub = commands.add_parser(name, help=text, description=text)
        sub.set_defaults(run=run)
        if connects:
            sub.add_argument("--connect", required=True, metavar="unix:PATH|tcp:HOST:PORT")
            tls = sub.add_argument_group("TLS", "for tcp: endpoints")
            tls.add_argument("--tls-ca", metavar="FILE", help="the authority of the server, in PEM")
            tls.add_argument("--tls-cert", metavar="FILE", help="a certificate: who this is")
            tls.add_argument("--tls-key", metavar="FILE", help="the key of --tls-cert")
            tls.add_argument("--token-file", metavar="FILE", help="a token that says it instead")
            tls.add_argument(
                "--tls-name", metavar="NAME",
                help="the name in the server's certificate (the host of --connect)",
            )
            sub.add_argument("--plain", action="store_true", help="offer no compression")
            sub.add_argument("--trace", action="store_true", help="tell of each frame on stderr")
        return sub

    sub = command("submit", submit, "submit jobs; one line of JSON for each")
    sub.add_argument("--engine", default="auto")
    sub.add_argument("--input", required=True)
    sub.add_argument("--output", required=True, help="{n} becomes the number of the job")
    sub.add_argument("--key", required=True, help="the same key again gives the same job")
    sub.add_argument("--count", type=int, default=1)
    sub.add_argument("--parameter", action="append", default=[], metavar="NAME=VALUE")
    sub.add_argument("--secret", action="append", default=[], metavar="NAME=VALUE")
    sub.add_argument("--overwrite", action="store_true")

    sub = command("watch", watch, "tell all events of jobs until they have ended")
    sub.add_argument("job", nargs="+", help="number, id, or key:KEY")
    sub.add_argument("--limit", type=float, help="seconds to wait at most")

    sub = command("cancel", cancel, "cancel jobs; one line of JSON for each")
    sub.add_argument("job", nargs="+", help="number, id, or key:KEY")
    sub.add_argument("--reason", default="rlw.py")

    command("jobs", jobs, "list all jobs; one line of JSON for each")

    sub = command("why", why, "why a job stands where it does; one line of JSON")
    sub.add_argument("job", help="number, id, or key:KEY")

    sub = command("work", work, "be a worker that runs a command for each job")
    sub.add_argument("--name", required=True)
    sub.add_argument("--slots", type=int, default=1)
    sub.add_argument("--jobs", type=int, help="end after so many attempts")
    sub.add_argument("--no-file", action="store_true", help="finish without a film")
    sub.add_argument("--engine", action="append", help="engine to register (ffmpeg)")
    sub.add_argument("--encoder", action="append", help="encoder to register (libx264, aac)")
    sub.add_argument(
        "--command", nargs=argparse.REMAINDER, default=["true"],
        help="what to run for each job, to the end of the line (true)",
    )

    sub = command("admin", admin, "administer")
    sub.add_argument("what", choices=sorted(ADMIN))
    sub.add_argument("argument", nargs="?", help="a job, a prefix or a path")
    sub.add_argument("--deep", action="store_true", help="check: everything")
    sub.add_argument("--reason", default="rlw.py")
    actions = [row["name"] for row in numbers.TABLES["recover_actions"]]
    sub.add_argument("--action", choices=actions, default="recover")

    command("decode-vectors", decode_vectors, "read all vectors of the specification", False)
    sub = command("random", write_random, "random bodies as lines: name, hex, meaning", False)
    sub.add_argument("--seed", type=int, default=1)
    sub.add_argument("--count", type=int, default=100)
    command("check", check, "read such lines, with or without meaning", False)
    return parser.parse_args(arguments)


def main(arguments):
    options = parse(arguments)
    if getattr(options, "trace", False):
        Session.trace = staticmethod(trace)
    try:
        return options.run(options)
    except (Answered, Lost, Refused, Untrusted, OSError, ValueError) as error:
        print(f"rlw.py: {error}", file=sys.stderr)
        return 2
    except BrokenPipeError:
        return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
