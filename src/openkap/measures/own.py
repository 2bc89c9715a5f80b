"""The person's own pages: one question a screen, every tap kept, help always one tap away (H12)."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import redirect

from openkap.accounts.calls import ClinicRequest
from openkap.measures import actions, queries, rules, wording
from openkap.measures.instruments import ALL
from openkap.measures.instruments.instrument import SUICIDE_POSITIVE, Instrument
from openkap.measures.models import Assignment
from openkap.ui.pages import page
from openkap.ui.typed import sent


def _assignment(request: ClinicRequest) -> Assignment:
    assignment = queries.one(request.link.subject_id)
    if assignment is None or assignment.patient_id != request.link.patient_id:
        raise Http404
    return assignment


def _closed(request: ClinicRequest, assignment: Assignment) -> HttpResponse | None:
    """The page of a measure that takes no more answers, or None."""
    response = queries.response_of(assignment.id)
    if response is None and assignment.withdrawn_at is None:
        return None
    context = {
        "handed_in": response is not None,
        "needs_help": response is not None and SUICIDE_POSITIVE in response.flags,
        "clinic": request.clinic,
    }
    return page(request, "measures/own_closed.html", context)


def _shown(
    request: ClinicRequest, token: str, instrument: Instrument, *, answers: rules.Answers
) -> dict[str, Any]:
    """What every screen has."""
    return {
        "token": token,
        "clinic": request.clinic,
        "needs_help": rules.needs_help(instrument, answers),
        "answered": len(answers),
        "of": len(instrument.screens),
    }


def resume(request: ClinicRequest, token: str) -> HttpResponse:
    """Go on where the person left off."""
    assignment = _assignment(request)
    closed = _closed(request, assignment)
    if closed is not None:
        return closed
    following = rules.next_screen(ALL[assignment.measure], queries.answers_of(assignment.id))
    return _to(token, following)


def _to(token: str, item: str | None) -> HttpResponse:
    if item is None:
        return redirect("measures:own_end", token=token)
    return redirect("measures:own_question", token=token, item=item)


def question(request: ClinicRequest, token: str, item: str) -> HttpResponse:
    """One question."""
    assignment = _assignment(request)
    instrument, words = _asked(assignment, item)
    closed = _closed(request, assignment)
    if closed is not None:
        return closed
    answers = queries.answers_of(assignment.id)
    place = instrument.screens.index(item)
    context = {
        **_shown(request, token, instrument, answers=answers),
        "words": words,
        "question": words.question(item),
        "item": item,
        "scored": item in instrument.items,
        "number": place + 1,
        "chosen": answers.get(item),
        "before": rules.before(instrument, item),
        "onward": instrument.screens[place + 1] if place + 1 < len(instrument.screens) else None,
    }
    return page(request, "measures/own_question.html", context)


def _asked(assignment: Assignment, item: str) -> tuple[Instrument, wording.Wording]:
    """The instrument and its words, when this item of it may be asked on a screen."""
    instrument = ALL[assignment.measure]
    words = wording.of(instrument)
    if words is None or item not in instrument.screens:
        raise Http404
    return instrument, words


def answer(request: ClinicRequest, token: str, item: str) -> HttpResponse:
    """A tap keeps the answer and goes on."""
    assignment = _assignment(request)
    instrument, _ = _asked(assignment, item)
    if _closed(request, assignment) is not None:
        return redirect("measures:own", token=token)
    actions.answer(assignment.id, item=item, value=_tapped(request), by=request.actor, at=request.at)
    following = rules.next_screen(instrument, queries.answers_of(assignment.id), after=item)
    return _to(token, following)


def _tapped(request: ClinicRequest) -> int:
    text = sent(request, "value")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 3 else -1


def end(request: ClinicRequest, token: str) -> HttpResponse:
    """What is still open, before handing in."""
    assignment = _assignment(request)
    closed = _closed(request, assignment)
    if closed is not None:
        return closed
    instrument = ALL[assignment.measure]
    answers = queries.answers_of(assignment.id)
    left = [(place, it) for place, it in enumerate(instrument.screens, start=1) if it not in answers]
    context = {
        **_shown(request, token, instrument, answers=answers),
        "left": left,
        "last": instrument.screens[-1],
    }
    return page(request, "measures/own_end.html", context)


def hand_in(request: ClinicRequest, token: str) -> HttpResponse:
    """Hand the answers in."""
    actions.hand_in(_assignment(request).id, by=request.actor, at=request.at)
    return redirect("measures:own", token=token)
