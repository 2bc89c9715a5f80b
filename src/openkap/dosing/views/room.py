"""The room itself: what it shows, its forms, and its live answers."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

from django.forms import Form
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.utils import timezone

from openkap.accounts.calls import ClinicRequest
from openkap.consent import queries as consents
from openkap.courses import queries as courses
from openkap.dosing import actions, facts, forms
from openkap.dosing.live import given_now
from openkap.dosing.live_json import as_json
from openkap.dosing.views.answers import answers, emergency_context, person_context
from openkap.dosing.views.before import zone_of
from openkap.kernel.refusal import Refused
from openkap.ui.pages import page
from openkap.ui.typed import OTHER_FORM, bound, line, read, sent, ticked
from openkap.watch import actions as watch_actions
from openkap.watch import queries as watch_queries
from openkap.watch.models import Mark, Session

FORMS: dict[str, type[Form]] = {
    "vitals": forms.VitalsForm,
    "alertness": forms.AlertnessForm,
    "adverse_event": forms.AdverseEventForm,
    "words": forms.WordsForm,
    "present": forms.PresentForm,
}


def _shown(request: ClinicRequest, session: Session) -> dict[str, Any]:
    return person_context(session, clinic=request.clinic, role=request.actor.role, at=request.at)


def room(request: ClinicRequest, session: uuid.UUID) -> HttpResponse:
    """The room."""
    row = watch_queries.get(session)
    facts.ask_for_room(row)
    dose = facts.dose_of(row)
    used = {name: bound(request, name, form) for name, form in FORMS.items()}
    sent_back = next((name for name, form in used.items() if form.is_bound), "")
    person = _shown(request, row)
    context = {
        **person,
        "order": dose.order if dose else facts.order_row(row),
        "sessions": len(courses.planned(row.course)),
        "choices": consents.choices_in_words(row.patient_id),
        "terms": forms.TERMS,
        "zone": str(zone_of(request)),
        "open": sent_back or request.GET.get("open", ""),
        "first_answer": as_json(person["room"]),
        **{f"form_{name}": form for name, form in used.items()},
    }
    with timezone.override(zone_of(request)):
        return page(request, "dosing/room.html", context)


def room_of_mark(request: ClinicRequest, mark: uuid.UUID) -> HttpResponse:
    """The room in which a mark stands."""
    return room(request, _session_of(mark))


def _session_of(mark: uuid.UUID) -> uuid.UUID:
    return Mark.objects.values_list("session_id", flat=True).get(id=mark)


def room_of_put_aside(request: ClinicRequest, put_aside: uuid.UUID) -> HttpResponse:
    """The room whose session could not take a value."""
    return room(request, _session_of_put_aside(put_aside))


def _session_of_put_aside(put_aside: uuid.UUID) -> uuid.UUID:
    session = watch_queries.session_of_put_aside(put_aside)
    if session is None:
        raise Http404
    return session


def live_answer(request: ClinicRequest, session: uuid.UUID) -> HttpResponse:
    """The room as numbers for the plot, and its moving parts as the page shows them.

    Of the series it brings what changed since the answer the screen has `seen` last.
    """
    role = request.actor.role
    said = answers(session, roles=[role], at=request.at, seen=request.GET.get("seen", ""))
    return JsonResponse(said[role])


def _done(request: ClinicRequest, session: uuid.UUID) -> HttpResponse:
    """What a sent form is answered: the outbox wants a word it can read, a browser the room."""
    if "application/json" in request.headers.get("Accept", ""):
        return JsonResponse({"kept": True})
    return redirect("dosing:room", session=session)


def _taking(name: str, take: Callable[[ClinicRequest, uuid.UUID, Any], None]) -> Callable[..., HttpResponse]:
    """An act that takes one of the room's forms."""

    def act(request: ClinicRequest, session: uuid.UUID) -> HttpResponse:
        form = bound(request, name, FORMS[name])
        read(form)
        take(request, session, form)
        return _done(request, session)

    act.__name__, act.__doc__ = f"take_{name}", f"Take the room's form “{name}”."
    return act


def _take_values(request: ClinicRequest, session: uuid.UUID, form: Any) -> None:
    watch_actions.take_vitals(
        session,
        values=form.values(),
        measured_at=form.when(request.at),
        client_id=form.cleaned_data["client_id"],
        by=request.actor,
        at=request.at,
    )


def _take_adverse_event(request: ClinicRequest, session: uuid.UUID, form: Any) -> None:
    data = {key: form.cleaned_data[key] for key in ("term", "grade", "serious", "note", "client_id")}
    watch_actions.note_adverse_event(
        session, noticed_at=form.when(request.at), by=request.actor, at=request.at, **data
    )


