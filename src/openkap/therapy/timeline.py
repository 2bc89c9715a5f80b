"""What therapy tells in a person's chart: the visits, with what was written down of them."""

from __future__ import annotations

import uuid

from django.urls import reverse
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from openkap.therapy import queries
from openkap.therapy.models import Visit, VisitKind
from openkap.ui.timeline import TimelineEntry

ASKS = (queries.visits_of_patient,)

LETTERS_SHOWN = 200


def visits(patient_id: uuid.UUID) -> list[TimelineEntry]:
    """Every visit, with the beginning of its note."""
    return [_visit(visit) for visit in queries.visits_of_patient(patient_id)]


def _visit(visit: Visit) -> TimelineEntry:
    page = "preparation" if visit.kind == VisitKind.PREPARATION else "integration"
    title = _("%(kind)s, %(minutes)s min, %(how)s") % {
        "kind": visit.get_kind_display(),
        "minutes": visit.minutes,
        "how": visit.get_mode_display().lower(),
    }
    return TimelineEntry(
        at=visit.held_at,
        title=title,
        by=visit.by_name,
        lines=(Truncator(visit.note).chars(LETTERS_SHOWN),),
        links=((reverse(f"therapy:{page}", args=[visit.course_id]), _("The whole note")),),
    )
