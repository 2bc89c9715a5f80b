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
from openkap.accounts.roles import Role
from openkap.accounts.routes import ClinicRequest
from openkap.chart import queries as chart
from openkap.courses import dose_rules
from openkap.courses.models import Order
from openkap.dosing import actions, facts, queries
from openkap.dosing.actions.doses import objections_to_start
from openkap.dosing.forms import (
    CheckForm,
    DecisionForm,
    OpenForm,
    OwnPromiseForm,
    PairForm,
    PromiseForm,
    ReviewForm,
    StartForm,
)
from openkap.dosing.live import live
from openkap.dosing.models import Session
from openkap.kernel.quantity import Millilitres, Minutes
from openkap.kernel.refusal import Objection
from openkap.people import queries as people
from openkap.screening.forms import AnswersForm
from openkap.tenancy.models import Clinic
from openkap.ui.pages import page, submitted

PRESSURE_DECISION = {"BP_HOLD", "BP_ELEVATED_PREDOSE"}


def zone_of(request: ClinicRequest) -> ZoneInfo:
    """The zone the clinic's clock shows."""
    return Clinic.objects.get(id=request.actor.clinic_id).tz


def rights_in_the_room(request: ClinicRequest) -> dict[str, bool]:
    """Who may act at the bedside and who may chart; the pages offer nobody what the doors refuse."""
    role = request.actor.role
    bedside = role in (Role.NURSE, Role.PRESCRIBER)
    return {"may_act": bedside, "may_chart": bedside or role == Role.THERAPIST}


def bound(request: ClinicRequest, name: str, form: type[Form], **more: Any) -> Form:
    """One of a page's several forms, bound when it is the one that was sent."""
    sent = request.method == "POST" and request.POST.get("form", "") == name
    return form(request.POST if sent else None, **more)


def open_session(request: ClinicRequest, course: uuid.UUID, number: int) -> HttpResponse:
    """The person is here: choose the room."""
    row = queries.course(course)
    form = OpenForm(request.POST or None, free=queries.free_rooms())
    if submitted(request, form):
        session = actions.open_session(
            course, number=number, room_id=form.cleaned_data["room"].id, by=request.actor, at=request.at
        )
        return redirect("dosing:before", session=session.id)
    context = {"course": row, "patient": row.patient, "number": number, "form": form}
    return page(request, "dosing/open.html", context)


def _settle(request: ClinicRequest, session: uuid.UUID, forms: dict[str, Form]) -> bool:
    """Do what one of the time-out's small forms asks; True when one was sent in earnest."""
    stamp: dict[str, Any] = {"by": request.actor, "at": request.at}
    sent = request.POST.get("form", "")
    if sent not in forms or not submitted(request, forms[sent]):
        return False
    data = forms[sent].cleaned_data
    if sent == "promise":
        actions.promise_no_drive(session, **data, **stamp)
    elif sent == "medicines":
        actions.review_medicines(session, note=data["note"], **stamp)
    elif sent == "decision":
        actions.decide_to_go_on(session, **data, **stamp)
    elif sent == "today":
        actions.answer_today(session, answers=forms["today"].given(), **stamp)  # type: ignore[attr-defined]
    elif sent == "pair":
        actions.pair(session, monitor_id=data["monitor"].id, **stamp)
    return True


def _today_form(request: ClinicRequest, row: Session) -> Form:
    """The questions of the day, with today's answers and none from before."""
    known = {one.name: one.answer for one in facts.asked_today(row, at=request.at)}
    questions = facts.questions_of_the_day(row, at=request.at)
    return bound(request, "today", AnswersForm, questions=questions, known=known)


def before(request: ClinicRequest, session: uuid.UUID) -> HttpResponse:
    """The time-out: who it is, the order read out, the second check, and all that stands against it."""
    row = queries.get(session)
    start = bound(request, "start", StartForm)
    forms = _forms(request, row)
    if request.POST.get("form") == "start" and submitted(request, start):
        data = start.cleaned_data
        actions.start(session, **data, by=request.actor, at=request.at)
        return redirect("dosing:room", session=session)
    if _settle(request, session, forms):
        return redirect("dosing:before", session=session)
    return _before_page(request, row, start, forms)


def _forms(request: ClinicRequest, row: Session) -> dict[str, Form]:
    """The small forms of the time-out, by the name each is sent with."""
    return {
        "promise": bound(request, "promise", PromiseForm),
        "medicines": bound(request, "medicines", ReviewForm),
        "check": bound(request, "check", CheckForm),
        "decision": bound(request, "decision", DecisionForm),
        "today": _today_form(request, row),
        "pair": bound(request, "pair", PairForm, free=queries.free_monitors()),
    }


