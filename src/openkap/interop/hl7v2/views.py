"""The inbox: what devices sent and no session could hold."""

from __future__ import annotations

import uuid

from django.http import HttpResponse
from django.shortcuts import redirect

from openkap.accounts.calls import ClinicRequest
from openkap.interop.hl7v2 import actions, queries
from openkap.ui.pages import page, paged
from openkap.ui.typed import line
from openkap.watch import actions as watch_actions
from openkap.watch import queries as watch_queries


def inbox(request: ClinicRequest, **_: uuid.UUID) -> HttpResponse:
    """The messages that wait, newest first, and the values that sessions could not take."""
    context = {
        "rows": paged(request, queries.waiting()),
        "put_aside": paged(request, watch_queries.put_aside_waiting(), key="values"),
    }
    return page(request, "interop/inbox.html", context)


def see_put_aside(request: ClinicRequest, aside: uuid.UUID) -> HttpResponse:
    """Somebody who looks after the monitors has seen that a value is not charted."""
    watch_actions.see_put_aside(aside, by=request.actor, at=request.at)
    return redirect("interop:inbox")


def settle(request: ClinicRequest, message: uuid.UUID) -> HttpResponse:
    """Somebody has looked at one of them."""
    actions.settle(message, note=line(request, "note"), by=request.actor, at=request.at)
    return redirect("interop:inbox")
