"""The room itself: what it shows, its forms, and its live answers."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

from django.forms import Form
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.utils import timezone

from openkap.accounts.routes import ClinicRequest
from openkap.chart import queries as chart
from openkap.consent import queries as consents
from openkap.dosing import actions, facts, forms, queries
from openkap.dosing.live import as_json, live
from openkap.dosing.models import Mark, Session
from openkap.dosing.views.before import rights_in_the_room, zone_of
from openkap.people import queries as people
from openkap.ui.pages import page, refusal_of, submitted

SHORT = {
    "racemic_iv": "ketamine IV",
    "racemic_im": "ketamine IM",
    "racemic_sc": "ketamine SC",
    "racemic_sl_oral": "ketamine sublingual",
    "racemic_in_compounded": "ketamine nasal",
    "esketamine_in": "esketamine nasal",
}
FRAGMENTS = {
    "tiles": "dosing/live_tiles.html",
    "dose": "dosing/live_dose.html",
    "marks": "dosing/live_marks.html",
    "next": "dosing/live_next.html",
    "events": "dosing/live_events.html",
    "emergency": "dosing/emergency_card.html",
}
FORMS: dict[str, type[Form]] = {
    "vitals": forms.VitalsForm,
    "alertness": forms.AlertnessForm,
    "side_effect": forms.SideEffectForm,
    "words": forms.WordsForm,
    "present": forms.PresentForm,
}


def room(request: ClinicRequest, session: uuid.UUID) -> HttpResponse:
    """The room."""
    return _room(request, session)


def _person_context(request: ClinicRequest, row: Session) -> dict[str, Any]:
    """What every face of the room says of the person in it."""
    answer, allergies = chart.allergy_line(row.patient_id)
    return {
        "session": row,
        "patient": row.patient,
        "product": SHORT.get(row.product, row.product),
        "room": live(row, at=request.at),
        "allergy_answer": answer,
        "allergies": allergies,
        "escort": people.escort_of(row.patient_id),
        **rights_in_the_room(request),
    }


def _room(request: ClinicRequest, session: uuid.UUID, **used: Form) -> HttpResponse:
    row = queries.get(session)
    dose = facts.dose_of(row)
    context = {
        **_person_context(request, row),
        "order": dose.order if dose else facts.order_row(row),
        "sessions": row.course.planned_sessions.filter(cancelled_at__isnull=True).count(),
        "choices": consents.choices_in_words(row.patient_id),
        "terms": forms.TERMS,
        "zone": str(zone_of(request)),
        "open": next(iter(used), request.GET.get("open", "")),
    }
    context |= {f"form_{name}": used.get(name) or form() for name, form in FORMS.items()}
    with timezone.override(zone_of(request)):
        response = page(request, "dosing/room.html", context)
    if used and refusal_of(request) is None:
        response.status_code = 422
    return response


def live_answer(request: ClinicRequest, session: uuid.UUID) -> HttpResponse:
    """The room as numbers for the plot, and its moving parts as the page shows them."""
    row = queries.get(session)
    context = _person_context(request, row)
    with timezone.override(zone_of(request)):
        parts = {
            name: render_to_string(template, context, request=request) for name, template in FRAGMENTS.items()
        }
    return JsonResponse({**as_json(context["room"]), "parts": parts})


def _done(request: ClinicRequest, session: uuid.UUID) -> HttpResponse:
    """What a sent form is answered: the outbox wants a word it can read, a browser the room."""
    if "application/json" in request.headers.get("Accept", ""):
        return JsonResponse({"kept": True})
    return redirect("dosing:room", session=session)


def _unreadable(request: ClinicRequest, session: uuid.UUID, name: str, form: Form) -> HttpResponse:
    wants_json = "application/json" in request.headers.get("Accept", "")
    if wants_json and refusal_of(request) is None:
        faults = [
            {"code": "form", "text": text, "field": field}
            for field, texts in form.errors.items()
            for text in texts
        ]
        return JsonResponse({"objections": faults}, status=422)
    return _room(request, session, **{name: form})


def _taking(name: str, take: Callable[[ClinicRequest, uuid.UUID, Any], None]) -> Callable[..., HttpResponse]:
    """A view that takes one of the room's forms."""

    def view(request: ClinicRequest, session: uuid.UUID) -> HttpResponse:
        form = FORMS[name](request.POST)
        if submitted(request, form):
            take(request, session, form)
            return _done(request, session)
        return _unreadable(request, session, name, form)

    view.__name__, view.__doc__ = name, f"Take the room's form “{name}”."
    return view


def _take_values(request: ClinicRequest, session: uuid.UUID, form: Any) -> None:
    actions.take_vitals(
        session,
        values=form.values(),
        measured_at=form.when(request.at),
        client_id=form.cleaned_data["client_id"],
        by=request.actor,
        at=request.at,
    )


