"""One request at one URL: admitted, answered in one transaction, recorded; and shown again after a refusal.

What an act refuses is rolled back, recorded on its own, and shown with what was typed; what is denied looks
exactly like what does not exist.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.exceptions import BadRequest, ObjectDoesNotExist
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme

from openkap.accounts import registry, submissions
from openkap.accounts.actor import Actor
from openkap.accounts.events import RequestDenied, RequestRefused
from openkap.accounts.grants import Grant, Subject, decide
from openkap.accounts.links import Link
from openkap.accounts.offering import OffersTo
from openkap.audit import seeing
from openkap.audit.actions import record, record_reading
from openkap.kernel.event import DomainEvent
from openkap.kernel.refusal import Refused
from openkap.tenancy.asked import asking_once
from openkap.tenancy.context import inside
from openkap.tenancy.here import local_to
from openkap.tenancy.models import Clinic
from openkap.ui import outage
from openkap.ui.pages import page
from openkap.ui.typed import OTHER_FORM, WHICH, Unreadable, objections_in, shown_again

Answer = Callable[..., HttpResponse]
Acts = Answer | Mapping[str, Answer]


class ClinicRequest(HttpRequest):
    """A request that a guarded route admitted: who asks, and when. For annotations only."""

    actor: Actor
    at: datetime
    clinic: Clinic
    link: Link
    refusal: Refused | None


class Denied(Exception):
    """Refused, and answered as if nothing were there."""


@dataclass(frozen=True, slots=True)
class Page:
    """What answers a URL: `show` draws its page, `do` does what a form of it asks.

    `do` runs once. After a refusal, or when a form cannot be read, `show` draws the page again from the
    request, with every reason and with what was typed. A mapping names one act for each form of the page.
    """

    show: Answer | None = None
    do: Acts | None = None

    def answer(self, request: HttpRequest, kwargs: dict[str, Any]) -> HttpResponse:
        """The answer to a request that was let in."""
        act = self._act(request) if request.method == "POST" else self.show
        assert act is not None  # no page is declared without what its grants need
        return act(request, **kwargs)

    def _act(self, request: HttpRequest) -> Answer | None:
        if not isinstance(self.do, Mapping):
            return self.do
        act = self.do.get(request.POST.get(WHICH, ""))
        if act is None:
            raise Refused(OTHER_FORM)
        return act


@dataclass(frozen=True, slots=True)
class RouteCall:
    """One request at one URL, once it is known who asks."""

    actor: Actor
    grant: Grant
    page: Page
    kwargs: dict[str, Any]
    quiet: bool
    relations: frozenset[str] = frozenset()


def called(request: HttpRequest, call: RouteCall) -> HttpResponse:
    """Answer a call inside the clinic's context; what is denied looks like what is not there."""
    request.actor = call.actor  # type: ignore[attr-defined]
    request.at = timezone.now()  # type: ignore[attr-defined]
    if unreadable := _unreadable(request):
        raise BadRequest(unreadable)
    try:
        return _answered(request, call)
    except Denied as error:
        page, method = _asked(request)
        _note(request, call, RequestDenied(page=page, method=method), why=call.grant.name)
        raise Http404 from error
    except ObjectDoesNotExist as error:  # a key of an address that leads to nothing
        raise Http404 from error
    except outage.LOST:
        return outage.unavailable(request)


def _answered(request: HttpRequest, call: RouteCall) -> HttpResponse:
    """The answer, or the page again with the reasons. Whatever was written before a reason is rolled back."""
    try:
        return _inside(request, call)
    except Unreadable as fault:
        shown_again(request, forms=fault.forms)
        reasons, status = objections_in(fault.forms), 422
    except Refused as refusal:
        shown_again(request, refusal=refusal)
        reasons, status = refusal.objections, refusal.status
        kept = tuple(objection.as_record() for objection in reasons)
        page, method = _asked(request)
        _note(request, call, RequestRefused(page=page, method=method, objections=kept))
    if outage.wants_json(request):
        plain = [objection.as_dict() for objection in reasons]
        return JsonResponse({"objections": plain}, status=status)
    return _shown_again(request, call, status)


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
        with local_to(clinic):
            yield