def _take_remark(kind: str) -> Callable[[ClinicRequest, uuid.UUID, Any], None]:
    def take(request: ClinicRequest, session: uuid.UUID, form: Any) -> None:
        watch_actions.note_remark(
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


take_vitals = _taking("vitals", _take_values)
take_alertness = _taking("alertness", _take_values)
take_adverse_event = _taking("adverse_event", _take_adverse_event)
take_words = _taking("words", _take_remark("words"))
take_present = _taking("present", _take_remark("present"))


def _what_was_done(request: ClinicRequest) -> str:
    """What was tapped of what is often done, and what was written besides."""
    return "; ".join(words for words in (*ticked(request, "done"), line(request, "action").strip()) if words)


def acknowledge(request: ClinicRequest, mark: uuid.UUID) -> HttpResponse:
    """A mark is seen, and something was done."""
    action = _what_was_done(request)
    watch_actions.acknowledge_mark(mark, action=action, by=request.actor, at=request.at)
    return _done(request, _session_of(mark))


def settle(request: ClinicRequest, mark: uuid.UUID) -> HttpResponse:
    """A person has looked and says which it is, or that a complaint has passed."""
    which = {"yes": True, "no": False}.get(sent(request, "is_true"))
    action = _what_was_done(request)
    watch_actions.settle_mark(mark, action=action, is_true=which, by=request.actor, at=request.at)
    return _done(request, _session_of(mark))


def see_put_aside(request: ClinicRequest, put_aside: uuid.UUID) -> HttpResponse:
    """Somebody in the room has seen that a value is not charted."""
    session = _session_of_put_aside(put_aside)
    watch_actions.see_put_aside(put_aside, by=request.actor, at=request.at)
    return _done(request, session)


def decide(request: ClinicRequest, mark: uuid.UUID) -> HttpResponse:
    """A prescriber decides to go on although this mark stands."""
    reason = line(request, "reason")
    watch_actions.decide_about_mark(mark, reason=reason, by=request.actor, at=request.at)
    return _done(request, _session_of(mark))


PUMP = {"pause": actions.pause, "resume": actions.resume, "stop": actions.stop, "end": actions.end}


def pump(request: ClinicRequest, session: uuid.UUID) -> HttpResponse:
    """Pause, go on, stop or end the dose."""
    verb = PUMP.get(sent(request, "do"))
    if verb is None:
        raise Refused(OTHER_FORM)
    verb(session, by=request.actor, at=request.at)
    return _done(request, session)


def rate(request: ClinicRequest, session: uuid.UUID) -> HttpResponse:
    """Another rate than before."""
    row, form = watch_queries.get(session), bound(request, "rate", forms.RateForm)
    dose = facts.dose_of(row)
    context = {
        "session": row,
        "patient": row.patient,
        "form": form,
        "now": facts.dose_state(dose, at=request.at).rate_mg_per_h if dose else None,
        "ordered": facts.rate_of(dose.order) if dose else None,
    }
    return page(request, "dosing/rate.html", context)


def change_rate(request: ClinicRequest, session: uuid.UUID) -> HttpResponse:
    """Go on at another rate."""
    typed = read(bound(request, "rate", forms.RateForm))
    actions.change_rate(session, **typed, by=request.actor, at=request.at)
    return redirect("dosing:room", session=session)


def rest(request: ClinicRequest, session: uuid.UUID) -> HttpResponse:
    """After a stop: what was left, to be ordered."""
    row, form = watch_queries.get(session), bound(request, "rest", forms.RestForm)
    left = facts.left_of(row, at=request.at)
    context = {"session": row, "patient": row.patient, "form": form, "left": left, "dose": facts.dose_of(row)}
    return page(request, "dosing/rest.html", context)


def order_rest(request: ClinicRequest, session: uuid.UUID) -> HttpResponse:
    """Order what was left after a stop."""
    typed = read(bound(request, "rest", forms.RestForm))
    actions.order_rest(session, **typed, by=request.actor, at=request.at)
    return redirect("dosing:before", session=session)


def emergency(request: ClinicRequest, session: uuid.UUID) -> HttpResponse:
    """The emergency card as a page of its own. The room holds the same card, and needs no line for it."""
    row = watch_queries.get(session)
    person = emergency_context(row, clinic=request.clinic, role=request.actor.role)
    with timezone.override(zone_of(request)):
        return page(request, "dosing/emergency.html", {**person, "room": given_now(row, at=request.at)})
