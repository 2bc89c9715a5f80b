"""Problems, medicines, allergies, and the answers to questions."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction

from openkap.accounts.actor import Actor
from openkap.audit.actions import record
from openkap.chart import queries, rules
from openkap.chart.events import ChartEntryAdded, ChartEntryVoided, ChartFactsAnswered, ChartListAnswered
from openkap.chart.models import Entry, EntryVoided, Fact, ListAsked, ListKind
from openkap.kernel.answer import Answer
from openkap.kernel.code import Code
from openkap.kernel.refusal import refuse_if
from openkap.people.models import Patient


@dataclass(frozen=True, slots=True)
class NewEntry:
    """An entry as another system told it, with every code. `none_known` says: asked, and there is none."""

    kind: str
    text: str
    codes: tuple[Code, ...] = ()
    known_code: bool = False
    active: bool = True
    dose_text: str = ""
    reaction: str = ""
    started_on: date | None = None
    ended_on: date | None = None
    none_known: bool = False
    labels: tuple[Code, ...] = ()


def write_entry(patient_id: uuid.UUID, new: NewEntry, *, source: str, stamp: dict[str, Any]) -> Entry:
    """One entry with every code it carries, in the caller's own transaction."""
    return Entry.objects.create(
        patient_id=patient_id,
        kind=ListKind(new.kind),
        text=new.text.strip()[:300],
        code_system=new.codes[0].system[:40] if new.codes else "",
        code=new.codes[0].code[:60] if new.codes else "",
        codings=[[it.system, it.code, it.display] for it in new.codes],
        known_code=new.known_code,
        active=new.active,
        dose_text=new.dose_text[:200],
        reaction=new.reaction[:200],
        started_on=new.started_on,
        ended_on=new.ended_on,
        source=source,
        labels=[[it.system, it.code, it.display] for it in new.labels],
        **stamp,
    )


@transaction.atomic
def add_entry(
    patient_id: uuid.UUID,
    *,
    kind: str,
    text: str,
    by: Actor,
    at: datetime,
    code: Code | None = None,
    known_code: bool = False,
    active: bool = True,
    dose_text: str = "",
    reaction: str = "",
    started_on: date | None = None,
    ended_on: date | None = None,
    source: str = "clinic",
) -> Entry:
    """Write a problem, a medicine or an allergy into the chart; an active one says its list was asked for.

    One that has ended says nothing about today: the list stays as it was (H16).
    """
    refuse_if(rules.objections_to_entry(kind, text))
    Patient.objects.select_for_update(no_key=True).get(id=patient_id)
    codes = (code,) if code else ()
    new = NewEntry(kind, text, codes, known_code, active, dose_text, reaction, started_on, ended_on)
    entry = write_entry(patient_id, new, source=source, stamp=by.stamp(at))
    if active and queries.list_answer(patient_id, kind=kind) is not Answer.YES:
        ListAsked.objects.create(patient_id=patient_id, kind=kind, answer=Answer.YES, **by.stamp(at))
    record(
        ChartEntryAdded(kind=kind, source=source),
        by=by,
        at=at,
        patient_id=patient_id,
        subject=("entry", entry.id),
    )
    return entry


@transaction.atomic
def void_entry(entry_id: uuid.UUID, *, why: str, by: Actor, at: datetime) -> None:
    """Take an entry out of use because it proved wrong; it stays visible, struck through."""
    entry = Entry.objects.get(id=entry_id)
    Patient.objects.select_for_update(no_key=True).get(id=entry.patient_id)
    voided = EntryVoided.objects.filter(entry=entry).exists()
    refuse_if(rules.objections_to_voiding_entry(why=why, voided=voided))
    EntryVoided.objects.create(entry=entry, why=why.strip(), **by.stamp(at))
    if not any(it.active for it in queries.entries(entry.patient_id, kind=entry.kind)):
        # Nobody has said that there is nothing; the list has to be asked for again (H16).
        ListAsked.objects.create(
            patient_id=entry.patient_id, kind=entry.kind, answer=Answer.NOT_ASKED, **by.stamp(at)
        )
    record(
        ChartEntryVoided(),
        by=by,
        at=at,
        patient_id=entry.patient_id,
        subject=("entry", entry.id),
        why=why,
    )


@transaction.atomic
def answer_list(patient_id: uuid.UUID, *, kind: str, answer: Answer, by: Actor, at: datetime) -> None:
    """Write down that a list was asked for and is empty, or that it must be asked again (hazard H16)."""
    Patient.objects.select_for_update(no_key=True).get(id=patient_id)
    has_entries = any(it.active for it in queries.entries(patient_id, kind=kind))
    refuse_if(rules.objections_to_none(has_entries=answer is Answer.NO and has_entries))
    ListAsked.objects.create(patient_id=patient_id, kind=ListKind(kind), answer=answer, **by.stamp(at))
    record(
        ChartListAnswered(kind=kind, answer=answer.value),
        by=by,
        at=at,
        patient_id=patient_id,
    )


@transaction.atomic
def answer_facts(
    patient_id: uuid.UUID,
    *,
    answers: dict[str, tuple[Answer, str]],
    by: Actor,
    at: datetime,
    again: frozenset[str] = frozenset(),
) -> None:
    """Write down the answers to several questions at once; only what changed is written anew.

    `again` names questions that were asked again because their answer had grown old: they are
    written with today's date also when the answer is the same.
    """
    Patient.objects.select_for_update(no_key=True).get(id=patient_id)
    known = queries.facts(patient_id)
    changed = {
        name: answer
        for name, answer in answers.items()
        if name in again
        or name not in known
        or (known[name].answer, known[name].value) != (answer[0].value, answer[1])
    }
    for name, (answer, value) in changed.items():
        Fact.objects.create(patient_id=patient_id, name=name, answer=answer, value=value, **by.stamp(at))
    if changed:
        record(ChartFactsAnswered(names=tuple(sorted(changed))), by=by, at=at, patient_id=patient_id)
