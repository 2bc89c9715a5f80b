"""Opening a session, and the time-out before the dose."""

from __future__ import annotations

import uuid
from typing import Any
from zoneinfo import ZoneInfo

from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone

from openkap.accounts import duties
from openkap.accounts.calls import ClinicRequest
from openkap.chart import queries as chart
from openkap.courses import dose_rules
from openkap.courses.models import Order, OrderedDose
from openkap.courses.regimen import (
    DeviceRegimen,
    InfusionRegimen,
    InjectionRegimen,
    apart_minutes,
    is_counted,
)
from openkap.dosing import actions, facts, queries, rules
from openkap.dosing.actions.doses import objections_to_start
from openkap.dosing.forms import (
    CheckForm,
    DecisionForm,
    OpenSessionForm,
    OwnPromiseForm,
    PairForm,
    PromiseForm,
    ReviewForm,
    StartForm,
)
from openkap.dosing.live import values_now
from openkap.dosing.reasons import DosingReason
from openkap.dosing.rules import lines
from openkap.dosing.views.rights import rights_of
from openkap.kernel.quantity import Kilograms, Milligrams, MilligramsPerKilogram
from openkap.people import queries as people
from openkap.protocols.administration import Amount
from openkap.screening.forms import AnswersForm
from openkap.ui.pages import page
from openkap.ui.typed import bound, read
from openkap.watch import actions as watch_actions
from openkap.watch import facts as watch_facts
from openkap.watch import queries as watch_queries
from openkap.watch.models import Session


def zone_of(request: ClinicRequest) -> ZoneInfo:
    """The zone the clinic's clock shows."""
    return request.clinic.tz


def _open_form(request: ClinicRequest, course: uuid.UUID, *, number: int) -> OpenSessionForm:
    planned = queries.planned_room(course, number=number)
    return bound(request, "open", OpenSessionForm, free=watch_queries.free_rooms(), planned=planned)


def open_session(request: ClinicRequest, course: uuid.UUID, number: int) -> HttpResponse:
    """The person is here: choose the room."""
    course_row = queries.course(course)
    context = {"course": course_row, "patient": course_row.patient, "number": number}
    context["form"] = _open_form(request, course, number=number)
    context["shut"] = watch_actions.objections_to_opening(course_row, number=number)
    context["here"] = watch_queries.open_of_patient(course_row.patient_id)
    return page(request, "dosing/open.html", context)


def open_here(request: ClinicRequest, course: uuid.UUID, number: int) -> HttpResponse:
    """Open the session in the room that was chosen."""
    room = read(_open_form(request, course, number=number))["room"]
    session = watch_actions.open_session(
        course, number=number, room_id=room.id, by=request.actor, at=request.at
    )
    return redirect("dosing:before", session=session.id)


def _pair_form(request: ClinicRequest) -> PairForm:
    return bound(request, "pair", PairForm, free=watch_queries.free_monitors())


def promise(request: ClinicRequest, session: uuid.UUID) -> HttpResponse:
    """The person has promised not to drive."""
    typed = read(bound(request, "promise", PromiseForm))
    actions.promise_no_drive(session, **typed, by=request.actor, at=request.at)
    return redirect("dosing:before", session=session)


def review_medicines(request: ClinicRequest, session: uuid.UUID) -> HttpResponse:
    """The medicines were read over today."""
    typed = read(bound(request, "medicines", ReviewForm))
    actions.review_medicines(session, note=typed["note"], by=request.actor, at=request.at)
    return redirect("dosing:before", session=session)


def decide_to_go_on(request: ClinicRequest, session: uuid.UUID) -> HttpResponse:
    """A prescriber decides to go on although something asks about it."""
    typed = read(bound(request, "decision", DecisionForm))
    actions.decide_to_go_on(session, **typed, by=request.actor, at=request.at)
    return redirect("dosing:before", session=session)


def answer_today(request: ClinicRequest, session: uuid.UUID) -> HttpResponse:
    """The questions of the day were asked."""
    form = _today_form(request, watch_queries.get(session))
    read(form)
    actions.answer_today(session, answers=form.given(), by=request.actor, at=request.at)
    return redirect("dosing:before", session=session)


def pair(request: ClinicRequest, session: uuid.UUID) -> HttpResponse:
    """A monitor is put on the person."""
    monitor = read(_pair_form(request))["monitor"]
    watch_actions.pair(session, monitor_id=monitor.id, by=request.actor, at=request.at)
    return redirect("dosing:before", session=session)


def start(request: ClinicRequest, session: uuid.UUID) -> HttpResponse:
    """Start the dose."""
    typed = read(bound(request, "start", StartForm))
    actions.start(session, **typed, by=request.actor, at=request.at)
    return redirect("dosing:room", session=session)


BEFORE_FORMS = {
    "start": start,
    "promise": promise,
    "medicines": review_medicines,
    "decision": decide_to_go_on,
    "today": answer_today,
    "pair": pair,
}


def _today_form(request: ClinicRequest, session: Session) -> AnswersForm:
    """The questions of the day, with today's answers and none from before."""
    known = {one.name: one.answer for one in facts.asked_today(session, at=request.at)}
    questions = facts.questions_of_the_day(session, at=request.at)
    return bound(request, "today", AnswersForm, questions=questions, known=known)


def before(request: ClinicRequest, session: uuid.UUID) -> HttpResponse:
    """The time-out: who it is, the order read out, the second check, and all that stands against it."""
    row = watch_queries.get(session)
    with timezone.override(zone_of(request)):
        with watch_facts.reading(row, at=request.at):
            facts.ask_for_time_out(row)
            context = {**_before_context(request, row), **_before_forms(request, row)}
        return page(request, "dosing/before.html", context)


