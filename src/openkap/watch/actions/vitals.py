"""Taking values: by hand, or the moments of a monitor's message. What arrives twice is one row."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db import transaction

from openkap.accounts.actor import Actor
from openkap.audit.actions import AuditEntry, record_all
from openkap.kernel.refusal import Refused, refuse_if
from openkap.watch import facts, plausibility, rules
from openkap.watch.actions.locking import locked_session, tell_all, tell_values
from openkap.watch.actions.marking import reevaluate, report_late_value
from openkap.watch.actions.moments import (
    Near,
    Sent,
    TakenMoment,
    judge_moment,
    new_only,
    other_sensor,
    row_of,
)
from openkap.watch.events import ValuesCharted
from openkap.watch.models import Session, Vital
from openkap.watch.plausibility import ReadingStanding


@transaction.atomic
def take_vitals(
    session_id: uuid.UUID,
    *,
    values: Mapping[str, Decimal],
    measured_at: datetime,
    client_id: uuid.UUID,
    by: Actor,
    at: datetime,
    sent: Sent | None = None,
) -> list[Vital]:
    """Keep the readings of one moment, each with how far it may be taken for true."""
    moment = TakenMoment(values, measured_at, client_id, sent or Sent())
    (refusal,) = take_moments(session_id, [moment], by=by, at=at)
    if refusal is not None:
        raise refusal
    return list(Vital.objects.filter(client_id__in=moment.keys))


@transaction.atomic
def take_moments(
    session_id: uuid.UUID, moments: Sequence[TakenMoment], *, by: Actor, at: datetime
) -> list[Refused | None]:
    """Keep the readings of several moments, and judge them once (H31).

    Returns, moment by moment, why it was not taken, or None. One moment that is refused spares the others.
    """
    several = [SessionMoments(locked_session(session_id), moments, by)]
    taken = take_all(several, at=at)
    note_taken(taken, at=at)
    return list(taken[0].answers)


@dataclass(frozen=True, slots=True)
class SessionMoments:
    """What one sender measured in one session, which the caller has locked, moment by moment."""

    session: Session
    moments: Sequence[TakenMoment]
    by: Actor


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of them: moment by moment why it was not taken, or None; and the values that are new."""

    of: SessionMoments
    answers: tuple[Refused | None, ...]
    fresh: tuple[Vital, ...]


def take_all(several: Sequence[SessionMoments], *, at: datetime) -> list[Taken]:
    """Keep what was measured in several sessions in one write, and judge each session once.

    The caller writes what it has to write, and ends with `note_taken`.
    """
    facts.read_protocols(one.session for one in several)
    known, near = _known(several), _near(several)
    taken = [_sorted(one, known=known, near=near.setdefault(one.session.id, []), at=at) for one in several]
    fresh = [row for one in taken for row in one.fresh]
    if fresh:
        Vital.objects.bulk_create(fresh)
        _judge(taken, at=at)
    return taken


def _sorted(several: SessionMoments, *, known: dict[uuid.UUID, Vital], near: Near, at: datetime) -> Taken:
    """Which moments are taken, and as what."""
    session = several.session
    answers: list[Refused | None] = []
    fresh: list[Vital] = []
    for moment in several.moments:
        try:
            verdicts = judge_moment(session, moment, near=near, at=at)
            new = new_only(session, verdicts, moment=moment, known=known)
        except Refused as refusal:
            answers.append(refusal)
            continue
        answers.append(None)
        rows = [row_of(session, one, moment=moment, by=several.by, at=at) for one in new]
        known |= {row.client_id: row for row in rows}
        near += [(row.code, row.measured_at, row.value) for row in rows if row.source == "monitor"]
        fresh += rows
    return Taken(several, tuple(answers), tuple(fresh))


