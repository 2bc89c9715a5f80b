"""Taking values: by hand, or the moments of a monitor's message. What arrives twice is one row."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal

from django.db import transaction

from openkap.accounts.actor import Actor
from openkap.audit.actions import record
from openkap.kernel.quantity import plain
from openkap.kernel.refusal import Objection, Refused, refuse_if
from openkap.kernel.statement import Stated
from openkap.watch import facts, plausibility, rules
from openkap.watch.actions.locking import locked_session, tell
from openkap.watch.actions.marking import reevaluate, report_late_value
from openkap.watch.events import ValuesCharted
from openkap.watch.models import Monitor, Session, Vital
from openkap.watch.statements import ValueNote


@dataclass(frozen=True, slots=True)
class Sent:
    """Where values came from, and what goes with them."""

    source: str = "hand"
    monitor: Monitor | None = None
    message_id: uuid.UUID | None = None
    systems: Mapping[str, str] = field(default_factory=dict)
    texts: Mapping[str, str] = field(default_factory=dict)
    channels: Mapping[str, str] = field(default_factory=dict)
    notes: Mapping[str, Sequence[Stated]] = field(default_factory=dict)


def objections_to_time(session: Session, when: datetime, *, at: datetime) -> list[Objection]:
    """A value belongs to the session it was measured in; a clock that is far off is not believed (H27)."""
    numbers = facts.numbers_of(session)
    return rules.objections_to_moment(
        when,
        at=at,
        clock_may_be_ahead=timedelta(minutes=numbers.clock_refused_minutes),
        not_before=session.at - timedelta(hours=numbers.before_opening_hours),
        closed_at=session.closed_at,
    )


@dataclass(frozen=True, slots=True)
class TakenMoment:
    """The readings of one moment. `client_id` is the sender's name for it, and makes each code's key."""

    values: Mapping[str, Decimal]
    measured_at: datetime
    client_id: uuid.UUID
    sent: Sent = field(default_factory=Sent)

    @property
    def keys(self) -> dict[uuid.UUID, str]:
        """The key of each code of this moment."""
        return {key_of(self.client_id, code): code for code in self.values}


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
    """Keep the readings of several moments, and judge them once: a message costs what it carries (H31).

    Returns, moment by moment, why it was not taken, or None. One moment that is refused spares the others.
    """
    session = locked_session(session_id)
    known = _known(moments)
    near = _near(session, moments)
    answers: list[Refused | None] = []
    fresh: list[Vital] = []
    for moment in moments:
        try:
            judged = _judged(session, moment, near=near, at=at)
            new = _new_only(session, judged, moment=moment, known=known)
        except Refused as refusal:
            answers.append(refusal)
            continue
        answers.append(None)
        stamp = by.stamp(at)
        rows = [Vital(**_columns(session, one, moment=moment, at=at), **stamp) for one in new]
        known |= {row.client_id: row for row in rows}
        near += [(row.code, row.measured_at, row.value) for row in rows if row.source == "monitor"]
        fresh += rows
    if fresh:
        Vital.objects.bulk_create(fresh)
        _after_values(session, fresh, by=by, at=at)
    return answers


Near = list[tuple[str, datetime, Decimal]]


def _near(session: Session, moments: Sequence[TakenMoment]) -> Near:
    """What the monitors sent shortly before these moments, oldest first."""
    if not moments:
        return []
    times = [moment.measured_at for moment in moments]
    since = min(times) - _other_sensor(session)
    return facts.monitor_values([session.id], since=since, until=max(times)).get(session.id, [])


def _other_sensor(session: Session) -> timedelta:
    """For how long what another sensor counts speaks for or against a value."""
    return timedelta(seconds=facts.numbers_of(session).other_sensor_seconds)


def _others(near: Near, moment: TakenMoment, *, within: timedelta) -> dict[str, Decimal]:
    """The newest value of every code that is not in this moment, from the last seconds."""
    since = moment.measured_at - within
    rows = sorted((when, place, code, value) for place, (code, when, value) in enumerate(near))
    return {
        code: value
        for when, _, code, value in rows
        if since < when <= moment.measured_at and code not in moment.values
    }


def _judged(
    session: Session, moment: TakenMoment, *, near: Near, at: datetime
) -> Mapping[str, plausibility.Judged]:
    known = facts.protocol_of(session)
    found = rules.objections_to_values(moment.values, known=plausibility.UNIT_OF)
    refuse_if(found + objections_to_time(session, moment.measured_at, at=at))
    judged = plausibility.judge(
        moment.values,
        sensors=known.sensors,
        lines=known.lines,
        others=_others(near, moment, within=_other_sensor(session)),
    )
    if moment.sent.source == "hand":
        refuse_if(rules.objections_to_typed(judged, sensors=known.sensors))
    return judged


def _known(moments: Sequence[TakenMoment]) -> dict[uuid.UUID, Vital]:
    keys = [key for moment in moments for key in moment.keys]
    return {row.client_id: row for row in Vital.objects.filter(client_id__in=keys)}


def key_of(client_id: uuid.UUID, code: str) -> uuid.UUID:
    """The key of one code within a reading."""
    return uuid.uuid5(client_id, code)


def _new_only(
    session: Session,
    judged: Mapping[str, plausibility.Judged],
    *,
    moment: TakenMoment,
    known: Mapping[uuid.UUID, Vital],
) -> list[plausibility.Judged]:
    """What has not come before; the same key for anything else is a conflict, not a correction (H24)."""
    new = []
    for code, one in judged.items():
        row = known.get(key_of(moment.client_id, code))
        if row is None:
            new.append(one)
        elif row.value != one.value or row.session_id != session.id:
            raise rules.other_value()
    return new


def _columns(
    session: Session,
    one: plausibility.Judged,
    *,
    moment: TakenMoment,
    at: datetime,
) -> dict[str, object]:
    origin, ahead = moment.sent, moment.measured_at - at
    notes = list(origin.notes.get(one.code, ()))
    if ahead > timedelta(seconds=facts.numbers_of(session).clock_noted_seconds):
        notes.append(ValueNote.CLOCK_AHEAD(seconds=ahead.seconds))
    if session.closed_at is not None:
        notes.append(ValueNote.AFTER_CLOSING())
    return {
        "session": session,
        "client_id": key_of(moment.client_id, one.code),
        "code_system": origin.systems.get(one.code) or _system(one.code),
        "code": one.code,
        "value": one.value,
        "value_text": origin.texts.get(one.code) or plain(one.value),
        "unit": plausibility.UNIT_OF[one.code],
        "measured_at": min(moment.measured_at, at),
        "standing": one.standing,
        "reason": one.reason,
        "source": origin.source,
        "channel": origin.channels.get(one.code, "")[:60],
        "monitor": origin.monitor,
        "message_id": origin.message_id,
        "notes": [note.kept() for note in notes],
    }


def _system(code: str) -> str:
    if "-" in code:
        return "loinc"
    return "openkap" if code == plausibility.MOAAS else "mdc"


def _codes(rows: list[Vital]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(row.code for row in rows))


def _after_values(session: Session, rows: list[Vital], *, by: Actor, at: datetime) -> None:
    if session.closed_at is None:
        reevaluate(session, by=by, at=at, moments=_farthest(rows))
    else:
        report_late_value(session, by=by, at=at)
    tell(session)
    not_charted = [row for row in rows if row.standing != plausibility.ReadingStanding.PLAUSIBLE]
    record(
        ValuesCharted(
            codes=_codes(rows),
            source=rows[0].source,
            not_charted=_codes(not_charted),
        ),
        by=by,
        at=at,
        patient_id=session.patient_id,
        subject=("session", session.id),
    )


def _farthest(rows: list[Vital]) -> list[datetime]:
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
