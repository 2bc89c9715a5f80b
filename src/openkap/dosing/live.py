"""The room as it stands at a moment: the last true values with their ages, checks, dose, marks, and the plot.

One read for the page, the live answer and the summary, so that no two screens tell different stories.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db.models.functions import TruncMinute

from openkap.dosing import checks, facts, infusion, protocol, watching
from openkap.dosing.leaving import earliest
from openkap.dosing.models import Dose, Mark, Pairing, Remark, Session, SideEffect, Vital
from openkap.dosing.plausibility import BREATHING, DBP, HEART_RATE, MOAAS, NAMES, SBP, SPO2, Standing
from openkap.kernel.quantity import plain
from openkap.ui.templatetags.ui import age_words

RATE_AS_NEW = timedelta(seconds=60)
NOT_CHARTED_SHOWN = 3
# Design defaults: a monitor speaks each second or each minute, a person every quarter of an hour.
FRESH_SECONDS = {"monitor": protocol.SILENT_MONITOR_SECONDS, "hand": 15 * 60}
ANSWERS = (
    "Looked at the person: awake, breathing well",
    "Woke the person, repositioned",
    "Paused the infusion",
    "Stopped the infusion",
    "Measured again",
    "Oxygen given",
    "Prescriber called",
)
SOURCES = {"hand": "hand", "monitor": "monitor"}


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

    @property
    def known(self) -> bool:
        """Whether anything true has been measured."""
        return self.at is not None

    def seen(self, at: datetime) -> Tile:
        """The tile with its age; a value that is no longer fresh must not look live."""
        if self.at is None:
            return self
        fresh = FRESH_SECONDS.get(self.source, FRESH_SECONDS["hand"])
        age = at - self.at
        return replace(self, age=age_words(age), fresh_seconds=fresh, old=age > timedelta(seconds=fresh))


@dataclass(slots=True)
class Live:
    """Everything the room shows at `at`."""

    session: Session
    at: datetime
    dose_row: Dose | None
    dose: infusion.Dose | None
    tiles: list[Tile]
    next_checks: list[checks.Check]
    marks: list[Mark]
    not_charted: list[Vital]
    pairing: Pairing | None
    monitor_silent: bool
    side_effects: list[SideEffect]
    remarks: list[Remark]
    earliest_leaving_at: datetime | None
    series: dict[str, list[tuple[datetime, Decimal]]] = field(default_factory=dict)

    @property
    def answers(self) -> tuple[str, ...]:
        """What is often done about a mark, to choose from; nothing is chosen beforehand (H08)."""
        return ANSWERS

    @property
    def present(self) -> str:
        """Who is in the room, as said last."""
        last = [one.text for one in self.remarks if one.kind == Remark.Kind.PRESENT][-1:]
        return last[0] if last else ""

    @property
    def given_share(self) -> int:
        """How much of the ordered dose is in, in percent."""
        if self.dose is None or self.dose.ordered_mg <= 0:
            return 0
        return int(self.dose.given_mg * 100 / self.dose.ordered_mg)


def live(session: Session, *, at: datetime) -> Live:
    """The room at a moment."""
    dose = facts.dose_of(session)
    planned = watching.checks_now(session, at=at)
    pairing = watching.pairing_of(session)
    leaving = facts.protocol_of(session).leaving
    marks = Mark.objects.filter(session=session, closed_at__isnull=True).prefetch_related("decisions")
    waiting = (checks.State.OVERDUE, checks.State.DUE, checks.State.WAITING)
    return Live(
        session=session,
        at=at,
        dose_row=dose,
        dose=facts.dose_state(dose, at=at) if dose else None,
        tiles=[tile.seen(at) for tile in _tiles(session, dose, planned, at=at)],
        next_checks=[one for one in planned if one.state in waiting],
        marks=sorted(marks, key=lambda one: ({"stop": 0, "act": 1, "look": 2}[one.level], one.at)),
        not_charted=_not_charted(session, at=at),
        pairing=pairing,
        monitor_silent=pairing is not None and watching.is_silent(pairing, at=at),
        side_effects=list(SideEffect.objects.filter(session=session)),
        remarks=list(Remark.objects.filter(session=session)),
        earliest_leaving_at=earliest(facts.departing(session, at=at), leaving),
        series=_series(session, at=at),
    )


def _not_charted(session: Session, *, at: datetime) -> list[Vital]:
    """What was received lately and is not shown as the person's own, newest first, one a reason."""
    rows = Vital.objects.filter(
        session=session, measured_at__gt=at - timedelta(minutes=5), measured_at__lte=at
    )
    newest: dict[str, Vital] = {}
    for row in rows.order_by("measured_at", "id"):
        newest[row.code] = row
    by_reason = {row.reason: row for row in newest.values() if row.standing != Standing.PLAUSIBLE}
    doubted = list(by_reason.values())
    for row in doubted:
        row.name = NAMES.get(row.code, row.code)  # type: ignore[attr-defined]
    return sorted(doubted, key=lambda row: row.measured_at, reverse=True)[:NOT_CHARTED_SHOWN]


