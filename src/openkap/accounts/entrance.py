"""Who asks: sign-in, second factor, idle time, the absolute end of a sign-in, and the place.

Membership is read anew at every request, so a person who has left is out at once. Only
their own acts renew the idle timer; a page that refreshes itself never does.
"""

from __future__ import annotations

import time
import uuid
from datetime import datetime, timedelta

from allauth.account.internal.flows.login import get_authentication_records
from allauth.account.internal.flows.reauthentication import suspend_request
from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib.auth import logout
from django.contrib.sessions.backends.db import SessionStore
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode

from openkap.accounts.actor import Actor
from openkap.accounts.grants import Grant
from openkap.accounts.models import User
from openkap.accounts.places import Place, places_of

RENEW_EVERY = timedelta(seconds=30)


def actor_at(request: HttpRequest, *, grant: Grant, quiet: bool) -> Actor | HttpResponse:
    """The actor, or the page they must see first."""
    user = request.user
    if not user.is_authenticated:
        return _to(request, "account_login")
    if not _still_awake(request, quiet=quiet):
        logout(request)
        return _to(request, "account_login")
    if not is_mfa_enabled(user):
        return _to(request, "mfa_add_webauthn")
    place = chosen_place(request)
    if place is None:
        return render(request, "accounts/no_place.html", status=403)
    if grant.step_up and not proved_lately(request):
        known: Actor | HttpResponse = suspend_request(request, reverse("account_reauthenticate"))
        return known
    return Actor(
        clinic_id=place.clinic_id,
        role=place.role,
        name=user.get_full_name(),
        user_id=user.pk,
        membership_id=place.membership_id,
    )


def end_if_asleep(request: HttpRequest, *, quiet: bool = False) -> None:
    """On the sign-in library's own pages too a sign-in ends with its idle time and its cap (hazard H41)."""
    if request.user.is_authenticated and not _still_awake(request, quiet=quiet):
        logout(request)


def who_is_in(request: HttpRequest) -> User | None:
    """Who has signed in here with every factor, and lately enough; or None."""
    user = request.user
    if not isinstance(user, User) or not _still_awake(request, quiet=False) or not is_mfa_enabled(user):
        return None
    return user


def chosen_place(request: HttpRequest) -> Place | None:
    """The place the person works in now: the one they chose, or their first."""
    if request.user.pk is None:
        return None
    places = places_of(request.user.pk, at=timezone.now())
    wanted = request.session.get("membership")
    for place in places:
        if str(place.membership_id) == wanted:
            return place
    return places[0] if places else None


def _still_awake(request: HttpRequest, *, quiet: bool) -> bool:
    now = timezone.now()
    session = request.session
    began = _moment(session.get("signed_in_at")) or now
    last = _moment(session.get("last_act")) or now
    if now - began > timedelta(hours=settings.OPENKAP_CAP_HOURS):
        return False
    if now - last > timedelta(minutes=settings.OPENKAP_IDLE_MINUTES):
        return False
    if "signed_in_at" not in session:
        session["signed_in_at"] = now.isoformat()
    if not quiet and ("last_act" not in session or now - last > RENEW_EVERY):
        session["last_act"] = now.isoformat()
    return True


def proved_lately(request: HttpRequest) -> bool:
    """Whether the person gave a password, a code or a passkey within the step-up time."""
    records = get_authentication_records(request, request.user)
    last = max((float(entry.get("at", 0)) for entry in records), default=0.0)
    return time.time() - last < settings.ACCOUNT_REAUTHENTICATION_TIMEOUT


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


def _to(request: HttpRequest, name: str) -> HttpResponse:
    """Send a person to a page they must pass first; tell a script so in words it can use."""
    if request.headers.get("HX-Request") or "application/json" in request.headers.get("Accept", ""):
        return HttpResponse(status=401, headers={"HX-Redirect": reverse(name)})
    back = request.get_full_path() if request.method == "GET" else request.path
    return HttpResponseRedirect(f"{reverse(name)}?{urlencode({'next': back})}")


def still_welcome(*, session_key: str, user_id: uuid.UUID, membership_id: uuid.UUID, at: datetime) -> bool:
    """Whether a long-lived stream may go on: the sign-in lasts and the membership is current."""
    session = SessionStore(session_key=session_key).load()
    if str(session.get("_auth_user_id", "")) != str(user_id):
        return False
    began = _moment(session.get("signed_in_at")) or at
    last = _moment(session.get("last_act")) or at
    if at - began > timedelta(hours=settings.OPENKAP_CAP_HOURS):
        return False
    if at - last > timedelta(minutes=settings.OPENKAP_IDLE_MINUTES):
        return False
    return any(place.membership_id == membership_id for place in places_of(user_id, at=at))
