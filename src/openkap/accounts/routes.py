"""The guarded route around every view: who is there, may they, in which clinic, in one transaction.

`route()` is how a room declares a URL. The view behind it runs inside the clinic's signed
context, with `request.actor` and `request.at` set. What it refuses is rolled back, recorded
on its own, and shown; what it denies looks exactly like what does not exist.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import wraps
from typing import Any

from django.core.exceptions import BadRequest, ObjectDoesNotExist
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed, JsonResponse
from django.shortcuts import redirect, render
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.cache import add_never_cache_headers, patch_vary_headers
from django.utils.http import url_has_allowed_host_and_scheme

from openkap.accounts import entrance, handing, registry, submissions
from openkap.accounts.actor import Actor
from openkap.accounts.grants import Grant, Subject, decide
from openkap.accounts.links import BadLink, Link, read_token
from openkap.audit import seeing
from openkap.audit.actions import record, record_reading
from openkap.kernel.refusal import Refused
from openkap.tenancy.context import inside
from openkap.tenancy.models import Clinic
from openkap.ui import outage

View = Callable[..., HttpResponse]


class ClinicRequest(HttpRequest):
    """A request that has come through a door: who stands there, and when. For annotations only."""

    actor: Actor
    at: datetime
    clinic: Clinic
    link: Link
    refusal: Refused | None


class Denied(Exception):
    """The door stays shut. Answered as if nothing were there."""


@dataclass(frozen=True, slots=True)
class RouteCall:
    """One request at one door, once it is known who stands there."""

    actor: Actor
    grant: Grant
    view: View
    kwargs: dict[str, Any]
    quiet: bool
    relations: frozenset[str] = frozenset()


def route(
    address: str,
    view: View,
    *,
    name: str,
    quiet: bool = False,
    handed: bool = False,
    body_max: int = 0,
    **methods: Grant,
) -> URLPattern:
    """Declare a URL: its view, and a grant for each method it answers.

    `handed` marks the pages a patient may use on a screen of the clinic that was handed to them.

    `quiet` marks polling and streams: they never renew the idle timer, and their reads are
    not recorded one by one (the page that starts them is).

    `body_max` is for a page that takes a file: how many bytes it reads; any other takes `config.bodies`' few.
    """
    if not methods:
        raise ValueError(f"The URL “{address}” grants nothing to anyone; say who may use it.")
    grants = {method.upper(): grant for method, grant in methods.items()}
    entered = guarded(view, grants, quiet=quiet, handed=handed)
    entered.body_max = body_max  # type: ignore[attr-defined]
    return path(address, entered, name=name)


def guarded(view: View, grants: dict[str, Grant], *, quiet: bool = False, handed: bool = False) -> View:
    """The view behind its guard."""

    @wraps(view)
    def entered(request: HttpRequest, **kwargs: Any) -> HttpResponse:
        elsewhere = handing.leads_back(request, kwargs, handed=handed)
        if elsewhere is not None:
            return _private(redirect(elsewhere))
        method = "GET" if request.method == "HEAD" else str(request.method)
        grant = grants.get(method)
        if grant is None:
            return HttpResponseNotAllowed(sorted(grants))
        if grant.outside_clinic:
            entrance.end_if_asleep(request, quiet=quiet)
            return _private(view(request, **kwargs))
        if grant.link:
            call = _by_link(request, view, grant, kwargs, quiet)
        else:
            actor = entrance.actor_at(request, grant=grant, quiet=quiet)
            if isinstance(actor, HttpResponse):
                return _private(actor)
            call = RouteCall(actor, grant, view, kwargs, quiet)
        return _private(_visited(request, call))

    entered.grants = grants  # type: ignore[attr-defined]
    entered.csrf_exempt = getattr(view, "csrf_exempt", False)  # type: ignore[attr-defined]
    return entered


def _private(response: HttpResponse) -> HttpResponse:
    """Nothing behind a door is kept by a cache (hazard H46)."""
    add_never_cache_headers(response)
    patch_vary_headers(response, ("Cookie",))
    return response


def _by_link(
    request: HttpRequest, view: View, grant: Grant, kwargs: dict[str, Any], quiet: bool
) -> RouteCall:
    try:
        link = read_token(str(kwargs["token"]))
    except BadLink as error:
        raise Http404 from error
    request.link = link  # type: ignore[attr-defined]
    actor = Actor.link(link.clinic_id, "The holder of the patient's link")
    return RouteCall(actor, grant, view, kwargs, quiet, frozenset({link.purpose}))


def _visited(request: HttpRequest, call: RouteCall) -> HttpResponse:
    request.actor = call.actor  # type: ignore[attr-defined]
    request.at = timezone.now()  # type: ignore[attr-defined]
    if unreadable := _unreadable(request):
        raise BadRequest(unreadable)
    try:
        return _inside(request, call)
    except Denied as error:
        _note(request, call, "door.denied", why=call.grant.name)
        raise Http404 from error
    except ObjectDoesNotExist as error:  # a key of an address that leads to nothing
        raise Http404 from error
    except Refused as refusal:
        return _refused(request, call, refusal)
    except outage.LOST:
        return outage.unavailable(request)


def _unreadable(request: HttpRequest) -> str:
    """Why nothing of this request can be kept: the database holds no text with a null character in it."""
    sent = (request.GET, request.POST)
    texts = [text for form in sent for key in form for text in (key, *form.getlist(key))]
    return "A null character is no text." if any("\x00" in str(text) for text in texts) else ""


@contextmanager
def _context(request: HttpRequest, call: RouteCall) -> Iterator[None]:
    """The clinic's signed context, and its own time zone for whatever is shown or typed."""
    actor = call.actor
    with inside(actor.clinic_id, user_id=actor.user_id, role=actor.role):
        clinic = Clinic.objects.get(id=actor.clinic_id)
        request.clinic = clinic  # type: ignore[attr-defined]
        with timezone.override(clinic.tz):
            yield