def _tiles(
    session: Session, dose: Dose | None, planned: tuple[checks.Check, ...], *, at: datetime
) -> list[Tile]:
    base = facts.baseline(session, dose)
    next_one = checks.next_due(planned)
    due = dict.fromkeys(next_one.missing, next_one.due_at) if next_one else {}
    pressure, systolic = facts.cuff(session, at=at), facts.last_true(session, SBP, at=at)
    shown = [Tile("pressure", "Blood pressure", "mmHg", due_at=due.get(checks.PRESSURE))]
    if pressure is not None and systolic is not None:
        change = _joined(_change(pressure.sbp, base.get(SBP)), _change(pressure.dbp, base.get(DBP)))
        shown = [
            Tile(
                "pressure",
                "Blood pressure",
                "mmHg",
                plain(pressure.sbp),
                plain(pressure.dbp),
                change,
                pressure.at,
                SOURCES.get(systolic.source, systolic.source),
                due.get(checks.PRESSURE),
            )
        ]
    for key, label, unit, codes in (
        (checks.RATE, "Heart rate", "", _rate_shown(session, at=at)),
        (checks.SATURATION, "SpO₂", "%", (SPO2,)),
        (checks.ALERTNESS, "Alertness", "/ 5", (MOAAS,)),
    ):
        row = facts.last_true(session, *codes, at=at)
        shown.append(_tile(key, label, unit, row, base, due.get(key)))
    return shown


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
    unit: str,
    row: Vital | None,
    base: dict[str, Decimal],
    due_at: datetime | None,
) -> Tile:
    if row is None:
        return Tile(key, label, unit, due_at=due_at)
    if key == checks.RATE and row.code != HEART_RATE:
        label = NAMES[row.code]
    change = _change(row.value, base.get(row.code))
    source = SOURCES.get(row.source, row.source)
    return Tile(key, label, unit, plain(row.value), "", change, row.measured_at, source, due_at)


def _change(value: Decimal, base: Decimal | None) -> str:
    if base is None:
        return ""
    step = value - base
    return f"{'+' if step > 0 else '−' if step < 0 else '±'}{plain(abs(step))}"


def _joined(one: str, other: str) -> str:
    return f"{one} / {other}" if one and other else ""


def _series(session: Session, *, at: datetime) -> dict[str, list[tuple[datetime, Decimal]]]:
    """The last true value of each code in each minute: what the plot and its table show."""
    rows = Vital.objects.filter(session=session, standing=Standing.PLAUSIBLE, measured_at__lte=at)
    rows = rows.annotate(minute=TruncMinute("measured_at"))
    picked = rows.order_by("code", "minute", "-measured_at", "-id").distinct("code", "minute")
    found: dict[str, list[tuple[datetime, Decimal]]] = {}
    for code, when, value, _ in picked.values_list("code", "measured_at", "value", "minute"):
        found.setdefault(code, []).append((when, value))
    return found


def as_json(room: Live) -> dict[str, Any]:
    """The numbers of the room for the page's own script: times in ISO, values as numbers for the plot."""
    dose = room.dose
    return {
        "at": room.at.isoformat(),
        "opened_at": room.session.at.isoformat(),
        "closed_at": _iso(room.session.closed_at),
        "started_at": _iso(dose.started_at if dose else None),
        "ended_at": _iso(dose.ended_at if dose else None),
        "planned_end_at": _iso(dose.planned_end_at if dose else None),
        "given_mg": plain(dose.given_mg) if dose else None,
        "ordered_mg": plain(dose.ordered_mg) if dose else None,
        "rate_mg_per_h": plain(dose.rate_mg_per_h) if dose else None,
        "dose_state": dose.state if dose else "not_started",
        "steps": [
            {"kind": step.kind, "at": step.at.isoformat()}
            for step in (room.dose_row.steps.all() if room.dose_row else ())
        ],
        "values": [
            {"key": t.key, "value": t.value, "second": t.second, "at": _iso(t.at), "source": t.source}
            for t in room.tiles
        ],
        "marks": [
            {"id": str(m.id), "level": m.level, "text": m.text, "at": m.at.isoformat()} for m in room.marks
        ],
        "checks": [
            {"title": c.title, "due_at": c.due_at.isoformat(), "state": c.state, "missing": list(c.missing)}
            for c in room.next_checks
        ],
        "monitor_silent": room.monitor_silent,
        "series": {
            code: [[when.timestamp(), float(value)] for when, value in points]
            for code, points in room.series.items()
        },
        "events": [{"at": s.noticed_at.isoformat(), "text": str(s)} for s in room.side_effects],
    }


def _iso(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None


def rows_of(room: Live) -> list[dict[str, Any]]:
    """The values on paper: each cuff and each rating, and every fifth minute of what a monitor counts."""
    minutes: dict[datetime, dict[str, str]] = {}
    for code, points in room.series.items():
        for when, value in points:
            minutes.setdefault(when.replace(second=0, microsecond=0), {})[code] = plain(value)
    rows = []
    for minute, found in sorted(minutes.items()):
        if minute.minute % 5 and not {SBP, MOAAS} & set(found):
            continue
        cuff = f"{found[SBP]}/{found[DBP]}" if SBP in found and DBP in found else ""
        rate = found.get(HEART_RATE, "")
        row = {"at": minute, "pressure": cuff, "rate": rate, "spo2": found.get(SPO2, "")}
        rows.append({**row, "breathing": found.get(BREATHING, ""), "moaas": found.get(MOAAS, "")})
    return rows
