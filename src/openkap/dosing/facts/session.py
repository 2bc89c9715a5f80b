"""What a session is bound to: its pack, its zone, its dose and what happened to it. Reads only."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from datetime import datetime
from decimal import ROUND_DOWN, Decimal
from zoneinfo import ZoneInfo

from openkap.defaults import queries as defaults
from openkap.dosing import infusion, protocol
from openkap.dosing.checks import ALERTNESS, PRESSURE, RATE, SATURATION, Taken
from openkap.dosing.checks import Course as Day
from openkap.dosing.models import (
    Dose,
    EnteredInError,
    MedicinesReview,
    NoDrivePromise,
    Session,
    SideEffect,
    VitalSettled,
)
from openkap.dosing.numbers import DosingNumbers, SensorNumbers
from openkap.dosing.plausibility import (
    CUFF_PULSE,
    HEART_RATE,
    MOAAS,
    OXIMETER_PULSE,
    PULSE,
    SBP,
    SPO2,
)
from openkap.protocols import queries as protocols
from openkap.protocols.pack import Pack
from openkap.tenancy.models import Clinic

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
        numbers, sensors = defaults.pair(DosingNumbers, SensorNumbers)
        known = protocol.of(
            protocols.effective_pack(version),
            numbers=numbers,
            sensors=sensors,
            signed=protocols.signed_rows(version),
        )
        session.__dict__[READ_ONCE] = known  # a session is loaded anew for every act; its rows are read once
    return known


def numbers_of(session: Session) -> DosingNumbers:
    """The clinic's numbers, as the session goes by them."""
    return protocol_of(session).numbers


def pack_of(session: Session) -> Pack:
    """The pack the course is bound to."""
    return protocols.pack_of(session.course.pack_version)


def dose_of(session: Session) -> Dose | None:
    """The dose given in this session, if one was begun."""
    return Dose.objects.filter(session=session).order_by("-at", "-id").first()


def dose_runs(session: Session) -> bool:
    """Whether a dose is being given in this session now."""
    return Dose.objects.filter(session=session, ended_at__isnull=True).exists()


def doses_of(session: Session) -> list[Dose]:
    """Every dose of a session: more than one when the rest of a stopped order was given."""
    return list(Dose.objects.filter(session=session).select_related("order").order_by("at", "id"))


def left_of(session: Session, *, at: datetime) -> Decimal:
    """How much of the last order was left when its dose was stopped; nothing unless it was."""
    dose = dose_of(session)
    if dose is None:
        return Decimal(0)
    state = dose_state(dose, at=at)
    if state.state is not infusion.State.STOPPED:
        return Decimal(0)
    return max(dose.ordered_mg - state.given_mg, Decimal(0)).quantize(Decimal("0.01"), rounding=ROUND_DOWN)


def steps_of(dose: Dose) -> tuple[infusion.Event, ...]:
    """What happened to a dose, in order."""
    return tuple(infusion.Event(infusion.Kind(s.kind), s.at, s.rate_mg_per_h) for s in dose.steps.all())


def dose_state(dose: Dose, *, at: datetime) -> infusion.Dose:
    """What has been given by `at`."""
    return infusion.dose_at(steps_of(dose), ordered_mg=dose.ordered_mg, at=at)


def errors_of(session: Session, kind: str) -> frozenset[uuid.UUID]:
    """The entries of a kind that were entered in error."""
    rows = EnteredInError.objects.filter(session=session, kind=kind)
    return frozenset(rows.values_list("entry_id", flat=True))


def promise_of(session: Session) -> NoDrivePromise | None:
    """The promise not to drive that stands."""
    errors = errors_of(session, EnteredInError.Kind.PROMISE)
    return session.promises.exclude(id__in=errors).order_by("-at", "-id").first()


def review_of(session: Session) -> MedicinesReview | None:
    """The last time the medicines were gone through in this session."""
    errors = errors_of(session, EnteredInError.Kind.MEDICINES)
    return session.medicines_reviews.exclude(id__in=errors).order_by("-at", "-id").first()


def proved_wrong(session: Session) -> set[str]:
    """Every entry that was made in error, and every value a person has called the sensor's."""
    errors = EnteredInError.objects.filter(session=session).values_list("entry_id", flat=True)
    sensors = VitalSettled.objects.filter(vital__session=session, is_true=False)
    return {str(key) for key in [*errors, *sensors.values_list("vital_id", flat=True)]}


def side_effects(session: Session) -> list[SideEffect]:
    """The adverse events of a session that stand, oldest first."""
    errors = errors_of(session, EnteredInError.Kind.ADVERSE_EVENT)
    return [row for row in SideEffect.objects.filter(session=session) if row.id not in errors]


def symptoms_in(session: Session, row: SideEffect) -> frozenset[str]:
    """The complaints of the pack that an adverse event means."""
    rows = protocol_of(session).symptoms
    return frozenset(it.name for it in rows if it.is_meant_by(row.term, grade=row.grade))


def day_of(session: Session) -> Day:
    """The session's moments, as the schedule of checks counts them."""
    return Day(session.at, session.dose_began_at, session.dose_ended_at, session.closed_at)


def taken(vitals: Iterable[tuple[str, datetime]]) -> list[Taken]:
    """What was measured, by the kind of check it serves."""
    kind_of = {code: kind for kind, codes in CHECKED_BY.items() for code in codes}
    return [Taken(kind_of[code], when) for code, when in vitals if code in kind_of]
