"""Taking values, side effects, and what was said. What arrives twice is one row; nothing received is lost."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal

from django.db import transaction

from openkap.accounts.actor import Actor
from openkap.alerts.actions import raise_alert
from openkap.alerts.queries import owner_for
from openkap.audit.actions import record
from openkap.dosing import facts, plausibility, rules
from openkap.dosing.actions.locking import locked_session, tell
from openkap.dosing.actions.marking import look_again, tell_of_late_value
from openkap.dosing.models import Monitor, Remark, Session, SideEffect, Vital
from openkap.kernel import measured
from openkap.kernel.quantity import plain
from openkap.kernel.refusal import Conflict, Objection, Refused, refuse_if

CLOCK_NOTED = timedelta(seconds=5)
CLOCK_REFUSED = timedelta(minutes=5)
SERIOUS_FROM_GRADE = 3
BEFORE_OPENING = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Sent:
    """Where values came from, and what goes with them."""

    source: str = "hand"
    monitor: Monitor | None = None
    message_id: uuid.UUID | None = None
    systems: Mapping[str, str] = field(default_factory=dict)
    texts: Mapping[str, str] = field(default_factory=dict)
    channels: Mapping[str, str] = field(default_factory=dict)
    notes: Mapping[str, str] = field(default_factory=dict)


def objections_to_time(session: Session, when: datetime, *, at: datetime) -> list[Objection]:
    """A value belongs to the session it was measured in; a clock that is far off is not believed (H27)."""
    if measured.objections_to_time(when, at=at, tolerance=CLOCK_REFUSED):
        text = "The time lies in the future. Set the clock of this device right."
        return [Objection("CLOCK_AHEAD", text, "measured_at")]
    if when < session.at - BEFORE_OPENING:
        return [Objection("BEFORE_SESSION", "This was measured before the session.", "measured_at")]
    if session.closed_at is not None and when > session.closed_at:
        return [Objection("SESSION_CLOSED", "This was measured after the session was closed.")]
    return []


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
    """Keep the readings of one moment, each with how far it may be taken for true.

    `client_id` names the reading on the sender's side; each code gets a key of its own from it.
    """
    session = locked_session(session_id)
    found = [] if values else [Objection("values", "Nothing was measured.")]
    unknown = [code for code in values if code not in plausibility.LIMITS]
    found += [Objection("code", f"“{code}” is no reading this room knows.") for code in unknown]
    refuse_if(found + objections_to_time(session, measured_at, at=at))
    origin = sent or Sent()
    lines = facts.protocol_of(session).lines
    others = facts.others_just_now(session, values, measured_at=measured_at)
    judged = plausibility.judge(values, lines=lines, others=others)
    if origin.source == "hand":
        refuse_if(rules.objections_to_typed(judged))
    fresh = _new_only(judged, client_id)
    if not fresh:
        return list(Vital.objects.filter(client_id__in=[key_of(client_id, code) for code in values]))
    rows = [
        Vital.objects.create(**_columns(session, one, measured_at, client_id, origin, at), **by.stamp(at))
        for one in fresh
    ]
    _after_values(session, rows, by=by, at=at)
    return rows


def key_of(client_id: uuid.UUID, code: str) -> uuid.UUID:
    """The key of one code within a reading."""
    return uuid.uuid5(client_id, code)


def _new_only(judged: Mapping[str, plausibility.Judged], client_id: uuid.UUID) -> list[plausibility.Judged]:
    """What has not come before; the same key with another value is a conflict, not a correction (H24)."""
    keys = {key_of(client_id, code): one for code, one in judged.items()}
    known = {row.client_id: row for row in Vital.objects.filter(client_id__in=keys)}
    for key, row in known.items():
        if row.value != keys[key].value:
            raise Conflict(Objection("client_id", "This reading was sent before with another value."))
    return [one for key, one in keys.items() if key not in known]


def _columns(
    session: Session,
    one: plausibility.Judged,
    measured_at: datetime,
    client_id: uuid.UUID,
    origin: Sent,
    at: datetime,
) -> dict[str, object]:
    ahead = measured_at - at
    note = origin.notes.get(one.code, "")
    if ahead > CLOCK_NOTED:
        note = f"{note} The sender's clock is {ahead.seconds} s ahead.".strip()
    if session.closed_at is not None:
        note = f"{note} Arrived after the session was closed.".strip()
    return {
        "session": session,
        "client_id": key_of(client_id, one.code),
        "code_system": origin.systems.get(one.code) or _system(one.code),
        "code": one.code,
        "value": one.value,
        "value_text": origin.texts.get(one.code) or plain(one.value),
        "unit": plausibility.LIMITS[one.code].unit,
        "measured_at": min(measured_at, at),
        "standing": one.standing,
        "reason": one.reason[:300],
        "source": origin.source,
        "channel": origin.channels.get(one.code, "")[:60],
        "monitor": origin.monitor,
        "message_id": origin.message_id,
        "note": note[:300],
    }


def _system(code: str) -> str:
    if "-" in code:
        return "loinc"
    return "openkap" if code == plausibility.MOAAS else "mdc"


def _after_values(session: Session, rows: list[Vital], *, by: Actor, at: datetime) -> None:
    if session.closed_at is None:
        look_again(session, by=by, at=at)
    else:
        tell_of_late_value(session, by=by, at=at)
    tell(session)
    record(
        "dosing.values_taken",
        by=by,
        at=at,
        patient_id=session.patient_id,
        subject=("session", session.id),
        details={
            "codes": [row.code for row in rows],
            "source": rows[0].source,
            "not_charted": [row.code for row in rows if row.standing != plausibility.Standing.PLAUSIBLE],
        },
    )


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
    limit = plausibility.LIMITS.get(code)
    if limit is None or limit.unit != unit:
        raise Refused(Objection("unit", f"“{code}” is not kept in {unit or 'no unit'} here.", "unit"))
    return take_vitals(
        session_id,
        values={code: value},
        measured_at=measured_at,
        client_id=client_id,
        by=by,
        at=at,
        sent=Sent(source=source),
    )[0]


@transaction.atomic
def note_side_effect(
    session_id: uuid.UUID,
    *,
    term: str,
    grade: int,
    noticed_at: datetime,
    client_id: uuid.UUID,
    by: Actor,
    at: datetime,
    serious: bool = False,
    note: str = "",
) -> SideEffect:
    """Something the person felt or showed. From grade 3, or when serious, the prescriber is told."""
    session = locked_session(session_id)
    earlier = SideEffect.objects.filter(client_id=client_id).first()
    if earlier is not None:
        return earlier
    found = objections_to_time(session, noticed_at, at=at)
    if not term.strip():
        found.append(Objection("term", "Say what it was.", "term"))
    if not 1 <= grade <= 5:
        found.append(Objection("grade", "The grade is 1 to 5.", "grade"))
    refuse_if(found)
    row = SideEffect.objects.create(
        session=session,
        client_id=client_id,
        term=term.strip()[:80],
        grade=grade,
        serious=serious,
        note=note.strip()[:500],
        noticed_at=min(noticed_at, at),
        **by.stamp(at),
    )
    if serious or grade >= SERIOUS_FROM_GRADE:
        raise_alert(
            session.patient_id,
            kind="side_effect",
            text=f"{session.room.name}: {row}.",
            owner_membership_id=owner_for(session.patient_id, "prescriber"),
            cause=("side_effect", row.id),
            by=by,
            at=at,
        )
    if session.closed_at is None:
        look_again(session, by=by, at=at)
    tell(session)
    details = {"term": row.term, "grade": grade, "serious": serious}
    subject = ("side_effect", row.id)
    record(
        "dosing.side_effect", by=by, at=at, patient_id=session.patient_id, subject=subject, details=details
    )
    return row


@transaction.atomic
def note_remark(
    session_id: uuid.UUID,
    *,
    kind: str,
    text: str,
    noticed_at: datetime,
    client_id: uuid.UUID,
    by: Actor,
    at: datetime,
    agreed: bool = False,
) -> Remark:
    """What the person said, when they agreed to have it written down, or who is in the room."""
    session = locked_session(session_id)
    earlier = Remark.objects.filter(client_id=client_id).first()
    if earlier is not None:
        return earlier
    found = objections_to_time(session, noticed_at, at=at)
    if not text.strip():
        found.append(Objection("text", "Write it down in a few words.", "text"))
    if kind == Remark.Kind.WORDS and not agreed:
        reason = "Write their words down only when they agreed to it beforehand."
        found.append(Objection("WORDS_NOT_AGREED", reason, "agreed"))
    refuse_if(found)
    row = Remark.objects.create(
        session=session,
        client_id=client_id,
        kind=Remark.Kind(kind),
        text=text.strip()[:1000],
        noticed_at=min(noticed_at, at),
        **by.stamp(at),
    )
    tell(session)
    subject = ("remark", row.id)
    record(
        "dosing.remark", by=by, at=at, patient_id=session.patient_id, subject=subject, details={"kind": kind}
    )
    return row
