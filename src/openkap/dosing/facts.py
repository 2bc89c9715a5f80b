"""What the rows say, as the frozen facts the rules judge by. Reads only; decides nothing."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from datetime import datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from django.db.models import Q

from openkap.chart import queries as chart
from openkap.chart.models import Kind as ChartKind
from openkap.consent import queries as consents
from openkap.courses import queries as courses
from openkap.courses.models import Order, WeightBasis
from openkap.dosing import infusion, protocol, rules
from openkap.dosing.checks import ALERTNESS, PRESSURE, RATE, SATURATION, Taken
from openkap.dosing.checks import Course as Day
from openkap.dosing.leaving import Departing, Pressure
from openkap.dosing.marks import Level
from openkap.dosing.models import Dose, Mark, Session, Vital
from openkap.dosing.plausibility import (
    CUFF_PULSE,
    DBP,
    HEART_RATE,
    MOAAS,
    OXIMETER_PULSE,
    PULSE,
    SBP,
    SPO2,
    Standing,
)
from openkap.kernel.answer import Answer
from openkap.kernel.quantity import plain
from openkap.people import queries as people
from openkap.protocols import queries as protocols
from openkap.protocols.pack import Pack, Question
from openkap.screening import queries as screening
from openkap.screening import rules as screening_rules
from openkap.tenancy.models import Clinic

RATES = (HEART_RATE, OXIMETER_PULSE, PULSE, CUFF_PULSE)
CHECKED_BY = {PRESSURE: (SBP,), SATURATION: (SPO2,), RATE: RATES, ALERTNESS: (MOAAS,)}
SHOWN_FOR_MARKS = timedelta(minutes=30)


def zone_of(session: Session) -> ZoneInfo:
    """The zone the clinic's day is counted in."""
    return Clinic.objects.get(id=session.clinic_id).tz


def protocol_of(session: Session) -> protocol.Protocol:
    """The rows of the pack the course is bound to."""
    return protocol.of(protocols.pack_of(session.course.pack_version))


def pack_of(session: Session) -> Pack:
    """The pack the course is bound to."""
    return protocols.pack_of(session.course.pack_version)


def hash_of(order_row: Order) -> str:
    """The order's very words as a SHA-256 in hex; a second check is bound to it."""
    return hashlib.sha256(order_row.content.encode()).hexdigest()


def order_row(session: Session) -> Order | None:
    """The order that stands for this session now."""
    return courses.current_order(session.planned_session_id)


def order(row: Order | None) -> rules.Order | None:
    """The order as the rules see it."""
    if row is None:
        return None
    return rules.Order(signed=True, current=True, signed_by_id=row.by_id, content_hash=hash_of(row))


def dose_of(session: Session) -> Dose | None:
    """The dose given in this session, if one was begun."""
    return Dose.objects.filter(session=session).order_by("-at", "-id").first()


def steps_of(dose: Dose) -> tuple[infusion.Event, ...]:
    """What happened to a dose, in order."""
    return tuple(infusion.Event(infusion.Kind(s.kind), s.at, s.rate_mg_per_h) for s in dose.steps.all())


def dose_state(dose: Dose, *, at: datetime) -> infusion.Dose:
    """What has been given by `at`."""
    return infusion.dose_at(steps_of(dose), ordered_mg=dose.ordered_mg, at=at)


def last_true(session: Session, *codes: str, at: datetime, since: datetime | None = None) -> Vital | None:
    """The value measured last, among those charted as true."""
    rows = Vital.objects.filter(
        session=session, code__in=codes, standing=Standing.PLAUSIBLE, measured_at__lte=at
    )
    if since is not None:
        rows = rows.filter(measured_at__gte=since)
    return rows.order_by("-measured_at", "-id").first()


def number(stored: Decimal) -> Decimal:
    """A stored value without the zeros its column adds, so that words about it read as it was measured."""
    return Decimal(plain(stored))


