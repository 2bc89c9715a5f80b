"""The layer below the security headers: a lost database is a sentence."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

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
