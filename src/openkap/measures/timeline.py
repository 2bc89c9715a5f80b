"""What measures tells in a person's chart: every questionnaire that came in, with its score."""

from __future__ import annotations

import uuid
from decimal import Decimal

from django.urls import reverse
from django.utils.translation import gettext as _

from openkap.kernel.quantity import plain
from openkap.measures import queries
from openkap.measures.models import Response
from openkap.measures.templatetags.measures import FLAGS
from openkap.ui.timeline import TimelineEntry

ASKS = (queries.came_in,)


def scores(patient_id: uuid.UUID) -> list[TimelineEntry]:
    """Every questionnaire that came in, with its total, what it was before, and what was answered above zero
    where that must be looked at."""
    return [
        _score(row, before=rows[place - 1].total if place else None)
        for rows in queries.responses(patient_id).values()
        for place, row in enumerate(rows)
    ]


def _score(response: Response, *, before: Decimal | None) -> TimelineEntry:
    instrument = queries.instrument_of(response.measure)
    name = instrument.name if instrument else response.measure
    if response.total is None:
        title, lines = _("%(name)s, incomplete") % {"name": name}, [response.incomplete_reason]
    else:
        title = f"{name} {plain(response.total)}"
        lines = [", ".join(part for part in (response.band, _was(before)) if part)]
    return TimelineEntry(
        at=response.at,
        title=title,
        by=response.by_name,
        lines=tuple(line for line in lines if line),
        notes=tuple(
            (kind, str(words)) for kind, words in (FLAGS.get(it, ("due", it)) for it in response.flags)
        ),
        links=((reverse("measures:patient", args=[response.patient_id]), _("Measures")),),
    )


def _was(before: Decimal | None) -> str:
    return _("%(score)s the time before") % {"score": plain(before)} if before is not None else ""
