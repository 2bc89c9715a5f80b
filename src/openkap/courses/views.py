"""The pages of a course: opening it, its stages, its orders, its end."""

from __future__ import annotations

import hashlib
import uuid
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone

from openkap.accounts.routes import ClinicRequest
from openkap.courses import actions, queries
from openkap.courses.actions import NewOrder
from openkap.courses.dose_rules import Concern, Reason, differences
from openkap.courses.forms import OpenForm, OrderForm, SignForm, WhyForm
from openkap.courses.models import Course, Order
from openkap.courses.order_rules import check, regimen_of, side_by_side
from openkap.courses.rules import Step
from openkap.dispensary import queries as dispensary
from openkap.kernel.quantity import plain
from openkap.kernel.refusal import Objection, Refused
from openkap.people import queries as people
from openkap.protocols import queries as protocols
from openkap.ui.pages import page, submitted

CHANGED = Objection(
    "changed", "What you typed changed after it was worked out. Read the amounts below again, then sign."
)


def _course(course: uuid.UUID) -> Course:
    found = queries.one(course)
    if found is None:
        raise Http404
    return found


def open_course(request: ClinicRequest, patient: uuid.UUID) -> HttpResponse:
    """Open a course."""
    person = people.get(patient)
    packs = [(str(it.id), str(it)) for it in protocols.newest()]
    form = OpenForm(request.POST or None, packs=packs, initial={"per_week": 2})
    if submitted(request, form):
        typed = form.cleaned_data
        row = actions.open_course(
            patient,
            pack_version_id=typed["pack_version"],
            first_day=typed["first_day"],
            per_week=typed["per_week"],
            goal=typed["goal"],
            today=timezone.localdate(),
            by=request.actor,
            at=request.at,
        )
        return redirect("courses:course", course=row.id)
    context = {"form": form, "patient": person, "packs": packs, "existing": queries.of_patient(patient)}
    return page(request, "courses/open.html", context)


def course(request: ClinicRequest, course: uuid.UUID) -> HttpResponse:
    """The course: where it stands, what comes next, what is in the way, its sessions and orders."""
    row, today = _course(course), timezone.localdate()
    steps = queries.steps(row, today=today)
    following = next((step for step in steps if not step.done), None)
    orders = queries.orders(row)
    sessions = [
        {
            "session": session,
            "order": next(
                (it for it in orders if it.planned_session_id == session.id and not it.withdrawals.all()),
                None,
            ),
            "dosing": next(
                (it for it in steps if it.key == "dosing" and it.session_number == session.number), None
            ),
        }
        for session in queries.planned(row)
    ]
    context = {
        "course": row,
        "patient": row.patient,
        "pack": queries.pack(row),
        "steps": [shown(step, following, row) for step in steps],
        "next": following,
        "sessions": sessions,
        "old_orders": [it for it in orders if it.withdrawals.all()],
        "today": today,
    }
    return page(request, "courses/course.html", context)


def shown(step: Step, following: Step | None, course: Course) -> dict[str, Any]:
    """A step as the stepper draws it."""
    if step.done:
        state = "done"
    elif step == following:
        state = "blocked" if step.blocks else "now"
    else:
        state = "later"
    notes = [it.text for it in step.blocks] if state in ("blocked", "later") and not step.done else []
    return {"label": step.label, "state": state, "note": " ".join(notes), "url": _url_of(step, course)}


def _url_of(step: Step, course: Course) -> str:
    patient = course.patient_id
    if step.key == "screening":
        return reverse("screening:screening", args=[patient])
    if step.key == "consent":
        return reverse("consent:document", args=[patient])
    if step.key == "follow_up":
        return reverse("followup:check_ins", args=[patient])
    names = {"preparation": "therapy:preparation", "integration": "therapy:integration"}
    return reverse(names[step.key], args=[course.id]) if step.key in names else ""


CEILING = frozenset({Reason.DOSE_OVER_CEILING, Reason.RATE_OVER_CEILING, Reason.TIME_UNDER_CEILING})


def _order_form(request: ClinicRequest, course: Course) -> OrderForm:
    """The form, with the vials of the protocol's product and its usual dose."""
    usual = queries.pack(course).dose
    vials = [
        (str(it.id), f"{it.name}, {plain(it.strength_mg_per_ml)} mg/mL")
        for it in dispensary.formulary(course.pack_version.product)
    ]
    initial = {
        "dose_mg_per_kg": plain(usual.dose_mg_per_kg.value),
        "infusion_minutes": plain(usual.infusion_minutes.value),
    }
    return OrderForm(request.POST or None, vials=vials, initial=initial)