def _before_forms(request: ClinicRequest, session: Session) -> dict[str, Form]:
    return {
        "today_form": _today_form(request, session),
        "start": bound(request, "start", StartForm),
        "pair": _pair_form(request),
        "decision": bound(request, "decision", DecisionForm),
        "promise_form": bound(request, "promise", PromiseForm),
        "medicines_form": bound(request, "medicines", ReviewForm),
        "check_form": _check_form(request, session),
    }


def _check_form(request: ClinicRequest, session: Session) -> CheckForm:
    """What the checker reads; without an order nothing says yet that there is no pump."""
    order = facts.order_row(session)
    has_pump = order is None or facts.rate_of(order) is not None
    counted = order is not None and is_counted(order.regimen)
    return bound(request, "second_check", CheckForm, has_pump=has_pump, is_counted=counted)


def _before_context(request: ClinicRequest, session: Session) -> dict[str, Any]:
    patient = session.patient
    against = objections_to_start(
        session,
        initials=patient.initials,
        birth_year=patient.birth_date.year,
        by=request.actor,
        at=request.at,
    )
    order, told = facts.order_row(session), lines.by_line(rules.as_listed(against))
    answer, allergies = chart.allergy_line(patient.id)
    return {
        "session": session,
        "patient": patient,
        "room": values_now(session, at=request.at),
        "order": order,
        **_named(session, order),
        **_checked(session, order),
        "objections": rules.as_listed(against),
        "line": told,
        "next_line": lines.next_line(told),
        "against": [(it.text, lines.line_of(it)) for it in rules.as_listed(against)],
        "to_check": any(one.reason in rules.CHECK_AGAIN for one in against),
        "to_review": any(one.reason is DosingReason.MEDICINES_NOT_REVIEWED for one in against),
        "allergy_answer": answer,
        "allergies": allergies,
        "escort": people.escort_of(patient.id),
        "promise": facts.promise_of(session),
        "review": facts.review_of(session),
        "medicines": chart.entries(patient.id, kind="medicine"),
        "lines": facts.pressure_lines_of(session),
        "weighed": facts.weighed(session, order),
        "today": facts.asked_today(session, at=request.at),
        "reading": watch_facts.cuff(session, at=request.at),
        "decided": facts.decisions_in(session.id),
        "asks_about": rules.to_decide_about(against),
        **rights_of(request.actor.role),
        "begun": _begun(session, order),
    }


def _begun(session: Session, order: Order | None) -> bool:
    """Whether every dose of this order has begun; the rest of a stopped one has a start of its own."""
    if order is None:
        return facts.dose_of(session) is not None
    return facts.next_dose(order) is None


def _checked(session: Session, order: Order | None) -> dict[str, Any]:
    """The independent check: who is named for it, and who has made it."""
    names = ", ".join(sorted(duties.competent_for_check().values()))
    return {"checks": facts.check_rows(session, order), "competent": names}


def _named(session: Session, order: Order | None) -> dict[str, Any]:
    """What is said aloud of an order: how many vials, and what differs from the protocol."""
    if order is None:
        return {}
    item = order.formulary_item
    dose = watch_facts.pack_of(session).dose
    count = dose_rules.vials(order.portion, item.content)
    regimen, doses = order.regimen, list(order.ordered_doses.all())
    minutes = regimen.minutes if isinstance(regimen, InfusionRegimen) else None
    differs = dose_rules.differences(amount=_first_amount(order, doses), minutes=minutes, dose=dose)
    return {
        "vials": 1 if isinstance(regimen, DeviceRegimen) else count,
        "vial": item.content,
        "differs": differs,
        "doses": doses,
        "next_dose": facts.next_dose(order),
        "apart": apart_minutes(regimen),
    }


def _first_amount(order: Order, doses: list[OrderedDose]) -> Amount:
    """The first dose as the protocol counts it; one device is no dose of its own."""
    several = len(doses) > 1 and isinstance(order.regimen, InjectionRegimen)
    milligrams = Milligrams(doses[0].dose_mg if several else order.dose_mg)
    if order.dose_mg_per_kg is None or order.weight_kg is None:
        return milligrams
    return (
        milligrams.per(Kilograms(order.weight_kg)) if several else MilligramsPerKilogram(order.dose_mg_per_kg)
    )


def second_check(request: ClinicRequest, session: uuid.UUID) -> HttpResponse:
    """A second person has read order, vial and pump, and says what they read."""
    typed = read(_check_form(request, watch_queries.get(session)))
    actions.second_check(
        session,
        strength_mg_per_ml=typed["strength"],
        rate_mg_per_h=typed.get("rate"),
        by=request.actor,
        at=request.at,
    )
    return redirect("dosing:before", session=session)


def own_promise(request: ClinicRequest, session: uuid.UUID) -> HttpResponse:
    """The promise not to drive, for the person themself to read."""
    row, form = watch_queries.get(session), bound(request, "own_promise", OwnPromiseForm)
    context = {"session": row, "patient": row.patient, "form": form, "promise": facts.promise_of(row)}
    with timezone.override(zone_of(request)):
        return page(request, "dosing/own_promise.html", context)


def promise_oneself(request: ClinicRequest, session: uuid.UUID) -> HttpResponse:
    """The person gives the promise not to drive themself, in their own sign-in."""
    typed = read(bound(request, "own_promise", OwnPromiseForm))
    actions.promise_no_drive(session, signed_name=typed["signed_name"], by=request.actor, at=request.at)
    return redirect("dosing:own_promise", session=session)
