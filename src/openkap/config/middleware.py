"""The outermost layer: a lost database is a clear page, and times are shown in the clinic's zone."""

from __future__ import annotations

from collections.abc import Callable

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse

from openkap.accounts.doors import unavailable

Answer = Callable[[HttpRequest], HttpResponse]


def steady(answer: Answer) -> Answer:
    """Answer with a clear page when the database is lost anywhere outside the door itself."""

    def middleware(request: HttpRequest) -> HttpResponse:
        try:
            return answer(request)
        except (OperationalError, InterfaceError):
            return unavailable(request)

    return middleware
