# SPDX-License-Identifier: Apache-2.0
"""Random bodies of every kind that make sense, to compare two implementations with."""

import random

from . import messages, numbers, sense, types

# Texts that go wrong easily: nothing, several bytes a character, NUL, quotes, ends of blocks.
TEXTS = ("", "a", "libx264", "/films/ä b.mp4", "\u0000", "\"\\\n\t", "日本", "\U0001f3ac", "\u07ff")
EDGES = (0, 1, 2, 127, 128, 255, 300, 16383, 16384, (1 << 32) - 1, 1 << 53, (1 << 63) - 1)
REALS = (0.0, -0.0, 1.0, -1.5, 0.1, 123456.75, float("inf"), float("-inf"), float("nan"))
ITEMS_MAX = 4

# Which number an enum of a request may have, where it is not in the table of `sense`.
ENUMS = {
    "JobSpec": {"version": {1}, "queue": {0, 1, 2, 3}, "priority": {0, 1, 2, 3}},
    # Another number than 1 would be read as yes too, and written as 1.
    "CheckView": {"ok": sense.YES_OR_NO},
    "LoopView": {"running": sense.YES_OR_NO},
    "HISTORY.response": {"more": sense.YES_OR_NO},
    "CREDIT.event": {"draining": sense.YES_OR_NO},
} | sense.ENUMS


