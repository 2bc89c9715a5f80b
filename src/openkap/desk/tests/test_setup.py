"""A clinic is founded on pages: what it needs before the first patient is listed until it is there."""

from __future__ import annotations

import json

import pytest
from django.urls import reverse

from openkap.accounts.models import Membership
from openkap.audit.models import Event
from openkap.kernel.parsing import NotANumber, parse_phone
from openkap.notices import actions as notices_actions
from openkap.notices.models import Notice
from openkap.people.models import Room, Site
from openkap.tenancy.models import Clinic
from openkap.ui import setup
from tests.cast import NOW, Cast

PARTICULARS = {
    "name": "Harbour Clinic",
    "phone": "+1 212 555 0100",
    "zone": "America/New_York",
    "profile": "US",
}


def test_what_is_missing_is_on_the_administrators_today_with_the_way_there(cast: Cast, client_as) -> None:
    page = client_as(cast.ada).get("/").content.decode()
    assert "Before the first patient" in page
    assert "phone number, which patients are shown" in page
    assert reverse("accounts:particulars") in page
    assert "Before the first patient" not in client_as(cast.kit).get("/").content.decode()


def test_a_role_nobody_has_is_named(cast: Cast, client_as) -> None:
    Membership.objects.filter(role="therapist").update(ended_at=NOW)
    assert "nobody yet: therapist" in client_as(cast.ada).get("/").content.decode()


def test_the_list_is_gone_once_everything_is_there(cast: Cast, client_as, monkeypatch) -> None:
    monkeypatch.setattr(
        setup, "_offered", {"one": lambda request: [setup.SetupStep("x", True, "desk:today")]}
    )
    assert "Before the first patient" not in client_as(cast.ada).get("/").content.decode()


def test_the_clinics_particulars_are_changed_on_a_page_and_the_record_has_both(
    cast: Cast, client_as, once
) -> None:
    """The trial: a typo in the clinic's phone needed a developer."""
    ada, address = client_as(cast.ada), reverse("accounts:particulars")
    Clinic.objects.update(phone="555", name="Harbour Clinc")
    assert "Harbour Clinc" in ada.get(address).content.decode()
    assert ada.post(address, {**PARTICULARS, "once": once()}).status_code == 302
    clinic = Clinic.objects.get()
    assert (clinic.name, clinic.phone, clinic.imperial) == ("Harbour Clinic", "+1 212 555 0100", True)
    kept = json.loads(Event.objects.get(verb="accounts.clinic_changed").body)["details"]
    assert kept["before"] == {"name": "Harbour Clinc", "phone": "555"}
    assert kept["after"] == {"name": "Harbour Clinic", "phone": "+1 212 555 0100"}
    for typed, words in (
        ({}, "It is all as it was before."),
        ({"name": "  "}, "and it is needed"),
        ({"phone": "five"}, "“five” is no phone number"),
        ({"zone": "Mars/Olympus"}, "Choose one of these."),
    ):
        again = ada.post(address, {**PARTICULARS, **typed, "once": once()})
        assert again.status_code == 422
        assert words in again.content.decode()
    assert client_as(cast.kit).get(address).status_code == 404


def test_sites_and_rooms_are_added_and_closed_on_a_page(cast: Cast, client_as, once) -> None:
    ada, address = client_as(cast.ada), reverse("people:rooms")
    assert ada.post(address, {"form": "site", "name": "Annex", "once": once()}).status_code == 302
    site = Site.objects.get(name="Annex")
    typed = {"form": "room", "site": str(site.id), "name": "Room 7"}
    assert ada.post(address, {**typed, "once": once()}).status_code == 302
    assert "There is a room called Room 7" in ada.post(address, {**typed, "once": once()}).content.decode()
    room = Room.objects.get(name="Room 7")
    close = reverse("people:close_room", args=[room.id])
    assert ada.post(close, {"once": once()}).status_code == 302
    assert "is closed already" in ada.post(close, {"once": once()}).content.decode()
    assert Event.objects.filter(verb="people.room_closed").count() == 1
    assert "closed" in ada.get(address).content.decode()


def test_a_test_message_goes_to_whoever_asks(cast: Cast, client_as, once, monkeypatch) -> None:
    ada = client_as(cast.ada)
    assert ada.post(reverse("notices:test"), {"once": once()}).status_code == 302
    notice = Notice.objects.get()
    assert (notice.kind, notice.address) == (
        "test",
        Membership.objects.get(id=cast.ada.membership_id).user.email,
    )
    notices_actions.withdraw(notice.id, why="only a try", by=cast.ada, at=NOW)


@pytest.mark.parametrize("typed", ["+1 212 555 0100", "(212) 555-0100", "0044/20 7946 0018", "2125550100"])
def test_a_phone_number_is_kept_as_it_was_typed(typed: str) -> None:
    assert parse_phone(typed) == typed


@pytest.mark.parametrize("typed", ["555", "call me", "1234567890123456", "+", "12a4567", ""])
def test_what_no_telephone_could_take_is_refused(typed: str) -> None:
    with pytest.raises(NotANumber, match="0100"):
        parse_phone(typed)


def test_a_public_line_may_be_short() -> None:
    assert parse_phone("988", is_line=True) == "988"
