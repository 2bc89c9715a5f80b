"""What a person is told when the database does not answer. Drawn without it: nothing here may ask it."""

from __future__ import annotations

import re

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.template.loader import render_to_string

LOST = (OperationalError, InterfaceError)
SENTENCE = "The clinic's record did not answer. Nothing can be kept just now."
NEVER_GIVEN_BACK = re.compile(r"pass|secret|^code$|csrf|^credential$", re.IGNORECASE)
NOT_TYPED = ("once", "form", "version", "client_id", "measured_at", "next")
GIVEN_BACK_CHARACTERS_MAX = 200_000


def wants_json(request: HttpRequest) -> bool:
    """Whether a script asks, which shows a page to nobody."""
    return "application/json" in request.headers.get("Accept", "")


def bare_page(
    request: HttpRequest, template: str, context: dict[str, object], *, status: int
) -> HttpResponse:
    """A page drawn from its own words alone: no session, no user, no clinic, no query."""
    theme = request.COOKIES.get("theme", "")
    values = {**context, "theme": theme if theme in ("light", "quiet") else ""}
    response = HttpResponse(render_to_string(template, values), status=status)
    response["Cache-Control"] = "no-store"
    return response


def typed(request: HttpRequest) -> list[tuple[str, str]]:
    """What was typed, without passwords, codes and the form's own marks; nothing when too long."""
    try:
        fields = [
            (key, str(text))
            for key in request.POST
            for text in request.POST.getlist(key)
            if not NEVER_GIVEN_BACK.search(key)
        ]
    except Exception:  # noqa: BLE001 - a body that cannot be read has nothing to give back
        return []
    return fields if sum(len(text) for _, text in fields) <= GIVEN_BACK_CHARACTERS_MAX else []


def readable(name: str) -> str:
    """A field's name for the eye."""
    return name.replace("_", " ").strip().capitalize()


def shown(request: HttpRequest) -> list[tuple[str, str]]:
    """What was typed, for the eye: each field by a name that can be read, without the form's own marks."""
    return [(readable(name), text) for name, text in typed(request) if text.strip() and name not in NOT_TYPED]


def unavailable(request: HttpRequest) -> HttpResponse:
    """The outage page with what was typed, ready to be sent again; for a script, the sentence."""
    if wants_json(request):
        said = {"code": "unavailable", "text": SENTENCE, "field": ""}
        response: HttpResponse = JsonResponse({"objections": [said]}, status=503)
        response["Cache-Control"] = "no-store"
    else:
        kept = typed(request)
        context = {
            "kept": kept,
            "shown": shown(request),
            "had_files": bool(kept) and bool(request.FILES),
            "sent": request.method == "POST",
            "path": request.get_full_path(),
            "csrf_token": get_token(request),
        }
        response = bare_page(request, "ui/unavailable.html", context, status=503)
    response["Retry-After"] = "2"
    return response