def cuff(session: Session, *, at: datetime) -> Pressure | None:
    """The last cuff reading with both its pressures, charted as true."""
    systolic = last_true(session, SBP, at=at)
    if systolic is None:
        return None
    diastolic = Vital.objects.filter(
        session=session, code=DBP, standing=Standing.PLAUSIBLE, measured_at=systolic.measured_at
    ).first()
    if diastolic is None:
        return None
    return Pressure(number(systolic.value), number(diastolic.value), systolic.measured_at)


def baseline(session: Session, dose: Dose | None) -> dict[str, Decimal]:
    """The last true value of each code before the dose: what later values are compared with."""
    if dose is None:
        return {}
    rows = Vital.objects.filter(session=session, standing=Standing.PLAUSIBLE, measured_at__lte=dose.at)
    last = rows.order_by("code", "-measured_at", "-id").distinct("code")
    return {row.code: number(row.value) for row in last}


def before(session: Session, *, at: datetime) -> rules.Before:
    """The vitals before the dose, and the prescriber's decision about them."""
    reading = cuff(session, at=at)
    rate, saturation = last_true(session, *RATES, at=at), last_true(session, SPO2, at=at)
    alert = last_true(session, MOAAS, at=at)
    decision = decision_of(session)
    return rules.Before(
        sbp=reading.sbp if reading else None,
        dbp=reading.dbp if reading else None,
        pressure_at=reading.at if reading else None,
        spo2=saturation.value if saturation else None,
        spo2_at=saturation.measured_at if saturation else None,
        rate_at=rate.measured_at if rate else None,
        moaas=int(alert.value) if alert else None,
        moaas_at=alert.measured_at if alert else None,
        decision=decision,
    )


def decision_of(session: Session) -> rules.Decision | None:
    """The prescriber's last decision to go on."""
    row = session.predose_decisions.order_by("-at", "-id").first()
    if row is None:
        return None
    return rules.Decision(row.reason, row.by_role, row.at, row.sbp, row.dbp)


def questions_of_the_day(session: Session, *, at: datetime) -> list[Question]:
    """The questions whose answer holds for its day alone, as far as they concern this person."""
    return screening_rules.of_the_day(pack_of(session), screening.facts_of(session.patient, at=at))


def asked_today(session: Session, *, at: datetime) -> tuple[rules.DayQuestion, ...]:
    """The pack's questions of the day, as they were answered on this clinic day."""
    zone, pack = zone_of(session), pack_of(session)
    signed = protocols.signed_rows(session.course.pack_version)
    known, today = chart.facts(session.patient_id), at.astimezone(zone).date()
    found = []
    for question in questions_of_the_day(session, at=at):
        fact = known.get(question.name)
        fresh = fact is not None and fact.at.astimezone(zone).date() == today and fact.at <= at
        against = screening_rules.on_yes(question.name, pack=pack, today=today, signed=signed)
        found.append(
            rules.DayQuestion(
                question.name,
                question.ask,
                Answer(fact.answer) if fact is not None and fresh else Answer.NOT_ASKED,
                fact.at if fact is not None and fresh else None,
                against=" ".join(f"{it.text} (rule {it.rule}, {it.status.words})" for it in against),
                blocks=any(it.override == "not_allowed" for it in against),
            )
        )
    return tuple(found)


def weighed(session: Session, row: Order | None) -> rules.Weighed | None:
    """The weight of the order beside the one measured last; None without an order."""
    if row is None:
        return None
    limits, last = pack_of(session).weight_rules, courses.weighing(session.patient)
    return rules.Weighed(
        ordered_kg=number(row.weight_kg),
        actual=row.weight_basis == WeightBasis.ACTUAL,
        last_kg=last.weight.value if last else None,
        last_at=last.measured_at if last else None,
        days_valid=int(limits["W_ACTUAL"].value),
        change_percent=limits["W_CHANGE"].value,
    )


