"""The values of one moment: what may be kept of them, and as what."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal

from openkap.accounts.actor import Actor
from openkap.kernel.quantity import plain
from openkap.kernel.refusal import Objection, refuse_if
from openkap.kernel.statement import Stated
from openkap.watch import facts, plausibility, rules
from openkap.watch.models import Monitor, Session, Vital
from openkap.watch.statements import ValueNote

Near = list[tuple[str, datetime, Decimal]]


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


def other_sensor(session: Session) -> timedelta:
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


def judge_moment(
    session: Session, moment: TakenMoment, *, near: Near, at: datetime
) -> Mapping[str, plausibility.Judged]:
    """How far each value may be taken for true, or why the moment is not taken."""
    known = facts.protocol_of(session)
    objections = rules.objections_to_values(moment.values, known=plausibility.UNIT_OF)
    refuse_if(objections + objections_to_time(session, moment.measured_at, at=at))
    verdicts = plausibility.judge(
        moment.values,
        sensors=known.sensors,
        lines=known.lines,
        others=_others(near, moment, within=other_sensor(session)),
    )
    if moment.sent.source == "hand":
        refuse_if(rules.objections_to_typed(verdicts, sensors=known.sensors))
    return verdicts


def key_of(client_id: uuid.UUID, code: str) -> uuid.UUID:
    """The key of one code within a reading."""
    return uuid.uuid5(client_id, code)


def new_only(
    session: Session,
    verdicts: Mapping[str, plausibility.Judged],
    *,
    moment: TakenMoment,
    known: Mapping[uuid.UUID, Vital],
) -> list[plausibility.Judged]:
    """What has not come before; the same key for anything else is a conflict, not a correction (H24)."""
    new = []
    for code, one in verdicts.items():
        kept = known.get(key_of(moment.client_id, code))
        if kept is None:
            new.append(one)
        elif kept.value != one.value or kept.session_id != session.id:
            raise rules.other_value()
    return new


def row_of(
    session: Session,
    one: plausibility.Judged,
    *,
    moment: TakenMoment,
    by: Actor,
    at: datetime,
) -> Vital:
    """One judged value as it is kept."""
    origin, ahead = moment.sent, moment.measured_at - at
    notes = list(origin.notes.get(one.code, ()))
    if ahead > timedelta(seconds=facts.numbers_of(session).clock_noted_seconds):
        notes.append(ValueNote.CLOCK_AHEAD(seconds=ahead.seconds))
    if session.closed_at is not None:
        notes.append(ValueNote.AFTER_CLOSING())
    kept = {
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
    return Vital(**kept, **by.stamp(at))


def _system(code: str) -> str:
    if "-" in code:
        return "loinc"
    return "openkap" if code == plausibility.MOAAS else "mdc"
