"""H39: what was charted by hand and proved wrong stays visible, struck through, and stops acting."""

from __future__ import annotations

import uuid
from decimal import Decimal

import pytest
from django.urls import reverse

from openkap.audit.models import Event
from openkap.dosing import actions
from openkap.dosing.actions import errors
from openkap.dosing.live import live
from openkap.dosing.tests.scene import Scene, check, scene
from openkap.kernel.ids import uuid7
from openkap.kernel.refusal import Refused
from openkap.watch import actions as watch_actions
from openkap.watch import facts as watch_facts
from openkap.watch.actions.moments import Sent
from openkap.watch.by_hand import entries_of
from openkap.watch.models import EnteredInError, Mark, Vital
from openkap.watch.readings import DBP, HEART_RATE, SBP, SPO2
from tests.cast import Cast


def _wrong(it: Scene, row, *, kind: str = "value", minutes: float = 6, **more):
    told = {"why": "15 typed for 95", "by": it.cast.sam, "at": it.later(minutes), **more}
    return actions.enter_in_error(it.session.id, kind=kind, entry_id=row.id, **told)


def test_a_value_entered_in_error_stops_acting_and_stays_visible(cast: Cast) -> None:
    """H39: SpO2 15 for 95 raised a stop and could not be taken back."""
    it = scene(cast)
    it.start()
    (row,) = it.take({SPO2: 15}, minutes=5)
    assert Mark.objects.get().level == "stop"
    _wrong(it, row)
    mark = Mark.objects.get()
    assert mark.closed_at == it.later(6)
    assert "Entered in error: 15 typed for 95" in str(mark.closed_because)
    assert watch_facts.last_true(it.session, SPO2, at=it.later(7)).value == 98
    assert Vital.objects.filter(id=row.id).exists()
    [entry] = [one for one in entries_of(it.session) if one.id == row.id]
    assert (entry.text, entry.error, entry.error_by) == (
        "Oxygen saturation 15", "15 typed for 95", "Sam Rivera",
    )  # fmt: skip
    assert "59408-5" in live(it.session, at=it.later(7)).series
    assert Decimal(15) not in {value for _, value in live(it.session, at=it.later(7)).series[SPO2]}


def test_a_mark_that_another_value_holds_too_stays(cast: Cast) -> None:
    """H39, H08: an error is no way round a true low value."""
    it = scene(cast)
    it.start()
    it.take({SPO2: 86}, minutes=4)
    (row,) = it.take({SPO2: 85}, minutes=5)
    _wrong(it, row)
    assert Mark.objects.get().closed_at is None


def test_both_pressures_of_a_cuff_fall_together_and_are_corrected_together(cast: Cast) -> None:
    """H39."""
    it = scene(cast)
    upper, lower = it.take({SBP: 224, DBP: 78}, minutes=0.5)
    right = {"why": "224 for 124", "by": cast.sam, "at": it.later(0.8)}
    with pytest.raises(Refused) as refused:
        actions.correct_value(it.session.id, entry_id=upper.id, values={SBP: Decimal(124)}, **right)
    assert "NOTHING_CORRECTED" in {one.code for one in refused.value.objections}
    assert not EnteredInError.objects.exists()
    values = {SBP: Decimal(124), DBP: Decimal(78)}
    rows = actions.correct_value(it.session.id, entry_id=upper.id, values=values, **right)
    assert {row.measured_at for row in rows} == {it.later(0.5)}
    assert {row.entry_id for row in EnteredInError.objects.all()} == {upper.id, lower.id}
    assert watch_facts.cuff(it.session, at=it.later(1)).sbp == 124


