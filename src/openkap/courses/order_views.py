"""The pages of an order: working it out, signing it, the second signature, taking it back."""

from __future__ import annotations

import hashlib
import uuid
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from openkap.accounts.calls import ClinicRequest
from openkap.courses import actions, queries, signing_rules
from openkap.courses.actions import NewOrder
from openkap.courses.dose_rules import Concern, differences
from openkap.courses.forms import OrderForm, SignOrderForm, WhyOrderForm
from openkap.courses.models import Course, Order, PlannedSession
from openkap.courses.order_rules import check, side_by_side, size_of, total_of
from openkap.courses.reasons import CoursesReason
from openkap.courses.views import one_course
from openkap.dispensary import queries as dispensary
from openkap.dispensary.models import FormularyItem
from openkap.kernel.quantity import plain
from openkap.kernel.refusal import Refused
from openkap.protocols.administration import Infusion
from openkap.ui.pages import page
from openkap.ui.typed import bound, read, sent

CEILING = frozenset(
    {
        CoursesReason.DOSE_OVER_CEILING,
        CoursesReason.RATE_OVER_CEILING,
        CoursesReason.TIME_OVER_CEILING,
        CoursesReason.TIME_UNDER_CEILING,
    }
)
ASKED_BELOW = frozenset(
    {CoursesReason.NOT_CONFIRMED, CoursesReason.NOT_CONFIRMED_FIXED, CoursesReason.REASON_MISSING}
)


def _order_form(request: ClinicRequest, course: Course) -> OrderForm:
    """The form, with the vials of the protocol's product and its usual dose."""
    pack = queries.pack(course)
    usual, how = pack.dose.amount.usual, pack.dose.administration
    vials = [(str(it.id), _vial(it)) for it in dispensary.formulary(course.pack_version.product)]
    initial = {
        "dose": plain(usual.value),
        "infusion_minutes": plain(how.minutes.value) if isinstance(how, Infusion) else "",
    }
    return bound(request, "order", OrderForm, vials=vials, pack=pack, initial=initial)


def _vial(item: FormularyItem) -> str:
    """A vial by its name, with its strength where the name does not say it."""
    strength = str(item.strength)
    return item.name if strength in item.name else f"{item.name}, {strength}"


def _planned(course: Course, number: int) -> PlannedSession:
    session = next((it for it in queries.planned(course) if it.number == number), None)
    if session is None:
        raise Http404
    return session


def order(request: ClinicRequest, course: uuid.UUID, number: int) -> HttpResponse:
    """An order: what is typed is worked out first, then confirmed in mg and signed."""
    row = one_course(course)
    session, form = _planned(row, number), _order_form(request, row)
    worked = _worked_out(request, row, number, form=form)
    if worked and worked.get("concerns"):
        form.needed_too = (*form.needed_too, "reason")
    context = {
        "course": row,
        "patient": row.patient,
        "session": session,
        "form": form,
        "pack": queries.pack(row),
        "weighing": queries.weighing(row.patient),
        "worked": worked,
        "shut": actions.objections_to_ordering(row, session, by=request.actor),
    }
    return page(request, "courses/order.html", context)


def work_out(request: ClinicRequest, course: uuid.UUID, number: int) -> HttpResponse:
    """What was typed in every unit, with what goes beyond a limit. Nothing is kept yet."""
    read(_order_form(request, one_course(course)))
    return order(request, course=course, number=number)


def sign_order(request: ClinicRequest, course: uuid.UUID, number: int) -> HttpResponse:
    """Sign what was worked out, as it was shown."""
    row = one_course(course)
    _planned(row, number)
    form, seen = _order_form(request, row), sent(request, "shown")
    typed_name = read(form)["typed_name"]
    worked = _worked_out(request, row, number, form=form)
    if worked and worked["shown"] != seen:
        raise signing_rules.changed_since()
    actions.order(
        course,
        session_number=number,
        new=_typed(form),
        typed_name=typed_name,
        by=request.actor,
        at=request.at,
    )
    return redirect("courses:course", course=course)


def order_steps(request: ClinicRequest, course: uuid.UUID, number: int) -> HttpResponse:
    """The two buttons of the order's form."""
    step = sign_order if sent(request, "step") == "sign" else work_out
    return step(request, course=course, number=number)


