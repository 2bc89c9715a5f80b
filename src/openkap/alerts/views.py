"""The pages of alerts: what one must answer, and answering it."""

from __future__ import annotations

import uuid
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import redirect

from openkap.accounts.doors import Entered
from openkap.alerts import actions, queries
from openkap.alerts.forms import AnswerForm, HandOverForm
from openkap.alerts.models import Alert
from openkap.ui.pages import page, refusal_of, submitted


def alerts(request: Entered) -> HttpResponse:
    """Mine first, then what colleagues still have to answer among the people I may open."""
    context = {
        "mine": queries.open_for(request.actor),
        "others": queries.open_of_others(request.actor),
        "now": request.at,
    }
    return page(request, "alerts/alerts.html", context)


def _seen(request: Entered, alert: uuid.UUID) -> Alert:
    found = queries.one(request.actor, alert)
    if found is None:
        raise Http404
    return found


def alert(request: Entered, alert: uuid.UUID) -> HttpResponse:
    """One alert: what it is, whose it is, what has happened, and the next act."""
    row = _seen(request, alert)
    which = request.POST.get("form", "")
    people = queries.who_may_take_over(row.patient_id, owner_id=row.owner_id)
    choices = [(str(m.id), f"{m.user.name}, {m.get_role_display().lower()}") for m in people]
    reply = AnswerForm(request.POST if which == "answer" else None)
    over = HandOverForm(request.POST if which == "hand_over" else None, choices=choices)
    stamp: dict[str, Any] = {"by": request.actor, "at": request.at}
    if which == "acknowledge" and request.method == "POST" and refusal_of(request) is None:
        actions.acknowledge(alert, by=request.actor, at=request.at)
        return redirect("alerts:alert", alert=alert)
    if which == "answer" and submitted(request, reply):
        actions.answer(alert, **reply.cleaned_data, **stamp)
        return redirect("alerts:alerts")
    if which == "hand_over" and submitted(request, over):
        typed = over.cleaned_data
        actions.hand_over(alert, to_membership_id=typed["to"], why=typed["why"], **stamp)
        return redirect("alerts:alerts")
    context = {
        "alert": row,
        "patient": row.patient,
        "reply": reply,
        "over": over,
        "choices": choices,
        "is_mine": row.owner_id == request.actor.membership_id,
        "now": request.at,
    }
    return page(request, "alerts/alert.html", context)
