"""The room as it stands at a moment: the last true values with their ages, checks, dose, marks, and the plot.

One read for the page, the live answer and the summary, so that no two screens tell different stories.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from django.db.models import prefetch_related_objects
from django.utils.translation import gettext_lazy as _

from openkap.dosing import facts, infusion
from openkap.dosing.discharge import earliest
from openkap.dosing.fresh_values import open_marks, rest_of
from openkap.dosing.models import Dose
from openkap.kernel.wording import translated
from openkap.watch import checks, watching
from openkap.watch import facts as watch_facts
from openkap.watch import queries as watch_queries
from openkap.watch.by_hand import HandEntry, entries_of
from openkap.watch.causes import CONFIRMED, LOOK_NOW
from openkap.watch.models import (
    AdverseEvent,
    EnteredInError,
    Mark,
    Pairing,
    PutAside,
    Remark,
    Session,
    Vital,
)
from openkap.watch.plausibility import NAMES, ReadingStanding
from openkap.watch.series import Series, SeriesChanges, changes
from openkap.watch.tiles import Tile, tiles_of

NOT_CHARTED_SHOWN = 3
ANSWERS = (
    _("Looked at the person: awake, breathing well"),
    _("Woke the person, repositioned"),
    _("Paused the infusion"),
    _("Stopped the infusion"),
    _("Measured again"),
    _("Oxygen given"),
    _("Prescriber called"),
)


@dataclass(slots=True)
class Live:
    """Everything the room shows at `at`."""

    session: Session
    at: datetime
    dose_row: Dose | None
    dose: infusion.DoseState | None
    tiles: list[Tile]
    next_checks: list[checks.Check]
    marks: list[Mark]
    not_charted: list[Vital]
    put_aside: list[PutAside]
    pairing: Pairing | None
    monitor_silent: bool
    adverse_events: list[AdverseEvent]
    remarks: list[Remark]
    entries: list[HandEntry]
    given_before_mg: Decimal
    next_waits: bool
    earliest_discharge_at: datetime | None
    changes: SeriesChanges
    rest: str

    @property
    def series(self) -> Series:
        """Each reading's values by time, or what of them changed."""
        return self.changes.series

    @property
    def answers(self) -> tuple[str, ...]:
        """What is often done about a mark, to choose from; nothing is chosen beforehand (H08)."""
        return tuple(map(str, ANSWERS))

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


@dataclass(frozen=True, slots=True)
class Glance:
    """What the board of rooms shows of one: how far its dose is, what is open, which check comes next."""

    dose: infusion.DoseState | None
    marks: list[Mark]
    next_checks: list[checks.Check]


def glances(sessions: Sequence[Session], *, at: datetime) -> dict[uuid.UUID, Glance]:
    """The rooms of these sessions at a moment, as the board shows them: each question asked once for all."""
    watch_facts.read_protocols(sessions)
    with watch_facts.reading_all(sessions, at=at, moments={}):
        doses = {session.id: facts.dose_of(session) for session in sessions}
        prefetch_related_objects([dose for dose in doses.values() if dose], "steps")
        return {session.id: _glance(session, doses[session.id], at=at) for session in sessions}


def _glance(session: Session, dose: Dose | None, *, at: datetime) -> Glance:
    return Glance(
        dose=facts.dose_state(dose, at=at) if dose else None,
        marks=sorted(open_marks(session), key=_urgency),
        next_checks=watching.open_checks(session, at=at),
    )


def live(session: Session, *, at: datetime, seen: str = "") -> Live:
    """The room at a moment; of its series what changed for a screen that has seen it before."""
    with watch_facts.reading(session, at=at):
        facts.ask_for_room(session)
        facts.keep_at_session(session)
        return _live(session, at=at, seen=seen)


