"""An event is a value: frozen, under one verb, and read back as its types say."""

from __future__ import annotations

import uuid
from dataclasses import FrozenInstanceError

import pytest

from openkap.kernel.event import DomainEvent


class LampLit(DomainEvent, verb="test.lamp_lit"):
    """A lamp was lit."""

    lamp_id: uuid.UUID
    by_whom: str | None
    colour: str = "amber"


def test_an_event_cannot_be_changed_after_it_was_made() -> None:
    event = LampLit(lamp_id=uuid.UUID(int=1), by_whom=None)
    with pytest.raises(FrozenInstanceError):
        event.colour = "red"  # type: ignore[misc]


def test_what_an_earlier_release_recorded_is_read_with_what_it_lacks_left_empty() -> None:
    read = LampLit.of({"lamp_id": str(uuid.UUID(int=1))})
    assert read == LampLit(lamp_id=uuid.UUID(int=1), by_whom=None, colour="amber")


def test_what_a_later_release_recorded_is_read_without_what_is_new() -> None:
    read = LampLit.of({"lamp_id": str(uuid.UUID(int=1)), "by_whom": "Sam", "height_cm": 40})
    assert read.by_whom == "Sam"


def test_an_event_without_a_detail_it_must_have_is_not_made_up() -> None:
    with pytest.raises(KeyError, match="lamp_id"):
        LampLit.of({"by_whom": "Sam"})


@pytest.mark.parametrize("verb", ["lit", "Test.lit", "test.lamp lit", "test.lamp.lit", ""])
def test_a_verb_is_an_app_and_words(verb: str) -> None:
    with pytest.raises(ValueError, match="is no verb"):
        type("Wrong", (DomainEvent,), {}, verb=verb)
