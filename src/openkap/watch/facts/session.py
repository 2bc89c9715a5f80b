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
from openkap.watch.facts.reading import once
from openkap.watch.models import AdverseEvent, EnteredInError, Remark, Session, VitalSettled
from openkap.watch.numbers import SensorNumbers, WatchNumbers
from openkap.watch.plausibility import CUFF_PULSE, HEART_RATE, MOAAS, OXIMETER_PULSE, PULSE, SBP, SPO2

RATES = (HEART_RATE, OXIMETER_PULSE, PULSE, CUFF_PULSE)
CHECKED_BY = {PRESSURE: (SBP,), SATURATION: (SPO2,), RATE: RATES, ALERTNESS: (MOAAS,)}
READ_ONCE = "_protocol_read_once"


def zone_of(session: Session) -> ZoneInfo:
    """The zone the clinic's day is counted in."""
    return once(session, "zone", ask=lambda: Clinic.objects.get(id=session.clinic_id).tz)


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


def errors(session: Session) -> list[EnteredInError]:
    """Whatever was charted in a session and called an error."""
    return once(session, "errors", ask=lambda: list(EnteredInError.objects.filter(session=session)))


def errors_of(session: Session, kind: str) -> frozenset[uuid.UUID]:
    """The entries of a kind that were entered in error."""
    return frozenset(row.entry_id for row in errors(session) if row.kind == kind)


def proved_wrong(session: Session) -> set[str]:
    """Every entry that was made in error, and every value a person has called the sensor's."""
    sensors = VitalSettled.objects.filter(vital__session=session, is_true=False)
    wrong = [row.entry_id for row in errors(session)]
    return {str(key) for key in [*wrong, *sensors.values_list("vital_id", flat=True)]}


def noted(session: Session) -> list[AdverseEvent]:
    """Every adverse event of a session, oldest first, also what was called an error."""
    return once(session, "adverse events", ask=lambda: list(AdverseEvent.objects.filter(session=session)))


def adverse_events(session: Session) -> list[AdverseEvent]:
    """The adverse events of a session that stand, oldest first."""
    wrong = errors_of(session, EnteredInError.Kind.ADVERSE_EVENT)
    return [row for row in noted(session) if row.id not in wrong]


def remarks(session: Session) -> list[Remark]:
    """Every remark of a session, oldest first, also what was called an error."""
    return once(session, "remarks", ask=lambda: list(Remark.objects.filter(session=session)))


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
