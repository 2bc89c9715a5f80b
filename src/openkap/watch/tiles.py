"""The tiles of the room: each value with its age, its source and whether it is confirmed. Only reads."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from openkap.kernel.quantity import plain
from openkap.kernel.wording import translated
from openkap.ui.templatetags.ui import age_words
from openkap.watch import checks, facts
from openkap.watch.codes import DBP, HEART_RATE, MOAAS, SBP, SPO2
from openkap.watch.models import Session, Vital
from openkap.watch.readings import NAMES

RATE_AS_NEW = timedelta(seconds=60)
SOURCES = {"hand": gettext_lazy("hand"), "monitor": gettext_lazy("monitor")}
GRAVE_CODES = {
    checks.RATE: facts.RATES,
    checks.SATURATION: (SPO2,),
}


@dataclass(frozen=True, slots=True)
class Tile:
    """One value as the room shows it: what, how much, since the dose, how old, from where."""

    key: str
    label: str
    unit: str
    value: str = ""
    second: str = ""
    change: str = ""
    at: datetime | None = None
    source: str = ""
    due_at: datetime | None = None

    age: str = ""

    fresh_seconds: int = 0
    old: bool = False
    unconfirmed: bool = False

    @property
    def known(self) -> bool:
        """Whether anything true has been measured."""
        return self.at is not None

    def seen(self, at: datetime) -> Tile:
        """The tile with its age; a value that is no longer fresh must not look live."""
        if self.at is None:
            return self
        age = at - self.at
        return replace(self, age=age_words(age), old=age > timedelta(seconds=self.fresh_seconds))


def tiles_of(session: Session, planned: Sequence[checks.Check], *, at: datetime) -> list[Tile]:
    """Each value as the room shows it at `at`: true, or grave and not yet confirmed, with its age."""
    base = facts.baseline(session)
    next_one = checks.next_due(planned)
    timed = next_one is not None and next_one.key != checks.BEFORE  # nothing is late before the dose
    due = dict.fromkeys(next_one.missing, next_one.due_at) if next_one and timed else {}
    pressure, systolic = facts.cuff(session, at=at), facts.last_true(session, SBP, at=at)
    shown = [Tile("pressure", _("Blood pressure"), "mmHg", due_at=due.get(checks.PRESSURE))]
    if pressure is not None and systolic is not None:
        change = _joined(_change(pressure.sbp, base.get(SBP)), _change(pressure.dbp, base.get(DBP)))
        shown = [
            Tile(
                "pressure",
                _("Blood pressure"),
                "mmHg",
                plain(pressure.sbp),
                plain(pressure.dbp),
                change,
                pressure.at,
                str(SOURCES.get(systolic.source, systolic.source)),
                due.get(checks.PRESSURE),
            )
        ]
    for key, label, unit, codes in (
        (checks.RATE, _("Heart rate"), "", _rate_shown(session, at=at)),
        (checks.SATURATION, "SpO₂", "%", (SPO2,)),
        (checks.ALERTNESS, _("Alertness"), "/ 5", (MOAAS,)),
    ):
        row = facts.last_true(session, *codes, at=at)
        shown.append(_tile(key, label, unit=unit, row=row, base=base, due_at=due.get(key)))
    fresh = fresh_seconds(session)
    return [replace(_grave(tile, session, at=at), fresh_seconds=fresh).seen(at) for tile in shown]


def fresh_seconds(session: Session) -> int:
    """For how long a value stands as new: until its next check is late, whoever measured it (H33)."""
    schedule = facts.protocol_of(session).schedule
    if session.dose_began_at is None:
        return schedule.before_within_minutes * 60
    every = schedule.during_every_minutes if session.dose_ended_at is None else schedule.after_every_minutes
    return ((every or schedule.before_within_minutes) + schedule.grace_minutes) * 60


def _rate_shown(session: Session, *, at: datetime) -> tuple[str, ...]:
    """The heart rate where it is about as new as any pulse; otherwise the pulse that is newest."""
    newest = facts.last_true(session, *facts.RATES, at=at)
    heart = facts.last_true(session, HEART_RATE, at=at)
    if newest is None or (heart is not None and newest.measured_at - heart.measured_at <= RATE_AS_NEW):
        return (HEART_RATE,)
    return (newest.code,)


def _tile(
    key: str,
    label: str,
    *,
    unit: str,
    row: facts.TrueValue | None,
    base: dict[str, Decimal],
    due_at: datetime | None,
) -> Tile:
    if row is None:
        return Tile(key, label, unit, due_at=due_at)
    if key == checks.RATE and row.code != HEART_RATE:
        label = translated(NAMES[row.code])
    change = _change(row.value, base.get(row.code))
    source = str(SOURCES.get(row.source, row.source))
    return Tile(key, label, unit, plain(row.value), "", change, row.measured_at, source, due_at)


def _change(value: Decimal, base: Decimal | None) -> str:
    if base is None:
        return ""
    step = value - base
    return f"{'+' if step > 0 else '−' if step < 0 else '±'}{plain(abs(step))}"


def _joined(one: str, other: str) -> str:
    return f"{one} / {other}" if one and other else ""


def _grave(tile: Tile, session: Session, *, at: datetime) -> Tile:
    """The tile with a newer value that is not confirmed: what may be true is shown (H11)."""
    rows = facts.unconfirmed(session, at=at)
    if tile.key == "pressure":
        systolic = next((row for row in rows if row.code == SBP), None)
        if systolic is None or (tile.at is not None and systolic.measured_at <= tile.at):
            return tile
        lower = next(
            (row for row in rows if row.code == DBP and row.measured_at == systolic.measured_at), None
        )
        return _unconfirmed(replace(tile, second=plain(lower.value) if lower else ""), systolic)
    row = next((row for row in rows if row.code in GRAVE_CODES.get(tile.key, ())), None)
    if row is None or (tile.at is not None and row.measured_at <= tile.at):
        return tile
    return _unconfirmed(tile, row)


def _unconfirmed(tile: Tile, vital: Vital) -> Tile:
    source = str(SOURCES.get(vital.source, vital.source))
    return replace(
        tile, value=plain(vital.value), change="", at=vital.measured_at, source=source, unconfirmed=True
    )
