"""`make bench`: what the hot paths cost on this machine, in one run, as medians."""

from __future__ import annotations

import os
import platform
import random
import statistics
import time
from collections.abc import Callable
from datetime import date
from decimal import Decimal

REPEATS = 15


def machine() -> str:
    """What the figures were taken on."""
    cores = os.cpu_count()
    return f"{platform.machine()}, {cores} cores, Python {platform.python_version()}, {platform.system()}"


def median_ms(work: Callable[[], object], *, times: int) -> float:
    """The median of several runs, in milliseconds a call."""
    taken = []
    for _ in range(REPEATS):
        began = time.perf_counter()
        for _ in range(times):
            work()
        taken.append((time.perf_counter() - began) / times * 1000)
    return statistics.median(taken)


def _rules() -> list[tuple[str, float]]:
    from openkap.kernel.answer import Answer
    from openkap.measures import instruments
    from openkap.protocols import loading
    from openkap.screening import rules
    from openkap.screening.facts import Facts, Given, Medicine, Problem
    from openkap.watch import plausibility
    from openkap.watch.tests.numbers import SENSORS

    pack, today = loading.load_bundled(loading.newest_of("iv-depression")), date(2026, 11, 24)
    facts = Facts(
        today=today,
        age=41,
        sex="female",
        answers={q.name: Given(Answer.NO, today) for q in pack.questions},
        problems=(Problem("Depression", (("icd10cm", "F33.1"),)),),
        medicines=tuple(
            Medicine(name) for name in ("sertraline", "zolpidem", "lamotrigine", "levothyroxine")
        ),
    )
    values = {plausibility.SBP: Decimal(128), plausibility.DBP: Decimal(80), plausibility.SPO2: Decimal(97)}
    phq = instruments.ALL["phq_9"]
    draw = random.Random(1)
    answers = {item: draw.randint(0, 3) for item in phq.items}
    return [
        ("assess a person against a pack", median_ms(lambda: rules.assess(facts, pack=pack), times=20)),
        (
            "judge the readings of one moment",
            median_ms(lambda: plausibility.judge(values, sensors=SENSORS), times=500),
        ),
        ("score a PHQ-9", median_ms(lambda: phq.scored(answers), times=500)),
    ]


def _messages() -> list[tuple[str, float]]:
    """What the listener does with a message before the database: frame, parse, understand, write down."""
    from datetime import UTC, datetime
    from zoneinfo import ZoneInfo

    from openkap.interop.hl7v2 import message, observations, reading, sending
    from openkap.interop.hl7v2.framing import Frame, Framer, framed
    from openkap.watch.tests.numbers import SENSORS

    values, at = sending.made_up(1)[5], datetime.now(UTC)
    raw = sending.message(values, monitor="BED-2", at=at)
    stream, zone = framed(raw), ZoneInfo("America/New_York")

    def heard() -> None:
        [event] = Framer().feed(stream)
        assert isinstance(event, Frame)
        found = observations.understand(message.parse(event.content), zone=zone, received_at=at)
        reading.reading_as_json(found, sensors=SENSORS, at=at)

    return [
        ("parse a monitor's message", median_ms(lambda: message.parse(raw), times=200)),
        ("a monitor's message up to the database", median_ms(heard, times=100)),
    ]


def _referrals() -> list[tuple[str, float]]:
    """A referral of a hundred entries, from bytes to what is charted; and finding one of 10,000 people."""
    import json
    from datetime import UTC, datetime

    from openkap.interop.fhir import bundle
    from openkap.interop.fhir.tests import samples
    from openkap.interop.referrals import reading

    resources = [samples.DEPRESSION, samples.SERTRALINE, samples.WEIGHT, samples.PRESSURE]
    many = [{**resources[n % 4], "id": f"r{n}"} for n in range(99)]
    content, at = json.dumps(samples.bundle(*many)).encode(), datetime(2026, 11, 23, tzinfo=UTC)

    def read() -> None:
        reading.sort_results(bundle.read_bundle(bundle.load(content), today=at.date()), at=at)

    return [
        ("a referral of 100 entries", median_ms(read, times=3)),
    ]


def main() -> None:
    """Print the machine and the medians."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
    import django

    django.setup()
    print(f"Machine: {machine()}")
    print(f"Median of {REPEATS} runs; shared machines are noisy.\n")
    for name, took in [*_rules(), *_messages(), *_referrals()]:
        print(f"  {name:<40} {took:8.3f} ms   {1000 / took:10,.0f} a second")


if __name__ == "__main__":
    main()
