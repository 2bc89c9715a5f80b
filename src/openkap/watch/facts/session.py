"""What a session is bound to, and what was noted in it. Reads only."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from datetime import datetime
from zoneinfo import ZoneInfo

from openkap.defaults import queries as defaults
from openkap.protocols import queries as protocols
from openkap.protocols.pack import Pack
from openkap.tenancy.models import Clinic
from openkap.watch import protocol
from openkap.watch.checks import ALERTNESS, PRESSURE, RATE, SATURATION, TakenCheck
from openkap.watch.checks import SessionTimes as Day
from openkap.watch.models import AdverseEvent, EnteredInError, Session, VitalSettled
from openkap.watch.numbers import SensorNumbers, WatchNumbers
from openkap.watch.plausibility import CUFF_PULSE, HEART_RATE, MOAAS, OXIMETER_PULSE, PULSE, SBP, SPO2

RATES = (HEART_RATE, OXIMETER_PULSE, PULSE, CUFF_PULSE)
CHECKED_BY = {PRESSURE: (SBP,), SATURATION: (SPO2,), RATE: RATES, ALERTNESS: (MOAAS,)}
READ_ONCE = "_protocol_read_once"


def zone_of(session: Session) -> ZoneInfo:
    """The zone the clinic's day is counted in."""
    return Clinic.objects.get(id=session.clinic_id).tz


def protocol_of(session: Session) -> protocol.Protocol:
    """The rows of the pack the course is bound to, and which of them this clinic has confirmed."""
    known: protocol.Protocol | None = session.__dict__.get(READ_ONCE)
    if known is None:
        version = session.course.pack_version
        numbers, sensors = defaults.pair(WatchNumbers, SensorNumbers)
        known = protocol.of(
            protocols.effective_pack(version),
            numbers=numbers,
            sensors=sensors,
            signed=protocols.signed_rows(version),
        )
        session.__dict__[READ_ONCE] = known  # a session is loaded anew for every act; its rows are read once
    return known


def numbers_of(session: Session) -> WatchNumbers:
    """The clinic's numbers, as the session goes by them."""
    return protocol_of(session).numbers


def pack_of(session: Session) -> Pack:
    """The pack the course is bound to."""
    return protocols.pack_of(session.course.pack_version)


def errors_of(session: Session, kind: str) -> frozenset[uuid.UUID]:
    """The entries of a kind that were entered in error."""
    rows = EnteredInError.objects.filter(session=session, kind=kind)
    return frozenset(rows.values_list("entry_id", flat=True))


def proved_wrong(session: Session) -> set[str]:
    """Every entry that was made in error, and every value a person has called the sensor's."""
    errors = EnteredInError.objects.filter(session=session).values_list("entry_id", flat=True)
    sensors = VitalSettled.objects.filter(vital__session=session, is_true=False)
    return {str(key) for key in [*errors, *sensors.values_list("vital_id", flat=True)]}


def adverse_events(session: Session) -> list[AdverseEvent]:
    """The adverse events of a session that stand, oldest first."""
    errors = errors_of(session, EnteredInError.Kind.ADVERSE_EVENT)
    return [row for row in AdverseEvent.objects.filter(session=session) if row.id not in errors]


def symptoms_in(session: Session, row: AdverseEvent) -> frozenset[str]:
    """The complaints of the pack that an adverse event means."""
    rows = protocol_of(session).symptoms
    return frozenset(it.name for it in rows if it.is_meant_by(row.term, grade=row.grade))


def day_of(session: Session) -> Day:
    """The session's moments, as the schedule of checks counts them."""
    return Day(session.at, session.dose_began_at, session.dose_ended_at, session.closed_at)


def taken(vitals: Iterable[tuple[str, datetime]]) -> list[TakenCheck]:
    """What was measured, by the kind of check it serves."""
    kind_of = {code: kind for kind, codes in CHECKED_BY.items() for code in codes}
    return [TakenCheck(kind_of[code], when) for code, when in vitals if code in kind_of]
