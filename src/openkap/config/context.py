"""What every page knows of the clinic it stands in."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from functools import cache, partial
from typing import Any

from django.conf import settings
from django.http import HttpRequest

from openkap.accounts import handing
from openkap.alerts import queries as alerts


def clinic_context(request: HttpRequest) -> dict[str, Any]:
    """The clinic and the actor of the request, with what waits for their answer; little on a public page."""
    values: dict[str, Any] = {
        "OPENKAP_DEMO": settings.OPENKAP_DEMO,
        "MAIL_IS_SET_UP": settings.OPENKAP_MAIL_IS_SET_UP,
    }
    actor = getattr(request, "actor", None)
    if actor is None:
        return values
    values |= {"clinic": getattr(request, "clinic", None), "actor": actor}
    if actor.membership_id is not None and not handing.is_handed(request):
        values["device_owner"] = actor.membership_id  # what waits on this device waits for them
    if actor.membership_id is not None:
        values["alerts_waiting"] = _alerts_waiting(request, actor.membership_id)
    return values


def _alerts_waiting(request: HttpRequest, membership_id: uuid.UUID) -> Callable[[], int]:
    """How many alerts wait: asked when a template first says it, and once a request."""
    known: Callable[[], int] | None = getattr(request, "_alerts_waiting", None)
    if known is None:
        known = cache(partial(alerts.waiting_for, membership_id))
        request._alerts_waiting = known  # type: ignore[attr-defined]
    return known
