"""The formulary's page."""

from __future__ import annotations

import uuid

from django.http import HttpResponse
from django.shortcuts import redirect

from openkap.accounts.calls import ClinicRequest
from openkap.dispensary import actions, queries
from openkap.dispensary.forms import StockForm
from openkap.dispensary.models import strength_of
from openkap.ui.pages import page
from openkap.ui.typed import bound, read, sent


def formulary(request: ClinicRequest, **_: uuid.UUID) -> HttpResponse:
    """What the clinic stocks; an administrator or a prescriber adds to it."""
    context = {"form": bound(request, "formulary", StockForm), "items": queries.formulary()}
    return page(request, "dispensary/formulary.html", context)


def stock(request: ClinicRequest) -> HttpResponse:
    """Add a product to what the clinic stocks."""
    typed = read(bound(request, "formulary", StockForm))
    actions.stock(
        product=typed["product"],
        name=typed["name"],
        strength=strength_of(typed["product"], typed["strength_mg_per_ml"]),
        vial_ml=typed["vial_ml"],
        ndc=typed["ndc"],
        confirmed=typed["confirmed"],
        by=request.actor,
        at=request.at,
    )
    return redirect("dispensary:formulary")


def withdraw(request: ClinicRequest, item: uuid.UUID) -> HttpResponse:
    """Take a product out of use."""
    actions.withdraw(item, why=sent(request, "why"), by=request.actor, at=request.at)
    return redirect("dispensary:formulary")
