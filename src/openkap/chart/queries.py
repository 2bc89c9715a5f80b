"""Reading the chart."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import F, Prefetch, QuerySet, Window
from django.db.models.functions import RowNumber

from openkap.chart.models import Entry, EntryVoided, Fact, ListAsked, ListKind, Result
from openkap.kernel.answer import Answer
from openkap.tenancy.asked import asked_once
from openkap.tenancy.keyed_queries import ask_together, keyed_query


def entries(patient_id: uuid.UUID, *, kind: str, with_voided: bool = False) -> list[Entry]:
    """A list of the chart: what runs now first, then by when it was written."""
    if not with_voided:
        return list(_lists(patient_id).of(kind))
    rows = Entry.objects.filter(patient_id=patient_id, kind=kind)
    rows = rows.prefetch_related(Prefetch("voids", queryset=EntryVoided.objects.all()))
    return list(rows.order_by("-active", "text", "id"))


@keyed_query
def all_entries(patient_id: uuid.UUID) -> QuerySet[Entry]:
    """Everything that was ever written into the lists, last first; `void_why` says why one proved wrong."""
    rows = Entry.objects.filter(patient_id=patient_id).annotate(void_why=F("voids__why"))
    return rows.order_by("-at", "-id")


@dataclass(slots=True)
class ChartLists:
    """A person's lists and answers as they stand: entries, what was asked for, what was said."""

    entries: dict[str, list[Entry]] = field(default_factory=dict)
    asked: dict[str, Answer] = field(default_factory=dict)
    facts: dict[str, Fact] = field(default_factory=dict)

    def of(self, kind: str) -> list[Entry]:
        """The entries of one list: what runs now first."""
        return self.entries.get(kind, [])

    def answer(self, kind: str) -> Answer:
        """Whether a list was asked for: yes (there are entries), no (there are none), or not asked."""
        answer = self.asked.get(kind, Answer.NOT_ASKED)
        if answer is Answer.NO and any(it.active for it in self.of(kind)):
            return Answer.YES  # two records became one: what stands in the list is never hidden by a "none"
        return answer


@keyed_query
def _true_entries(*patients: uuid.UUID) -> QuerySet[Entry]:
    rows = Entry.objects.filter(patient_id__in=patients, voids__isnull=True)
    return rows.order_by("-active", "text", "id")


@keyed_query
def _lists_asked(*patients: uuid.UUID) -> QuerySet[ListAsked]:
    rows = ListAsked.objects.filter(patient_id__in=patients).order_by("patient_id", "kind", "-at", "-id")
    return rows.distinct("patient_id", "kind")


@keyed_query
def _newest_facts(*patients: uuid.UUID) -> QuerySet[Fact]:
    rows = Fact.objects.filter(patient_id__in=patients).order_by("patient_id", "name", "-at", "-id")
    return rows.distinct("patient_id", "name")


LISTS = (_true_entries, _lists_asked, _newest_facts)


@asked_once
def lists_of(patient_ids: Collection[uuid.UUID]) -> Mapping[uuid.UUID, ChartLists]:
    """The lists and answers of these people, in one question however many they are."""
    ask_together(each.of(*patient_ids) for each in LISTS)
    lists = {key: ChartLists() for key in patient_ids}
    for entry in _true_entries(*lists):
        lists[entry.patient_id].entries.setdefault(entry.kind, []).append(entry)
    for listed in _lists_asked(*lists):
        lists[listed.patient_id].asked[listed.kind] = Answer(listed.answer)
    for fact in _newest_facts(*lists):
        lists[fact.patient_id].facts[fact.name] = fact
    return lists


def list_answer(patient_id: uuid.UUID, *, kind: str) -> Answer:
    """Whether a list was asked for: yes (there are entries), no (there are none), or not asked."""
    return _lists(patient_id).answer(kind)


def _lists(patient_id: uuid.UUID) -> ChartLists:
    return lists_of([patient_id])[patient_id]


def _last_asked(patient_id: uuid.UUID, *, kind: str) -> ListAsked | None:
    rows = ListAsked.objects.filter(patient_id=patient_id, kind=kind)
    return rows.order_by("-at", "-id").first()


def list_asked_at(patient_id: uuid.UUID, *, kind: str) -> datetime | None:
    """When the list was last asked for."""
    last = _last_asked(patient_id, kind=kind)
    return last.at if last else None


def facts(patient_id: uuid.UUID) -> dict[str, Fact]:
    """The newest answer to each question, by the question's name."""
    return dict(_lists(patient_id).facts)


@keyed_query
def newest_results(patient_id: uuid.UUID) -> QuerySet[Result]:
    """The last two values of every code that have not proved wrong, the newest first."""
    newest_first = [F("measured_at").desc(), F("id").desc()]
    place = Window(RowNumber(), partition_by=F("code"), order_by=newest_first)
    return _true(patient_id).annotate(place=place).filter(place__lte=2).order_by("code", "place")


def last_two(patient_id: uuid.UUID, code: str) -> list[Result]:
    """The last two values of a code that have not proved wrong, the newest first."""
    return [row for row in newest_results(patient_id) if row.code == code]


def last_result(patient_id: uuid.UUID, code: str) -> Result | None:
    """The newest value of a code that has not proved wrong."""
    return next(iter(last_two(patient_id, code)), None)


def _true(patient_id: uuid.UUID) -> QuerySet[Result]:
    return Result.objects.filter(patient_id=patient_id, voids__isnull=True)


@asked_once
def results(patient_id: uuid.UUID, code: str, *, limit: int = 50) -> list[Result]:
    """The values of a code that have not proved wrong, newest first."""
    return list(_true(patient_id).filter(code=code).order_by("-measured_at", "-id")[:limit])


def measured(patient_id: uuid.UUID) -> QuerySet[Result]:
    """Everything that was ever measured, newest first, with what proved wrong."""
    rows = Result.objects.filter(patient_id=patient_id).prefetch_related("voids")
    return rows.order_by("-measured_at", "-id")


@keyed_query
def all_results(patient_id: uuid.UUID) -> QuerySet[Result]:
    """Everything that was ever measured, newest first; `void_why` says why one proved wrong."""
    rows = Result.objects.filter(patient_id=patient_id).annotate(void_why=F("voids__why"))
    return rows.order_by("-measured_at", "-id")


def last_results(patient_id: uuid.UUID) -> dict[str, Result]:
    """The newest value of every code that has not proved wrong, by code."""
    newest: dict[str, Result] = {}
    for result in all_results(patient_id):
        if result.void_why is None:  # type: ignore[attr-defined]
            newest.setdefault(result.code, result)
    return dict(sorted(newest.items()))


def allergy_line(patient_id: uuid.UUID) -> tuple[Answer, list[str]]:
    """What the banner says of allergies: asked or not, and which."""
    return list_line(patient_id, kind=ListKind.ALLERGY)


def list_line(patient_id: uuid.UUID, *, kind: str) -> tuple[Answer, list[str]]:
    """Whether a list was asked for, and what of it holds today."""
    lists = _lists(patient_id)
    return lists.answer(kind), [entry.text for entry in lists.of(kind) if entry.active]


def patient_of_entry(entry_id: uuid.UUID) -> uuid.UUID | None:
    """Whose chart an entry stands in."""
    return Entry.objects.filter(id=entry_id).values_list("patient_id", flat=True).first()


def patient_of_result(result_id: uuid.UUID) -> uuid.UUID | None:
    """Whose value it is."""
    return Result.objects.filter(id=result_id).values_list("patient_id", flat=True).first()


PATIENT_OF = {"entry": patient_of_entry, "result": patient_of_result}
