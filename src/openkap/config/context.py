"""What every page knows of the clinic it stands in."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest

from openkap.tenancy.models import Clinic


def clinic_context(request: HttpRequest) -> dict[str, Any]:
    """The clinic of the actor at the door, or nothing on a public page."""
    actor = getattr(request, "actor", None)
    if actor is None:
        return {}
    clinic = Clinic.objects.filter(id=actor.clinic_id).first()
    return {"clinic": clinic, "actor": actor}
