"""A screen of the clinic in a patient's hands: the sign-in opens that patient's own pages and nothing else.

A clinician hands the screen over for consent and choices. From then until somebody signs in anew, every other
address of this sign-in leads back to the page that was handed over (hazard H40).
"""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib.auth import logout
from django.http import HttpRequest

KEY = "handed_over"


def hand(request: HttpRequest, *, patient_id: uuid.UUID, hand_over_id: uuid.UUID, path: str) -> None:
    """Hand this screen to a patient."""
    request.session[KEY] = {"patient": str(patient_id), "hand_over": str(hand_over_id), "path": path}


def held(request: HttpRequest, patient_id: uuid.UUID) -> uuid.UUID | None:
    """The hand-over under which this screen is in this patient's hands, or None."""
    kept = request.session.get(KEY)
    return uuid.UUID(kept["hand_over"]) if kept and kept["patient"] == str(patient_id) else None


def is_handed(request: HttpRequest) -> bool:
    """Whether this screen is in a patient's hands."""
    return bool(request.session.get(KEY))


def leads_back(request: HttpRequest, kwargs: dict[str, Any], *, handed: bool) -> str | None:
    """Where a screen in a patient's hands must go instead of this address; None when it may go on."""
    kept = request.session.get(KEY)
    if not kept or (handed and str(kwargs.get("patient")) == kept["patient"]):
        return None
    return str(kept["path"])


def take_back(request: HttpRequest) -> None:
    """End the sign-in: whoever goes on at this screen signs in anew."""
    logout(request)
