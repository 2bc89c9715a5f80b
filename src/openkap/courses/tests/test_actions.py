"""Opening a course, ordering its doses, passing its gates."""

from __future__ import annotations

import threading
from decimal import Decimal

import pytest
from django.db import connection

from openkap.accounts.models import Signature
from openkap.audit.models import Event
from openkap.chart import rules as charted
from openkap.consent import actions as consent_actions
from openkap.courses import actions, queries
from openkap.courses.actions import ordering, planning
from openkap.courses.models import Course, GateMet, Order, OrderSecond, OrderWithdrawn
from openkap.courses.regimen import InfusionRegimen
from openkap.courses.tests.scene import codes, opened, ordered, stocked, weighed
from openkap.kernel.ids import uuid7
from openkap.kernel.quantity import MilligramsPerHour, Minutes
from openkap.kernel.refusal import Refused
from openkap.protocols import actions as protocols_actions
from tests.cast import NOW, Cast, Committed
from tests.packs import BUNDLED


def test_a_course_keeps_its_pack_and_plans_its_days(cast: Cast) -> None:
    """H44."""
    course = opened(cast)
    days = [it.planned_on for it in queries.planned(course)]
    assert len(days) == 6
    assert days == sorted(days)
    assert all(day.weekday() < 5 for day in days)
    assert queries.pack(course).hash == course.pack_version.hash


def test_a_refused_course_leaves_no_trace(cast: Cast) -> None:
    opened(cast)
    events = Event.objects.count()
    with pytest.raises(Refused) as caught:
        opened(cast, per_week=9)
    assert codes(caught) == {"PACE_OUT_OF_RANGE", "COURSE_OPEN"}
    assert (Course.objects.count(), Event.objects.count()) == (1, events)


def test_when_the_record_fails_no_course_is_opened(cast: Cast, monkeypatch) -> None:
    version = protocols_actions.adopt(BUNDLED, by=cast.okafor, at=NOW)
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
    course = opened(cast)
    weighed(cast)
    order = ordered(cast, course, stocked(cast))
    assert (order.dose_mg, order.volume_ml) == (Decimal("31.0"), Decimal("3.10"))
    assert order.regimen == InfusionRegimen(Minutes.of(40), MilligramsPerHour.of("46.5"))
    assert [(it.number, it.dose_mg) for it in order.ordered_doses.all()] == [(1, Decimal("31.0"))]
    assert order.signature.covers(order.content.encode())
    assert queries.current_order(order.planned_session_id) == order


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"confirmed_mg": Decimal("310")}, "CONFIRMED_OTHER"),
        ({"confirmed_mg": None}, "NOT_CONFIRMED"),
        ({"dose": Decimal(31)}, "CONFIRMED_OTHER"),
        ({"weight_basis": "ideal"}, "NO_IDEAL_WEIGHT"),
        ({"dose": Decimal(0)}, "DOSE_NOT_POSITIVE"),
        ({"infusion_minutes": Decimal(500)}, "TIME_OVER_SOURCES"),
    ],
)
def test_an_order_whose_units_disagree_is_refused(cast: Cast, more, code) -> None:
    """H02: also mg typed where mg/kg is asked for. Nothing is left behind, not even a signature."""
    course = opened(cast)
    weighed(cast)
    vial = stocked(cast)
    before = (Signature.objects.count(), Event.objects.count())
    with pytest.raises(Refused) as caught:
        ordered(cast, course, vial, **more)
    assert code in codes(caught)
    assert Order.objects.count() == 0
    assert (Signature.objects.count(), Event.objects.count()) == before


def test_an_old_weight_is_taken_again(cast: Cast) -> None:
    """H04."""
    course, vial = opened(cast), stocked(cast)
    with pytest.raises(Refused) as caught:
        ordered(cast, course, vial)
    assert codes(caught) == {"NOT_WEIGHED"}
    weighed(cast, days_ago=9)
    with pytest.raises(Refused) as caught:
        ordered(cast, course, vial)
    assert "WEIGHT_OLD" in codes(caught)


def test_a_weight_no_body_of_that_height_has_is_refused(cast: Cast) -> None:
    """H04: 330 kg at 168 cm."""
    course, vial = opened(cast), stocked(cast)
    weighed(cast, "168", code=charted.HEIGHT, unit="cm")
    weighed(cast, "330")
    with pytest.raises(Refused) as caught:
        ordered(cast, course, vial, confirmed_mg=Decimal(165))
    assert "WEIGHT_IMPOSSIBLE" in codes(caught)


def test_the_volume_comes_from_the_vial_that_is_stocked(cast: Cast) -> None:
    """H03: 100 mg/mL must be diluted, and the volume follows."""
    course = opened(cast)
    weighed(cast)
    vial = stocked(cast, "100")
    with pytest.raises(Refused) as caught:
        ordered(cast, course, vial)
    assert codes(caught) == {"DILUTION_NOT_RECORDED"}
    assert ordered(cast, course, vial, diluted=True).volume_ml == Decimal("0.31")


