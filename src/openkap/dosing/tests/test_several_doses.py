"""H05: an order may hold several doses; each is checked, given once, and never before its time."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import DatabaseError, transaction

from openkap.audit.delivery import delivery_of
from openkap.audit.models import Event
from openkap.courses.models import GateMet, Order, OrderedDose
from openkap.courses.regimen import InjectionRegimen, OralRegimen
from openkap.dispensary.models import Issue
from openkap.dosing import actions, facts
from openkap.dosing.events import DoseStarted
from openkap.dosing.models import Dose, DoseStep, SecondCheck
from openkap.dosing.tests.scene import BASE, Scene, ordered, scene
from openkap.dosing.tests.test_starting import codes
from openkap.kernel.refusal import Refused
from openkap.protocols.administration import Route
from tests.cast import NOW, Cast

READ = {"strength_mg_per_ml": Decimal(10)}


def _injected(cast: Cast) -> Scene:
    """Amara's session with an order of two injections, the second after 20 minutes."""
    it = scene(cast, without="order")
    it.order = ordered(
        cast, it.session.course, regimen=InjectionRegimen(Route.INTRAMUSCULAR, 20), dose_mg=Decimal(24),
        volume_ml=Decimal("2.4"),
    )  # fmt: skip
    told = {"dose_mg": Decimal(12), "volume_ml": Decimal("1.2")}
    OrderedDose.objects.create(order=it.order, number=2, **told, **cast.okafor.stamp(NOW))
    _check(it, minutes=0)
    return it


def _check(it: Scene, *, minutes: float) -> None:
    actions.second_check(it.session.id, **READ, by=it.cast.june, at=it.later(minutes))


def _ready_again(it: Scene, *, minutes: float) -> None:
    """What the time-out asks for anew: values of now, and a check of the second dose."""
    it.take(dict(BASE), minutes=minutes)
    _check(it, minutes=minutes)


def test_an_injection_is_given_at_once_and_needs_no_pump(cast: Cast) -> None:
    it = _injected(cast)
    dose = it.start()
    assert (dose.number, dose.ordered_mg, dose.ended_at) == (1, Decimal(24), it.later(1))
    assert [(step.kind, step.rate_mg_per_h) for step in DoseStep.objects.all()] == [("given", None)]
    assert facts.dose_state(dose, at=it.later(2)).given_mg == 24
    assert Issue.objects.get().amount_mg == 24
    assert SecondCheck.objects.get().rate_mg_per_hour is None
    event = delivery_of(Event.objects.get(verb="dosing.started"), DoseStarted).event
    assert (event.number, event.dose_mg, event.rate_mg_per_h) == (1, Decimal(24), None)


def test_the_second_injection_waits_for_its_time_and_a_check_of_its_own(cast: Cast) -> None:
    """H05, H06."""
    it = _injected(cast)
    it.start()
    with pytest.raises(Refused) as early:
        it.start(minutes=20)
    assert {"NEXT_DOSE_EARLY", "SECOND_CHECK_MISSING"} <= codes(early)
    _ready_again(it, minutes=19)
    with pytest.raises(Refused) as still_early:
        it.start(minutes=20.9)
    assert codes(still_early) == {"NEXT_DOSE_EARLY"}
    second = it.start(minutes=21)
    assert (second.number, second.ordered_mg) == (2, Decimal(12))
    assert [issue.amount_mg for issue in Issue.objects.all()] == [24, 12]


def test_there_is_no_third_injection(cast: Cast) -> None:
    """H05: nor does the database know one."""
    it = _injected(cast)
    it.start()
    _ready_again(it, minutes=21)
    it.start(minutes=22)
    _ready_again(it, minutes=43)
    with pytest.raises(Refused) as caught:
        it.start(minutes=44)
    assert "ORDER_GIVEN" in codes(caught)
    assert Dose.objects.count() == 2


@pytest.mark.parametrize("number", [1, 3])
def test_the_database_refuses_a_dose_given_already_or_never_ordered(cast: Cast, number: int) -> None:
    """H05: whatever the program does."""
    it = _injected(cast)
    it.start()
    told = {"session": it.session, "patient": cast.amara, "order": it.order, "ordered_mg": Decimal(24)}
    with pytest.raises(DatabaseError), transaction.atomic():
        Dose.objects.create(**told, number=number, ended_at=NOW, **cast.sam.stamp(NOW + timedelta(hours=1)))


def test_the_session_was_held_with_the_first_injection(cast: Cast) -> None:
    it = _injected(cast)
    it.start()
    assert GateMet.objects.filter(gate="dosing_done").count() == 1
    _ready_again(it, minutes=21)
    it.start(minutes=22)
    assert GateMet.objects.filter(gate="dosing_done").count() == 1


def test_going_home_counts_from_the_last_injection(cast: Cast) -> None:
    """H14."""
    it = _injected(cast)
    it.start()
    first = facts.discharge_facts(it.session, at=it.later(2))
    _ready_again(it, minutes=21)
    it.start(minutes=22)
    then = facts.discharge_facts(it.session, at=it.later(23))
    assert (first.ended_at, then.ended_at) == (it.later(1), it.later(22))


def test_nothing_of_an_injection_is_paused_stopped_or_ordered_anew(cast: Cast) -> None:
    it = _injected(cast)
    it.start()
    rest = {"dose_mg": Decimal(1), "why": "slip", "typed_name": cast.okafor.name}
    for act in (
        lambda: actions.pause(it.session.id, by=cast.sam, at=it.later(2)),
        lambda: actions.stop(it.session.id, by=cast.sam, at=it.later(2)),
        lambda: actions.order_rest(it.session.id, **rest, by=cast.okafor, at=it.later(2)),
    ):
        with pytest.raises(Refused):
            act()
    assert (Dose.objects.count(), Order.objects.count()) == (1, 1)


def test_the_pages_say_which_injection_is_next(cast: Cast, client_as) -> None:
    it, sam = _injected(cast), client_as(cast.sam)
    before = sam.get(f"/sessions/{it.session.id}/before/").content.decode()
    assert "into a muscle" in before
    assert "at least 20 min apart" in before
    assert "The pump says" not in before
    it.start()
    room = sam.get(f"/sessions/{it.session.id}/").content.decode()
    assert "Dose 1 given" in room
    assert "A further dose is ordered" in room


def test_one_that_is_swallowed_is_given_at_once(cast: Cast) -> None:
    it = scene(cast, without="order")
    ordered(cast, it.session.course, regimen=OralRegimen())
    _check(it, minutes=0)
    assert it.start().ended_at == it.later(1)
