"""Opening a course, ordering its doses, passing its gates."""

from __future__ import annotations

import threading
from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection

from openkap.audit.models import Event
from openkap.chart import actions as chart
from openkap.chart import rules as charted
from openkap.consent import actions as consents
from openkap.courses import actions, queries
from openkap.courses.actions import NewOrder, ordering, planning
from openkap.courses.models import Course, GateMet, Order, OrderSecond
from openkap.dispensary import actions as dispensary
from openkap.dispensary.models import FormularyItem
from openkap.kernel.code import Code
from openkap.kernel.ids import uuid7
from openkap.kernel.quantity import MilligramsPerMillilitre
from openkap.kernel.refusal import Refused
from openkap.protocols import actions as protocols
from tests.cast import NOW, Cast, Committed


def _open(cast: Cast, **more) -> Course:
    version = protocols.adopt("iv-depression-1", by=cast.okafor, at=NOW)
    typed = {"first_day": NOW.date(), "per_week": 2, "by": cast.okafor, "at": NOW, **more}
    return actions.open_course(cast.amara.id, pack_version_id=version.id, **typed)


def _weigh(
    cast: Cast, kilograms: str = "62", *, days_ago: int = 0, code: str = charted.WEIGHT, unit: str = "kg"
) -> None:
    at = NOW - timedelta(days=days_ago)
    chart.add_result(
        cast.amara.id, code=Code("loinc", code), value=Decimal(kilograms), unit=unit, measured_at=at,
        confirmed=True, by=cast.sam, at=at,
    )  # fmt: skip


def _vial(cast: Cast, strength: str = "10") -> FormularyItem:
    return dispensary.stock(
        product="racemic_iv", name="Ketamine", strength=MilligramsPerMillilitre.of(strength),
        vial_ml=Decimal(20), by=cast.ada, at=NOW,
    )  # fmt: skip


def _order(cast: Cast, course: Course, vial: FormularyItem, *, by=None, number: int = 1, **more) -> Order:
    new = NewOrder(
        **{
            "dose_mg_per_kg": Decimal("0.5"),
            "confirmed_mg": Decimal("31"),
            "infusion_minutes": Decimal(40),
            "formulary_item_id": vial.id,
            **more,
        }
    )
    who = by or cast.okafor
    return actions.order(course.id, session_number=number, new=new, typed_name=who.name, by=who, at=NOW)


def _codes(caught) -> set[str]:
    return {it.code for it in caught.value.objections}


def test_a_course_keeps_its_pack_and_plans_its_days(cast: Cast) -> None:
    """H44."""
    course = _open(cast)
    days = [it.planned_on for it in queries.planned(course)]
    assert len(days) == 6
    assert days == sorted(days)
    assert all(day.weekday() < 5 for day in days)
    assert queries.pack(course).hash == course.pack_version.hash


def test_a_refused_course_leaves_no_trace(cast: Cast) -> None:
    _open(cast)
    events = Event.objects.count()
    with pytest.raises(Refused) as caught:
        _open(cast, per_week=9)
    assert _codes(caught) == {"per_week", "open"}
    assert (Course.objects.count(), Event.objects.count()) == (1, events)


def test_when_the_record_fails_no_course_is_opened(cast: Cast, monkeypatch) -> None:
    version = protocols.adopt("iv-depression-1", by=cast.okafor, at=NOW)
    monkeypatch.setattr(planning, "record", lambda *a, **k: (_ for _ in ()).throw(RuntimeError("broken")))
    with pytest.raises(RuntimeError):
        actions.open_course(
            cast.amara.id,
            pack_version_id=version.id,
            first_day=NOW.date(),
            per_week=2,
            by=cast.okafor,
            at=NOW,
        )
    assert Course.objects.count() == 0


