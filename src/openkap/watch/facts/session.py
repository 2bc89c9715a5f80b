"""What a session is bound to, and what was noted in it. Reads only."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from django.db.models import QuerySet

from openkap.defaults import queries as defaults
from openkap.protocols import queries as protocols
from openkap.protocols.pack import Pack
from openkap.tenancy.keyed_queries import keyed_query
from openkap.tenancy.models import Clinic
from openkap.watch import protocol
from openkap.watch.checks import ALERTNESS, PRESSURE, RATE, SATURATION, TakenCheck
from openkap.watch.checks import SessionTimes as Day
from openkap.watch.facts.reading import Looked, by_session, loaded, once
from openkap.watch.models import AdverseEvent, EnteredInError, Remark, Session, VitalSettled
from openkap.watch.numbers import SensorNumbers, WatchNumbers
from openkap.watch.plausibility import CUFF_PULSE, HEART_RATE, MOAAS, OXIMETER_PULSE, PULSE, SBP, SPO2

RATES = (HEART_RATE, OXIMETER_PULSE, PULSE, CUFF_PULSE)
CHECKED_BY = {PRESSURE: (SBP,), SATURATION: (SPO2,), RATE: RATES, ALERTNESS: (MOAAS,)}
READ_ONCE = "_protocol_read_once"


@dataclass(frozen=True, slots=True)
class SettledValue:
    """A grave value a person has looked at: whether it was the person's own, or the sensor's."""

    vital_id: uuid.UUID
    code: str
    is_true: bool
    at: datetime


def clinic_of(session: Session) -> Clinic:
    """The clinic the session is in."""
    return once(session, "clinic", ask=lambda: clinics(session.clinic_id)[0])


@keyed_query
def clinics(*keys: uuid.UUID) -> QuerySet[Clinic]:
    """The clinics, by key: there is one at a time."""
    return Clinic.objects.filter(id__in=keys)


def zone_of(session: Session) -> ZoneInfo:
    """The zone the clinic's day is counted in."""
    return clinic_of(session).tz


def protocol_of(session: Session) -> protocol.Protocol:
    """The rows of the pack the course is bound to, and which of them this clinic has confirmed."""
    if READ_ONCE not in session.__dict__:
        read_protocols([session])
    known: protocol.Protocol = session.__dict__[READ_ONCE]
    return known


def read_protocols(sessions: Iterable[Session]) -> None:
    """Read the protocols of these sessions: a session is loaded anew for every act, its rows once for it."""
    new = [one for one in sessions if READ_ONCE not in one.__dict__]
    if not new:
        return
    numbers, sensors = defaults.pair(WatchNumbers, SensorNumbers)
    known: dict[uuid.UUID, protocol.Protocol] = {}
    for one in new:
        version = one.course.pack_version
        if version.id not in known:
            pack, signed = protocols.effective_pack(version), protocols.signed_rows(version)
            known[version.id] = protocol.of(pack, numbers=numbers, sensors=sensors, signed=signed)
        one.__dict__[READ_ONCE] = known[version.id]


def numbers_of(session: Session) -> WatchNumbers:
    """The clinic's numbers, as the session goes by them."""
    return protocol_of(session).numbers


def pack_of(session: Session) -> Pack:
    """The pack the course is bound to."""
    return protocols.pack_of(session.course.pack_version)


@keyed_query
def errors_in(*sessions: uuid.UUID) -> QuerySet[EnteredInError]:
    """Whatever was charted in these sessions and called an error."""
    return EnteredInError.objects.filter(session_id__in=sessions)


@keyed_query
def events_in(*sessions: uuid.UUID) -> QuerySet[AdverseEvent]:
    """The adverse events of these sessions, oldest first, also those called an error."""
    return AdverseEvent.objects.filter(session_id__in=sessions).order_by("noticed_at", "id")


@keyed_query
def remarks_in(*sessions: uuid.UUID) -> QuerySet[Remark]:
    """The remarks of these sessions, oldest first, also those called an error."""
    return Remark.objects.filter(session_id__in=sessions).order_by("noticed_at", "id")


@keyed_query
def settled_in(*sessions: uuid.UUID) -> QuerySet[VitalSettled]:
    """What people said of grave values in these sessions, in order, each with its value."""
    rows = VitalSettled.objects.filter(vital__session_id__in=sessions).select_related("vital")
    return rows.order_by("at", "id")


OF_A_SESSION = (errors_in, events_in, remarks_in, settled_in)


def errors(session: Session) -> list[EnteredInError]:
    """Whatever was charted in a session and called an error."""
    return loaded(session, "errors", ask=lambda looked: by_session(errors_in(*looked.keys))) or []


def errors_of(session: Session, kind: str) -> frozenset[uuid.UUID]:
    """The entries of a kind that were entered in error."""
    return frozenset(row.entry_id for row in errors(session) if row.kind == kind)


def proved_wrong(session: Session) -> set[str]:
    """Every entry that was made in error, and every value a person has called the sensor's."""
    sensors = [it.vital_id for it in settled_values(session) if not it.is_true]
    return {str(key) for key in [*(row.entry_id for row in errors(session)), *sensors]}


def settled_values(session: Session) -> list[SettledValue]:
    """The grave values of a session a person has looked at, and what they said."""
    return loaded(session, "settled", ask=_settled) or []


def _settled(looked: Looked) -> dict[uuid.UUID, list[SettledValue]]:
    settled: dict[uuid.UUID, list[SettledValue]] = defaultdict(list)
    for row in settled_in(*looked.keys):
        told = SettledValue(row.vital_id, row.vital.code, row.is_true, row.at)
        settled[row.vital.session_id].append(told)
    return settled


def noted(session: Session) -> list[AdverseEvent]:
    """Every adverse event of a session, oldest first, also what was called an error."""
    return loaded(session, "adverse events", ask=lambda looked: by_session(events_in(*looked.keys))) or []


def adverse_events(session: Session) -> list[AdverseEvent]:
    """The adverse events of a session that stand, oldest first."""
    wrong = errors_of(session, EnteredInError.Kind.ADVERSE_EVENT)
    return [row for row in noted(session) if row.id not in wrong]


def remarks(session: Session) -> list[Remark]:
    """Every remark of a session, oldest first, also what was called an error."""
    return loaded(session, "remarks", ask=lambda looked: by_session(remarks_in(*looked.keys))) or []


def symptoms_in(session: Session, event: AdverseEvent) -> frozenset[str]:
    """The complaints of the pack that an adverse event means."""
    rows = protocol_of(session).symptoms
    return frozenset(it.name for it in rows if it.is_meant_by(event.term, grade=event.grade))


def day_of(session: Session) -> Day:
    """The session's moments, as the schedule of checks counts them."""
    return Day(session.at, session.dose_began_at, session.dose_ended_at, session.closed_at)


def taken(vitals: Iterable[tuple[str, datetime]]) -> list[TakenCheck]:
    """What was measured, by the kind of check it serves."""
    kind_of = {code: kind for kind, codes in CHECKED_BY.items() for code in codes}
    return [TakenCheck(kind_of[code], when) for code, when in vitals if code in kind_of]
