"""The formulary's page."""

from __future__ import annotations

import uuid

from django.http import HttpResponse
from django.shortcuts import redirect

from openkap.accounts.routes import ClinicRequest
from openkap.dispensary import actions, queries
from openkap.dispensary.forms import StockForm
from openkap.kernel.quantity import MilligramsPerMillilitre
from openkap.ui.pages import page, refusal_of, submitted


def formulary(request: ClinicRequest) -> HttpResponse:
    """What the clinic stocks; an administrator or a prescriber adds to it."""
    form = StockForm(request.POST or None)
    if submitted(request, form):
        typed = form.cleaned_data
        actions.stock(
            product=typed["product"],
            name=typed["name"],
            strength=MilligramsPerMillilitre(typed["strength_mg_per_ml"]),
            vial_ml=typed["vial_ml"],
            ndc=typed["ndc"],
            confirmed=typed["confirmed"],
            by=request.actor,
            at=request.at,
        )
        return redirect("dispensary:formulary")
    return _formulary(request, form)


def _formulary(request: ClinicRequest, form: StockForm) -> HttpResponse:
    return page(request, "dispensary/formulary.html", {"form": form, "items": queries.formulary()})


def withdraw(request: ClinicRequest, item: uuid.UUID) -> HttpResponse:
    """Take a product out of use."""
    if refusal_of(request) is None:
        actions.withdraw(item, why=request.POST.get("why", ""), by=request.actor, at=request.at)
        return redirect("dispensary:formulary")
    return _formulary(request, StockForm(None))
