"""H05: after a stop pressed by mistake the rest may be given: a new order, at most what was left."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone

from openkap.audit.models import Event
from openkap.courses import actions as courses_actions
from openkap.courses import queries as courses_queries
from openkap.courses.models import Order
from openkap.courses.regimen import InfusionRegimen
from openkap.dispensary.models import Issue
from openkap.dosing import actions, facts
from openkap.dosing.live import live
from openkap.dosing.models import Dose
from openkap.dosing.tests.scene import BASE, Scene, check, ordered, scene
from openkap.kernel.quantity import MilligramsPerHour, Minutes
from openkap.kernel.refusal import Refused
from tests.cast import Cast


def _stopped(cast: Cast) -> Scene:
    """36 mg at 54 mg/h, stopped after twenty minutes: 18 mg are left."""
    it = scene(cast)
    it.start(minutes=0)
    actions.stop(it.session.id, by=cast.sam, at=it.later(20))
    return it


def _rest(it: Scene, mg: str = "18", *, minutes: float = 21, **more) -> Order:
    told = {
        "why": "Stop was pressed for pause",
        "typed_name": it.cast.okafor.name,
        "by": it.cast.okafor,
        **more,
    }
    return actions.order_rest(it.session.id, dose_mg=Decimal(mg), at=it.later(minutes), **told)


def test_the_rest_is_ordered_checked_by_two_again_and_given_and_no_more(
    cast: Cast, client_as, monkeypatch: pytest.MonkeyPatch
) -> None:
    it = _stopped(cast)
    order = _rest(it)
    assert (order.continues, order.dose_mg) == (it.order, 18)
    assert order.regimen == InfusionRegimen(Minutes.of(20), MilligramsPerHour.of(54))
    it.take(dict(BASE), minutes=22)
    with pytest.raises(Refused) as refused:
        it.start(minutes=23)
    assert {one.code for one in refused.value.objections} == {"SECOND_CHECK_MISSING"}
    check(it.session, by=cast.june, at=it.later(22.5))
    dose = it.start(minutes=23)
    assert Issue.objects.count() == 1  # the rest was taken from stock with the dose it continues
    assert dose.ordered_mg == 18
    room = live(it.session, at=it.later(60))
    assert room.given_before_mg + room.dose.given_mg == 36
    monkeypatch.setattr(timezone, "now", lambda: it.later(60))
    for page in ("emergency", "room"):  # whoever comes is told all of it
        shown = client_as(cast.sam).get(reverse(f"dosing:{page}", args=[it.session.id])).content.decode()
        card = shown.split('id="h-emergency"')[1].split("</dl>")[0]
        assert "18.0 of 18 mg" in card
        assert "and 18.0 mg before that in this session" in card
    actions.end(it.session.id, by=cast.sam, at=it.later(43))
    assert Dose.objects.filter(session=it.session).count() == 2
    with pytest.raises(Refused):
        _rest(it, minutes=44)
    it.take(dict(BASE), minutes=102)
    with pytest.raises(Refused) as refused:
        it.discharge(minutes=102.5)
    assert {one.code for one in refused.value.objections} == {"OBS_TIME_SHORT"}
    it.discharge(minutes=103.5)


def test_a_little_rest_is_no_dose_that_is_too_short(cast: Cast) -> None:
    """H06: two minutes at the ordered rate are part of forty, and no bolus."""
    it = scene(cast)
    it.start(minutes=0)
    actions.stop(it.session.id, by=cast.sam, at=it.later(38))
    _rest(it, "1.8", minutes=38.5)
    it.take(dict(BASE), minutes=39)
    check(it.session, by=cast.june, at=it.later(39))
    assert it.start(minutes=39.5).ordered_mg == Decimal("1.8")


@pytest.mark.parametrize(("mg", "who"), [("18.1", "okafor"), ("36", "okafor"), ("10", "sam")])
def test_more_than_was_left_or_by_a_nurse_is_refused_without_a_trace(cast: Cast, mg, who) -> None:
    it = _stopped(cast)
    before = (Order.objects.count(), Event.objects.count())
    by = getattr(cast, who)
    with pytest.raises(Refused):
        _rest(it, mg, by=by, typed_name=by.name)
    assert (Order.objects.count(), Event.objects.count()) == before


def test_the_rest_of_an_order_beyond_a_limit_is_signed_by_a_second_prescriber_too(cast: Cast) -> None:
    """H06: and can be, although the person is not clear yet."""
    it = scene(cast, without="order")
    first = ordered(cast, it.session.course, needs_second=True, flags=["DOSE_OVER_CAP"])
    second = {"typed_name": cast.bello.name, "by": cast.bello, "at": it.later(0.1)}
    courses_actions.second_order(first.id, **second)
    check(it.session, by=cast.june)
    it.start(minutes=0.5)
    actions.stop(it.session.id, by=cast.sam, at=it.later(20.5))
    rest = _rest(it)
    assert courses_queries.current_order(rest.planned_session_id) is None
    courses_actions.second_order(rest.id, **{**second, "at": it.later(21)})
    assert courses_queries.current_order(rest.planned_session_id) == rest


def test_a_dose_that_runs_or_has_ended_has_no_rest(cast: Cast) -> None:
    it = scene(cast)
    it.start(minutes=0)
    assert facts.left_of(it.session, at=it.later(10)) == 0
    with pytest.raises(Refused):
        _rest(it, minutes=10)
    actions.end(it.session.id, by=cast.sam, at=it.later(20))
    assert facts.left_of(it.session, at=it.later(21)) == 0
    with pytest.raises(Refused):
        _rest(it)


def test_the_page_says_how_much_is_left_and_signs(cast: Cast, client_as, once) -> None:
    """Half a minute of 54 mg/h was given: 0.45 mg of 36."""
    it = scene(cast)
    it.start(minutes=0)
    actions.stop(it.session.id, by=cast.sam, at=it.later(0.5))
    okafor, address = client_as(cast.okafor), reverse("dosing:rest", args=[it.session.id])
    assert address in okafor.get(reverse("dosing:room", args=[it.session.id])).content.decode()
    assert "35.55 mg" in okafor.get(address).content.decode()
    typed = {"dose_mg": "36", "why": "slip", "typed_name": cast.okafor.name}
    wrong = okafor.post(address, {**typed, "once": once()})
    assert wrong.status_code == 422
    assert "35.55 mg are left" in wrong.content.decode()
    assert okafor.post(address, {**typed, "dose_mg": "35.55", "once": once()}).status_code == 302
    shown = okafor.get(reverse("dosing:before", args=[it.session.id])).content.decode()
    assert "Start the dose" in shown
    paper = okafor.get(reverse("dosing:summary", args=[it.session.id]))
    assert paper.content[:5] == b"%PDF-"
