"""The page of the clinic's numbers."""

from __future__ import annotations

import uuid

from django.http import HttpResponse
from django.shortcuts import redirect

from openkap.accounts import duties
from openkap.accounts.calls import ClinicRequest
from openkap.defaults import actions, queries
from openkap.defaults.forms import NameForm, ProposalForm, ShippedForm
from openkap.ui.pages import page, paged
from openkap.ui.typed import bound, read


def _shipped_form(request: ClinicRequest) -> ShippedForm:
    choices = [
        (it.number.key, f"{it.number.says} {it.value} {it.number.unit}".strip())
        for _, rows in queries.acting()
        for it in rows
        if it.signed is None
    ]
    return bound(request, "shipped", ShippedForm, choices=choices)


def numbers(request: ClinicRequest, **_: uuid.UUID) -> HttpResponse:
    """Every number, with what ships, what acts here, and who signed it."""
    context = {
        "groups": [(group, rows, sum(bool(it.signed) for it in rows)) for group, rows in queries.acting()],
        "proposals": paged(request, queries.proposals()),
        "form": bound(request, "propose", ProposalForm),
        "shipped_form": _shipped_form(request),
        "director": duties.medical_director(),
        "is_director": duties.is_director(request.actor),
    }
    return page(request, "defaults/numbers.html", context)


def propose(request: ClinicRequest) -> HttpResponse:
    """Propose another value for a number."""
    typed = read(bound(request, "propose", ProposalForm))
    actions.propose(typed["number"], value=typed["value"], why=typed["why"], by=request.actor, at=request.at)
    return redirect("defaults:numbers")


def sign_shipped(request: ClinicRequest) -> HttpResponse:
    """The medical director signs numbers as they ship."""
    typed = read(_shipped_form(request))
    actions.sign_shipped(typed["numbers"], typed_name=typed["typed_name"], by=request.actor, at=request.at)
    return redirect("defaults:numbers")


def sign_proposal(request: ClinicRequest, proposal: uuid.UUID) -> HttpResponse:
    """The medical director signs a number that somebody else proposed."""
    typed = read(bound(request, "sign_proposal", NameForm))
    actions.sign_proposal(proposal, typed_name=typed["typed_name"], by=request.actor, at=request.at)
    return redirect("defaults:numbers")