def _reading(request: HttpRequest) -> AbstractContextManager[None]:
    """A page that is only read asks each question once."""
    return asking_once() if request.method in ("GET", "HEAD") else nullcontext()


def _inside(request: HttpRequest, call: RouteCall) -> HttpResponse:
    with _context(request, call), _reading(request):
        patient_id, relations = _admit(call)
        request.offers = _offers(call, patient_id, relations=relations)  # type: ignore[attr-defined]
        named = call.kwargs.get("patient")
        if patient_id is not None and named is not None and named != patient_id:  # merged into another
            call.kwargs["patient"] = patient_id
            if request.method in ("GET", "HEAD"):
                return _to_the_kept_record(request, call)
        earlier = submissions.first_answer(request)
        if earlier is not None:
            return earlier
        with seeing.watching() as seen:
            response = call.page.answer(request, call.kwargs)
        if response.status_code >= 400:
            transaction.set_rollback(True)
            return response
        submissions.remember(request, response)
        if request.method in ("GET", "HEAD"):
            _record_reading(request, call, patient_id, seen=seen)
        return response


def _offers(call: RouteCall, patient_id: uuid.UUID | None, *, relations: frozenset[str]) -> OffersTo:
    """What the page may offer whoever opened it: of one patient, or of people they may see."""
    if patient_id is None and not call.grant.link:
        return OffersTo(call.actor.role)
    return OffersTo(call.actor.role, relations=relations)


def _to_the_kept_record(request: HttpRequest, call: RouteCall) -> HttpResponse:
    """An address of a record that was merged leads to the same page of the record it was merged into."""
    match = request.resolver_match
    assert match is not None
    where = reverse(match.view_name, kwargs=call.kwargs)
    query = request.META.get("QUERY_STRING", "")
    return redirect(f"{where}?{query}" if query else where)


def _admit(call: RouteCall) -> tuple[uuid.UUID | None, frozenset[str]]:
    """Let the call in, or raise; returns the patient the URL speaks of, if any, and how they are related."""
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
    return patient_id, relations


def _record_reading(
    request: HttpRequest, call: RouteCall, patient_id: uuid.UUID | None, *, seen: set[uuid.UUID]
) -> None:
    """Write down whose record was opened and who stood on the page; where it polls, who is new on it."""
    at, actor = request.at, call.actor  # type: ignore[attr-defined]
    reader = actor.membership_id or actor.clinic_id
    subject = registry.opened_in(call.kwargs)
    if call.quiet:
        seen, patient_id, subject = seeing.lately.new(reader, seen, at=at), None, None
    if not seen and patient_id is None and subject is None:
        return
    record_reading(_asked(request)[0], by=actor, at=at, patients=seen, about=patient_id, subject=subject)
    transaction.on_commit(lambda: seeing.lately.note(reader, seen, at=at))


def _note(request: HttpRequest, call: RouteCall, event: DomainEvent, *, why: str = "") -> None:
    """Record what was turned away, in a transaction of its own."""
    with _context(request, call):
        record(event, by=call.actor, at=request.at, why=why)  # type: ignore[attr-defined]


def _asked(request: HttpRequest) -> tuple[str, str]:
    """The page that was asked for, by the name of its URL, and the request's method."""
    match = request.resolver_match
    return match.view_name if match else "", request.method or ""


def _shown_again(request: HttpRequest, call: RouteCall, status: int) -> HttpResponse:
    """The page with the reasons on it, or a plain one where there is no page, or none to show any more."""
    show = call.page.show
    if show is None:
        return refused_page(request, status)
    with _context(request, call):
        try:
            response = show(request, **call.kwargs)
        except (Refused, Unreadable):
            response = refused_page(request, status)
        transaction.set_rollback(True)
    if 300 <= response.status_code < 400:  # it leads away, where the reason would not be read
        return refused_page(request, status)
    if response.status_code < 400:
        response.status_code = status
    return response


def refused_page(request: HttpRequest, status: int) -> HttpResponse:
    """A plain page with every objection, what was typed, and the way back."""
    back = request.headers.get("Referer", "")
    here = url_has_allowed_host_and_scheme(back, allowed_hosts={request.get_host()})
    context = {"back": back if here else "/"}
    return page(request, "accounts/refused.html", context, status=status)
