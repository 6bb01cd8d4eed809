# SPDX-License-Identifier: Apache-2.0
"""What makes sense: the rules for values of requests and JobSpecs that have the right form."""

from . import numbers
from .errors import senseless

KEY_BYTES = range(1, 256)
NAME_BYTES = range(1, 256)
LABEL_BYTES_MAX = 256
ENGINES_MAX = 64
ITEMS_MAX = 4096
RETRIES_MAX = 1000
TIMEOUT_MAX = 10 * 365 * 24 * 3600 * 1000
FRAME_BYTES = range(128 << 10, 16 << 20)
YES_OR_NO = {0, 1}

# The enums of requests: which numbers they have, and whether 0 means none or the default.
ENUMS = {
    "SUBMIT_BATCH.request": {"atomic": YES_OR_NO},
    "GET_JOB.request": {"view": numbers.known("job_views")},
    "LIST_JOBS.request": {
        "queue": numbers.known("queues") | {0},
        "view": numbers.known("job_views"),
    },
    "WATCH.request": {"queue": numbers.known("queues")},
    "QUEUE_SET.request": {
        "queue": numbers.known("queues"),
        "action": numbers.known("queue_actions"),
    },
    "WORKERS_LIST.request": {"view": numbers.known("worker_views")},
    "WORKER_SET.request": {"action": numbers.known("worker_actions")},
    "RECOVER.request": {
        "target": numbers.known("recover_targets"),
        "action": numbers.known("recover_actions"),
    },
    "LOOP_SET.request": {"action": numbers.known("loop_actions")},
    "CHECK.request": {"deep": numbers.known("check_depths")},
}
# The tags that each kind of report must have, and the kind's enum (workers.md).
FILM = ("output", "size", "film_ms", "hash")
REPORT_TAGS = {1: (), 3: FILM, 4: FILM, 5: ("class",), 6: ("because",)}
HASH_BYTES = {row["number"]: row["bytes"] for row in numbers.TABLES["hash_kinds"]}


def check(name, value):
    """Refuses a body that makes no sense, as far as the body alone can tell."""
    for field, allowed in ENUMS.get(name, {}).items():
        if field in value:
            check_enum(field, value[field], allowed)
    rule = RULES.get(name)
    if rule:
        rule(value)


def check_enum(field, number, allowed):
    if number not in allowed:
        raise senseless("unknown_enum", f"{field} is {number}")


def check_not_empty(field, value):
    if not value:
        raise senseless("empty", f"{field} is empty")


def check_key(key):
    if len(key.encode("utf-8")) not in KEY_BYTES:
        raise senseless("key_length", "a key has 1 to 255 bytes")


def check_names(field, pairs):
    """Each name once."""
    names = [pair[0] for pair in pairs]
    if len(set(names)) != len(names):
        raise senseless("name_twice", field)


def check_labels(field, pairs):
    check_names(field, pairs)
    for name, value in pairs:
        if len((name + value).encode("utf-8")) > LABEL_BYTES_MAX:
            raise senseless("label_too_long", f"{field}: {name}")


def check_hello(value):
    if value["max_frame"] not in FRAME_BYTES:
        raise senseless("max_frame_range", f"{value['max_frame']}")
    if value["max_inflight"] == 0:
        raise senseless("max_inflight_zero")


def check_submit(value):
    from . import messages

    check_not_empty("items", value["items"])
    for item in value["items"]:
        check_key(item["key"])
        messages.decode_spec(item["spec"])


def check_page(value):
    if value["limit"] > ITEMS_MAX:
        raise senseless("beyond_limit", f"limit is {value['limit']}, at most {ITEMS_MAX}")


def check_list(value):
    check_page(value)
    for state in value["states"]:
        check_enum("states", state, numbers.known("job_states"))


def check_retry(value):
    for job in value["jobs"]:
        check_key(job["key"])


def check_log(value):
    if value.get("follow"):
        raise senseless("not_in_version_1", "follow")


def check_recover(value):
    check_not_empty("reason", value["reason"])


def check_register(value):
    if len(value["name"].encode("utf-8")) not in NAME_BYTES:
        raise senseless("name_length", "a worker's name has 1 to 255 bytes")
    if value["incarnation"] == 0:
        raise senseless("incarnation_zero")
    if len(value["engines"]) > ENGINES_MAX:
        raise senseless("too_many_engines", f"{len(value['engines'])}")
    check_names("capacity", value["capacity"])
    check_labels("labels", value["labels"])
    check_names("engines", [(engine["name"],) for engine in value["engines"]])


def check_report(value):
    check_not_empty("items", value["items"])
    for item in value["items"]:
        check_report_item(item)


def check_report_item(item):
    check_enum("kind", item["kind"], REPORT_TAGS)
    streams = item["kind"] == 4 and "no_file" in item
    for tag in () if streams else REPORT_TAGS[item["kind"]]:
        if tag not in item:
            raise senseless("tag_missing", tag)
    # Tags of another kind are read and ignored.
    if item["kind"] == 5:
        check_enum("class", item["class"], numbers.known("failure_classes"))
    if item["kind"] == 6:
        check_enum("because", item["because"], numbers.known("release_reasons"))
    if item["kind"] in (3, 4) and "hash" in item:
        kind, data = item["hash"][:1], item["hash"][1:]
        if not kind or HASH_BYTES.get(kind[0]) != len(data):
            raise senseless("hash_form", item["hash"].hex())


def check_spec(value):
    """The rules of a JobSpec beyond its form."""
    for field in ("engine", "input", "output"):
        check_not_empty(field, value[field])
    check_enum("queue", value["queue"], numbers.known("queues") | {0})
    check_enum("priority", value["priority"], numbers.known("priorities") | {0})
    names = [name.encode("utf-8") for name, _ in value["parameters"]]
    for first, second in zip(names, names[1:]):
        if first == second:
            raise senseless("jobspec_parameter_twice", second.decode())
        if first > second:
            raise senseless("jobspec_parameters_unsorted", second.decode())
    if value.get("retries", 0) > RETRIES_MAX or value.get("timeout", 0) > TIMEOUT_MAX:
        raise senseless("beyond_limit")
    check_names("needs", value.get("needs", []))
    check_names("secrets", value.get("secrets", []))
    check_labels("require", value.get("require", []))
    check_labels("prefer", value.get("prefer", []))


RULES = {
    "HELLO": check_hello,
    "SUBMIT_BATCH.request": check_submit,
    "LIST_JOBS.request": check_list,
    "HISTORY.request": check_page,
    "RETRY_JOB.request": check_retry,
    "JOB_LOG.request": check_log,
    "RECOVER.request": check_recover,
    "REGISTER.request": check_register,
    "REPORT.request": check_report,
}
