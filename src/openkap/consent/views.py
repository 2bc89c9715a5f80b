"""The pages of consent: reading it part by part, the talk, signing, taking it back, and one's choices."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from openkap.accounts import handing
from openkap.accounts.actor import Actor
from openkap.accounts.calls import ClinicRequest
from openkap.accounts.roles import Role
from openkap.consent import actions, documents, queries, rules
from openkap.consent.forms import CapacityForm, ChoicesForm, HandOverForm, SignConsentForm, WithdrawForm
from openkap.consent.models import Consent
from openkap.people import queries as people
from openkap.people.models import Patient
from openkap.ui.pages import page
from openkap.ui.typed import again, bound, read, sent

ANSWER = "answer_"


def _frame(request: ClinicRequest, person: Patient) -> dict[str, Any]:
    """The frame of the page: what is the person's own, or in their hands, has no navigation of the clinic."""
    in_their_hands = handing.held(request, person.id) is not None
    is_own = request.actor.role == Role.PATIENT or in_their_hands
    shown: dict[str, Any] = {"is_own": is_own, "frame": "ui/bare.html" if is_own else "ui/page.html"}
    shown |= {"person": person, "in_their_hands": in_their_hands}
    return shown if is_own else shown | {"patient": person}


def _stamp(request: ClinicRequest, person: Patient) -> dict[str, Any]:
    """Who acts: the signed-in person, or the patient at a screen that was handed to them."""
    hand_over_id = handing.held(request, person.id)
    if hand_over_id is None:
        return {"by": request.actor, "at": request.at}
    by = Actor.present(request.actor.clinic_id, person.name)
    return {"by": by, "at": request.at, "hand_over_id": hand_over_id}


def document(request: ClinicRequest, patient: uuid.UUID) -> HttpResponse:
    """The document, part by part with its questions, and the signature."""
    person, newest = people.get(patient), documents.current()
    known, signed = queries.understood(patient, newest), queries.signed(patient)
    valid = queries.valid_among(signed)
    context = {
        **_frame(request, person),
        "document": newest,
        "parts": [
            (element, known.get(element.id), again(request, f"{ANSWER}{element.id}"))
            for element in newest.elements
        ],
        "left": len(newest.elements) - len(known),
        "valid": valid,
        "hash": bytes(valid.content_hash).hex() if valid else "",
        "earlier": [it for it in signed if it != valid],
        "impaired_since": queries.impaired_since(patient),
        "capacity": queries.capacity(patient),
        "form": bound(request, "sign", SignConsentForm),
        "hand_over": HandOverForm(),
    }
    return page(request, "consent/document.html", context)


def answer(request: ClinicRequest, patient: uuid.UUID) -> HttpResponse:
    """What the person has answered. It counts only for the version whose words were on the page."""
    person, newest = people.get(patient), documents.current()
    wanted = sent(request, "element")
    if sent(request, "version") != str(newest.version):
        raise rules.newer_version()
    typed = {element.id: again(request, f"{ANSWER}{element.id}") for element in newest.elements}
    answers = {wanted: ""} | {key: text for key, text in typed.items() if text.strip()}
    actions.answer_parts(person.id, answers=answers, **_stamp(request, person))
    return redirect(f"{request.path}#{wanted}")


def sign(request: ClinicRequest, patient: uuid.UUID) -> HttpResponse:
    """Sign the document that was on the page."""
    typed = read(bound(request, "sign", SignConsentForm))
    actions.sign(patient, **typed, **_stamp(request, people.get(patient)))
    return redirect(request.path)


DOCUMENT_FORMS = {"understood": answer, "sign": sign}


def hand_over(request: ClinicRequest, patient: uuid.UUID) -> HttpResponse:
    """Ask how the person is known, before this screen is in their hands."""
    person, form = people.get(patient), bound(request, "hand_over", HandOverForm)
    where = _where(request)
    context = {**_frame(request, person), "form": form, "where": where, "query": f"?to={where}"}
    return page(request, "consent/hand_over.html", context)


def _where(request: ClinicRequest) -> str:
    return "choices" if request.GET.get("to") == "choices" else "document"


def hand_screen_over(request: ClinicRequest, patient: uuid.UUID) -> HttpResponse:
    """Hand this screen to the person: from now on it shows their consent and choices and nothing else."""
    typed = read(bound(request, "hand_over", HandOverForm))
    handed = actions.hand_over(patient, **typed, by=request.actor, at=request.at)
    path = reverse(f"consent:{_where(request)}", args=[patient])
    handing.hand(request, patient_id=patient, hand_over_id=handed.id, path=path)
    return redirect(path)


def take_back(request: ClinicRequest, patient: uuid.UUID) -> HttpResponse:
    """The screen is back with the clinic; whoever goes on signs in anew."""
    hand_over_id = handing.held(request, patient)
    if hand_over_id is not None:
        actions.take_back(hand_over_id, by=request.actor, at=request.at)
        handing.take_back(request)
    return redirect(reverse("account_login"))


def talk(request: ClinicRequest, patient: uuid.UUID) -> HttpResponse:
    """What the person answered, and the talk of a prescriber with them."""
    person, newest = people.get(patient), documents.current()
    known = queries.understood(patient, newest)
    context = {
        **_frame(request, person),
        "parts": [(element, known.get(element.id)) for element in newest.elements],
        "form": bound(request, "talk", CapacityForm, document=newest),
        "impaired_since": queries.impaired_since(patient),
    }
    return page(request, "consent/talk.html", context)


def sign_capacity(request: ClinicRequest, patient: uuid.UUID) -> HttpResponse:
    """A prescriber has talked with the person, and signs whether they could decide."""
    form = bound(request, "talk", CapacityForm, document=documents.current())
    typed_name = read(form)["typed_name"]
    actions.sign_capacity(patient, talk=form.talk(), typed_name=typed_name, by=request.actor, at=request.at)
    messages.success(request, _("Signed. The person can read it beside their consent."))
    return redirect("consent:document", patient=patient)


def _consent(consent: uuid.UUID) -> Consent:
    row = queries.one(consent)
    if row is None:
        raise Http404
    return row


def withdraw(request: ClinicRequest, consent: uuid.UUID) -> HttpResponse:
    """Why a consent is taken back."""
    row, form = _consent(consent), bound(request, "withdraw", WithdrawForm)
    return page(request, "consent/withdraw.html", {**_frame(request, row.patient), "form": form, "row": row})


def take_consent_back(request: ClinicRequest, consent: uuid.UUID) -> HttpResponse:
    """Take a consent back."""
    row, typed = _consent(consent), read(bound(request, "withdraw", WithdrawForm))
    actions.withdraw(consent, why=typed["why"], by=request.actor, at=request.at)
    return redirect("consent:document", patient=row.patient_id)


def choices(request: ClinicRequest, patient: uuid.UUID) -> HttpResponse:
    """What the person chooses for their sessions."""
    context = {
        **_frame(request, people.get(patient)),
        "form": bound(request, "choices", ChoicesForm, initial=queries.choices(patient)),
        "made": queries.choices_made(patient),
        "impaired_since": queries.impaired_since(patient),
    }
    return page(request, "consent/choices.html", context)


def choose(request: ClinicRequest, patient: uuid.UUID) -> HttpResponse:
    """Write down what the person chooses."""
    values = read(bound(request, "choices", ChoicesForm))
    actions.choose(patient, values=values, **_stamp(request, people.get(patient)))
    messages.success(request, _("Saved."))
    return redirect("consent:choices", patient=patient)
