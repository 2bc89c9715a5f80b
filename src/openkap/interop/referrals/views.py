"""The referral pages: the waiting list, an upload, and what was understood."""

from __future__ import annotations

import uuid
from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from openkap.accounts.calls import ClinicRequest
from openkap.interop.fhir.bundle import UnderstoodBundle
from openkap.interop.referrals import actions, letters, queries, reading
from openkap.interop.referrals.forms import NEW, RECORD, ReferralForm, TakeForm
from openkap.interop.referrals.models import Referral
from openkap.kernel.wording import translated
from openkap.people import queries as people
from openkap.people.models import Patient
from openkap.people.rules import PossibleDuplicate
from openkap.ui import links
from openkap.ui.pages import page, paged
from openkap.ui.typed import bound, read


def referrals(request: ClinicRequest) -> HttpResponse:
    """The referrals that wait, and those taken lately."""
    context = {"waiting": queries.waiting(), "taken": paged(request, queries.taken())}
    return page(request, "interop/referrals.html", context)


def new_referral(request: ClinicRequest) -> HttpResponse:
    """Where a referral is uploaded."""
    context = {"form": bound(request, "new_referral", ReferralForm)}
    return page(request, "interop/new_referral.html", context)


def receive(request: ClinicRequest) -> HttpResponse:
    """Upload a referral; a file that cannot be read is refused with the places that are wrong."""
    typed = read(bound(request, "new_referral", ReferralForm))
    referral = actions.receive(typed["file"], sender=typed["sender"], by=request.actor, at=request.at)
    return redirect("interop:referral", referral=referral.id)


def _lists(request: ClinicRequest, understood: UnderstoodBundle, results: reading.Sorted) -> dict[str, Any]:
    """What was told, a part of each list at a time: a bundle may hold twenty thousand entries."""
    told: dict[str, Any] = {
        "problems": understood.problems,
        "medicines": understood.medicines,
        "allergies": understood.allergies,
    }
    told = {name: sorted(entries, key=lambda one: not one.active) for name, entries in told.items()}
    told["not_understood"] = understood.not_understood
    told["kept"] = results.kept
    return {name: paged(request, entries, key=name) for name, entries in told.items()}


def _shown(request: ClinicRequest, referral: Referral, understood: UnderstoodBundle) -> dict[str, Any]:
    """What a page shows of a referral."""
    results = reading.sort_results(understood, at=request.at)
    return {
        "referral": referral,
        "understood": understood,
        "lists": _lists(request, understood, results),
        "newest": [(it, reading.shown(it.value)) for it in reading.newest(results.charted)],
        "results": len(results.charted),
        "labels": understood.labels,
        "documents": list(enumerate(understood.documents)),
    }


def _referral(referral: uuid.UUID) -> Referral:
    row = queries.one(referral)
    if row is None:
        raise Http404
    return row


def referral(request: ClinicRequest, referral: uuid.UUID) -> HttpResponse:
    """What was understood, what was not, who it may be, and taking it in."""
    row = _referral(referral)
    understood = actions.understand(bytes(row.content), at=request.at)
    taken = queries.taken_into(referral)
    duplicates = [] if taken else queries.duplicates(understood)
    against = reading.objections_to_taking(understood)
    context = _shown(request, row, understood) | {
        "duplicates": duplicates,
        "against": against,
        "by_hand": urlencode(reading.by_hand(understood)),
        "taken": taken,
        "form": _take_form(request, duplicates, can_be_new=not against),
    }
    return page(request, "interop/referral.html", context)


def take(request: ClinicRequest, referral: uuid.UUID) -> HttpResponse:
    """Take a referral in: into a new record, or into one that is here."""
    understood = actions.understand(bytes(_referral(referral).content), at=request.at)
    duplicates = [] if queries.taken_into(referral) else queries.duplicates(understood)
    can_be_new = not reading.objections_to_taking(understood)
    typed = read(_take_form(request, duplicates, can_be_new=can_be_new))
    known = {NEW: {}, RECORD: {"mrn": typed["mrn"]}}.get(typed["whose"])
    whose = known if known is not None else {"patient_id": uuid.UUID(typed["whose"])}
    patient = actions.take(referral, **whose, by=request.actor, at=request.at)
    return redirect(links.to("record", patient=patient.id))


def _take_form(
    request: ClinicRequest, duplicates: list[tuple[Patient, PossibleDuplicate]], *, can_be_new: bool
) -> TakeForm:
    choices = [
        (str(p.id), f"{p.name}, {p.mrn}: {', '.join(map(translated, alike.reasons))}")
        for p, alike in duplicates
    ]
    if can_be_new:
        choices.append((NEW, _("A new person, none of the above") if duplicates else _("A new person")))
    choices.append((RECORD, _("Somebody else who is here")))
    initial = {} if duplicates else {"whose": NEW if can_be_new else RECORD}
    return bound(request, "referral", TakeForm, choices=choices, initial=initial)


def referral_document(request: ClinicRequest, referral: uuid.UUID, number: int) -> HttpResponse:
    """One document of a referral, before or after it is taken in."""
    row = _referral(referral)
    return _document(request, row, number, back=reverse("interop:referral", args=[referral]))


def brought(request: ClinicRequest, patient: uuid.UUID) -> HttpResponse:
    """What referrals brought for a person: documents, labels, and what was not understood or charted."""
    person = people.get(patient)
    shown = [
        (
            taken,
            _shown(request, taken.referral, actions.understand(bytes(taken.referral.content), at=taken.at)),
        )
        for taken in queries.taken_in_for(patient)
    ]
    return page(request, "interop/brought.html", {"patient": person, "brought": shown})


def brought_document(request: ClinicRequest, taken: uuid.UUID, number: int) -> HttpResponse:
    """One document of a referral that was taken into the chart, for the care team."""
    row = queries.taken_by(taken)
    if row is None:
        raise Http404
    back = reverse("interop:brought", args=[row.patient_id])
    return _document(request, row.referral, number, back=back)


def _document(request: ClinicRequest, referral: Referral, number: int, *, back: str) -> HttpResponse:
    documents = actions.understand(bytes(referral.content), at=request.at).documents
    if number >= len(documents):
        raise Http404
    document = documents[number]
    if document.content.startswith(b"%PDF-"):
        headers = {"Content-Disposition": 'inline; filename="letter.pdf"'}
        return HttpResponse(document.content, content_type="application/pdf", headers=headers)
    parts = letters.parts_of(document.content)
    if parts is None:
        headers = {"Content-Disposition": 'attachment; filename="document"'}
        return HttpResponse(document.content, content_type="application/octet-stream", headers=headers)
    context = {"document": document, "parts": parts, "referral": referral, "back": back}
    return page(request, "interop/document.html", context)