def _take_side_effect(request: ClinicRequest, session: uuid.UUID, form: Any) -> None:
    data = {key: form.cleaned_data[key] for key in ("term", "grade", "serious", "note", "client_id")}
    actions.note_side_effect(
        session, noticed_at=form.when(request.at), by=request.actor, at=request.at, **data
    )


def _take_remark(kind: str) -> Callable[[ClinicRequest, uuid.UUID, Any], None]:
    def take(request: ClinicRequest, session: uuid.UUID, form: Any) -> None:
        actions.note_remark(
            session,
            kind=kind,
            text=form.cleaned_data["text"],
            agreed=form.cleaned_data.get("agreed", False),
            noticed_at=form.when(request.at),
            client_id=form.cleaned_data["client_id"],
            by=request.actor,
            at=request.at,
        )

    return take


vitals = _taking("vitals", _take_values)
alertness = _taking("alertness", _take_values)
side_effect = _taking("side_effect", _take_side_effect)
words = _taking("words", _take_remark("words"))
present = _taking("present", _take_remark("present"))


def acknowledge(request: ClinicRequest, mark: uuid.UUID) -> HttpResponse:
    """A mark is seen, and something was done."""
    session = Mark.objects.values_list("session_id", flat=True).get(id=mark)
    if refusal_of(request) is None:
        actions.acknowledge_mark(mark, action=request.POST.get("action", ""), by=request.actor, at=request.at)
        return _done(request, session)
    return _room(request, session)


def settle(request: ClinicRequest, mark: uuid.UUID) -> HttpResponse:
    """A person has looked and says which it is, or that a complaint has passed."""
    session = Mark.objects.values_list("session_id", flat=True).get(id=mark)
    if refusal_of(request) is None:
        which = {"yes": True, "no": False}.get(request.POST.get("is_true", ""))
        action = request.POST.get("action", "")
        actions.settle_mark(mark, action=action, is_true=which, by=request.actor, at=request.at)
        return _done(request, session)
    return _room(request, session)


def see_put_aside(request: ClinicRequest, put_aside: uuid.UUID) -> HttpResponse:
    """Somebody in the room has seen that a value is not charted."""
    session = queries.session_of_put_aside(put_aside)
    if session is None:
        raise Http404
    if refusal_of(request) is None:
        actions.see_put_aside(put_aside, by=request.actor, at=request.at)
        return _done(request, session)
    return _room(request, session)


def decide(request: ClinicRequest, mark: uuid.UUID) -> HttpResponse:
    """A prescriber decides to go on although this mark stands."""
    session = Mark.objects.values_list("session_id", flat=True).get(id=mark)
    if refusal_of(request) is None:
        actions.decide_about_mark(
            mark, reason=request.POST.get("reason", ""), by=request.actor, at=request.at
        )
        return _done(request, session)
    return _room(request, session)


def pump(request: ClinicRequest, session: uuid.UUID) -> HttpResponse:
    """Pause, go on, stop or end the dose."""
    verbs: dict[str, Callable[..., Any]] = {
        "pause": actions.pause,
        "resume": actions.resume,
        "stop": actions.stop,
        "end": actions.end,
    }
    verb = verbs.get(request.POST.get("do", ""))
    if refusal_of(request) is None and verb is not None:
        verb(session, by=request.actor, at=request.at)
        return _done(request, session)
    return _room(request, session)


def rate(request: ClinicRequest, session: uuid.UUID) -> HttpResponse:
    """Another rate than before."""
    row, form = queries.get(session), forms.RateForm(request.POST or None)
    if submitted(request, form):
        actions.change_rate(session, **form.cleaned_data, by=request.actor, at=request.at)
        return redirect("dosing:room", session=session)
    return page(request, "dosing/rate.html", {"session": row, "patient": row.patient, "form": form})


def rest(request: ClinicRequest, session: uuid.UUID) -> HttpResponse:
    """After a stop: order what was left."""
    row, form = queries.get(session), forms.RestForm(request.POST or None)
    if submitted(request, form):
        actions.order_rest(session, **form.cleaned_data, by=request.actor, at=request.at)
        return redirect("dosing:before", session=session)
    left = facts.left_of(row, at=request.at)
    context = {"session": row, "patient": row.patient, "form": form, "left": left, "dose": facts.dose_of(row)}
    return page(request, "dosing/rest.html", context)


def emergency(request: ClinicRequest, session: uuid.UUID) -> HttpResponse:
    """The emergency card as a page of its own. The room holds the same card, and needs no line for it."""
    context = _person_context(request, queries.get(session))
    with timezone.override(zone_of(request)):
        return page(request, "dosing/emergency.html", context)
