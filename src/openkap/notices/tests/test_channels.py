"""Who sends asks for the way to a person and never which way that is; another way is one file more."""

from __future__ import annotations

from typing import ClassVar

import pytest

from openkap.notices import actions, channels
from openkap.notices.channels import Address, Channel, NotSetUp, address_of
from openkap.notices.channels.email import EmailChannel
from openkap.notices.models import NoticeState
from openkap.people.models import Patient
from tests.cast import NOW, Cast


class _ByPhone(Channel):
    """Another way, as a provider's would be."""

    name: ClassVar[str] = "text"
    order: ClassVar[int] = 5
    works = True
    sent: ClassVar[list[tuple[str, str]]] = []

    def is_set_up(self) -> bool:
        return self.works

    def address_of(self, patient: Patient) -> str:
        return patient.phone

    def deliver(self, to: str, *, subject: str, text: str) -> None:
        if not self.works:
            raise NotSetUp("No provider is set up.")
        self.sent.append((to, text))


@pytest.fixture
def by_phone(monkeypatch: pytest.MonkeyPatch) -> _ByPhone:
    channel = _ByPhone()
    channel.sent.clear()
    monkeypatch.setattr(channels, "all_channels", lambda: (channel, EmailChannel()))
    return channel


def _person(**known: str) -> Patient:
    return Patient(**{"email": "", "phone": "", **known})


def test_the_channels_are_found_by_their_files():
    assert [channel.name for channel in channels.all_channels()] == ["email"]
    assert channels.named("email").is_set_up() in (True, False)


def test_the_way_to_a_person_is_one_that_is_set_up(by_phone: _ByPhone, settings) -> None:
    settings.OPENKAP_MAIL_IS_SET_UP = True
    both = _person(email="a@example.org", phone="+1 212 555 0143")
    assert address_of(both) == Address("text", "+1 212 555 0143")
    by_phone.works = False
    assert address_of(both) == Address("email", "a@example.org")
    settings.OPENKAP_MAIL_IS_SET_UP = False
    assert address_of(both) == Address("text", "+1 212 555 0143")
    assert address_of(_person(email="a@example.org")) == Address("email", "a@example.org")
    assert address_of(_person()) is None


def test_a_notice_goes_out_by_its_channel_and_fails_at_once_where_there_is_none(
    cast: Cast, by_phone: _ByPhone
) -> None:
    """H34."""
    told = {"kind": "measure", "link_path": "/m/x/", "owner_membership_id": cast.kit.membership_id}
    stamp = {"by": cast.kit, "at": NOW}
    first = actions.queue(to=Address("text", "+1 212 555 0143"), **told, **stamp)
    assert actions.send(first.id, **stamp).state == NoticeState.SENT
    ((to, text),) = by_phone.sent
    assert to == "+1 212 555 0143"
    assert "/m/x/" in text
    by_phone.works = False
    second = actions.queue(to=Address("text", "+1 212 555 0143"), **told, **stamp)
    failed = actions.send(second.id, **stamp)
    assert (failed.state, failed.last_error) == (NoticeState.FAILED, "No provider is set up.")
