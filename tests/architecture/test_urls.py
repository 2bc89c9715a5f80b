"""Every URL, tried by a stranger. What is not granted is shut and shows no byte of the patient (H40)."""

from __future__ import annotations

import re
import uuid

import pytest
from django.test import Client
from django.urls import reverse

from openkap.accounts import registry
from openkap.accounts.actor import Actor
from openkap.accounts.links import Link, make_token
from openkap.chart.models import Entry, Result
from openkap.consent.models import Consent
from openkap.courses.models import Course, Order
from openkap.followup.models import CheckIn
from openkap.measures.models import Assignment
from openkap.people.models import Patient
from openkap.screening.models import Decision
from openkap.tenancy.context import inside
from openkap.tenancy.models import Clinic
from openkap.therapy.models import Goal, Visit
from openkap.watch.models import Mark, Session
from tests.cast import _member, found_clinic

# Keys of a URL that lead to no patient: things of the clinic, or of whoever holds the link.
OF_THE_CLINIC = {
    "notice",
    "pack",
    "item",
    "monitor",
    "referral",
    "invitation",
    "membership",
    "alert",
    "message",
    "aside",
    "duty",
    "proposal",
    "room",
}
OTHER = {"charted", "token", "number", "kind", "email", "uidb36", "key", "pk"}
SOURCES = {
    "patient": Patient,
    "entry": Entry,
    "result": Result,
    "course": Course,
    "order": Order,
    "session": Session,
    "check_in": CheckIn,
    "consent": Consent,
    "decision": Decision,
    "assignment": Assignment,
    "visit": Visit,
    "goal": Goal,
    "mark": Mark,
}


def _keys(route: str) -> dict[str, str]:
    return {name: kind for kind, name in re.findall(r"<(\w+):(\w+)>", route)}


def test_every_key_of_a_url_leads_to_a_patient_or_is_known_not_to():
    """A new key that nobody resolves would let the care team's grant look at nobody."""
    unknown = {
        key
        for route, _, _ in registry.patterns()
        for key in _keys(route)
        if key not in registry._patient_of and key not in OF_THE_CLINIC | OTHER
    }
    assert unknown == set()


ALL_METHODS = ("get", "head", "post", "put", "patch", "delete", "options")


def _strangers(clinic) -> dict[str, Actor]:
    """People who have nothing to do with any patient here: of this clinic, sent away, and of another."""
    made = {
        role: _member(clinic, f"stranger-{role}@harbour.example", "Eve Stranger", role)
        for role in ("prescriber", "nurse", "therapist", "researcher", "administrator", "patient")
    }
    other = found_clinic("Hill Clinic")
    with inside(other.id, role="system"):
        for role in ("coordinator", "prescriber", "nurse", "administrator", "patient"):
            made[f"{role} of another clinic"] = _member(other, f"{role}@hill.example", "Hal Hill", role)
    return made


@pytest.mark.django_db
def test_every_stranger_finds_every_door_of_a_patient_shut_as_if_nothing_were_there(client_as, harbour):
    """Each URL and method: 404, byte for byte what an address that does not exist answers, or 405."""
    leaks, tried = [], 0
    with inside(harbour, role="system"):
        strangers = _strangers(Clinic.objects.get())
        patients = Patient.objects.values_list("family_name", "mrn")
        secrets = [text.encode() for row in patients for text in row]
        addresses = []
        for route, name, callback in registry.patterns():
            keys = _keys(route)
            values = {key: _value(key, kind) for key, kind in keys.items()}
            if set(keys) & set(SOURCES) and None not in values.values():
                addresses.append((reverse(name, kwargs=values), registry.grants_of(callback)))
        first = next(iter(strangers))  # whether an address takes a method at all is the same for whoever asks
        for who, actor in strangers.items():
            browser = client_as(actor)
            nothing = browser.get("/nothing/here/").content
            for address, grants in addresses:
                for method in [it for it in ALL_METHODS if it.upper() in grants or who == first]:
                    answer = getattr(browser, method)(address)
                    granted = ("GET" if method == "head" else method.upper()) in grants
                    shut = answer.status_code == (404 if granted else 405)
                    same = not granted or method == "head" or answer.content == nothing
                    if not shut or not same or any(it in answer.content for it in secrets):
                        leaks.append((who, method, address, answer.status_code))
                    tried += 1
    assert leaks == []
    assert tried > 1200


def _value(key: str, kind: str):
    if key in SOURCES:
        return SOURCES[key].objects.values_list("id", flat=True).first()
    return {"int": 1, "uuid": uuid.uuid4(), "str": "allergy", "alphanumeric": "x"}[kind]


@pytest.mark.django_db
def test_nobody_who_is_not_signed_in_gets_past_the_sign_in(cast):
    """Every URL that is not open to anyone leads to the sign-in page, or shows that nothing is there."""
    wrong = make_token(Link(cast.clinic.id, cast.amara.id, "nothing", uuid.uuid4()))
    for route, name, callback in registry.patterns():
        grants = registry.grants_of(callback)
        values = {
            key: wrong if key == "token" else {"int": 1, "uuid": uuid.uuid4()}.get(kind, "x")
            for key, kind in _keys(route).items()
        }
        for method, grant in grants.items():
            if grant.outside_clinic:
                continue
            answer = getattr(Client(), method.lower())(reverse(name, kwargs=values))
            if grant.link:
                assert answer.status_code == 404, route
            else:
                assert answer.status_code == 302, route
                assert "/sign-in/" in answer["Location"]


LINK = re.compile(rb'<a [^>]*href="(/[^"#]*)')
