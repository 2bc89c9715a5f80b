"""The page of what goes out."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import redirect

from openkap.accounts.calls import ClinicRequest
from openkap.accounts.models import User
from openkap.notices import actions, queries
from openkap.notices.channels import email_to
from openkap.ui.pages import page, paged
from openkap.ui.typed import line


def notices(request: ClinicRequest, **_: uuid.UUID) -> HttpResponse:
    """What waits, what could not be sent, and what went out last."""
    context = {
        "waiting": paged(request, queries.waiting(), key="waiting"),
        "sent": paged(request, queries.sent(), key="sent"),
        "mail_is_set_up": settings.OPENKAP_MAIL_IS_SET_UP,
    }
    return page(request, "notices/notices.html", context)


def withdraw(request: ClinicRequest, notice: uuid.UUID) -> HttpResponse:
    """Take a notice back."""
    actions.withdraw(notice, why=line(request, "why"), by=request.actor, at=request.at)
    return redirect("notices:notices")


def try_again(request: ClinicRequest, notice: uuid.UUID) -> HttpResponse:
    """Try a notice once more."""
    actions.try_again(notice, by=request.actor, at=request.at)
    return redirect("notices:notices")


def send_test(request: ClinicRequest) -> HttpResponse:
    """Send a message to whoever asks, to see whether mail goes out."""
    user_id = request.actor.user_id
    assert user_id is not None  # whoever keeps the notices has signed in
    user = User.objects.get(id=user_id)
    actions.queue(
        kind="test",
        to=email_to(user.email),
        link_path="/",
        owner_membership_id=request.actor.membership_id,
        by=request.actor,
        at=request.at,
    )
    return redirect("notices:notices")