def _live(session: Session, *, at: datetime, seen: str) -> Live:
    dose = facts.dose_of(session)
    planned = watching.open_checks(session, at=at)
    pairing = watching.pairing_of(session)
    rule = facts.discharge_rule_of(session)
    marks = open_marks(session)
    prefetch_related_objects(marks, "decisions")
    return Live(
        session=session,
        at=at,
        dose_row=dose,
        dose=facts.dose_state(dose, at=at) if dose else None,
        tiles=tiles_of(session, planned, at=at),
        next_checks=planned,
        marks=sorted(marks, key=_urgency),
        not_charted=_not_charted(session, at=at),
        put_aside=_put_aside(session),
        pairing=pairing,
        monitor_silent=pairing is not None and watching.is_silent(session, pairing, at=at),
        adverse_events=watch_facts.adverse_events(session),
        remarks=_remarks(session),
        entries=entries_of(session),
        given_before_mg=_given_before(session, at=at),
        next_waits=dose is not None and _next_waits(session, dose),
        earliest_discharge_at=earliest(facts.discharge_facts(session, at=at), rule),
        changes=changes(session, at=at, seen=seen),
        rest=rest_of(session, planned, at=at),
    )


@dataclass(frozen=True, slots=True)
class ValuesNow:
    """What the time-out shows of a room: its tiles and what is not on them, its monitor, its dose."""

    tiles: list[Tile]
    not_charted: list[Vital]
    put_aside: list[PutAside]
    pairing: Pairing | None
    dose_row: Dose | None


def values_now(session: Session, *, at: datetime) -> ValuesNow:
    """The values of a session at a moment, without the series and the record of the room."""
    with watch_facts.reading(session, at=at):
        return ValuesNow(
            tiles=tiles_of(session, watching.open_checks(session, at=at), at=at),
            not_charted=_not_charted(session, at=at),
            put_aside=_put_aside(session),
            pairing=watching.pairing_of(session),
            dose_row=facts.dose_of(session),
        )


@dataclass(frozen=True, slots=True)
class GivenNow:
    """What was given in a session until a moment: all that the emergency card asks of a room."""

    at: datetime
    dose: infusion.DoseState | None
    given_before_mg: Decimal


def given_now(session: Session, *, at: datetime) -> GivenNow:
    """The doses of a session at a moment, and nothing else of its room."""
    with watch_facts.reading(session, at=at):
        dose = facts.dose_of(session)
        return GivenNow(
            at=at,
            dose=facts.dose_state(dose, at=at) if dose else None,
            given_before_mg=_given_before(session, at=at),
        )


def _put_aside(session: Session) -> list[PutAside]:
    return watch_queries.put_aside_in(session.id)


def _urgency(mark: Mark) -> tuple[bool, int, datetime]:
    """The person first, then what asks for a stop, an act, a look; the oldest of each first."""
    return mark.cause not in (LOOK_NOW, CONFIRMED), {"stop": 0, "act": 1, "look": 2}[mark.level], mark.at


def _given_before(session: Session, *, at: datetime) -> Decimal:
    """What earlier doses of this session gave."""
    earlier = facts.doses_of(session)[:-1]
    return sum((facts.dose_state(one, at=at).given_mg for one in earlier), Decimal(0))


def _next_waits(session: Session, dose: Dose) -> bool:
    """Whether a signed order has more to give: a further dose, or the rest of what was stopped."""
    order = facts.order_row(session)
    if order is None:
        return False
    return order.continues_id == dose.order_id or (
        order.id == dose.order_id and facts.next_dose(order) is not None
    )


def _remarks(session: Session) -> list[Remark]:
    errors = watch_facts.errors_of(session, EnteredInError.Kind.REMARK)
    return [row for row in watch_facts.remarks(session) if row.id not in errors]


def _not_charted(session: Session, *, at: datetime) -> list[Vital]:
    """What was received lately and is not shown as the person's own, newest first, one a reason."""
    since = at - timedelta(minutes=5)
    rows = Vital.objects.filter(session=session, code__in=NAMES, measured_at__gt=since, measured_at__lte=at)
    newest = rows.order_by("code", "-measured_at", "-id").distinct("code")
    shown = (
        ReadingStanding.PLAUSIBLE,
        ReadingStanding.UNCONFIRMED,
    )  # what is not confirmed stands in its tile and mark
    oldest_first = sorted(newest, key=lambda row: (row.measured_at, row.id))
    by_reason = {row.reason: row for row in oldest_first if row.standing not in shown}
    doubted = list(by_reason.values())
    for row in doubted:
        row.name = translated(NAMES.get(row.code, row.code))  # type: ignore[attr-defined]
    return sorted(doubted, key=lambda row: row.measured_at, reverse=True)[:NOT_CHARTED_SHOWN]
