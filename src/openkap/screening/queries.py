"""Reading screening."""

from __future__ import annotations

import uuid
from collections.abc import Collection
from datetime import date, datetime
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from openkap.accounts.actor import Actor
from openkap.chart import queries as chart
from openkap.chart.models import Entry, ListKind
from openkap.kernel.answer import Answer
from openkap.kernel.evidence import Status
from openkap.people import queries as people
from openkap.people.models import Patient
from openkap.protocols import queries as protocols
from openkap.screening import rules
from openkap.screening.facts import Allergy, Facts, Given, Medicine, Problem
from openkap.screening.models import Decision
from openkap.screening.rules import Finding
from openkap.tenancy.keyed_queries import keyed_query


def _age(born: date | None, today: date) -> int | None:
    if born is None:
        return None
    return today.year - born.year - ((today.month, today.day) < (born.month, born.day))


def _day(at: datetime) -> date:
    return timezone.localtime(at).date()


def _coded(entry: Entry) -> dict[str, Any]:
    """An entry's words with every code and every display it carries."""
    codes = entry.codes
    displays = tuple(code.display for code in codes if code.display and code.display != entry.text)
    return {"text": entry.text, "codes": tuple((it.system, it.code) for it in codes), "displays": displays}


def facts_of(patient: Patient, *, at: datetime) -> Facts:
    """What the chart knows of a person today."""
    return _facts(patient, chart.lists_of([patient.id])[patient.id], at=at)


def _facts(patient: Patient, lists: chart.ChartLists, *, at: datetime) -> Facts:
    today = _day(at)
    medicines = [it for it in lists.of(ListKind.MEDICINE) if it.active]
    allergies = [it for it in lists.of(ListKind.ALLERGY) if it.active]
    return Facts(
        today=today,
        age=_age(patient.birth_date, today),
        sex=patient.sex,
        answers={name: Given(Answer(fact.answer), _day(fact.at)) for name, fact in lists.facts.items()},
        problems=tuple(Problem(**_coded(it), active=it.active) for it in lists.of(ListKind.PROBLEM)),
        problems_asked=lists.answer(ListKind.PROBLEM),
        medicines=tuple(Medicine(**_coded(it)) for it in medicines),
        medicines_asked=lists.answer(ListKind.MEDICINE),
        allergies=tuple(Allergy(**_coded(it)) for it in allergies),
        allergies_asked=lists.answer(ListKind.ALLERGY),
    )


@keyed_query
def decisions(patient_id: uuid.UUID) -> QuerySet[Decision]:
    """Every decision about a person, newest first."""
    rows = Decision.objects.filter(patient_id=patient_id).select_related(
        "signature", "pack_version", "patient"
    )
    rows = rows.defer("pack_version__body").prefetch_related("seconds__signature")
    return rows.order_by("-at", "-id")


def last(patient_id: uuid.UUID) -> Decision | None:
    """The decision that counts: the newest."""
    return last_of([patient_id]).get(patient_id)


@keyed_query
def newest(*patients: uuid.UUID) -> QuerySet[Decision]:
    """The decision that counts for each of these people."""
    rows = Decision.objects.filter(patient_id__in=patients).defer("pack_version__body")
    rows = rows.select_related("signature", "pack_version", "patient").prefetch_related("seconds__signature")
    return rows.order_by("patient_id", "-at", "-id").distinct("patient_id")


def last_of(patient_ids: Collection[uuid.UUID]) -> dict[uuid.UUID, Decision]:
    """The decision that counts for each of these people, by person."""
    return {decision.patient_id: decision for decision in newest(*patient_ids)}


def one(decision_id: uuid.UUID) -> Decision | None:
    """One decision."""
    rows = Decision.objects.filter(id=decision_id).defer("pack_version__body")
    rows = rows.select_related("signature", "pack_version", "patient")
    return rows.prefetch_related("seconds__signature").first()


def kept_findings(decision: Decision) -> list[Finding]:
    """The findings a decision rested on, as they were then."""
    rows = decision.findings
    return [
        Finding(
            **{
                **row,
                "status": Status(row["status"]),
                "because": tuple(row["because"]),
                "sources": tuple(row["sources"]),
            }
        )
        for row in rows
    ]


def waits_for_second(decision: Decision) -> bool:
    """Whether a second prescriber still has to sign."""
    return decision.needs_second and not decision.seconds.all()


def news_since(decisions: Collection[Decision]) -> dict[uuid.UUID, tuple[str, ...]]:
    """Of each decision: what the chart says now that would defer or exclude, and that it did not know of."""
    lists = chart.lists_of({decision.patient_id for decision in decisions})
    return {decision.id: _news(decision, lists[decision.patient_id]) for decision in decisions}


def _news(decision: Decision, lists: chart.ChartLists) -> tuple[str, ...]:
    known = {finding["rule"] for finding in decision.findings}
    signed = frozenset(decision.signed_row_ids)
    facts = _facts(decision.patient, lists, at=decision.at)
    assessed = rules.assess(facts, pack=protocols.pack_of(decision.pack_version), signed=signed)
    worse = [it for it in assessed.findings if it.outcome in ("defer", "exclude") and it.rule not in known]
    return tuple(it.text for it in worse)


def patient_of_decision(decision_id: uuid.UUID) -> uuid.UUID | None:
    """Whose decision it is."""
    return Decision.objects.filter(id=decision_id).values_list("patient_id", flat=True).first()


PATIENT_OF = {"decision": patient_of_decision}


def waiting_for_second(actor: Actor) -> list[Decision]:
    """Decisions another prescriber has to sign, among the people this actor may open."""
    mine = people.visible_to(actor).values("id")
    rows = Decision.objects.filter(needs_second=True, seconds__isnull=True, patient_id__in=mine)
    return [row for row in rows.select_related("patient").order_by("at") if row.by_id != actor.user_id]