def _before_page(request: ClinicRequest, row: Session, start: Form, forms: dict[str, Form]) -> HttpResponse:
    with timezone.override(zone_of(request)):
        return page(request, "dosing/before.html", _before_context(request, row, start, forms))


def _before_context(
    request: ClinicRequest, row: Session, start: Form, forms: dict[str, Form]
) -> dict[str, Any]:
    patient = row.patient
    against = objections_to_start(
        row,
        initials=patient.initials,
        birth_year=patient.birth_date.year,
        by=request.actor,
        at=request.at,
    )
    order = facts.order_row(row)
    answer, allergies = chart.allergy_line(patient.id)
    return {
        "session": row,
        "patient": patient,
        "room": live(row, at=request.at),
        "order": order,
        **_named(row, order),
        **_checked(row, order, forms["check"]),
        "objections": _shown(against),
        "codes": {one.code for one in against},
        "allergy_answer": answer,
        "allergies": allergies,
        "escort": people.escort_of(patient.id),
        "promise": facts.promise_of(row),
        "review": facts.review_of(row),
        "medicines": chart.entries(patient.id, kind="medicine"),
        "lines": facts.protocol_of(row).before,
        "weighed": facts.weighed(row, order),
        "today": facts.asked_today(row, at=request.at),
        "today_form": forms["today"],
        "reading": facts.cuff(row, at=request.at),
        "decided": list(row.predose_decisions.order_by("at", "id")),
        "asks_about": _asks_about(against),
        **rights_in_the_room(request),
        "begun": _begun(row, order),
        "start": start,
        "pair": forms["pair"],
        "decision": forms["decision"],
        "promise_form": forms["promise"],
        "medicines_form": forms["medicines"],
    }


def _begun(row: Session, order: Order | None) -> bool:
    """Whether this order's dose has begun; the rest of a stopped one has a start of its own."""
    dose = facts.dose_of(row)
    return dose is not None and (order is None or order.id == dose.order_id)


def _checked(row: Session, order: Order | None, form: Form) -> dict[str, Any]:
    """The independent check: who is named for it, who has made it, and its form."""
    names = ", ".join(sorted(duties.competent_for_check().values()))
    return {"checks": facts.check_rows(row, order), "competent": names, "check_form": form}


def _shown(against: list[Objection]) -> list[Objection]:
    """The objections as the page lists them: what was not asked today is one line."""
    unasked = [one for one in against if one.code == "DAY_NOT_ASKED"]
    if len(unasked) < 2:
        return against
    line = Objection("DAY_NOT_ASKED", f"{len(unasked)} questions of today have not been asked.")
    return [line, *(one for one in against if one.code != "DAY_NOT_ASKED")]


def _asks_about(against: list[Objection]) -> list[str]:
    """What a prescriber may decide about: the pressure, and each question of the day answered yes."""
    pressure = ["pressure"] if PRESSURE_DECISION & {one.code for one in against} else []
    return pressure + [one.field for one in against if one.code == "DAY_AGAINST"]


def _named(row: Session, order: Order | None) -> dict[str, Any]:
    """What is said aloud of an order: how many vials, and what differs from the protocol."""
    if order is None:
        return {}
    item = order.formulary_item
    dose = facts.pack_of(row).dose
    count = dose_rules.vials(Millilitres(order.volume_ml), Millilitres(item.vial_ml))
    minutes = Minutes(order.infusion_minutes)
    differs = dose_rules.differences(mg_per_kg=order.dose_mg_per_kg, minutes=minutes, dose=dose)
    return {"vials": count, "vial_ml": item.vial_ml, "differs": differs}


def second_check(request: ClinicRequest, session: uuid.UUID) -> HttpResponse:
    """A second person has read order, vial and pump, and says what they read."""
    form = CheckForm(request.POST or None)
    if submitted(request, form):
        read = {
            "strength_mg_per_ml": form.cleaned_data["strength"],
            "rate_mg_per_h": form.cleaned_data["rate"],
        }
        actions.second_check(session, **read, by=request.actor, at=request.at)
        return redirect("dosing:before", session=session)
    row = queries.get(session)
    return _before_page(request, row, StartForm(), {**_forms(request, row), "check": form})


def own_promise(request: ClinicRequest, session: uuid.UUID) -> HttpResponse:
    """The person gives the promise not to drive themself, in their own sign-in."""
    row, form = queries.get(session), OwnPromiseForm(request.POST or None)
    if submitted(request, form):
        actions.promise_no_drive(
            session, signed_name=form.cleaned_data["signed_name"], by=request.actor, at=request.at
        )
        return redirect("dosing:own_promise", session=session)
    context = {"session": row, "patient": row.patient, "form": form, "promise": facts.promise_of(row)}
    with timezone.override(zone_of(request)):
        return page(request, "dosing/own_promise.html", context)
