"""What consent tells in a person's chart: what was signed, and what was taken back."""

from __future__ import annotations

import uuid

from django.urls import reverse
from django.utils.translation import gettext as _

from openkap.consent import queries
from openkap.consent.models import Consent
from openkap.ui.timeline import TimelineEntry

ASKS = (queries.signed,)


def signed(patient_id: uuid.UUID) -> list[TimelineEntry]:
    """Every consent that was signed, and every one that was taken back."""
    rows = queries.signed(patient_id)
    return [_consent(row) for row in rows] + [it for it in map(_taken_back, rows) if it]


def _taken_back(consent: Consent) -> TimelineEntry | None:
    at, why = consent.back_at, consent.back_why  # type: ignore[attr-defined]
    if at is None:
        return None
    by: str = consent.back_by  # type: ignore[attr-defined]
    return TimelineEntry(at=at, title=_("Consent taken back"), by=by, lines=(why,) if why else ())


def _consent(consent: Consent) -> TimelineEntry:
    return TimelineEntry(
        at=consent.at,
        title=_("Consent signed, version %(version)s") % {"version": consent.version},
        by=consent.signed_name,
        links=((reverse("consent:document", args=[consent.patient_id]), _("Consent")),),
    )