def _inside(request: HttpRequest, call: RouteCall) -> HttpResponse:
    with _context(request, call):
        patient_id = _admit(call)
        named = call.kwargs.get("patient")
        if patient_id is not None and named is not None and named != patient_id:  # merged into another
            call.kwargs["patient"] = patient_id
            if request.method in ("GET", "HEAD"):
                return _to_the_kept_record(request, call)
        earlier = submissions.first_answer(request)
        if earlier is not None:
            return earlier
        with seeing.watching() as seen:
            response = call.view(request, **call.kwargs)
        if response.status_code >= 400:
            transaction.set_rollback(True)
            return response
        submissions.remember(request, response)
        if request.method in ("GET", "HEAD"):
            _record_reading(request, call, patient_id, seen)
        return response


def _to_the_kept_record(request: HttpRequest, call: RouteCall) -> HttpResponse:
    """An address of a record that was merged leads to the same page of the record it was merged into."""
    match = request.resolver_match
    assert match is not None
    where = reverse(match.view_name, kwargs=call.kwargs)
    query = request.META.get("QUERY_STRING", "")
    return redirect(f"{where}?{query}" if query else where)


def _admit(call: RouteCall) -> uuid.UUID | None:
    """Let the call in, or raise; returns the patient the URL speaks of, if it does."""
    speaks, patient_id = registry.patient_in(call.kwargs)
    if speaks and patient_id is None:
        raise Denied
    relations = call.relations
    if patient_id is not None and not call.grant.link:
        relations = registry.relations_of(call.actor, patient_id)
    if not decide(call.grant, Subject(role=call.actor.role, relations=relations)):
        raise Denied
    if call.grant.relation and not speaks:
        raise Denied
    return patient_id


def _record_reading(
    request: HttpRequest, call: RouteCall, patient_id: uuid.UUID | None, seen: set[uuid.UUID]
) -> None:
    """Write down whose record was opened and who stood on the page; where it polls, who is new on it."""
    at, actor = request.at, call.actor  # type: ignore[attr-defined]
    reader = actor.membership_id or actor.clinic_id
    subject = registry.opened_in(call.kwargs)
    if call.quiet:
        seen, patient_id, subject = seeing.lately.new(reader, seen, at=at), None, None
    if not seen and patient_id is None and subject is None:
        return
    match = request.resolver_match
    page = match.view_name if match else ""
    record_reading(page, by=actor, at=at, patients=seen, about=patient_id, subject=subject)
    transaction.on_commit(lambda: seeing.lately.note(reader, seen, at=at))


def _note(request: HttpRequest, call: RouteCall, verb: str, *, why: str, details: Any = None) -> None:
    """Record what was turned away, in a transaction of its own."""
    match = request.resolver_match
    page = match.view_name if match else ""
    with _context(request, call):
        record(
            verb,
            by=call.actor,
            at=request.at,  # type: ignore[attr-defined]
            details={"page": page, "method": request.method, **(details or {})},
            why=why,
        )


def _refused(request: HttpRequest, call: RouteCall, refusal: Refused) -> HttpResponse:
    """Record the refusal, then show the page again with every objection and what was typed."""
    objections = [objection.as_dict() for objection in refusal.objections]
    _note(request, call, "door.refused", why=str(refusal), details={"objections": objections})
    if "application/json" in request.headers.get("Accept", ""):
        return JsonResponse({"objections": objections}, status=refusal.status)
    request.refusal = refusal  # type: ignore[attr-defined]
    with _context(request, call):
        response = _shown_again(request, call)
        transaction.set_rollback(True)
    if response.status_code < 400:
        response.status_code = refusal.status
    return response


def _shown_again(request: HttpRequest, call: RouteCall) -> HttpResponse:
    """The page with the objections on it: the view's own, or a plain one where the view has none.

    A view that only acts has no page of its own to show: it would be refused a second time, or lead away with
    nothing said.
    """
    try:
        response = call.view(request, **call.kwargs)
    except Refused:
        return refused_page(request)
    return refused_page(request) if 300 <= response.status_code < 400 else response


def refused_page(request: HttpRequest) -> HttpResponse:
    """A plain page with every objection, what was typed, and the way back."""
    back = request.headers.get("Referer", "")
    here = url_has_allowed_host_and_scheme(back, allowed_hosts={request.get_host()})
    context = {"typed": outage.shown(request), "back": back if here else "/"}
    return render(request, "accounts/refused.html", context, status=422)
