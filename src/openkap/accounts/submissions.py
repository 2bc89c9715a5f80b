"""A form sent twice does its work once (hazard H05).

Each form carries a token made with the page. The first arrival takes the token in the
same transaction as its work; a second one, however close, waits for the first and is
given its answer.
"""

from __future__ import annotations

import uuid

from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect

from openkap.accounts.models import Submission

FIELD = "once"


def _token(request: HttpRequest) -> uuid.UUID | None:
    if request.method != "POST":
        return None
    try:
        return uuid.UUID(request.POST.get(FIELD, ""))
    except ValueError:
        return None


def first_answer(request: HttpRequest) -> HttpResponse | None:
    """Take the form's token, or return what its first arrival was answered."""
    token = _token(request)
    if token is None:
        return None
    actor = request.actor  # type: ignore[attr-defined]
    try:
        with transaction.atomic():
            Submission.objects.create(
                clinic_id=actor.clinic_id,
                token=token,
                user_id=actor.user_id,
                at=request.at,  # type: ignore[attr-defined]
            )
    except IntegrityError:
        first = Submission.objects.filter(token=token, user_id=actor.user_id).first()
        if first is None:
            return HttpResponse(status=409)
        return HttpResponseRedirect(first.location or request.path)
    return None


def remember(request: HttpRequest, response: HttpResponse) -> None:
    """Keep where the first arrival was sent, for a second one."""
    token = _token(request)
    if token is not None and response.has_header("Location"):
        Submission.objects.filter(token=token).update(location=response["Location"])
