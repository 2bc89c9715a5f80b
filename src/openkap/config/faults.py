"""The pages for what went wrong: not found, not allowed, a broken form, an error of ours."""

from __future__ import annotations

import logging
import uuid
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

_log = logging.getLogger(__name__)


def _page(request: HttpRequest, status: int, title: str, text: str, **more: Any) -> HttpResponse:
    return render(
        request, "ui/error.html", {"title": title, "text": text, "status": status, **more}, status=status
    )


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """404: the same words for what is not there and for what is not yours."""
    return _page(request, 404, "Nothing here for you", "There is no such page, or it is not yours to open.")


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """400: the browser sent something no page of ours sends."""
    return _page(request, 400, "That could not be read", "Go back and try again. Nothing was saved.")


def csrf(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403: the form is too old, or came from elsewhere."""
    text = (
        "This form was open for too long, or came from another site. Nothing was saved. "
        "Go back, reload, send again."
    )
    return _page(request, 403, "This form is no longer valid", text)


def failed(request: HttpRequest) -> HttpResponse:
    """500: our fault, with a number to tell us."""
    number = uuid.uuid4().hex[:8]
    _log.error("Fault %s at %s", number, request.path)
    text = f"Nothing was saved by this step. What was saved before is safe. Tell us this number: {number}."
    return _page(request, 500, "Something of ours went wrong", text)
