"""The inbox: what devices sent and no session could hold."""

from __future__ import annotations

import uuid

from django.http import HttpResponse
from django.shortcuts import redirect

from openkap.accounts.doors import Entered
from openkap.interop.hl7v2 import actions, queries
from openkap.ui.pages import page, paged


def inbox(request: Entered) -> HttpResponse:
    """The messages that wait, newest first."""
    return page(request, "interop/inbox.html", {"rows": paged(request, queries.waiting())})


def settle(request: Entered, message: uuid.UUID) -> HttpResponse:
    """Somebody has looked at one of them."""
    if getattr(request, "refusal", None) is None:
        actions.settle(message, note=request.POST.get("note", ""), by=request.actor, at=request.at)
        return redirect("interop:inbox")
    return inbox(request)
