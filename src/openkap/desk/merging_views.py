"""One person with two records: lay them side by side, propose, agree, undo."""

from __future__ import annotations

import uuid
from contextlib import suppress

from django.http import HttpResponse
from django.shortcuts import redirect

from openkap.accounts.calls import ClinicRequest
from openkap.desk import rules
from openkap.desk.forms import AgreeForm, OtherRecordForm, ProposeMergeForm, UndoMergeForm
from openkap.desk.merging import difference
from openkap.kernel.refusal import refuse_if
from openkap.people import actions
from openkap.people import queries as people
from openkap.people.models import Patient
from openkap.ui.pages import page
from openkap.ui.typed import again, bound, read, sent


def merges(request: ClinicRequest, patient: uuid.UUID) -> HttpResponse:
    """The merges of a record, and the other record laid beside it."""
    person, asked = people.get(patient), request.GET.get("other", "").strip()
    propose = bound(request, "merges", ProposeMergeForm)
    other = _other(person, number=asked, gone=sent(request, "gone"))
    beside = difference(person, other) if other else None
    if beside is not None and other is not None:  # what is agreed to is what the page shows now
        typed = {"why": again(request, "why"), "gone": other.id, "seen": beside.mark}
        propose = ProposeMergeForm(initial=typed)
    context = {
        "patient": person,
        "other": other,
        "beside": beside,
        "propose": propose,
        "search": OtherRecordForm(initial={"other": asked}),
        "asked": asked,
        "merges": people.merges_of(patient),
        "likely": [] if other else people.possible_duplicates_of(person),
    }
    return page(request, "desk/merges.html", context)


def propose(request: ClinicRequest, patient: uuid.UUID) -> HttpResponse:
    """Say that two records are one person's, for a second person to agree."""
    person, typed = people.get(patient), read(bound(request, "merges", ProposeMergeForm))
    gone = people.everyone().filter(id=typed["gone"]).first()
    if gone is None:
        raise rules.record_gone()
    refuse_if(rules.objections_to_proposing(shown=typed["seen"], now=difference(person, gone).mark))
    merge = actions.propose_merge(
        person.id, gone_id=gone.id, why=typed["why"], seen=typed["seen"], by=request.actor, at=request.at
    )
    return redirect("desk:merge", merge=merge.id)


def _other(person: Patient, *, number: str, gone: str) -> Patient | None:
    """The record to lay beside this one: by the number that was typed, or as a refused form named it."""
    rows = people.everyone().exclude(id=person.id)
    if number:
        return rows.filter(mrn__iexact=number).first()
    with suppress(ValueError):
        return rows.filter(id=uuid.UUID(gone)).first()
    return None


def one_merge(request: ClinicRequest, merge: uuid.UUID) -> HttpResponse:
    """One merge: where the two differ while it waits, what was moved once it stands."""
    merge_row = people.merge(merge)
    beside = difference(merge_row.kept, merge_row.gone) if merge_row.is_open else None
    context = {
        "merge": merge_row,
        "patient": merge_row.kept,
        "other": merge_row.gone,
        "beside": beside,
        "agree": AgreeForm(initial={"seen": beside.mark if beside else ""}),
        "undo": bound(request, "undo_merge", UndoMergeForm),
        "rows": sum(len(ids) for ids in merge_row.moved.values()),
        "mine": merge_row.by_id == request.actor.user_id,
    }
    return page(request, "desk/merge.html", context)


def agree(request: ClinicRequest, merge: uuid.UUID) -> HttpResponse:
    """The second person has read where they differ, and says yes."""
    seen = read(bound(request, "agree_merge", AgreeForm))["seen"]
    done = actions.confirm_merge(merge, seen=seen, by=request.actor, at=request.at)
    return redirect("desk:chart", patient=done.kept_id)


def withdraw(request: ClinicRequest, merge: uuid.UUID) -> HttpResponse:
    """They are two people."""
    actions.withdraw_merge(merge, by=request.actor, at=request.at)
    return redirect("desk:merges", patient=people.merge(merge).kept_id)


def undo(request: ClinicRequest, merge: uuid.UUID) -> HttpResponse:
    """They were two people after all: what was moved goes back."""
    why = read(bound(request, "undo_merge", UndoMergeForm))["why"]
    actions.undo_merge(merge, why=why, by=request.actor, at=request.at)
    return redirect("desk:merge", merge=merge)
