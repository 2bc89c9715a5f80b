"""A made-up monitor: the course of a session in numbers, with the faults real monitors show.

For the demonstration and for tests where no recording is at hand. The same seed gives the same course.
Nothing here is a model of the drug: the shape is drawn so that every part of the room has something to show.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from openkap.watch.plausibility import BREATHING, DBP, HEART_RATE, MEAN, OXIMETER_PULSE, SBP, SPO2

CUFF_EVERY_MINUTES = 5


@dataclass(frozen=True, slots=True)
class Minute:
    """What the monitor sent in one minute after the session began."""

    minute: int
    values: dict[str, Decimal]


@dataclass(frozen=True, slots=True)
class SimulatedPerson:
    """The resting values the course starts from."""

    sbp: int = 122
    dbp: int = 76
    heart_rate: int = 72
    spo2: int = 98
    breathing: int = 15


def course(
    *, seed: int, minutes: int = 110, dose_at_minute: int = 10, person: SimulatedPerson | None = None
) -> Iterator[Minute]:
    """Minute by minute: rest, a rise to 40 minutes after the start, a fall, and the usual artefacts."""
    draw, who = random.Random(seed), person or SimulatedPerson()  # noqa: S311 - a drawing, no secret
    for minute in range(minutes):
        rise = _rise(minute - dose_at_minute)
        values = {
            HEART_RATE: _near(draw, who.heart_rate + 10 * rise, spread=2),
            BREATHING: _near(draw, who.breathing + 2 * rise, spread=1),
            SPO2: min(_near(draw, who.spo2 - rise, spread=0.6), Decimal(100)),
        }
        values[OXIMETER_PULSE] = values[HEART_RATE] + draw.choice((-1, 0, 0, 1))
        if minute % CUFF_EVERY_MINUTES == 0:
            values |= _cuff(draw, who.sbp + 18 * rise, dbp=who.dbp + 11 * rise)
        yield Minute(minute, _with_faults(minute, values, draw=draw))


def _rise(since_dose_minutes: int) -> float:
    """From 0 before the dose to 1 at 40 minutes, and back to 0 by 100."""
    if since_dose_minutes <= 0:
        return 0.0
    if since_dose_minutes <= 40:
        return since_dose_minutes / 40
    return max(0.0, 1 - (since_dose_minutes - 40) / 60)


def _near(draw: random.Random, middle: float, *, spread: float) -> Decimal:
    return Decimal(round(draw.gauss(middle, spread)))


def _cuff(draw: random.Random, sbp: float, *, dbp: float) -> dict[str, Decimal]:
    systolic, diastolic = _near(draw, sbp, spread=2), _near(draw, dbp, spread=2)
    return {SBP: systolic, DBP: diastolic, MEAN: Decimal(round(diastolic + (systolic - diastolic) / 3))}


def _with_faults(minute: int, values: dict[str, Decimal], *, draw: random.Random) -> dict[str, Decimal]:
    """A probe not yet on, a lead that comes off, a cuff that someone leans on, a pulse counted twice."""
    if minute < 2:
        values |= {SPO2: Decimal(0), OXIMETER_PULSE: Decimal(0)}
    if minute % 37 == 23:
        values[HEART_RATE] = Decimal(0)
    if minute % 41 == 32:
        values[OXIMETER_PULSE] = Decimal(draw.randint(260, 290))
    if minute % 45 == 30:
        values |= {SBP: Decimal(128), DBP: Decimal(121), MEAN: Decimal(124)}
    return values
