"""The pages of consent: reading it part by part, signing, taking it back, and one's choices."""

from __future__ import annotations

import uuid
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import redirect

from openkap.accounts.doors import Entered
from openkap.accounts.roles import Role
from openkap.consent import actions, documents, queries
from openkap.consent.forms import ChoicesForm, SignForm, WithdrawForm
from openkap.kernel.refusal import Objection, Refused
from openkap.people import queries as people
from openkap.ui.pages import page, refusal_of, submitted


def _frame(request: Entered) -> dict[str, Any]:
    """The frame of the page: the person's own pages have no navigation of the clinic."""
    is_own = request.actor.role == Role.PATIENT
    return {"is_own": is_own, "frame": "ui/bare.html" if is_own else "ui/page.html"}


def _understood(request: Entered, patient: uuid.UUID, newest: documents.Document) -> HttpResponse:
    """One part is clear. It counts only for the version whose words were on the page."""
    if request.POST.get("version") != str(newest.version):
        raise Refused(Objection("version", "The document has a newer version. Read it again below."))
    element = request.POST.get("element", "")
    again = request.actor.role != Role.PATIENT and request.POST.get("again") == "yes"
    actions.mark_understood(patient, element=element, explained_again=again, by=request.actor, at=request.at)
    return redirect(f"{request.path}#{element}")


def document(request: Entered, patient: uuid.UUID) -> HttpResponse:
    """The document, part by part, and the signature."""
    person, newest, which = people.get(patient), documents.current(), request.POST.get("form", "")
    witnessed = request.actor.role != Role.PATIENT
    form = SignForm(request.POST if which == "sign" else None, with_witness=witnessed)
    if which == "understood" and request.method == "POST" and refusal_of(request) is None:
        return _understood(request, patient, newest)
    if which == "sign" and submitted(request, form):
        actions.sign(patient, **form.cleaned_data, by=request.actor, at=request.at)
        return redirect(request.path)
    known, valid = queries.understood(patient, newest), queries.valid(patient)
    context = {
        **_frame(request),
        "person": person,
        "document": newest,
        "parts": [(element, known.get(element.id)) for element in newest.elements],
        "left": len(newest.elements) - len(known),
        "valid": valid,
        "hash": bytes(valid.content_hash).hex() if valid else "",
        "earlier": [it for it in queries.signed(patient) if it != valid],
        "impaired_since": queries.impaired_since(patient),
        "form": form,
        "witnessed": witnessed,
    }
    return page(
        request, "consent/document.html", context | ({} if context["is_own"] else {"patient": person})
    )


def withdraw(request: Entered, consent: uuid.UUID) -> HttpResponse:
    """Take a consent back."""
    row = queries.one(consent)
    if row is None:
        raise Http404
    form = WithdrawForm(request.POST or None)
    if submitted(request, form):
        actions.withdraw(consent, why=form.cleaned_data["why"], by=request.actor, at=request.at)
        return redirect("consent:document", patient=row.patient_id)
    context = {**_frame(request), "form": form, "row": row, "person": row.patient}
    shown = {} if context["is_own"] else {"patient": row.patient}
    return page(request, "consent/withdraw.html", context | shown)


def choices(request: Entered, patient: uuid.UUID) -> HttpResponse:
    """What the person chooses for their sessions."""
    person = people.get(patient)
    form = ChoicesForm(request.POST or None, initial=queries.choices(patient))
    if submitted(request, form):
        actions.choose(patient, values=form.cleaned_data, by=request.actor, at=request.at)
        return redirect("consent:choices", patient=patient)
    context = {
        **_frame(request),
        "person": person,
        "form": form,
        "made": queries.choices_made(patient),
        "impaired_since": queries.impaired_since(patient),
    }
    return page(request, "consent/choices.html", context | ({} if context["is_own"] else {"patient": person}))
