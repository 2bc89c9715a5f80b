"""Handing a message's readings to the session whose monitor sent it; what it does not take is put aside."""

from __future__ import annotations

import uuid
from dataclasses import replace
from datetime import datetime, timedelta

from openkap.accounts.actor import Actor
from openkap.interop.hl7v2.placing import MessagePlace, too_early
from openkap.interop.hl7v2.reading import moments
from openkap.interop.hl7v2.understood import Quarantined, SentReading, UnderstoodMessage, not_taken
from openkap.interop.statements import NotChartedStatement
from openkap.kernel.measured import measured_in_truth
from openkap.kernel.statement import Stated
from openkap.watch import queries as watch_queries
from openkap.watch.actions import NotCharted, heard, take_moments
from openkap.watch.actions.vitals import Sent, TakenMoment
from openkap.watch.models import Pairing
from openkap.watch.statements import ValueNote

READINGS_MAX = 2_000


def not_charted(found: UnderstoodMessage, where: MessagePlace) -> list[NotCharted]:
    """What of the message does not reach the room that waits for it."""
    if where.pairing is None:
        return [NotCharted(NotChartedStatement.EVERY_VALUE(), "", _why(where), expected=True)]
    return [
        NotCharted(
            NotChartedStatement.NAMED(name=it.what[:120]),
            it.value_text,
            NotChartedStatement.AS_ANSWERED(text=_said_once(it)[:300]),
            it.expected,
        )
        for it in found.quarantined
    ]


def _why(where: MessagePlace) -> Stated:
    assert where.reason is not None
    return where.reason


def _said_once(it: Quarantined) -> str:
    """The reason without the value's name before it: that stands beside it."""
    reason = it.reason.removeprefix(f"{it.what}: ")
    return reason[:1].upper() + reason[1:]


def chart(
    found: UnderstoodMessage, pairing: Pairing, *, key: uuid.UUID, by: Actor, at: datetime
) -> UnderstoodMessage:
    """Hand the readings to the session, all at once; what it does not take is put aside with why."""
    heard(pairing, at=at)
    aside: list[Quarantined] = []
    early = [one for one in found.readings if too_early(one, pairing)]
    for one in early:
        reason = f"{one.code.display}: measured before the monitor was paired with this session."
        aside.append(not_taken(one, reason, expected=False))
    many = [one for one in found.readings if one not in early]
    for one in many[READINGS_MAX:]:
        reason = f"{one.code.display}: more than {READINGS_MAX} readings in one message."
        aside.append(not_taken(one, reason))
    groups = moments(many[:READINGS_MAX])
    sent = found.sent_at.utc if found.sent_at else None
    taken = [
        _taken(group, pairing, key=key, turn=turn, measured_at=measured_in_truth(moment, sent_at=sent, at=at))
        for (moment, turn), group in groups.items()
    ]
    kept: list[SentReading] = []
    answers = take_moments(pairing.session_id, taken, by=by, at=at)
    for group, refusal in zip(groups.values(), answers, strict=True):
        if refusal is None:
            kept += group
        else:
            aside += [not_taken(one, f"{one.code.display}: {refusal}") for one in group]
    return replace(found, readings=tuple(kept), quarantined=(*found.quarantined, *aside))


def _taken(
    group: list[SentReading], pairing: Pairing, *, key: uuid.UUID, turn: int, measured_at: datetime
) -> TakenMoment:
    moment, noted = group[0].measured_at.utc, watch_queries.clock_noted(pairing.session)
    return TakenMoment(
        values={one.code.code: one.value for one in group},
        measured_at=measured_at,
        client_id=uuid.uuid5(pairing.monitor_id, f"{moment.isoformat()}|{turn}"),
        sent=Sent(
            source="monitor",
            monitor=pairing.monitor,
            message_id=key,
            systems={one.code.code: one.code.system for one in group},
            texts={one.code.code: one.value_text for one in group},
            channels={one.code.code: one.channel for one in group},
            notes={one.code.code: _notes(one, measured_at, noted=noted) for one in group},
        ),
    )


def _notes(one: SentReading, measured_at: datetime, *, noted: timedelta) -> list[Stated]:
    notes = [ValueNote.AS_SENT(text=one.note[:300])] if one.note else []
    back = one.measured_at.utc - measured_at
    if back > noted:
        notes.append(ValueNote.SET_BACK(seconds=back.seconds))
    if one.measured_at.repeated_hour:
        notes.append(ValueNote.REPEATED_HOUR())
    return notes
