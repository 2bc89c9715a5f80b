"""A form sent twice does its work once (hazard H05), and one token never names two contents (hazard H24).

Each form carries a token made with the page. The first arrival takes the token in the same transaction as its
work; a second one, however close, waits for the first and is given its answer. The same token with other
content is a conflict: nothing of it was kept, and the person is told so with what they typed.
"""

from __future__ import annotations

import hashlib
import uuid
from urllib.parse import quote, unquote

from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.utils.http import url_has_allowed_host_and_scheme

from openkap.accounts import joining
from openkap.accounts.models import Submission
from openkap.ui.outage import wants_json

FIELD = "once"
DONE_COOKIE = "openkap_done"
DONE_MAX = 8
DONE_SECONDS = 3600


def _token(request: HttpRequest) -> uuid.UUID | None:
    if request.method != "POST":
        return None
    try:
        return uuid.UUID(request.POST.get(FIELD, ""))
    except ValueError:
        return None


def _content(request: HttpRequest) -> bytes:
    """What the form says and where it was sent, as a hash: without the marks of one showing of the page."""
    digest = hashlib.sha256(request.path.encode())
    for key in sorted(request.POST):
        if key not in (FIELD, "csrfmiddlewaretoken"):
            for text in request.POST.getlist(key):
                digest.update(f"|{len(key)}:{key}={len(text)}:{text}".encode())
    for name in sorted(request.FILES):
        for file in request.FILES.getlist(name):
            digest.update(f"|{name}:{file.name}:{file.size}:".encode())
            for piece in file.chunks():
                digest.update(piece)
            file.seek(0)
    return digest.digest()


def first_answer(request: HttpRequest) -> HttpResponse | None:
    """Take the form's token, or return what its first arrival was answered."""
    token = _token(request)
    if token is None:
        return None
    actor = request.actor  # type: ignore[attr-defined]
    content = _content(request)
    try:
        with transaction.atomic():
            Submission.objects.create(
                clinic_id=actor.clinic_id,
                token=token,
                user_id=actor.user_id,
                content=content,
                at=request.at,  # type: ignore[attr-defined]
            )
    except IntegrityError as error:
        first = Submission.objects.filter(token=token, user_id=actor.user_id).first()
        if first is None or bytes(first.content) != content:
            raise joining.other_content() from error
        return _again(request, first)
    return None


def _again(request: HttpRequest, first: Submission) -> HttpResponse:
    """What the first arrival was answered, for the second one."""
    if wants_json(request):
        return JsonResponse({"kept": True})
    back = request.headers.get("Referer", "")
    here = url_has_allowed_host_and_scheme(back, allowed_hosts={request.get_host()})
    return HttpResponseRedirect(first.location or (back if here else "/"))


def remember(request: HttpRequest, response: HttpResponse) -> None:
    """Keep where the first arrival was sent, and tell the page that the form's draft is no longer needed."""
    token = _token(request)
    if token is None or response.status_code >= 400:
        return
    if response.has_header("Location"):
        Submission.objects.filter(token=token).update(location=response["Location"])
    done = [one for one in unquote(request.COOKIES.get(DONE_COOKIE, "")).split(",") if one][-DONE_MAX:]
    response.set_cookie(
        DONE_COOKIE, quote(",".join([*done, str(token)])), max_age=DONE_SECONDS, samesite="Strict", path="/"
    )