def _typed(form: OrderForm) -> NewOrder:
    typed = form.cleaned_data
    return NewOrder(
        dose=typed["dose"],
        confirmed_mg=typed["confirmed_mg"],
        formulary_item_id=typed["formulary_item"],
        infusion_minutes=typed.get("infusion_minutes"),
        further=form.further(),
        weight_basis=typed.get("weight_basis", "actual"),
        diluted=typed.get("diluted", False),
        reason=typed["reason"],
        weight_confirmed=typed.get("weight_confirmed", False),
    )


def _worked_out(
    request: ClinicRequest, course: Course, number: int, *, form: OrderForm
) -> dict[str, Any] | None:
    """The amounts in every unit, with what goes beyond a limit; None before anything was typed.

    `shown` is what the page shows in words. It comes back with the signature, so that nobody signs
    a rate or a volume they have not seen (H02, H03).
    """
    if not form.is_bound or not form.is_valid():
        return None
    try:
        _, item, draft = actions.draft(course, session_number=number, new=_typed(form), at=request.at)
    except Refused as refusal:
        return {"against": refusal.objections, "shown": ""}
    pack = queries.pack(course)
    amounts, against, concerns = check(draft, pack=pack, at=request.at)
    shown = f"{total_of(draft)}, {amounts}, {draft.infusion}, {item}, {draft.strength}" if amounts else ""
    return {
        "amounts": amounts,
        "item": item,
        "draft": draft,
        "against": [it for it in against if it.reason not in ASKED_BELOW],
        "concerns": [beyond(it) for it in concerns],
        "differs": differences(amount=draft.dose, minutes=draft.infusion, dose=pack.dose),
        "typed": total_of(draft),
        "per_kg_per_h": size_of(draft, amounts).mg_per_kg_per_h if amounts else None,
        "over": any(it.reason in CEILING for it in against),
        "apart": getattr(pack.dose.administration, "apart_minutes", 0),
        "beside": side_by_side(draft, pack=pack),
        "shown": hashlib.sha256(shown.encode()).hexdigest() if shown else "",
    }


def beyond(concern: Concern) -> dict[str, str]:
    """A limit the order goes beyond, as the page says it: by which rule, from where, and what it asks."""
    second = concern.override == "second_prescriber"
    return {
        "text": concern.text,
        "action": _("Say why. Another prescriber has to sign too.") if second else _("Say why."),
        "rule": concern.row.id,
        "status": concern.row.status.words,
        "source": "; ".join(source.what for source in concern.row.sources),
    }


def _order(order: uuid.UUID) -> Order:
    order_found = queries.order(order)
    if order_found is None:
        raise Http404
    return order_found


def _of_order(order: Order) -> dict[str, Any]:
    """The order on a page of its own, with whose it is."""
    course = one_course(order.planned_session.course_id)
    return {"order": order, "course": course, "patient": course.patient}


def second(request: ClinicRequest, order: uuid.UUID) -> HttpResponse:
    """An order beyond a limit, for another prescriber to read."""
    row, form = _order(order), bound(request, "second", SignOrderForm)
    against = actions.objections_to_second(row, by=request.actor)
    context = {**_of_order(row), "form": form, "shut": against}
    return page(request, "courses/second.html", context)


def sign_second(request: ClinicRequest, order: uuid.UUID) -> HttpResponse:
    """Another prescriber has read an order beyond a limit, and signs."""
    row, typed = _order(order), read(bound(request, "second", SignOrderForm))
    actions.second_order(order, typed_name=typed["typed_name"], by=request.actor, at=request.at)
    return redirect("courses:course", course=row.planned_session.course_id)


def withdraw_order(request: ClinicRequest, order: uuid.UUID) -> HttpResponse:
    """Why an order is taken back."""
    row, form = _order(order), bound(request, "withdraw_order", WhyOrderForm)
    against = actions.objections_to_taking_back(row, why="", by=request.actor)
    context = {**_of_order(row), "form": form, "shut": [it for it in against if it.field != "why"]}
    return page(request, "courses/withdraw_order.html", context)


def take_order_back(request: ClinicRequest, order: uuid.UUID) -> HttpResponse:
    """Take an order back."""
    row, typed = _order(order), read(bound(request, "withdraw_order", WhyOrderForm))
    actions.withdraw_order(order, why=typed["why"], by=request.actor, at=request.at)
    return redirect("courses:course", course=row.planned_session.course_id)
