"""What a view needs to show a page and to know whether a form has been sent in earnest."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import NON_FIELD_ERRORS
from django.core.paginator import Page, Paginator
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def refusal_of(request: HttpRequest) -> Any:
    """The refusal the door has caught for this request, or None."""
    return getattr(request, "refusal", None)


def submitted(request: HttpRequest, *forms: BaseForm) -> bool:
    """Whether the forms were sent, can be read, and have not just been refused."""
    if request.method != "POST" or refusal_of(request) is not None:
        return False
    unreadable = [form for form in forms if not form.is_valid()]  # every form is read: all errors are shown
    request.unreadable = unreadable  # type: ignore[attr-defined]
    return not unreadable


def look_again(request: HttpRequest) -> list[tuple[str, str, str]]:
    """What could not be read, wherever on the page its form stands or does not: label, field, why."""
    return [
        (_label(form, name), "" if name == NON_FIELD_ERRORS else str(form[name].id_for_label), str(text))
        for form in getattr(request, "unreadable", [])
        for name, texts in form.errors.items()
        for text in texts
    ]


def _label(form: BaseForm, name: str) -> str:
    return "" if name == NON_FIELD_ERRORS else str(form[name].label)


def paged(request: HttpRequest, rows: Any, *, size: int = 50, key: str = "page") -> Page[Any]:
    """One page of a list that may be long; it says how many there are and goes on (`ui/pager.html`)."""
    found = Paginator(rows, size).get_page(request.GET.get(key))
    found.key = key  # type: ignore[attr-defined]
    return found


def page(
    request: HttpRequest, template: str, context: dict[str, Any] | None = None, *, status: int | None = None
) -> HttpResponse:
    """Render a page; one that shows a refusal or an unreadable form says so in its status."""
    values = context or {}
    if status is None:
        status = _status(request, values)
    return render(request, template, values, status=status)


def _status(request: HttpRequest, values: dict[str, Any]) -> int:
    refusal = refusal_of(request)
    if refusal is not None:
        return int(refusal.status)
    unreadable = any(isinstance(it, BaseForm) and it.is_bound and not it.is_valid() for it in values.values())
    unreadable = unreadable or bool(getattr(request, "unreadable", []))
    return 422 if unreadable and request.method == "POST" else 200
