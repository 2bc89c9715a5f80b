"""Handing a message's readings to the session whose monitor sent it; what it does not take is put aside."""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from openkap.accounts.actor import Actor
from openkap.interop.hl7v2.placing import MessagePlace, too_early
from openkap.interop.hl7v2.reading import moments
from openkap.interop.hl7v2.understood import Quarantined, SentReading, UnderstoodMessage, not_taken
from openkap.interop.statements import NotChartedStatement
from openkap.kernel.measured import measured_in_truth
from openkap.kernel.refusal import Refused
from openkap.kernel.statement import Stated
from openkap.watch import queries as watch_queries
from openkap.watch.actions import NotCharted, heard
from openkap.watch.actions.locking import locked_sessions
from openkap.watch.actions.moments import Sent, TakenMoment
from openkap.watch.actions.vitals import SessionMoments, Taken, take_all
from openkap.watch.models import Pairing
from openkap.watch.statements import ValueNote

READINGS_MAX = 2_000


def not_charted(understood: UnderstoodMessage, where: MessagePlace) -> list[NotCharted]:
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
        for it in understood.quarantined
    ]


def _why(where: MessagePlace) -> Stated:
    assert where.reason is not None
    return where.reason


def _said_once(it: Quarantined) -> str:
    """The reason without the value's name before it: that stands beside it."""
    reason = it.reason.removeprefix(f"{it.what}: ")
    return reason[:1].upper() + reason[1:]


@dataclass(frozen=True, slots=True)
class ToChart:
    """A message whose readings go to the session its monitor is paired with."""

    key: uuid.UUID
    understood: UnderstoodMessage
    pairing: Pairing
    by: Actor


@dataclass(frozen=True, slots=True)
class _Sorted:
    """A message's readings by their moments, and what is not taken whatever the session says."""

    of: ToChart
    groups: list[list[SentReading]]
    moments: list[TakenMoment]
    aside: list[Quarantined]


def hold(several: Sequence[ToChart], *, wait: bool) -> list[ToChart]:
    """Lock the sessions of these messages; without waiting, only those whose session nobody holds now."""
    sessions = locked_sessions({one.pairing.session_id for one in several}, wait=wait)
    held = [one for one in several if one.pairing.session_id in sessions]
    for one in held:
        one.pairing.session = sessions[one.pairing.session_id]
    return held


def chart(several: Sequence[ToChart], *, at: datetime) -> tuple[list[UnderstoodMessage], list[Taken]]:
    """Hand the readings to their sessions, all at once; what a session does not take is put aside with why.

    The sessions are held. Returns each message as charted, and what the caller ends with: `note_taken`.
    """
    pairings = {one.pairing.id: one.pairing for one in several}
    sessions = {pairing.session_id: pairing.session for pairing in pairings.values()}
    watch_queries.read_protocols(sessions.values())
    sorted_out = [_sorted(one, at=at) for one in several]
    for pairing in pairings.values():
        heard(pairing, at=at)
    by_pairing = {key: [it for it in sorted_out if it.of.pairing.id == key] for key in pairings}
    taken = take_all(
        [
            SessionMoments(pairings[key].session, [m for it in some for m in it.moments], some[0].of.by)
            for key, some in by_pairing.items()
        ],
        at=at,
    )
    answers = {key: iter(one.answers) for key, one in zip(by_pairing, taken, strict=True)}
    return [_answered(it, answers[it.of.pairing.id]) for it in sorted_out], taken


def _sorted(one: ToChart, *, at: datetime) -> _Sorted:
    aside: list[Quarantined] = []
    early = [it for it in one.understood.readings if too_early(it, one.pairing)]
    for it in early:
        reason = f"{it.code.display}: measured before the monitor was paired with this session."
        aside.append(not_taken(it, reason, expected=False))
    many = [it for it in one.understood.readings if it not in early]
    for it in many[READINGS_MAX:]:
        reason = f"{it.code.display}: more than {READINGS_MAX} readings in one message."
        aside.append(not_taken(it, reason))
    groups = moments(many[:READINGS_MAX])
    sent = one.understood.sent_at.utc if one.understood.sent_at else None
    taken = [
        _taken(
            group,
            one.pairing,
            key=one.key,
            turn=turn,
            measured_at=measured_in_truth(moment, sent_at=sent, at=at),
        )
        for (moment, turn), group in groups.items()
    ]
    return _Sorted(one, list(groups.values()), taken, aside)


def _answered(it: _Sorted, answers: Iterator[Refused | None]) -> UnderstoodMessage:
    """The message with what its session took, and what it did not with why."""
    kept: list[SentReading] = []
    aside = list(it.aside)
    for group in it.groups:
        refusal = next(answers)
        if refusal is None:
            kept += group
        else:
            aside += [not_taken(one, f"{one.code.display}: {refusal}") for one in group]
    understood = it.of.understood
    return replace(understood, readings=tuple(kept), quarantined=(*understood.quarantined, *aside))


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
