"""What a view needs to show a page."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Page, Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from openkap.ui.typed import also_typed, refusal_of


def paged(request: HttpRequest, rows: Any, *, size: int = 50, key: str = "page") -> Page[Any]:
    """One page of a list that may be long; it says how many there are and goes on (`ui/pager.html`)."""
    asked, paginator = request.GET.get(key), Paginator(rows, size)
    if asked in (None, "1"):
        first = list(rows[: size + 1])  # most lists end here, and need not be counted
        if len(first) <= size:
            paginator = Paginator(first, size)
        last_key = Page(first[:size], 1, paginator)
    else:
        last_key = paginator.get_page(asked)
    last_key.key = key  # type: ignore[attr-defined]
    return last_key


def page(
    request: HttpRequest, template: str, context: dict[str, Any] | None = None, *, status: int | None = None
) -> HttpResponse:
    """Render a page; one that shows a refusal or an unreadable form says so in its status."""
    status = _status(request) if status is None else status
    response = render(request, template, context or {}, status=status)
    homeless = also_typed(request)
    if homeless:  # seen only now: which fields a page draws is the template's
        request.also_typed = homeless  # type: ignore[attr-defined]
        response = render(request, template, context or {}, status=status)
    return response


def _status(request: HttpRequest) -> int:
    refusal = refusal_of(request)
    if refusal is not None:
        return int(refusal.status)
    return 422 if getattr(request, "unreadable", ()) else 200
