"""Nobody leaves early, and what arrives late is kept."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from openkap.accounts.actor import Actor
from openkap.alerts.models import Alert
from openkap.audit.models import Event
from openkap.consent import queries as consents
from openkap.dosing import actions
from openkap.dosing import queries as sessions
from openkap.dosing.actions import discharging
from openkap.dosing.models import Discharge
from openkap.dosing.tests.scene import BASE, Scene, scene
from openkap.kernel.answer import Answer
from openkap.kernel.refusal import Refused
from openkap.watch import actions as watch_actions
from openkap.watch.models import Mark, Session, Vital
from openkap.watch.plausibility import SPO2
from tests.cast import Cast


def _after_the_dose(cast: Cast) -> Scene:
    it = scene(cast)
    it.start(minutes=0)
    actions.end(it.session.id, by=cast.sam, at=it.later(40))
    return it


def test_after_the_time_with_values_and_escort_she_leaves_and_the_day_closes(cast: Cast) -> None:
    it = _after_the_dose(cast)
    it.take(dict(BASE), minutes=99)
    it.discharge(minutes=101)
    session = Session.objects.get()
    assert session.closed_at == it.later(101)
    assert not consents.is_impaired(cast.amara.id)
    event = Event.objects.get(verb="dosing.discharged")
    assert str(session.course_id) in event.body
    assert session.discharge.seen["rule"] == "D_RAC"


@pytest.mark.parametrize(
    ("minutes", "answers", "code"),
    [
        (60, {}, "OBS_TIME_SHORT"),
        (101, {"gait_steady": Answer.NO}, "GAIT_NOT_STEADY"),
        (101, {"oriented": Answer.NOT_ASKED}, "ORIENTED_NOT_ASKED"),
        (101, {"escort_seen": Answer.NO}, "ESCORT_NOT_HERE"),
        (130, {}, "PRESSURE_MISSING"),
    ],
)
def test_leaving_too_early_or_unready_is_refused(
    cast: Cast, minutes: int, answers: dict[str, Answer], code: str
) -> None:
    """H14, H15."""
    it = _after_the_dose(cast)
    it.take(dict(BASE), minutes=min(minutes, 100))
    with pytest.raises(Refused) as refused:
        it.discharge(minutes=minutes, **answers)
    assert code in {one.code for one in refused.value.objections}
    assert not Discharge.objects.exists()
    assert consents.is_impaired(cast.amara.id)
    assert Session.objects.get().closed_at is None


def test_when_the_record_fails_nobody_has_left(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    it = _after_the_dose(cast)
    it.take(dict(BASE), minutes=99)

    def broken(*args: object, **kwargs: object) -> None:
        raise RuntimeError("the record is broken")

    monkeypatch.setattr(discharging, "record", broken)
    with pytest.raises(RuntimeError):
        it.discharge(minutes=101)
    assert not Discharge.objects.exists()
    assert consents.is_impaired(cast.amara.id)


def test_a_value_tapped_before_leaving_is_kept_when_it_arrives_after(cast: Cast) -> None:
    """H23: and one that crosses a limit reaches the prescriber, although the room is empty."""
    it = _after_the_dose(cast)
    it.take(dict(BASE), minutes=99)
    it.discharge(minutes=101)
    (row,) = it.take({SPO2: 86}, measured_at=it.later(100), at=it.later(150))
    assert row.measured_at == it.later(100)
    assert "AFTER_CLOSING" in str(row.notes)
    assert Alert.objects.filter(kind="dosing_late_value").count() == 1
    assert not Mark.objects.filter(cause="saturation").exists()
    assert not Mark.objects.filter(closed_at__isnull=True).exists()
    with pytest.raises(Refused):
        it.take({SPO2: 97}, measured_at=it.later(120), at=it.later(150))
    assert Vital.objects.filter(value=97).count() == 0


def test_a_session_without_a_dose_is_closed_with_a_reason_and_can_be_opened_anew(cast: Cast) -> None:
    it = scene(cast, without="order")
    with pytest.raises(Refused):
        actions.close_session(it.session.id, why=" ", by=cast.sam, at=it.later(5))
    actions.close_session(it.session.id, why="Fever today", by=cast.sam, at=it.later(5))
    again = watch_actions.open_session(
        it.session.course_id, number=1, room_id=cast.room.id, by=cast.sam, at=it.later(10)
    )
    assert again.closed_at is None


def test_after_a_dose_only_a_prescriber_closes_it_otherwise(cast: Cast) -> None:
    it = _after_the_dose(cast)
    with pytest.raises(Refused):
        actions.close_session(it.session.id, why="To hospital", by=cast.sam, at=it.later(50))
    actions.close_session(it.session.id, why="To hospital", by=cast.okafor, at=it.later(50))
    assert Event.objects.filter(verb="dosing.discharged").count() == 1
    session = Session.objects.get()
    assert (session.close_reason, session.closed_by_name) == ("To hospital", cast.okafor.name)
    assert consents.is_impaired(cast.amara.id)
    assert not actions.release_lock(session.id, by=cast.kit, at=it.later(99))
    assert consents.is_impaired(cast.amara.id)
    assert [one.id for one in sessions.locked_after_closing()] == [session.id]
    assert actions.release_lock(session.id, by=cast.kit, at=it.later(100))
    assert not consents.is_impaired(cast.amara.id)
    assert sessions.locked_after_closing() == []
    with pytest.raises(Refused) as refused:
        watch_actions.open_session(
            session.course_id, number=1, room_id=cast.room.id, by=cast.sam, at=it.later(60)
        )
    assert "OPENED_ALREADY" in {one.code for one in refused.value.objections}


AGAINST = {"why": "I want to go", "told": "No driving; call us at any hour"}


def test_who_will_not_stay_goes_against_advice_and_the_prescriber_is_told(cast: Cast) -> None:
    """H14, H19: a way of leaving of its own, with what was not met; nothing is signed for the pack's time."""
    it = _after_the_dose(cast)
    actions.go_against_advice(it.session.id, **AGAINST, by=cast.sam, at=it.later(50))
    discharge = Discharge.objects.get()
    assert (discharge.way, discharge.why) == ("against_advice", "I want to go")
    assert any("Observation is 60 min" in text for text in discharge.unmet)
    assert Alert.objects.filter(kind="left_against_advice").count() == 1
    assert Event.objects.filter(verb="dosing.discharged").count() == 1
    assert Session.objects.get().closed_at == it.later(50)
    assert consents.is_impaired(cast.amara.id)
    assert actions.release_lock(it.session.id, by=cast.kit, at=it.later(101))
    assert not consents.is_impaired(cast.amara.id)


