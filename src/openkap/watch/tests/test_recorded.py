"""The record says of each reading and minute that a monitor sent it; what a person types, each time (H24)."""

from __future__ import annotations

import json
from decimal import Decimal

from openkap.audit.models import Event
from openkap.dosing.tests.scene import Scene, scene
from openkap.kernel.ids import uuid7
from openkap.watch.actions.moments import Sent, TakenMoment
from openkap.watch.actions.vitals import take_moments
from openkap.watch.models import Vital
from openkap.watch.plausibility import HEART_RATE, SPO2
from tests.cast import Cast

MONITOR = Sent(source="monitor")


def _take(here: Scene, values: dict[str, int], *seconds: int, sent: Sent = MONITOR) -> list[tuple[str, str]]:
    """Take the same values at these seconds; what the record says of it: which codes, which not charted."""
    before = set(Event.objects.values_list("id", flat=True))
    numbers = {code: Decimal(value) for code, value in values.items()}
    moments = [TakenMoment(numbers, here.later(second / 60), uuid7(), sent) for second in seconds]
    assert take_moments(here.session.id, moments, by=here.cast.sam, at=here.later(10)) == [None] * len(
        seconds
    )
    events = Event.objects.filter(verb="watch.values_charted").exclude(id__in=before).order_by("seq")
    told = [json.loads(event.body)["details"] for event in events]
    return [(" ".join(sorted(it["codes"])), " ".join(sorted(it["not_charted"]))) for it in told]


def test_a_monitor_is_written_down_once_a_minute_and_reading(cast: Cast) -> None:
    here = scene(cast)
    both = " ".join(sorted([HEART_RATE, SPO2]))
    assert _take(here, {HEART_RATE: 70, SPO2: 97}, 60, 61) == [(both, "")]
    assert _take(here, {HEART_RATE: 71, SPO2: 97}, 62) == []
    assert _take(here, {HEART_RATE: 71, SPO2: 97}, 119, 120) == [(both, "")], "another minute began"
    assert Vital.objects.filter(source="monitor").count() == 10, "each value stands by itself all the same"


def test_a_reading_that_begins_within_the_minute_is_written_down(cast: Cast) -> None:
    here = scene(cast)
    assert _take(here, {HEART_RATE: 70}, 60) == [(HEART_RATE, "")]
    assert _take(here, {HEART_RATE: 70, SPO2: 97}, 70) == [(SPO2, "")]


def test_what_cannot_be_charted_is_written_down_once_a_minute_too(cast: Cast) -> None:
    here = scene(cast)
    assert _take(here, {SPO2: 97}, 60) == [(SPO2, "")]
    assert _take(here, {SPO2: 0}, 61) == [(SPO2, SPO2)], "true values before it do not hide it"
    assert _take(here, {SPO2: 101}, 62, 63) == []
    assert _take(here, {SPO2: 97}, 64) == []
    assert _take(here, {SPO2: 0}, 121) == [(SPO2, SPO2)]


def test_another_session_and_what_is_typed_are_written_down_each_time(cast: Cast) -> None:
    here = scene(cast)
    assert _take(here, {HEART_RATE: 70}, 60) == [(HEART_RATE, "")]
    assert _take(here, {HEART_RATE: 70}, 61, sent=Sent(source="hand")) == [(HEART_RATE, "")]
    assert _take(here, {HEART_RATE: 70}, 62, sent=Sent(source="hand")) == [(HEART_RATE, "")]
