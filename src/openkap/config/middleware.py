"""The layers below the security headers: what is too large, and a lost database, are sentences."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from openkap.config import bodies, faults
from openkap.ui import outage

Answer = Callable[[HttpRequest], HttpResponse]


def steady(answer: Answer) -> Answer:
    """Answer with the outage page wherever in the request the database was lost."""

    def middleware(request: HttpRequest) -> HttpResponse:
        try:
            return answer(request)
        except outage.LOST:
            return outage.unavailable(request)

    return middleware


def bounded(answer: Answer) -> Answer:
    """Say what was too large to be read (`bodies`)."""

    def middleware(request: HttpRequest) -> HttpResponse:
        limit = getattr(request, "scope", {}).get(bodies.LIMIT)
        if limit is None:
            return answer(request)
        if limit == bodies.NOT_KNOWN:
            return outage.unavailable(request)
        return faults.too_large(request, limit)

    return middleware
