"""What screening tells in a person's chart: the decisions."""

from __future__ import annotations

import uuid

from django.urls import reverse
from django.utils.translation import gettext as _

from openkap.screening import queries
from openkap.screening.models import Decision
from openkap.ui.timeline import TimelineEntry

ASKS = (queries.decisions,)


def decisions(patient_id: uuid.UUID) -> list[TimelineEntry]:
    """Every decision whether this person can be treated, and who agreed with it."""
    return [_decision(decision) for decision in queries.decisions(patient_id)]


def _decision(decision: Decision) -> TimelineEntry:
    seconds = [_("Agreed by %(name)s.") % {"name": it.signature.by_name} for it in decision.seconds.all()]
    return TimelineEntry(
        at=decision.at,
        title=_("Screening signed: %(outcome)s") % {"outcome": decision.get_outcome_display().lower()},
        by=decision.by_name,
        lines=tuple(line for line in (decision.reason, *seconds) if line),
        links=((reverse("screening:screening", args=[decision.patient_id]), _("Screening")),),
    )
