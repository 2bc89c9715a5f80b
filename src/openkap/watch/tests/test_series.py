"""H08, H23, H33, H38: nothing worst is thinned away; one rule of age; what cannot be typed is asked again."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone

from openkap.dosing import actions
from openkap.dosing.live import live
from openkap.dosing.tests.scene import BASE, Scene, scene
from openkap.kernel.ids import uuid7
from openkap.kernel.refusal import Refused
from openkap.watch.actions.moments import Sent
from openkap.watch.models import Vital
from openkap.watch.readings import DBP, HEART_RATE, SBP, SPO2
from openkap.watch.series import rows_on_paper
from tests.cast import Cast

MONITOR = {"sent": Sent(source="monitor")}


def _values(it: Scene, code: str, *, minutes: float) -> list[Decimal]:
    return [value for _, value in live(it.session, at=it.later(minutes)).series[code]]


def test_of_every_minute_the_lowest_and_the_highest_of_a_monitor_stay(cast: Cast) -> None:
    """H08: 97, 88 and 96 in one minute were drawn as 96."""
    it = scene(cast)
    it.start()
    for second, value in ((5, 97), (20, 88), (40, 99), (55, 96)):
        it.take({SPO2: value}, minutes=5 + second / 60, **MONITOR)
    assert _values(it, SPO2, minutes=7)[-2:] == [88, 99]


def test_every_value_charted_by_hand_stays_beside_a_monitor_that_speaks(cast: Cast) -> None:
    """H08, H23: three hand values in one minute; one was shown."""
    it = scene(cast)
    it.start()
    for second, value in ((2, 131), (20, 128), (40, 126)):
        it.take({HEART_RATE: value}, minutes=5 + second / 60)
        it.take({HEART_RATE: 80}, minutes=5 + (second + 3) / 60, **MONITOR)
    assert set(_values(it, HEART_RATE, minutes=7)) >= {131, 128, 126, 80}


def test_a_value_that_raised_a_mark_is_always_drawn_also_when_it_is_not_confirmed(cast: Cast) -> None:
    """H08, H11."""
    it = scene(cast)
    it.start()
    it.take({HEART_RATE: 18}, minutes=5, **MONITOR)
    it.take({HEART_RATE: 76}, minutes=5.2, **MONITOR)
    assert 18 in _values(it, HEART_RATE, minutes=6)


def test_on_paper_five_minutes_hold_every_cuff_and_the_worst_between(cast: Cast) -> None:
    """H08: every fifth minute was printed, and what lay between was not."""
    it = scene(cast)
    it.start()
    it.take({SPO2: 97}, minutes=5.1, **MONITOR)
    it.take({SPO2: 86}, minutes=7.2, **MONITOR)
    it.take({SBP: 205, DBP: 112}, minutes=6)
    it.take({SBP: 150, DBP: 90}, minutes=8)
    rows = rows_on_paper(live(it.session, at=it.later(9)).series)
    assert [(row["pressure"], row["spo2"]) for row in rows][-1] == ("205/112, 150/90", "86 to 97")


@pytest.mark.parametrize("source", ["hand", "monitor"])
def test_a_value_is_old_by_one_rule_whoever_measured_it(cast: Cast, source: str) -> None:
    """H33: while the drug runs a check is late after twelve minutes; so is a value."""
    it = scene(cast)
    it.start()
    it.take({SPO2: 97}, minutes=5, sent=Sent(source=source))
    for minutes, old in ((16.9, False), (17.1, True)):
        tiles = {tile.key: tile for tile in live(it.session, at=it.later(minutes)).tiles}
        assert tiles["saturation"].old is old


def test_nothing_is_called_late_before_the_dose(cast: Cast) -> None:
    """H09: “late 24:28” stood in red before any dose."""
    it = scene(cast, without="vitals")
    assert [tile.due_at for tile in live(it.session, at=it.later(25)).tiles] == [None] * 4


@pytest.mark.parametrize(
    "values",
    [{SPO2: 101}, {SBP: 80, DBP: 124}, {SBP: 1240, DBP: 80}, {SBP: 124, DBP: 120}, {HEART_RATE: 900}],
)
def test_what_nobody_can_have_is_not_charted_from_a_hand_and_says_where(cast: Cast, values) -> None:
    """H38: the dialog closed as if it had been saved."""
    it = scene(cast)
    with pytest.raises(Refused) as refused:
        it.take(values, minutes=1)
    assert {one.field for one in refused.value.objections} == set(values)
    assert Vital.objects.count() == len(BASE)


def test_a_grave_value_typed_by_hand_is_taken_at_once(cast: Cast) -> None:
    """H11: nobody is asked twice while somebody dies."""
    it = scene(cast)
    it.take({SBP: 46, DBP: 28}, minutes=1)
    assert Vital.objects.filter(standing="unconfirmed").count() == 2


def test_a_pressure_may_be_typed_as_every_nurse_types_it(cast: Cast, client_as, once) -> None:
    it = scene(cast)
    sam, address = client_as(cast.sam), reverse("dosing:vitals", args=[it.session.id])
    at = timezone.now() + timedelta(seconds=1)
    typed = {"sbp": " 122 / 76 ", "client_id": str(uuid7()), "measured_at": at.isoformat(), "once": once()}
    answer = sam.post(address, typed, headers={"Accept": "application/json"})
    assert answer.json() == {"kept": True}
    assert Vital.objects.filter(code=SBP, value=122).exists()
    assert Vital.objects.filter(code=DBP, value=76).exists()
    for wrong in ("122/", "122/76/1", "12,5/80"):
        typed = {"sbp": wrong, "client_id": str(uuid7()), "once": once()}
        assert sam.post(address, typed, headers={"Accept": "application/json"}).status_code == 422


def test_the_refusal_of_a_typed_value_names_its_field_for_the_page(cast: Cast, client_as, once) -> None:
    """H38."""
    it = scene(cast)
    sam, address = client_as(cast.sam), reverse("dosing:vitals", args=[it.session.id])
    typed = {"spo2": "101", "client_id": str(uuid7()), "once": once()}
    answer = sam.post(address, typed, headers={"Accept": "application/json"})
    [objection] = answer.json()["objections"]
    assert objection["field"] == SPO2
    page = sam.get(reverse("dosing:room", args=[it.session.id])).content.decode()
    assert f'data-code="{SPO2}"' in page
    assert 'data-zone="America/New_York"' in page
    actions.close_session(it.session.id, why="end of test", by=cast.sam, at=timezone.now())