def consent_of(session: Session) -> rules.Consent | None:
    """The consent as it stands: valid, withdrawn, or signed in an older version."""
    valid = consents.valid(session.patient_id)
    if valid is not None:
        return rules.Consent(signed_at=valid.at)
    earlier = consents.signed(session.patient_id)
    if not earlier:
        return None
    taken_back = earlier[0].withdrawals.all()
    if taken_back:
        return rules.Consent(signed_at=earlier[0].at, withdrawn_at=taken_back[0].at)
    return rules.Consent(signed_at=earlier[0].at, valid_until=earlier[0].at)


def _second_check(session: Session, row: Order | None) -> rules.SecondCheck | None:
    if row is None:
        return None
    checks = list(row.second_checks.order_by("at", "id"))
    apart = [one for one in checks if one.by_id != row.by_id]
    last = (apart or checks)[-1:]
    return rules.SecondCheck(last[0].by_id, last[0].content_hash) if last else None


def time_out(
    session: Session, *, at: datetime, initials: str = "", birth_year: int | None = None
) -> rules.TimeOut:
    """Everything a start is judged by, as it stands at `at`."""
    patient, row = session.patient, order_row(session)
    zone = zone_of(session)
    escort = people.escort_of(session.patient_id)
    promise = getattr(session, "no_drive", None)
    review = session.medicines_reviews.order_by("-at", "-id").first()
    return rules.TimeOut(
        identity=rules.Identity(patient.initials, patient.birth_date.year, initials, birth_year),
        order=order(row),
        second_check=_second_check(session, row),
        consent=consent_of(session),
        before=before(session, at=at),
        lines=protocol_of(session).before,
        escort_name=escort.name if escort else "",
        escort_phone=escort.phone if escort else "",
        no_drive_signed_at=promise.at if promise else None,
        allergies=chart.list_answer(session.patient_id, kind=ChartKind.ALLERGY),
        medicines_reviewed_on=review.at.astimezone(zone).date() if review else None,
        today=asked_today(session, at=at),
        weighed=weighed(session, row),
        clinic_day=at.astimezone(zone).date(),
        dose_open=Dose.objects.filter(patient_id=session.patient_id, ended_at__isnull=True).exists(),
        session_closed=session.closed_at is not None,
    )


def day_of(session: Session, dose: Dose | None) -> Day:
    """The session's moments, as the schedule of checks counts them."""
    left = session.closed_at
    return Day(session.at, dose.at if dose else None, dose.ended_at if dose else None, left)


def taken(vitals: Iterable[tuple[str, datetime]]) -> list[Taken]:
    """What was measured, by the kind of check it serves."""
    kind_of = {code: kind for kind, codes in CHECKED_BY.items() for code in codes}
    return [Taken(kind_of[code], when) for code, when in vitals if code in kind_of]


def departing(
    session: Session,
    *,
    at: datetime,
    gait_steady: Answer = Answer.NOT_ASKED,
    oriented: Answer = Answer.NOT_ASKED,
    escort_seen: Answer = Answer.NOT_ASKED,
) -> Departing:
    """Everything leaving is judged by."""
    dose = dose_of(session)
    alert, saturation = last_true(session, MOAAS, at=at), last_true(session, SPO2, at=at)
    promise = getattr(session, "no_drive", None)
    return Departing(
        started_at=dose.at if dose else None,
        ended_at=dose.ended_at if dose else None,
        baseline=cuff(session, at=dose.at) if dose else None,
        pressure=cuff(session, at=at),
        moaas=int(alert.value) if alert else None,
        moaas_at=alert.measured_at if alert else None,
        spo2=number(saturation.value) if saturation else None,
        spo2_at=saturation.measured_at if saturation else None,
        gait_steady=gait_steady,
        oriented=oriented,
        escort_seen=escort_seen,
        no_drive_signed_at=promise.at if promise else None,
        marks_open=_marks_in_the_way(session),
    )


def _marks_in_the_way(session: Session) -> int:
    """Marks nobody has answered, and those that ask for an act until it has been measured again."""
    still_open = Mark.objects.filter(session=session, closed_at__isnull=True)
    grave = Q(level__in=(Level.ACT.value, Level.STOP.value))
    return still_open.filter(Q(acknowledged_at__isnull=True) | grave).count()
