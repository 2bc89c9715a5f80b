"""What alerts tells in a person's chart: what was raised, and what was done about it."""

from __future__ import annotations

import uuid

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from openkap.alerts import queries
from openkap.alerts.models import Alert, StepKind
from openkap.ui.timeline import TimelineEntry

ASKS = (queries.all_of_patient,)

MINUTES_TOLD = 120  # whatever took longer is told in hours


def raised(patient_id: uuid.UUID) -> list[TimelineEntry]:
    """Every alert, where it was raised; an answered one with its answer and how long that took."""
    return [_alert(alert) for alert in queries.all_of_patient(patient_id)]


def _alert(alert: Alert) -> TimelineEntry:
    answers = [step for step in alert.steps.all() if step.kind == StepKind.ANSWERED]
    return TimelineEntry(
        at=alert.at,
        title=str(alert.says),
        by=answers[-1].by_name if answers else _("waits for %(name)s") % {"name": alert.owner.user.name},
        lines=tuple(" ".join(part for part in (f"{it.outcome_words}.", it.note) if part) for it in answers),
        notes=((("ok", _answered_after(alert)),) if alert.answered_at else (("over", _("open")),)),
        links=((reverse("alerts:alert", args=[alert.id]), _("The alert")),),
    )


def _answered_after(alert: Alert) -> str:
    """How long an answered alert was open."""
    assert alert.answered_at is not None
    minutes = int((alert.answered_at - alert.at).total_seconds() // 60)
    if minutes >= MINUTES_TOLD:
        return _("answered after %(hours)s hours") % {"hours": minutes // 60}
    words = ngettext("answered after %(minutes)s minute", "answered after %(minutes)s minutes", minutes)
    return words % {"minutes": minutes}
