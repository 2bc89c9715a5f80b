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
    from openkap.dosing import plausibility
    from openkap.kernel.answer import Answer
    from openkap.measures import instruments
    from openkap.protocols import loading
    from openkap.screening import rules
    from openkap.screening.facts import Facts, Given, Medicine, Problem

    pack, today = loading.load_bundled("iv-depression-1"), date(2026, 11, 24)
    facts = Facts(
        today=today,
        age=41,
        sex="female",
        answers={q.name: Given(Answer.NO, today) for q in pack.questions},
        problems=(Problem("Depression", "icd10cm", "F33.1"),),
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
        ("judge the readings of one moment", median_ms(lambda: plausibility.judge(values), times=500)),
        ("score a PHQ-9", median_ms(lambda: phq.scored(answers), times=500)),
    ]


def _messages() -> list[tuple[str, float]]:
    from datetime import UTC, datetime

    from openkap.interop.hl7v2 import message, sending

    values = sending.made_up(1)[5]
    raw = sending.message(values, monitor="BED-2", at=datetime.now(UTC))
    return [("parse a monitor's message", median_ms(lambda: message.parse(raw), times=200))]


def main() -> None:
    """Print the machine and the medians."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
    import django

    django.setup()
    print(f"Machine: {machine()}")
    print(f"Median of {REPEATS} runs; shared machines are noisy.\n")
    for name, took in [*_rules(), *_messages()]:
        print(f"  {name:<40} {took:8.3f} ms   {1000 / took:10,.0f} a second")


if __name__ == "__main__":
    main()
