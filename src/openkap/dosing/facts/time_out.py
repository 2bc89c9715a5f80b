"""Everything a start is judged by, as the frozen facts of the rules. Reads only; decides nothing."""

from __future__ import annotations

import uuid
from datetime import datetime

from django.db.models import QuerySet

from openkap.accounts import duties
from openkap.chart import queries as chart
from openkap.chart.models import ListKind as ChartKind
from openkap.consent import queries as consents
from openkap.defaults import queries as defaults
from openkap.dosing import rules
from openkap.dosing.facts.ordering import order, order_row, second_checks_of, weighed
from openkap.dosing.facts.session import decisions_in, pressure_lines_of, promise_of, review_of
from openkap.dosing.models import Dose
from openkap.kernel.answer import Answer
from openkap.kernel.refusal import Objection
from openkap.people import queries as people
from openkap.protocols import queries as protocols
from openkap.protocols.pack import Question
from openkap.screening import queries as screening
from openkap.screening import rules as screening_rules
from openkap.screening.numbers import ScreeningNumbers
from openkap.tenancy.keyed_queries import keyed_query
from openkap.watch import facts as watch_facts
from openkap.watch.checks import PRESSURE
from openkap.watch.facts.reading import once
from openkap.watch.facts.session import RATES, pack_of, zone_of
from openkap.watch.facts.values import cuff, cuffs, last_true
from openkap.watch.models import Session
from openkap.watch.plausibility import MOAAS, SPO2


def before(session: Session, *, at: datetime) -> rules.Before:
    """The vitals before the dose, and the prescriber's decision about them."""
    reading = cuff(session, at=at)
    rate, saturation = last_true(session, *RATES, at=at), last_true(session, SPO2, at=at)
    alert = last_true(session, MOAAS, at=at)
    return rules.Before(
        sbp=reading.sbp if reading else None,
        dbp=reading.dbp if reading else None,
        pressure_at=reading.at if reading else None,
        spo2=saturation.value if saturation else None,
        spo2_at=saturation.measured_at if saturation else None,
        rate_at=rate.measured_at if rate else None,
        moaas=int(alert.value) if alert else None,
        moaas_at=alert.measured_at if alert else None,
        decision=decision_of(session, about=PRESSURE),
        pressures=tuple((one.sbp, one.dbp, one.at) for one in cuffs(session, at=at)),
    )


def decision_of(session: Session, *, about: str) -> rules.DecisionToGoOn | None:
    """The prescriber's last decision to go on about the pressure, or about one question of the day."""
    return once(session, "decisions to go on", ask=lambda: _decisions(session)).get(about)


def _decisions(session: Session) -> dict[str, rules.DecisionToGoOn]:
    """The last decision to go on about each thing."""
    return {
        row.about: rules.DecisionToGoOn(row.reason, row.by_role, row.at, row.sbp, row.dbp)
        for row in decisions_in(session.id)  # the last of each counts
    }


def questions_of_the_day(session: Session, *, at: datetime) -> list[Question]:
    """The questions whose answer holds for its day alone, as far as they concern this person."""

    def ask() -> list[Question]:
        known = screening.facts_of(session.patient, at=at)
        return screening_rules.of_the_day(pack_of(session), known, numbers=defaults.of(ScreeningNumbers))

    return once(session, ("questions of the day", at), ask=ask)


def asked_today(session: Session, *, at: datetime) -> tuple[rules.DayQuestion, ...]:
    """The pack's questions of the day, as they were answered on this clinic day, with what the pack says."""
    return once(session, ("asked today", at), ask=lambda: _asked_today(session, at=at))


def _asked_today(session: Session, *, at: datetime) -> tuple[rules.DayQuestion, ...]:
    zone, pack = zone_of(session), pack_of(session)
    signed = protocols.signed_rows(session.course.pack_version)
    known, today = chart.facts(session.patient_id), at.astimezone(zone).date()
    questions = []
    for one in questions_of_the_day(session, at=at):
        fact = known.get(one.name)
        if fact is not None and (fact.at > at or fact.at.astimezone(zone).date() != today):
            fact = None
        answer = Answer(fact.answer) if fact is not None else Answer.NOT_ASKED
        means = screening_rules.meaning_today(one.name, answer, pack=pack, today=today, signed=signed)
        questions.append(
            rules.DayQuestion(
                one.name,
                one.ask,
                answer,
                fact.at if fact is not None else None,
                against=means.against,
                blocks=means.blocks,
                decision=decision_of(session, about=one.name),
            )
        )
    return tuple(questions)


def consent_of(session: Session) -> rules.ConsentState | None:
    """The consent as it stands: valid, withdrawn, or signed in an older version."""
    valid = consents.valid(session.patient_id)
    if valid is not None:
        return rules.ConsentState(signed_at=valid.at)
    earlier = consents.signed(session.patient_id)
    if not earlier:
        return None
    taken_back = earlier[0].withdrawals.all()
    if taken_back:
        return rules.ConsentState(signed_at=earlier[0].at, withdrawn_at=taken_back[0].at)
    return rules.ConsentState(signed_at=earlier[0].at, valid_until=earlier[0].at)


@keyed_query
def doses_of_patient(patient: uuid.UUID) -> QuerySet[Dose]:
    """Every dose a person was given, the last first."""
    return Dose.objects.filter(patient_id=patient).order_by("-at")


def bars_to_running(session: Session) -> list[Objection]:
    """What bars a start, a resumption and a faster rate now."""
    return rules.objections_to_running(
        watch_facts.open_marks(session), consent_withdrawn=watch_facts.is_consent_withdrawn(session)
    )


def time_out(
    session: Session, *, at: datetime, initials: str = "", birth_year: int | None = None
) -> rules.TimeOut:
    """Everything a start is judged by, as it stands at `at`."""
    patient, signed_order = session.patient, order_row(session)
    zone = zone_of(session)
    escort = people.escort_of(session.patient_id)
    promise = promise_of(session)
    review = review_of(session)
    return rules.TimeOut(
        identity=rules.Identity(patient.initials, patient.birth_date.year, initials, birth_year),
        order=order(session, signed_order),
        second_checks=second_checks_of(session, signed_order),
        competent=duties.competent_for_check(),
        consent=consent_of(session),
        before=before(session, at=at),
        lines=pressure_lines_of(session),
        escort_name=escort.name if escort else "",
        escort_phone=escort.phone if escort else "",
        no_drive_signed_at=promise.at if promise else None,
        allergies=chart.list_answer(session.patient_id, kind=ChartKind.ALLERGY),
        medicines_reviewed_on=review.at.astimezone(zone).date() if review else None,
        today=asked_today(session, at=at),
        weighed=weighed(session, signed_order),
        clinic_day=at.astimezone(zone).date(),
        dose_open=any(dose.ended_at is None for dose in doses_of_patient(session.patient_id)),
        session_closed=session.closed_at is not None,
    )