@pytest.mark.parametrize(
    ("who", "change", "code"),
    [
        ("noor", {}, "BY_THE_BEDSIDE"),
        ("sam", {"why": " "}, "WORDS_MISSING"),
        ("sam", {"told": " "}, "TOLD_MISSING"),
    ],
)
def test_against_advice_is_written_down_by_the_bedside_with_both_words(cast, who, change, code) -> None:
    """H14."""
    it = _after_the_dose(cast)
    with pytest.raises(Refused) as refused:
        actions.go_against_advice(it.session.id, **(AGAINST | change), by=getattr(cast, who), at=it.later(50))
    assert [one.code for one in refused.value.objections] == [code]
    assert not Discharge.objects.exists()


def test_nobody_goes_against_advice_while_the_drug_runs(cast: Cast) -> None:
    """H14."""
    it = scene(cast)
    it.start(minutes=0)
    with pytest.raises(Refused) as refused:
        actions.go_against_advice(it.session.id, **AGAINST, by=cast.sam, at=it.later(5))
    assert [one.code for one in refused.value.objections] == ["DOSE_NOT_STOPPED"]


def test_what_stands_against_it_leads_to_the_room_and_no_button_is_there_until_nothing_does(
    cast: Cast, client_as: Callable[[Actor], Client], monkeypatch: pytest.MonkeyPatch
) -> None:
    """H14: a button that would be refused is not offered."""
    it = _after_the_dose(cast)
    sam, address = client_as(cast.sam), reverse("dosing:discharge", args=[it.session.id])
    monkeypatch.setattr(timezone, "now", lambda: it.later(101))
    early = sam.get(address).content.decode()
    assert "Discharge now" not in early
    room = reverse("dosing:room", args=[it.session.id])
    for place in ("?open=vitals", "?open=alertness"):
        assert f'href="{room}{place}"' in early
    it.take(dict(BASE), minutes=100)
    assert "Discharge now" in sam.get(address).content.decode()