def test_over_the_cap_two_prescribers_sign(cast: Cast) -> None:
    """H06."""
    course = opened(cast)
    weighed(cast)
    vial = stocked(cast)
    big = {"dose": Decimal("1.1"), "confirmed_mg": Decimal("68.2")}
    with pytest.raises(Refused) as caught:
        ordered(cast, course, vial, **big)
    assert codes(caught) == {"REASON_MISSING"}
    order = ordered(cast, course, vial, reason="no effect at 0.75", **big)
    assert queries.current_order(order.planned_session_id) is None
    with pytest.raises(Refused) as caught:
        actions.second_order(order.id, typed_name=cast.okafor.name, by=cast.okafor, at=NOW)
    assert codes(caught) == {"SECOND_BY_SAME"}
    actions.second_order(order.id, typed_name=cast.bello.name, by=cast.bello, at=NOW)
    assert queries.current_order(order.planned_session_id) == order
    assert OrderSecond.objects.count() == 1


def test_only_a_prescriber_orders(cast: Cast) -> None:
    course = opened(cast)
    weighed(cast)
    vial = stocked(cast)
    with pytest.raises(Refused) as caught:
        ordered(cast, course, vial, by=cast.sam)
    assert codes(caught) == {"PRESCRIBERS_ONLY"}


def test_while_a_dose_is_given_no_order_changes(cast: Cast) -> None:
    """H05: what runs is what was signed. No order is written, countersigned or taken back."""
    course = opened(cast)
    weighed(cast)
    vial = stocked(cast)
    order = ordered(cast, course, vial)
    big = {"dose": Decimal("1.1"), "confirmed_mg": Decimal("68.2"), "reason": "no effect"}
    waiting = ordered(cast, course, vial, number=2, **big)
    consent_actions.begin_impairment(cast.amara.id, cause=("dose", uuid7()), by=cast.sam, at=NOW)
    for act in (
        lambda: actions.withdraw_order(order.id, why="changed my mind", by=cast.okafor, at=NOW),
        lambda: actions.second_order(waiting.id, typed_name=cast.bello.name, by=cast.bello, at=NOW),
        lambda: ordered(cast, course, vial, number=3),
    ):
        with pytest.raises(Refused) as caught:
            act()
        assert codes(caught) == {"ORDERS_STAY"}
    left = (Order.objects.count(), OrderSecond.objects.count(), OrderWithdrawn.objects.count())
    assert left == (2, 0, 0)


def test_an_order_is_not_taken_back_in_the_moment_its_dose_starts(committed: Committed) -> None:
    """H05: whoever starts holds the patient; taking back waits for it, and then finds a dose running."""
    cast, started, told = committed.cast, threading.Event(), []
    with committed.inside():
        course = opened(cast)
        weighed(cast)
        order = ordered(cast, course, stocked(cast))

    def take_back() -> None:
        started.wait(5)
        try:
            with committed.inside():
                actions.withdraw_order(order.id, why="changed my mind", by=cast.okafor, at=NOW)
            told.append({"done"})
        except Refused as refusal:
            told.append({it.code for it in refusal.objections})
        connection.close()

    thread = threading.Thread(target=take_back)
    thread.start()
    with committed.inside():
        consent_actions.begin_impairment(cast.amara.id, cause=("dose", uuid7()), by=cast.sam, at=NOW)
        started.set()
        thread.join(0.5)
        assert told == []
    thread.join(5)
    assert told == [{"ORDERS_STAY"}]


def test_an_order_is_taken_back_and_written_anew(cast: Cast) -> None:
    course = opened(cast)
    weighed(cast)
    vial = stocked(cast)
    order = ordered(cast, course, vial)
    with pytest.raises(Refused) as caught:
        ordered(cast, course, vial)
    assert codes(caught) == {"HAS_ORDER"}
    actions.withdraw_order(order.id, why="new weight", by=cast.okafor, at=NOW)
    assert queries.current_order(order.planned_session_id) is None
    assert ordered(cast, course, vial).id != order.id


def test_two_prescribers_at_once_write_one_order(committed: Committed) -> None:
    """H05."""
    cast = committed.cast
    with committed.inside():
        course = opened(cast)
        weighed(cast)
        vial = stocked(cast)
    told: list[str] = []

    def write(who) -> None:
        try:
            with committed.inside():
                ordered(cast, course, vial, by=who)
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
    course = opened(cast)
    weighed(cast)
    vial = stocked(cast)
    monkeypatch.setattr(ordering, "record", lambda *a, **k: (_ for _ in ()).throw(RuntimeError("broken")))
    with pytest.raises(RuntimeError):
        ordered(cast, course, vial)
    assert not Order.objects.exists()
    assert not Signature.objects.filter(subject_kind="order").exists()


def test_a_gate_told_twice_is_met_once(cast: Cast) -> None:
    course, dose = opened(cast), uuid7()
    for _ in range(2):
        actions.meet_gate(
            course.id, gate="dosing_done", session_number=1, evidence=("dose", dose), by=cast.sam, at=NOW
        )
    assert GateMet.objects.count() == 1
    with pytest.raises(Refused):
        actions.meet_gate(course.id, gate="anything", evidence=("dose", dose), by=cast.sam, at=NOW)


def test_the_next_step_says_everything_that_is_in_the_way(cast: Cast) -> None:
    course = opened(cast)
    assert queries.next_step(course, today=NOW.date()).key == "screening"
    told = {it.code for it in queries.blocks_to_dosing(course, number=1, today=NOW.date())}
    assert told == {"NOT_SCREENED", "NO_CONSENT", "NOT_PREPARED", "NO_ORDER"}