def order(request: ClinicRequest, course: uuid.UUID, number: int) -> HttpResponse:
    """Write an order: work it out first, then confirm in mg and sign."""
    row = _course(course)
    session = next((it for it in queries.planned(row) if it.number == number), None)
    if session is None:
        raise Http404
    form = _order_form(request, row)
    worked = _worked_out(request, row, number, form)
    if request.POST.get("step") == "sign" and submitted(request, form):
        if worked and worked["shown"] != request.POST.get("shown", ""):
            raise Refused(CHANGED)
        actions.order(
            course,
            session_number=number,
            new=_typed(form),
            typed_name=form.cleaned_data["typed_name"],
            by=request.actor,
            at=request.at,
        )
        return redirect("courses:course", course=course)
    context = {
        "course": row,
        "patient": row.patient,
        "session": session,
        "form": form,
        "pack": queries.pack(row),
        "weighing": queries.weighing(row.patient),
        "worked": worked,
        "shut": actions.objections_to_ordering(row, session, request.actor),
    }
    return page(request, "courses/order.html", context)


def _typed(form: OrderForm) -> NewOrder:
    typed = form.cleaned_data
    return NewOrder(
        dose_mg_per_kg=typed["dose_mg_per_kg"],
        confirmed_mg=typed["confirmed_mg"],
        infusion_minutes=typed["infusion_minutes"],
        formulary_item_id=typed["formulary_item"],
        weight_basis=typed["weight_basis"],
        diluted=typed["diluted"],
        reason=typed["reason"],
        weight_confirmed=typed["weight_confirmed"],
    )


def _worked_out(
    request: ClinicRequest, course: Course, number: int, form: OrderForm
) -> dict[str, Any] | None:
    """The amounts in every unit, with what goes beyond a limit; None before anything was typed.

    `shown` is what the page shows in words. It comes back with the signature, so that nobody signs
    a rate or a volume they have not seen (H02, H03).
    """
    if request.method != "POST" or not form.is_valid():
        return None
    try:
        _, item, draft = actions.draft(course, session_number=number, new=_typed(form), at=request.at)
    except Refused as refusal:
        return {"against": refusal.objections, "shown": ""}
    pack = queries.pack(course)
    amounts, against, concerns = check(draft, pack=pack, at=request.at)
    shown = f"{draft.dose}, {amounts}, {draft.infusion}, {item}, {draft.strength}" if amounts else ""
    return {
        "amounts": amounts,
        "item": item,
        "draft": draft,
        "against": [it for it in against if it.code not in ("confirm", "reason")],
        "concerns": [beyond(it) for it in concerns],
        "differs": differences(mg_per_kg=draft.dose.value, minutes=draft.infusion, dose=pack.dose),
        "per_kg_per_h": regimen_of(draft, amounts).mg_per_kg_per_h if amounts else None,
        "over": any(it.code in CEILING for it in against),
        "beside": side_by_side(draft, pack=pack),
        "shown": hashlib.sha256(shown.encode()).hexdigest() if shown else "",
    }


def beyond(concern: Concern) -> dict[str, str]:
    """A limit the order goes beyond, as the page says it: by which rule, from where, and what it asks."""
    asks = {"second_prescriber": "Say why. Another prescriber has to sign too."}
    return {
        "text": concern.text,
        "action": asks.get(concern.override, "Say why."),
        "rule": concern.row.id,
        "status": concern.row.status.words,
        "source": "; ".join(source.what for source in concern.row.sources),
    }


def _order(order: uuid.UUID) -> Order:
    found = queries.order(order)
    if found is None:
        raise Http404
    return found


def second(request: ClinicRequest, order: uuid.UUID) -> HttpResponse:
    """Another prescriber reads an order beyond a limit, and signs."""
    row, form = _order(order), SignForm(request.POST or None)
    course = row.planned_session.course_id
    if submitted(request, form):
        actions.second_order(
            order, typed_name=form.cleaned_data["typed_name"], by=request.actor, at=request.at
        )
        return redirect("courses:course", course=course)
    context = {"order": row, "form": form, "course": _course(course), "patient": _course(course).patient}
    return page(request, "courses/second.html", context)


def withdraw_order(request: ClinicRequest, order: uuid.UUID) -> HttpResponse:
    """Take an order back."""
    row, form = _order(order), WhyForm(request.POST or None)
    course = row.planned_session.course_id
    if submitted(request, form):
        actions.withdraw_order(order, why=form.cleaned_data["why"], by=request.actor, at=request.at)
        return redirect("courses:course", course=course)
    context = {"order": row, "form": form, "course": _course(course), "patient": _course(course).patient}
    return page(request, "courses/withdraw_order.html", context)


def end(request: ClinicRequest, course: uuid.UUID) -> HttpResponse:
    """End a course."""
    row, form = _course(course), WhyForm(request.POST or None)
    if submitted(request, form):
        actions.end_course(course, why=form.cleaned_data["why"], by=request.actor, at=request.at)
        return redirect("courses:course", course=course)
    return page(request, "courses/end.html", {"course": row, "patient": row.patient, "form": form})