def test_a_check_a_promise_and_a_review_in_error_are_missing_again(cast: Cast) -> None:
    """H39, H15: and can be made anew."""
    it = scene(cast)
    for kind, row in (
        ("second_check", it.session.second_checks.get()),
        ("promise", it.session.promises.get()),
        ("medicines", it.session.medicines_reviews.get()),
    ):
        _wrong(it, row, kind=kind, minutes=0.2)
    with pytest.raises(Refused) as refused:
        it.start()
    assert {one.code for one in refused.value.objections} == {
        "SECOND_CHECK_MISSING", "NO_DRIVE_NOT_SIGNED", "MEDICINES_NOT_REVIEWED",
    }  # fmt: skip
    check(it.session, by=cast.june, at=it.later(0.4))
    again = {"by": cast.sam, "at": it.later(0.5)}
    actions.promise_no_drive(it.session.id, signed_name="Amara Osei", witness_name="Sam Rivera", **again)
    actions.review_medicines(it.session.id, note="", **again)
    assert it.start().ordered_mg == 36


def test_a_side_effect_in_error_lets_its_mark_go(cast: Cast) -> None:
    """H39, H08."""
    it = scene(cast)
    it.start()
    row = watch_actions.note_adverse_event(
        it.session.id, term="Chest pain", grade=2, noticed_at=it.later(4), client_id=uuid7(), by=cast.sam,
        at=it.later(4),
    )  # fmt: skip
    assert Mark.objects.filter(closed_at__isnull=True).count() == 1
    _wrong(it, row, kind="adverse_event", minutes=5)
    assert Mark.objects.filter(closed_at__isnull=True).count() == 0
    assert live(it.session, at=it.later(6)).adverse_events == []


def test_a_monitors_value_a_second_time_and_no_reason_are_refused_without_a_trace(cast: Cast) -> None:
    """H39, H23: what a machine sent is settled on its mark, never erased."""
    it = scene(cast)
    (sent,) = it.take({HEART_RATE: 80}, minutes=0.2, sent=Sent(source="monitor"))
    (row,) = it.take({SPO2: 97}, minutes=0.3)
    before = Event.objects.count()
    for entry, more, code in (
        (sent, {}, "NOT_BY_HAND"),
        (row, {"why": " "}, "ERROR_WITHOUT_REASON"),
        (row, {"kind": "remark"}, "NO_SUCH_ENTRY"),
    ):
        with pytest.raises(Refused) as refused:
            _wrong(it, entry, **{"minutes": 0.5, **more})
        assert code in {one.code for one in refused.value.objections}
    assert (EnteredInError.objects.count(), Event.objects.count()) == (0, before)
    _wrong(it, row, minutes=0.5)
    with pytest.raises(Refused):
        _wrong(it, row, minutes=0.6)


def test_when_the_record_fails_nothing_is_called_an_error(cast: Cast, monkeypatch) -> None:
    it = scene(cast)
    (row,) = it.take({SPO2: 97}, minutes=0.3)
    monkeypatch.setattr(errors, "record", lambda *a, **k: (_ for _ in ()).throw(RuntimeError("broken")))
    with pytest.raises(RuntimeError):
        _wrong(it, row)
    assert not EnteredInError.objects.exists()


def test_the_page_strikes_through_and_charts_the_right_value(cast: Cast, client_as, once) -> None:
    it = scene(cast)
    (row,) = it.take({SPO2: 15}, minutes=0.1)
    sam, room = client_as(cast.sam), reverse("dosing:room", kwargs={"session": it.session.id})
    address = reverse("dosing:error", args=[it.session.id, "value", row.id])
    assert address in sam.get(room).content.decode()
    assert sam.post(address, {"why": "", "once": once()}).status_code == 422
    assert sam.post(address, {"why": "15 for 95", "v_0": "95", "once": once()}).status_code == 302
    shown = sam.get(room).content.decode()
    assert "<del>" in shown
    assert "15 for 95" in shown
    assert watch_facts.charted(it.session).filter(code=SPO2, value=95).exists()
    missing = reverse("dosing:error", args=[it.session.id, "value", uuid.uuid4()])
    assert sam.get(missing).status_code == 404
    assert client_as(cast.eve).get(address).status_code == 404
