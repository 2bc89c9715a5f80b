"""The referral pages: the waiting list, an upload, and what was understood."""

from __future__ import annotations

import uuid
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import redirect

from openkap.accounts.doors import Entered
from openkap.interop.fhir.bundle import Understood
from openkap.interop.referrals import actions, queries, reading
from openkap.interop.referrals.forms import ReferralForm, TakeForm
from openkap.ui.pages import page, paged, submitted


def referrals(request: Entered) -> HttpResponse:
    """The referrals that wait, and those taken lately."""
    context = {"waiting": queries.waiting(), "taken": paged(request, queries.taken())}
    return page(request, "interop/referrals.html", context)


def new_referral(request: Entered) -> HttpResponse:
    """Upload a referral; a file that cannot be read is refused with the places that are wrong."""
    form = ReferralForm(request.POST or None, request.FILES or None)
    if submitted(request, form):
        typed = form.cleaned_data
        referral = actions.receive(typed["file"], sender=typed["sender"], by=request.actor, at=request.at)
        return redirect("interop:referral", referral=referral.id)
    return page(request, "interop/new_referral.html", {"form": form})


def _lists(request: Entered, understood: Understood, results: reading.Sorted) -> dict[str, Any]:
    """What was told, a part of each list at a time: a bundle may hold twenty thousand entries."""
    told: dict[str, Any] = {
        "problems": understood.problems,
        "medicines": understood.medicines,
        "allergies": understood.allergies,
    }
    told = {name: sorted(found, key=lambda one: not one.active) for name, found in told.items()}
    told["not_understood"] = understood.not_understood
    told["kept"] = results.kept
    return {name: paged(request, found, key=name) for name, found in told.items()}


def referral(request: Entered, referral: uuid.UUID) -> HttpResponse:
    """What was understood, what was not, who it may be, and taking it in."""
    row = queries.one(referral)
    if row is None:
        raise Http404
    understood = actions.understand(bytes(row.content), at=request.at)
    duplicates = queries.duplicates(understood)
    choices = [(str(p.id), f"{p.name}, {p.mrn}: {', '.join(found.reasons)}") for p, found in duplicates]
    choices.append(("new", "A new person, none of the above" if duplicates else "A new person"))
    initial = {} if duplicates else {"whose": "new"}
    form = TakeForm(request.POST or None, choices=choices, initial=initial)
    if submitted(request, form):
        whose = form.cleaned_data["whose"]
        patient_id = None if whose == "new" else uuid.UUID(whose)
        patient = actions.take(referral, patient_id=patient_id, by=request.actor, at=request.at)
        return redirect("desk:chart", patient=patient.id)
    sorted_results = reading.sort_results(understood, at=request.at)
    context = {
        "referral": row,
        "understood": understood,
        "lists": _lists(request, understood, sorted_results),
        "newest": [(r, reading.shown(r.value)) for r in reading.newest(sorted_results.charted)],
        "results": len(sorted_results.charted),
        "duplicates": duplicates,
        "taken": queries.taken_into(referral),
        "form": form,
        "today": request.at.date(),
    }
    return page(request, "interop/referral.html", context)