def _judge(taken: Sequence[Taken], *, at: datetime) -> None:
    """Hold each session that has something new against its limits, all of them read together."""
    new = [one for one in taken if one.fresh]
    running = [one for one in new if one.of.session.closed_at is None]
    moments = {one.of.session.id: _farthest(one.fresh) for one in running}
    with facts.reading_all([one.of.session for one in running], at=at, moments=moments):
        for one in running:
            reevaluate(one.of.session, by=one.of.by, at=at, moments=moments[one.of.session.id])
    for one in new:
        if one.of.session.closed_at is not None:
            report_late_value(one.of.session, by=one.of.by, at=at)


def note_taken(taken: Iterable[Taken], *, at: datetime) -> None:
    """Tell the screens and write the record, once a session: the last statements of whoever takes values."""
    new = [one for one in taken if one.fresh]
    if not new:
        return
    of_monitors = [one.of.session for one in new if _is_values_alone(one.fresh)]
    others = [one.of.session for one in new if not _is_values_alone(one.fresh)]
    if of_monitors:
        tell_values(of_monitors)
    if others:
        tell_all(others)
    said = facts.said_in_their_minutes([row for one in new for row in one.fresh])
    entries = [_entry(one, said=said, at=at) for one in new]
    record_all([entry for entry in entries if entry is not None])


def _is_values_alone(fresh: Iterable[Vital]) -> bool:
    """Whether the screens need no more than these values: a monitor's own, each charted as true.

    What they move besides (a mark, a check that is made) the screens' reader finds itself.
    """
    return all(row.source == "monitor" and row.standing == ReadingStanding.PLAUSIBLE for row in fresh)


def _entry(one: Taken, *, said: Collection[uuid.UUID], at: datetime) -> AuditEntry | None:
    """What the record says of the values of a session; None where it says so already."""
    rows = [row for row in one.fresh if row.id not in said]
    if not rows:
        return None
    session, true = one.of.session, ReadingStanding.PLAUSIBLE
    not_charted = [row for row in rows if row.standing != true]
    event = ValuesCharted(codes=_codes(rows), source=rows[0].source, not_charted=_codes(not_charted))
    return AuditEntry(event, one.of.by, at, session.patient_id, ("session", session.id))


def _near(several: Sequence[SessionMoments]) -> dict[uuid.UUID, Near]:
    """What the monitors sent shortly before these moments, oldest first, of each session."""
    times = [moment.measured_at for one in several for moment in one.moments]
    if not times:
        return {}
    sessions = [one.session for one in several]
    since = min(times) - max(other_sensor(session) for session in sessions)
    every = set(plausibility.UNIT_OF)
    codes = {code for one in several for moment in one.moments for code in every - set(moment.values)}
    return facts.monitor_values(sessions, codes, since=since, until=max(times))


def _known(several: Sequence[SessionMoments]) -> dict[uuid.UUID, Vital]:
    keys = [key for one in several for moment in one.moments for key in moment.keys]
    return {row.client_id: row for row in Vital.objects.filter(client_id__in=keys)}


def _codes(rows: Iterable[Vital]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(row.code for row in rows))


def _farthest(rows: Sequence[Vital]) -> list[datetime]:
    """Besides now, the moments to look at: of each code where it was lowest and where it was highest.

    Several moments may come in one message, and a limit may have been crossed and left within it.
    """
    by_code: dict[str, list[Vital]] = {}
    for row in rows:
        by_code.setdefault(row.code, []).append(row)
    newest = max(row.measured_at for row in rows)
    ends = {
        end.measured_at
        for several in by_code.values()
        for end in (min(several, key=lambda row: row.value), max(several, key=lambda row: row.value))
    }
    return sorted(ends - {newest})


def take_vital(
    session_id: uuid.UUID,
    *,
    code: str,
    value: Decimal,
    unit: str,
    measured_at: datetime,
    client_id: uuid.UUID,
    by: Actor,
    at: datetime,
    source: str = "hand",
) -> Vital:
    """Keep one value. Its unit must be the one this room keeps that reading in (H32)."""
    refuse_if(rules.objections_to_unit(code, unit, expected=plausibility.UNIT_OF.get(code)))
    return take_vitals(
        session_id,
        values={code: value},
        measured_at=measured_at,
        client_id=client_id,
        by=by,
        at=at,
        sent=Sent(source=source),
    )[0]