def test_an_order_speaks_in_every_unit_and_is_signed(cast: Cast) -> None:
    """H02, H03: 0.5 mg/kg of 62 kg are 31 mg, 3.1 mL of a 10 mg/mL vial, 46.5 mg/h over 40 min."""
    course = _open(cast)
    _weigh(cast)
    order = _order(cast, course, _vial(cast))
    shown = (order.dose_mg, order.volume_ml, order.rate_mg_per_hour)
    assert shown == (Decimal("31.0"), Decimal("3.10"), Decimal("46.5"))
    assert order.signature.covers(order.content.encode())
    assert queries.current_order(order.planned_session_id) == order


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"confirmed_mg": Decimal("310")}, "mismatch"),
        ({"confirmed_mg": None}, "confirm"),
        ({"dose_mg_per_kg": Decimal(0)}, "dose"),
        ({"infusion_minutes": Decimal(500)}, "infusion"),
    ],
)
def test_an_order_whose_units_disagree_is_refused(cast: Cast, more, code) -> None:
    """H02."""
    course = _open(cast)
    _weigh(cast)
    vial = _vial(cast)
    with pytest.raises(Refused) as caught:
        _order(cast, course, vial, **more)
    assert code in _codes(caught)
    assert Order.objects.count() == 0


def test_an_old_weight_is_taken_again(cast: Cast) -> None:
    """H04."""
    course, vial = _open(cast), _vial(cast)
    with pytest.raises(Refused) as caught:
        _order(cast, course, vial)
    assert _codes(caught) == {"weight"}
    _weigh(cast, days_ago=9)
    with pytest.raises(Refused) as caught:
        _order(cast, course, vial)
    assert "weight_old" in _codes(caught)


def test_a_weight_no_body_of_that_height_has_is_refused(cast: Cast) -> None:
    """H04: 330 kg at 168 cm."""
    course, vial = _open(cast), _vial(cast)
    _weigh(cast, "168", code=charted.HEIGHT, unit="cm")
    _weigh(cast, "330")
    with pytest.raises(Refused) as caught:
        _order(cast, course, vial, confirmed_mg=Decimal(165))
    assert "weight_impossible" in _codes(caught)


def test_the_volume_comes_from_the_vial_that_is_stocked(cast: Cast) -> None:
    """H03: 100 mg/mL must be diluted, and the volume follows."""
    course = _open(cast)
    _weigh(cast)
    vial = _vial(cast, "100")
    with pytest.raises(Refused) as caught:
        _order(cast, course, vial)
    assert _codes(caught) == {"MUST_DILUTE_100MGML"}
    assert _order(cast, course, vial, diluted=True).volume_ml == Decimal("0.31")


def test_over_the_cap_two_prescribers_sign(cast: Cast) -> None:
    """H06."""
    course = _open(cast)
    _weigh(cast)
    vial = _vial(cast)
    big = {"dose_mg_per_kg": Decimal("1.1"), "confirmed_mg": Decimal("68.2")}
    with pytest.raises(Refused) as caught:
        _order(cast, course, vial, **big)
    assert _codes(caught) == {"reason"}
    order = _order(cast, course, vial, reason="no effect at 0.75", **big)
    assert queries.current_order(order.planned_session_id) is None
    with pytest.raises(Refused) as caught:
        actions.second_order(order.id, typed_name=cast.okafor.name, by=cast.okafor, at=NOW)
    assert _codes(caught) == {"same"}
    actions.second_order(order.id, typed_name=cast.bello.name, by=cast.bello, at=NOW)
    assert queries.current_order(order.planned_session_id) == order
    assert OrderSecond.objects.count() == 1


def test_only_a_prescriber_orders(cast: Cast) -> None:
    course = _open(cast)
    _weigh(cast)
    vial = _vial(cast)
    with pytest.raises(Refused) as caught:
        _order(cast, course, vial, by=cast.sam)
    assert _codes(caught) == {"prescriber"}


def test_while_a_dose_is_given_no_order_changes(cast: Cast) -> None:
    """H05: what runs is what was signed."""
    course = _open(cast)
    _weigh(cast)
    order = _order(cast, course, _vial(cast))
    consents.begin_impairment(cast.amara.id, cause=("dose", uuid7()), by=cast.sam, at=NOW)
    with pytest.raises(Refused) as caught:
        actions.withdraw_order(order.id, why="changed my mind", by=cast.okafor, at=NOW)
    assert _codes(caught) == {"during"}


