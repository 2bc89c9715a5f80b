"""The demo's first page: choose whom to be."""

from __future__ import annotations

from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.login import record_authentication
from allauth.mfa.totp.internal.auth import (
    format_hotp_value,
    hotp_value,
    yield_hotp_counters_from_time,
)
from django.conf import settings
from django.contrib.auth import logout
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from openkap.accounts.models import User
from openkap.config.demo.people import EVERYONE, PASSWORD


def _code(secret: str) -> str:
    counters = list(yield_hotp_counters_from_time())
    known: str = format_hotp_value(hotp_value(secret, counters[len(counters) // 2]))
    return known


def people(request: HttpRequest) -> HttpResponse:
    """Everyone of the demo clinic, with a button, and with what they would type."""
    rows = [(person, _code(person.secret)) for person in EVERYONE]
    return render(request, "demo/people.html", {"rows": rows, "password": PASSWORD})


def sign_in(request: HttpRequest, email: str) -> HttpResponse:
    """Sign in as one of the demo's people. Not there outside the demo."""
    user = User.objects.filter(email=email).first()
    if not settings.OPENKAP_DEMO or user is None or email not in {person.email for person in EVERYONE}:
        raise Http404
    logout(request)
    get_adapter().login(request, user)
    record_authentication(request, user, method="mfa", type="totp")
    return redirect("/")
