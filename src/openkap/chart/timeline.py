"""What chart tells: what was written into the lists, and what was measured."""

from __future__ import annotations

import uuid
from itertools import groupby

from django.db.models import TextChoices
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from openkap.chart import queries, rules
from openkap.chart.models import Entry, Result
from openkap.kernel.quantity import plain
from openkap.ui.timeline import TimelineEntry

ASKS = (queries.all_entries, queries.all_results)


class _OneOf(TextChoices):
    """What one entry of a list is called."""

    PROBLEM = "problem", gettext_lazy("Problem")
    MEDICINE = "medicine", gettext_lazy("Medicine")
    ALLERGY = "allergy", gettext_lazy("Allergy")


def lists(patient_id: uuid.UUID) -> list[TimelineEntry]:
    """Every problem, medicine and allergy as it was written down; what proved wrong, struck through."""
    return [_entry(entry) for entry in queries.all_entries(patient_id)]


def _entry(entry: Entry) -> TimelineEntry:
    told = [entry.dose_text, entry.reaction, "" if entry.active else _("no longer")]
    return TimelineEntry(
        at=entry.at,
        title=f"{_OneOf(entry.kind).label}: {entry.text}",
        by=entry.by_name,
        lines=tuple(line for line in (", ".join(part for part in told if part),) if line),
        struck=entry.void_why or "",  # type: ignore[attr-defined]
        links=((reverse("chart:lists", args=[entry.patient_id]), _("The lists")),),
    )


def values(patient_id: uuid.UUID) -> list[TimelineEntry]:
    """What was measured: one entry for what one person measured at one time."""
    rows = queries.all_results(patient_id)
    true = [row for row in rows if not _void_why(row)]
    together = groupby(true, key=lambda row: (row.measured_at, row.by_name, row.source))
    entries = [_values(list(group)) for _key, group in together]
    return entries + [_wrong(row) for row in rows if _void_why(row)]


def _values(rows: list[Result]) -> TimelineEntry:
    first = rows[0]
    said = {row.code: row for row in rows}
    words = []
    if rules.SYSTOLIC in said and rules.DIASTOLIC in said:
        upper, lower = said.pop(rules.SYSTOLIC), said.pop(rules.DIASTOLIC)
        words.append(_("Pressure %(upper)s/%(lower)s") % {"upper": _number(upper), "lower": _number(lower)})
    words += [f"{row.text} {_number(row)} {row.unit}".strip() for row in said.values()]
    by = first.by_name if first.source == "clinic" else first.source
    return TimelineEntry(at=first.measured_at, title=", ".join(words), by=by)


def _wrong(result: Result) -> TimelineEntry:
    return TimelineEntry(
        at=result.measured_at,
        title=f"{result.text} {_number(result)} {result.unit}".strip(),
        by=result.by_name,
        struck=_void_why(result),
    )


def _number(result: Result) -> str:
    return plain(result.value) if result.value is not None else result.value_text


def _void_why(result: Result) -> str:
    return result.void_why or ""  # type: ignore[attr-defined]
