"""The pages of consent: reading it part by part, the talk, signing, taking it back, and one's choices."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from openkap.accounts import handing
from openkap.accounts.actor import Actor
from openkap.accounts.roles import CLINICAL, Role
from openkap.accounts.routes import ClinicRequest
from openkap.consent import actions, documents, queries
from openkap.consent.forms import CapacityForm, ChoicesForm, HandOverForm, SignForm, WithdrawForm
from openkap.kernel.refusal import Objection, Refused
from openkap.people import queries as people
from openkap.people.models import Patient
from openkap.ui.pages import page, refusal_of, submitted

ANSWER = "answer_"


def _frame(request: ClinicRequest, person: Patient) -> dict[str, Any]:
    """The frame of the page: what is the person's own, or in their hands, has no navigation of the clinic."""
    in_their_hands = handing.held(request, person.id) is not None
    is_own = request.actor.role == Role.PATIENT or in_their_hands
    shown: dict[str, Any] = {"is_own": is_own, "frame": "ui/bare.html" if is_own else "ui/page.html"}
    shown |= {"person": person, "in_their_hands": in_their_hands}
    shown["may_hand_over"] = not is_own and request.actor.role in CLINICAL
    return shown if is_own else shown | {"patient": person}


def _stamp(request: ClinicRequest, person: Patient) -> dict[str, Any]:
    """Who acts: the signed-in person, or the patient at a screen that was handed to them."""
    hand_over_id = handing.held(request, person.id)
    if hand_over_id is None:
        return {"by": request.actor, "at": request.at}
    by = Actor.present(request.actor.clinic_id, person.name)
    return {"by": by, "at": request.at, "hand_over_id": hand_over_id}


def _answered(request: ClinicRequest, person: Patient) -> HttpResponse:
    """What the person has answered. It counts only for the version whose words were on the page."""
    newest = documents.current()
    if request.POST.get("version") != str(newest.version):
        raise Refused(Objection("version", "The document has a newer version. Read it again below."))
    wanted = request.POST.get("element", "")
    typed = {
        key.removeprefix(ANSWER): str(request.POST[key]) for key in request.POST if key.startswith(ANSWER)
    }
    answers = {wanted: ""} | {key: text for key, text in typed.items() if text.strip()}
    actions.answer_parts(person.id, answers=answers, **_stamp(request, person))
    return redirect(f"{request.path}#{wanted}")


def document(request: ClinicRequest, patient: uuid.UUID) -> HttpResponse:
    """The document, part by part with its questions, and the signature."""
    person, newest, which = people.get(patient), documents.current(), request.POST.get("form", "")
    form = SignForm(request.POST if which == "sign" else None)
    if which == "understood" and request.method == "POST" and refusal_of(request) is None:
        return _answered(request, person)
    if which == "sign" and submitted(request, form):
        actions.sign(patient, **form.cleaned_data, **_stamp(request, person))
        return redirect(request.path)
    known, valid = queries.understood(patient, newest), queries.valid(patient)
    context = {
        **_frame(request, person),
        "document": newest,
        "parts": [
            (element, known.get(element.id), request.POST.get(f"{ANSWER}{element.id}", ""))
            for element in newest.elements
        ],
        "left": len(newest.elements) - len(known),
        "valid": valid,
        "hash": bytes(valid.content_hash).hex() if valid else "",
        "earlier": [it for it in queries.signed(patient) if it != valid],
        "impaired_since": queries.impaired_since(patient),
        "capacity": queries.capacity(patient),
        "form": form,
        "hand_over": HandOverForm(),
    }
    return page(request, "consent/document.html", context)


def hand_over(request: ClinicRequest, patient: uuid.UUID) -> HttpResponse:
    """Hand this screen to the person: from now on it shows their consent and choices and nothing else."""
    person, form = people.get(patient), HandOverForm(request.POST or None)
    where = "choices" if request.GET.get("to") == "choices" else "document"
    if submitted(request, form):
        row = actions.hand_over(patient, **form.cleaned_data, by=request.actor, at=request.at)
        path = reverse(f"consent:{where}", args=[patient])
        handing.hand(request, patient_id=patient, hand_over_id=row.id, path=path)
        return redirect(path)
    return page(request, "consent/hand_over.html", {**_frame(request, person), "form": form, "where": where})


def take_back(request: ClinicRequest, patient: uuid.UUID) -> HttpResponse:
    """The screen is back with the clinic; whoever goes on signs in anew."""
    hand_over_id = handing.held(request, patient)
    if hand_over_id is not None:
        actions.take_back(hand_over_id, by=request.actor, at=request.at)
        handing.take_back(request)
    return redirect(reverse("account_login"))


def talk(request: ClinicRequest, patient: uuid.UUID) -> HttpResponse:
    """A prescriber reads the answers, talks with the person, and signs whether they could decide."""
    person, newest = people.get(patient), documents.current()
    form = CapacityForm(request.POST or None, document=newest)
    if submitted(request, form):
        typed_name = form.cleaned_data["typed_name"]
        actions.sign_capacity(
            patient, talk=form.talk(), typed_name=typed_name, by=request.actor, at=request.at
        )
        messages.success(request, "Signed. The person can read it beside their consent.")
        return redirect("consent:document", patient=patient)
    known = queries.understood(patient, newest)
    context = {
        **_frame(request, person),
        "parts": [(element, known.get(element.id)) for element in newest.elements],
        "form": form,
        "impaired_since": queries.impaired_since(patient),
    }
    return page(request, "consent/talk.html", context)


def withdraw(request: ClinicRequest, consent: uuid.UUID) -> HttpResponse:
    """Take a consent back."""
    row = queries.one(consent)
    if row is None:
        raise Http404
    form = WithdrawForm(request.POST or None)
    if submitted(request, form):
        actions.withdraw(consent, why=form.cleaned_data["why"], by=request.actor, at=request.at)
        return redirect("consent:document", patient=row.patient_id)
    return page(request, "consent/withdraw.html", {**_frame(request, row.patient), "form": form, "row": row})


def choices(request: ClinicRequest, patient: uuid.UUID) -> HttpResponse:
    """What the person chooses for their sessions."""
    person = people.get(patient)
    form = ChoicesForm(request.POST or None, initial=queries.choices(patient))
    if submitted(request, form):
        actions.choose(patient, values=form.cleaned_data, **_stamp(request, person))
        messages.success(request, "Saved.")
        return redirect("consent:choices", patient=patient)
    context = {
        **_frame(request, person),
        "form": form,
        "made": queries.choices_made(patient),
        "impaired_since": queries.impaired_since(patient),
    }
    return page(request, "consent/choices.html", context)
