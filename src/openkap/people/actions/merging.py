"""Merging two records of one person, by two people, and undoing it (hazards H28, H29).

Rows go from one record to the other, none is copied and none changed otherwise; each keeps who wrote it and
when. Every table that names a patient takes part, also those to come: they are found by their foreign key.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.db import models, transaction
from pghistory.models import Event

from openkap.accounts.actor import Actor
from openkap.audit.actions import record
from openkap.kernel.event import DomainEvent
from openkap.kernel.refusal import refuse_if
from openkap.people import holds, rules
from openkap.people.events import MergeProposed, MergeWithdrawn, RecordsMerged, RecordsUnmerged
from openkap.people.models import Merge, Patient, SearchWord

# A row of these that says what the kept record says already stays behind: it would be the same row twice.
STAY_BEHIND = {"people.CareTeamMember", "consent.Understood"}


def about_people() -> Iterator[tuple[type[models.Model], str]]:
    """Every table that names a patient, but for the history of rows, the merges, and what a search reads."""
    for relation in Patient._meta.get_fields(include_hidden=True):
        model: Any = relation.related_model
        if not (relation.auto_created and (relation.one_to_many or relation.one_to_one)):
            continue
        if model not in (Merge, SearchWord) and not issubclass(model, Event):
            field: Any = relation
            yield model, field.field.name


def _both(kept_id: uuid.UUID, gone_id: uuid.UUID) -> tuple[Patient, Patient]:
    """The two records, locked in one order whoever asks, before anything else of them."""
    rows = Patient.objects.select_for_update(no_key=True).filter(id__in=(kept_id, gone_id)).order_by("id")
    both = {row.id: row for row in rows}
    if len(both) != 2:
        raise rules.two_records()
    return both[kept_id], both[gone_id]


def _standing(kept_id: uuid.UUID, gone_id: uuid.UUID) -> rules.MergeStanding:
    open_rows = Merge.objects.filter(withdrawn_at__isnull=True, undone_at__isnull=True)
    return rules.MergeStanding(
        held=tuple(holds.reasons(kept_id, gone_id)),
        gone_has_part=open_rows.filter(models.Q(gone_id=gone_id) | models.Q(kept_id=gone_id)).exists(),
        kept_is_gone=open_rows.filter(gone_id=kept_id).exists(),
    )


@transaction.atomic
def propose_merge(
    kept_id: uuid.UUID, *, gone_id: uuid.UUID, why: str, seen: str, by: Actor, at: datetime
) -> Merge:
    """Say that two records are one person, having seen where they differ. Nothing is merged yet."""
    kept, gone = _both(kept_id, gone_id)
    refuse_if(rules.objections_to_merge(_standing(kept_id, gone_id), why=why))
    merge = Merge.objects.create(kept=kept, gone=gone, why=why.strip(), seen=seen, **by.stamp(at))
    _note(MergeProposed(kept_id=merge.kept_id, gone_id=merge.gone_id), merge, by=by, at=at, why=merge.why)
    return merge


@transaction.atomic
def withdraw_merge(merge_id: uuid.UUID, *, by: Actor, at: datetime) -> None:
    """They are two people after all."""
    merge = Merge.objects.select_for_update().get(id=merge_id)
    refuse_if(rules.objections_to_withdrawing_merge(is_open=merge.is_open))
    merge.withdrawn_at = at
    merge.save(update_fields=["withdrawn_at"])
    _note(MergeWithdrawn(kept_id=merge.kept_id, gone_id=merge.gone_id), merge, by=by, at=at)


@transaction.atomic
def confirm_merge(merge_id: uuid.UUID, *, seen: str, by: Actor, at: datetime) -> Merge:
    """A second person agrees, having seen the same difference: from now on the two are one record."""
    merge = Merge.objects.get(id=merge_id)
    _both(merge.kept_id, merge.gone_id)
    merge = Merge.objects.select_for_update().get(id=merge_id)
    refuse_if(
        rules.objections_to_confirming(
            is_open=merge.is_open,
            same_person=by.user_id is not None and by.user_id == merge.by_id,
            same_difference=seen == merge.seen,
            held=tuple(holds.reasons(merge.kept_id, merge.gone_id)),
        )
    )
    merge.under_way = True
    merge.save(update_fields=["under_way"])
    merge.moved = _move(merge)
    merge.under_way, merge.confirmed_at = False, at
    merge.confirmed_by_id, merge.confirmed_by_name = by.user_id, by.name
    merge.save()
    rows = sum(len(ids) for ids in merge.moved.values())
    _note(
        RecordsMerged(kept_id=merge.kept_id, gone_id=merge.gone_id, rows=rows),
        merge,
        by=by,
        at=at,
        why=merge.why,
    )
    return merge


def _move(merge: Merge) -> dict[str, list[str]]:
    """Every row of the one to the other; returns which, by table."""
    moved = {}
    for model, field in about_people():
        rows = model._default_manager.filter(**{field: merge.gone_id})
        twice = _said_already(model, field, merge=merge)
        if twice and model._meta.label not in STAY_BEHIND:
            raise rules.open_in_both(str(model._meta.verbose_name))
        ids = [str(key) for key in rows.exclude(pk__in=twice).order_by("pk").values_list("pk", flat=True)]
        if ids:
            model._default_manager.filter(pk__in=ids).update(**{field: merge.kept_id})
            moved[model._meta.label] = ids
    return moved


def _said_already(model: type[models.Model], field: str, *, merge: Merge) -> list[Any]:
    """The rows of the one that a unique constraint would not let stand beside those of the other."""
    said: list[Any] = []
    for constraint in model._meta.constraints:
        if not isinstance(constraint, models.UniqueConstraint) or field not in constraint.fields:
            continue
        rows = model._default_manager.filter(constraint.condition or models.Q())
        others = [name for name in constraint.fields if name not in (field, "clinic")]
        there = {row[1:] for row in rows.filter(**{field: merge.kept_id}).values_list("pk", *others)}
        ours = rows.filter(**{field: merge.gone_id}).values_list("pk", *others)
        said += [row[0] for row in ours if row[1:] in there]
    return said


@transaction.atomic
def undo_merge(merge_id: uuid.UUID, *, why: str, by: Actor, at: datetime) -> Merge:
    """They were two people: exactly the rows that were moved go back. What was written since stays."""
    merge = Merge.objects.get(id=merge_id)
    _both(merge.kept_id, merge.gone_id)
    merge = Merge.objects.select_for_update().get(id=merge_id)
    held = tuple(holds.reasons(merge.kept_id, merge.gone_id))
    refuse_if(rules.objections_to_undoing(stands=merge.stands, held=held, why=why))
    merge.under_way = True
    merge.save(update_fields=["under_way"])
    tables = {model._meta.label: (model, field) for model, field in about_people()}
    for label, ids in merge.moved.items():
        model, field = tables[label]
        rows = model._default_manager.filter(pk__in=ids, **{field: merge.kept_id})
        rows.update(**{field: merge.gone_id})
    merge.under_way, merge.undone_at = False, at
    merge.undone_by_name, merge.undone_why = by.name, why.strip()
    merge.save()
    _note(
        RecordsUnmerged(kept_id=merge.kept_id, gone_id=merge.gone_id),
        merge,
        by=by,
        at=at,
        why=merge.undone_why,
    )
    return merge


def _note(event: DomainEvent, merge: Merge, *, by: Actor, at: datetime, why: str = "") -> None:
    """In the record of both, so that whoever reads the one finds the other."""
    for patient_id in (merge.kept_id, merge.gone_id):
        record(event, by=by, at=at, patient_id=patient_id, subject=("merge", merge.id), why=why)