def test_an_order_is_taken_back_and_written_anew(cast: Cast) -> None:
    course = _open(cast)
    _weigh(cast)
    vial = _vial(cast)
    order = _order(cast, course, vial)
    with pytest.raises(Refused) as caught:
        _order(cast, course, vial)
    assert _codes(caught) == {"ordered"}
    actions.withdraw_order(order.id, why="new weight", by=cast.okafor, at=NOW)
    assert queries.current_order(order.planned_session_id) is None
    assert _order(cast, course, vial).id != order.id


def test_two_prescribers_at_once_write_one_order(committed: Committed) -> None:
    """H05."""
    cast = committed.cast
    with committed.inside():
        course = _open(cast)
        _weigh(cast)
        vial = _vial(cast)
    told: list[str] = []

    def write(who) -> None:
        try:
            with committed.inside():
                _order(cast, course, vial, by=who)
            told.append("signed")
        except Refused:
            told.append("refused")
        connection.close()

    threads = [threading.Thread(target=write, args=(who,)) for who in (cast.okafor, cast.bello)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(told) == ["refused", "signed"]


def test_when_the_record_fails_nothing_is_ordered(cast: Cast, monkeypatch) -> None:
    course = _open(cast)
    _weigh(cast)
    vial = _vial(cast)
    monkeypatch.setattr(ordering, "record", lambda *a, **k: (_ for _ in ()).throw(RuntimeError("broken")))
    with pytest.raises(RuntimeError):
        _order(cast, course, vial)
    assert Order.objects.count() == 0


def test_a_gate_told_twice_is_met_once(cast: Cast) -> None:
    course, dose = _open(cast), uuid7()
    for _ in range(2):
        actions.meet_gate(
            course.id, gate="dosing_done", session_number=1, evidence=("dose", dose), by=cast.sam, at=NOW
        )
    assert GateMet.objects.count() == 1
    with pytest.raises(Refused):
        actions.meet_gate(course.id, gate="anything", evidence=("dose", dose), by=cast.sam, at=NOW)


def test_the_next_step_says_everything_that_is_in_the_way(cast: Cast) -> None:
    course = _open(cast)
    assert queries.next_step(course, today=NOW.date()).key == "screening"
    told = {it.code for it in queries.blocks_to_dosing(course, number=1, today=NOW.date())}
    assert told == {"screening", "consent", "preparation", "order"}


def test_the_prescriber_works_it_out_confirms_and_signs_on_the_page(cast: Cast, door_as, once) -> None:
    course, vial, browser = _open(cast), _vial(cast), door_as(cast.okafor)
    _weigh(cast)
    path = f"/courses/{course.id}/orders/1/"
    typed = {
        "dose_mg_per_kg": "0,5",
        "infusion_minutes": "40",
        "formulary_item": str(vial.id),
        "weight_basis": "actual",
    }
    worked = browser.post(path, {**typed, "step": "work", "once": once()})
    assert worked.status_code == 200
    assert b"46.5" in worked.content
    wrong = browser.post(
        path, {**typed, "step": "sign", "confirmed_mg": "13", "typed_name": cast.okafor.name, "once": once()}
    )
    assert wrong.status_code == 422
    assert b"Which one is meant?" in wrong.content
    done = browser.post(
        path, {**typed, "step": "sign", "confirmed_mg": "31", "typed_name": cast.okafor.name, "once": once()}
    )
    assert done.status_code == 302
    assert b"31 mg" in browser.get(f"/courses/{course.id}/").content
    assert door_as(cast.sam).get(path).status_code == 404
    assert door_as(cast.eve).get(f"/courses/{course.id}/").status_code == 404


def test_a_course_is_ended_with_a_reason(cast: Cast, door_as, once) -> None:
    course, browser = _open(cast), door_as(cast.okafor)
    assert (
        browser.post(f"/courses/{course.id}/end/", {"why": "moved away", "once": once()}).status_code == 302
    )
    assert queries.one(course.id).ended_at is not None
    assert browser.post(f"/courses/{course.id}/end/", {"why": "again", "once": once()}).status_code == 422
