"""What every page knows of the clinic it stands in."""

from __future__ import annotations

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
        values["alerts_waiting"] = alerts.waiting_for(actor.membership_id)
    return values
