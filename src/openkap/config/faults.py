"""The pages for what went wrong: not found, not allowed, a broken form, an error of ours, no database.

None of them asks the database, a session or who is there: Django draws them in threads of its own, whose
connections nobody would give back, and after an outage they would go on failing.
"""

from __future__ import annotations

import logging
import sys
import uuid

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext as _

from openkap.ui import outage

_log = logging.getLogger(__name__)
unavailable = outage.unavailable


def _page(
    request: HttpRequest, status: int, title: str, *, text: str, typed: list[tuple[str, str]] | None = None
) -> HttpResponse:
    if outage.wants_json(request):
        response = JsonResponse({"objections": [{"code": "fault", "text": text, "field": ""}]}, status=status)
        response["Cache-Control"] = "no-store"
        return response
    context = {"title": title, "text": text, "status": status, "typed": typed}
    return outage.bare_page(request, "ui/error.html", context, status=status)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """404: the same words for what is not there and for what is not yours."""
    return _page(
        request, 404, _("Nothing here for you"), text=_("There is no such page, or it is not yours to open.")
    )


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """400: the browser sent something no page of ours sends."""
    if isinstance(exception, RequestDataTooBig):
        return too_large(request, settings.DATA_UPLOAD_MAX_MEMORY_SIZE)
    return _page(
        request, 400, _("That could not be read"), text=_("Go back and try again. Nothing was saved.")
    )


def too_large(request: HttpRequest, limit: int) -> HttpResponse:
    """413: more than anybody sends here."""
    most = limit // 1_000_000
    text = _("At most %(most)d MB can be sent here at once. Nothing was saved. Go back and send less.")
    return _page(request, 413, _("That is too large"), text=text % {"most": most})


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """403: the sign-in library will not go on with this."""
    return _page(
        request, 403, _("This cannot go on"), text=_("Go back to the start and try again. Nothing was saved.")
    )


def too_many(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """429: too many tries from here."""
    text = _("There were too many tries from here. Wait a minute, then try again. Nothing was saved.")
    return _page(request, 429, _("Too many tries"), text=text)


def csrf(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403: the form is of an earlier sign-in, or came from elsewhere.

    Whoever is signed in now may not be who typed it: it is shown, to be copied, and never sent on from here.
    """
    text = _(
        "This form is of an earlier sign-in, or came from another site. Nothing was saved. "
        "Open the page again and type it there."
    )
    here = request.headers.get("Origin") == f"{request.scheme}://{request.get_host()}"
    here = here or request.headers.get("Sec-Fetch-Site") == "same-origin"
    shown = outage.shown(request) if here else []
    return _page(request, 403, _("This form is no longer valid"), text=text, typed=shown)


def _lost(error: BaseException | None) -> bool:
    """Whether a lost database is behind an error, however it was wrapped."""
    while error is not None:
        if isinstance(error, outage.LOST):
            return True
        error = error.__cause__ or error.__context__
    return False


def failed(request: HttpRequest) -> HttpResponse:
    """500: our fault, with a number to tell us; or the outage page, when the database was lost."""
    error = sys.exc_info()[1]
    if _lost(error):
        _log.warning("The database did not answer at %s: %s", request.path, error)
        return unavailable(request)
    number = uuid.uuid4().hex[:8]
    _log.error("Fault %s at %s", number, request.path)
    text = _(
        "Nothing was saved by this step. What was saved before is safe. Tell us this number: %(number)s."
    )
    return _page(request, 500, _("Something of ours went wrong"), text=text % {"number": number})