class Maker:
    """Makes values by the tables; where sense asks for more, by a rule of its own."""

    def __init__(self, seed):
        self.chance = random.Random(seed)

    def body(self, name):
        """A body by its name."""
        return self.struct(messages.STRUCTS[name])

    def value(self, kind):
        """A value of a type."""
        if isinstance(kind, types.Struct):
            return self.struct(kind)
        return getattr(self, f"make_{type(kind).__name__.lower()}")(kind)

    def struct(self, struct):
        maker = getattr(self, f"struct_{struct.name.split('.')[0].lower()}", None)
        value = {name: self.value(kind) for name, kind in struct.fields}
        for name, kind in struct.tags.values():
            if self.chance.random() < 0.4:
                value[name] = self.value(kind)
                if value[name] == []:
                    # An empty list in a tag says what its absence says, and is left out.
                    del value[name]
        for name, allowed in ENUMS.get(struct.name, {}).items():
            if name in value:
                value[name] = self.chance.choice(sorted(allowed))
        common = {
            name: self.value(kind)
            for name, kind in struct.common.values()
            if self.chance.random() < 0.2
        }
        if common:
            value["common"] = common
        if maker:
            maker(value, struct)
        return value

    def make_number(self, kind):
        fitting = [edge for edge in EDGES if not edge >> kind.bits]
        if self.chance.random() < 0.5:
            return self.chance.choice(fitting)
        return self.chance.getrandbits(self.chance.randint(1, kind.bits))

    def make_signed(self, kind):
        return self.chance.choice((0, -1, 1, -64, -65, 64, -(1 << 63), (1 << 63) - 1))

    def make_real(self, kind):
        return self.chance.choice(REALS)

    def make_text(self, kind):
        if self.chance.random() < 0.1:
            return "x" * self.chance.choice((127, 128, 255))
        return self.chance.choice(TEXTS)

    def make_blob(self, kind):
        return self.chance.randbytes(self.chance.choice((0, 1, 5, 127, 128, 300)))

    def make_maybe(self, kind):
        return None if self.chance.random() < 0.4 else self.value(kind.inner)

    def make_fixed(self, kind):
        return self.chance.randbytes(kind.size)

    def make_flag(self, kind):
        return True

    def make_list(self, kind):
        return [self.value(kind.item) for _ in range(self.chance.randint(0, ITEMS_MAX))]

    def make_tuple(self, kind):
        values = [self.value(part) for part in kind.parts]
        return dict(zip(kind.names, values)) if kind.names else values

    def make_jobref(self, kind):
        number = self.chance.choice((1, 2, 3))
        name, part = kind.parts[number]
        return {"kind": number, name: self.value(part)}

    # What sense asks for.

    def key(self):
        return self.chance.choice(("k", "a-key", "日本", "x" * 255))

    def pairs(self, wanted):
        """Pairs with names that differ, such as labels."""
        names = self.chance.sample(("slot", "gpu_session:0", "zone", "ä", "scratch_mib"), wanted)
        return [[name, "eu"] for name in names]

    def amounts(self):
        return [[name, self.make_number(types.Number("uv", 64))] for name, _ in self.pairs(3)]

    def methods(self):
        ids = sorted(self.chance.sample(range(1, 4096), self.chance.randint(0, 6)))
        return [{"id": one, "versions": self.chance.choice((0x11, 0x12, 0x2F))} for one in ids]

    def struct_hello(self, value, struct):
        value["methods"] = self.methods()
        value["max_frame"] = self.chance.choice((131072, 1 << 20, (1 << 24) - 1))
        value["max_inflight"] = self.chance.choice((1, 64, (1 << 32) - 1))

    def struct_hello_ack(self, value, struct):
        self.struct_hello(value, struct)

    def struct_error(self, value, struct):
        value["code"] = self.chance.choice(sorted(numbers.known("error_codes") - {0}) + [0xFFFF])

    def struct_submit_batch(self, value, struct):
        if "items" in value:
            value["items"] = value["items"] or [self.body("SubmitItem")]

    def struct_submititem(self, value, struct):
        value["key"] = self.key()
        value["spec"] = messages.encode_spec(self.body("JobSpec"))

    def struct_jobspec(self, value, struct):
        value["engine"] = self.chance.choice(("auto", "ffmpeg", "日本"))
        value["input"], value["output"] = "/in/ä.mp4", "/out/\n.mp4"
        names = {name.encode(): one for name, one in value["parameters"]}
        value["parameters"] = [[name.decode(), names[name]] for name in sorted(names)]
        if "retries" in value:
            value["retries"] %= sense.RETRIES_MAX + 1
        if "timeout" in value:
            value["timeout"] %= sense.TIMEOUT_MAX + 1
        for name in ("require", "prefer", "secrets"):
            if name in value:
                value[name] = self.pairs(2)
        if "needs" in value:
            value["needs"] = self.amounts()

    def struct_retry_job(self, value, struct):
        for job in value.get("jobs", []):
            job["key"] = self.key()

    def struct_history(self, value, struct):
        if "limit" in value:
            value["limit"] %= sense.ITEMS_MAX + 1

    def struct_list_jobs(self, value, struct):
        if "states" in value:
            value["limit"] %= sense.ITEMS_MAX + 1
            value["states"] = [self.chance.choice(range(1, 10)) for _ in value["states"]]

    def struct_job_log(self, value, struct):
        value.pop("follow", None)

    def struct_recover(self, value, struct):
        if "reason" in value:
            value["reason"] = value["reason"] or "because"

    def struct_register(self, value, struct):
        if "incarnation" in value:
            value["name"] = self.key()
            value["incarnation"] = value["incarnation"] or 1
            value["capacity"], value["labels"] = self.amounts(), self.pairs(2)
            for index, engine in enumerate(value["engines"]):
                engine["name"] = f"engine{index}"

    def struct_report(self, value, struct):
        if "items" in value:
            value["items"] = value["items"] or [self.body("ReportItem")]

    def struct_reportitem(self, value, struct):
        """A kind with the tags that it must have and may have, and no others."""
        kind = self.chance.choice(sorted(sense.REPORT_TAGS))
        may = {
            1: ("media_ms", "limit", "pid", "encoder", "resumed"),
            3: (),
            4: ("adopted", "encode_ms", "log_tail"),
            5: ("exit", "error", "log_tail", "final"),
            6: ("error",),
        }[kind]
        must = sense.REPORT_TAGS[kind]
        if kind == 4 and self.chance.random() < 0.3:
            must = ("no_file",)
        for name, part in struct.tags.values():
            value.pop(name, None)
            if name in must or (name in may and self.chance.random() < 0.5):
                value[name] = self.value(part)
                if value[name] in ("", b"") and name in may:
                    del value[name]
        value["kind"] = kind
        if "class" in value:
            value["class"] = self.chance.choice(sorted(numbers.known("failure_classes")))
        if "because" in value:
            value["because"] = self.chance.choice(sorted(numbers.known("release_reasons")))
        if "hash" in value:
            value["hash"] = b"\x01" + self.chance.randbytes(4)

    def struct_assignment(self, value, struct):
        value["spec"] = messages.encode_spec(self.body("JobSpec"))
        for grant in value.get("granted", []):
            grant["hash"] = b"\x01" + self.chance.randbytes(4)

    def struct_assign(self, value, struct):
        value["assignments"] = value["assignments"] or [self.body("Assignment")]

    def struct_revoke(self, value, struct):
        value["revocations"] = value["revocations"] or [self.body("Revocation")]
