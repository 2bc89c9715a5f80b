"""What every page needs to draw itself: its theme, the navigation, and a refusal to show."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest

from openkap.ui.navigation import places_for
from openkap.ui.typed import look_again, refusal_of, stands_against

THEMES = ("light", "quiet")


def page_context(request: HttpRequest) -> dict[str, Any]:
    """The theme the person chose (kept in a cookie), the entries of their role, and the refusal, if any."""
    chosen = request.COOKIES.get("theme", "")
    actor = getattr(request, "actor", None)
    match = request.resolver_match
    here = match.view_name if match else ""
    return {
        "theme": chosen if chosen in THEMES else "",
        "navigation": places_for(actor.role, here=here) if actor is not None else [],
        "here": here,
        "refused": refusal_of(request),
        "look_again": look_again(request),
        "stands_against": stands_against(request),
        "also_typed": getattr(request, "also_typed", []),
    }
