"""What else stands in the way of a dose: a grave value, a dose too lately, a new finding."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal

import pytest

from openkap.accounts.actions import sign
from openkap.alerts.models import Alert
from openkap.audit.delivery import delivery_of
from openkap.audit.models import Event
from openkap.chart import actions as chart_actions
from openkap.consent import actions as consent_actions
from openkap.consent.events import ConsentWithdrawn
from openkap.consent.models import Consent
from openkap.courses.models import OrderSecond
from openkap.courses.regimen import InfusionRegimen
from openkap.defaults.loading import shipped
from openkap.dosing import actions, facts, rules
from openkap.dosing.actions.doses import _too_soon, objections_to_start
from openkap.dosing.models import Dose
from openkap.dosing.rules.running import objections_to_running
from openkap.dosing.tests.scene import BASE, WELL_TODAY, ordered, scene, weigh
from openkap.kernel.answer import Answer
from openkap.kernel.ids import uuid7
from openkap.kernel.quantity import MilligramsPerHour, Minutes
from openkap.kernel.refusal import Refused
from openkap.protocols import actions as protocols_actions
from openkap.protocols.loading import load_bundled
from openkap.screening import facts as screening_facts
from openkap.screening import rules as screening_rules
from openkap.screening.numbers import ScreeningNumbers
from openkap.watch import actions as watch_actions
from openkap.watch import handlers
from openkap.watch.models import Mark, Session
from openkap.watch.plausibility import BREATHING, DBP, MOAAS, SBP, SPO2
from openkap.watch.rules.answering import OpenMark
from tests.cast import NOW, Cast
from tests.packs import BUNDLED

MARK_BARS = {"MARK_OPEN", "MARK_OPEN_NOT_CONFIRMED"}  # by whether the clinic has confirmed the row


def _codes(caught) -> set[str]:
    return {it.code for it in caught.value.objections}


def _against(it) -> set[str]:
    told = objections_to_start(it.session, initials="AO", birth_year=1985, by=it.cast.sam, at=it.later(1))
    return {one.code for one in told}


@pytest.mark.parametrize("values", [{SPO2: 81}, {MOAAS: 1}, {SPO2: 81, MOAAS: 1}])
def test_no_dose_begins_while_a_value_asks_for_a_stop(cast: Cast, values) -> None:
    """H08, H11: that it was measured is not enough; it must allow the dose."""
    it = scene(cast)
    it.take(values, minutes=0.5)
    with pytest.raises(Refused) as caught:
        it.start()
    assert MARK_BARS & _codes(caught)
    assert Dose.objects.count() == 0
    for mark in Mark.objects.filter(closed_at__isnull=True):
        watch_actions.acknowledge_mark(mark.id, action="Woken, repositioned", by=cast.sam, at=it.later(0.6))
    it.take({SPO2: 98, MOAAS: 5}, minutes=0.8)
    assert it.start(minutes=1).ordered_mg == 36


def test_only_the_bedside_makes_the_drug_run(cast: Cast) -> None:
    it = scene(cast)
    it.start()
    noor = {"by": cast.noor, "at": it.later(5)}
    actions.pause(it.session.id, **noor)
    for act in (actions.resume, actions.end):
        with pytest.raises(Refused) as caught:
            act(it.session.id, **noor)
        assert "BEDSIDE_ONLY" in _codes(caught)
    actions.resume(it.session.id, by=cast.sam, at=it.later(6))
    actions.stop(it.session.id, by=cast.noor, at=it.later(7))


def test_a_dose_too_soon_needs_a_second_prescriber_at_the_start_too(cast: Cast) -> None:
    """H05, H06: what was planned is not what happens; the hours are counted at the start."""
    it = scene(cast)
    assert _against(it) == set()
    fresh = _day_after(it)
    assert [one.code for one in _too_soon(fresh, it.order, at=NOW)] == ["TOO_SOON"]
    assert _too_soon(fresh, it.order, at=NOW + timedelta(days=1)) == []


def _day_after(it) -> Session:
    """Another session of the same person, a day after their first dose."""
    yesterday = NOW - timedelta(days=1)
    Dose.objects.filter(id=it.start().id).update(at=yesterday, ended_at=yesterday)
    here = it.session
    return Session(patient_id=here.patient_id, course=here.course, clinic_id=here.clinic_id)


@pytest.mark.parametrize(
    ("hours", "agreed", "expected"),
    [(36, False, ["TOO_SOON"]), (47.99, False, ["TOO_SOON"]), (48, False, []), (36, True, [])],
)
def test_the_interval_is_counted_in_hours_and_not_in_calendar_days(hours, agreed, expected) -> None:
    """H05: Monday 20:00 to Wednesday 08:00 are 36 hours, whatever the calendar says."""
    guard = load_bundled(BUNDLED).interval
    told = {"guard": guard, "agreed": agreed, "at": NOW}
    found = rules.objections_to_interval(NOW - timedelta(hours=hours), **told)
    assert [one.code for one in found] == expected
    assert all(f"{int(hours)} h ago" in one.text for one in found)
    assert rules.objections_to_interval(None, **told) == []


@pytest.mark.parametrize(("flags", "expected"), [(["DOSE_OVER_CAP"], ["TOO_SOON"]), (["TOO_SOON"], [])])
def test_a_second_signature_about_something_else_is_none_about_the_interval(
    cast: Cast, flags, expected
) -> None:
    """H05, H06."""
    it = scene(cast)
    fresh = _day_after(it)
    order = ordered(cast, it.session.course, number=2, flags=flags, needs_second=True)
    key, who = uuid7(), {"typed_name": cast.bello.name, "by": cast.bello, "at": NOW}
    signature = sign(order.content.encode(), meaning="second", subject=("order_second", key), **who)
    OrderSecond.objects.create(id=key, order=order, signature=signature, **cast.bello.stamp(NOW))
    assert [one.code for one in _too_soon(fresh, order, at=NOW)] == expected


def test_what_is_learned_after_the_screening_stands_in_the_way(cast: Cast) -> None:
    """H17: a pregnancy told after the decision was signed is not covered by it."""
    it = scene(cast)
    assert "SCREENING_NEWS" not in _against(it)
    chart_actions.answer_facts(cast.amara.id, answers={"pregnancy": (Answer.YES, "")}, by=cast.sam, at=NOW)
    assert "SCREENING_NEWS" in _against(it)


def test_alcohol_is_asked_about_on_the_day_and_a_yes_waits_for_a_prescriber(cast: Cast) -> None:
    """H11: yesterday's no is no answer today; a yes is shown with its rule, and asked again or decided."""
    it = scene(cast, without="today")
    assert _against(it) == {"DAY_NOT_ASKED"}
    others = {name: told for name, told in WELL_TODAY.items() if name != "alcohol_today"}
    actions.answer_today(it.session.id, answers=others, by=cast.sam, at=NOW)
    _says(cast, Answer.NO, at=NOW - timedelta(days=1))
    assert _against(it) == {"DAY_NOT_ASKED"}
    _says(cast, Answer.YES, at=NOW)
    assert _against(it) == {"DAY_AGAINST"}
    (told,) = objections_to_start(it.session, initials="AO", birth_year=1985, by=cast.sam, at=it.later(1))
    assert "DDI_ALCOHOL" in told.text
    decision = {"reason": "A sip at noon", "by": cast.okafor, "at": it.later(0.5)}
    actions.decide_to_go_on(it.session.id, about="pressure", **decision)
    assert _against(it) == {"DAY_AGAINST"}
    actions.decide_to_go_on(it.session.id, about="alcohol_today", **decision)
    assert _against(it) == set()
    _says(cast, Answer.YES, at=it.later(0.8))
    assert _against(it) == {"DAY_AGAINST"}
    _says(cast, Answer.NO, at=it.later(0.9))
    assert _against(it) == set()


def _says(cast: Cast, answer: Answer, *, at: datetime) -> None:
    asked = frozenset({"alcohol_today"})
    chart_actions.answer_facts(
        cast.amara.id, answers={"alcohol_today": (answer, "")}, again=asked, by=cast.sam, at=at
    )


def test_a_weight_that_has_changed_since_the_order_stands_in_the_way(cast: Cast) -> None:
    """H04."""
    it = scene(cast)
    weigh(cast, "60", at=it.later(0.5))
    assert _against(it) == {"WEIGHT_CHANGED"}
    weigh(cast, "71.5", at=it.later(0.6))
    assert _against(it) == set()


def test_a_person_nobody_has_weighed_waits_for_the_scale(cast: Cast) -> None:
    """H04."""
    assert _against(scene(cast, without="weight")) == {"WEIGHT_MISSING"}


def test_a_grave_mark_is_lifted_by_measuring_and_not_by_a_word(cast: Cast) -> None:
    """H14: leaving waits for the value, also when somebody has answered the mark."""
    it = scene(cast)
    it.start()
    it.take({SPO2: 86}, minutes=5)
    watch_actions.acknowledge_mark(Mark.objects.get().id, action="Oxygen", by=cast.sam, at=it.later(6))
    assert facts.marks_in_the_way(it.session) == 1
    it.take({SPO2: 97}, minutes=8)
    assert facts.marks_in_the_way(it.session) == 0


def test_an_order_over_the_ceiling_starts_no_dose_whoever_signed_it(cast: Cast) -> None:
    """H06: an order signed before there was a ceiling is held at the start."""
    it, quick = scene(cast, without="order"), InfusionRegimen(Minutes.of(9), MilligramsPerHour.of(54))
    ordered(cast, it.session.course, dose_mg=Decimal(160), regimen=quick)
    assert {"DOSE_OVER_CEILING", "TIME_UNDER_CEILING", "RATE_OVER_CEILING"} <= _against(it)


def _open(cause: str) -> Mark:
    return Mark.objects.filter(cause=cause, closed_at__isnull=True).get()


def _refused_to(act, it, *, minutes: float, **more) -> set[str]:
    with pytest.raises(Refused) as caught:
        act(it.session.id, by=it.cast.sam, at=it.later(minutes), **more)
    return _codes(caught)


FASTER = {"rate_mg_per_h": Decimal(50), "why": "as ordered"}


@pytest.mark.parametrize(
    ("cause", "first", "second"),
    [
        ("pressure", {SBP: 195, DBP: 118}, {SBP: 196, DBP: 119}),
        ("saturation", {SPO2: 86}, {SPO2: 85}),
        ("alertness", {MOAAS: 2}, {MOAAS: 2}),
        ("breathing", {BREATHING: 6}, {BREATHING: 7}),
    ],
)
def test_while_a_value_asks_for_a_stop_nobody_goes_on_or_gives_faster(
    cast: Cast, cause, first, second
) -> None:
    """H08, H10, H11: whatever its cause, the pressure too; slower stays free, pausing and stopping too."""
    it = scene(cast)
    it.start()
    actions.change_rate(it.session.id, rate_mg_per_h=Decimal(40), why="sick", by=cast.sam, at=it.later(2))
    it.take(first, minutes=5)
    it.take(second, minutes=6)
    assert _open(cause).level == "stop"
    assert MARK_BARS & _refused_to(actions.change_rate, it, minutes=6.5, **FASTER)
    actions.change_rate(it.session.id, rate_mg_per_h=Decimal(30), why="less", by=cast.sam, at=it.later(7))
    actions.pause(it.session.id, by=cast.noor, at=it.later(8))
    watch_actions.acknowledge_mark(_open(cause).id, action="Prescriber called", by=cast.sam, at=it.later(8.5))
    assert MARK_BARS & _refused_to(actions.resume, it, minutes=9)
    it.take(dict(BASE) | {BREATHING: 14}, minutes=10)
    actions.resume(it.session.id, by=cast.sam, at=it.later(10.5))


def test_what_bars_says_whether_the_clinic_has_confirmed_its_limit() -> None:
    """H12: nobody takes a default of this software for a decision of the clinic."""
    mark = OpenMark(uuid7(), "Pressure 185", "Pause", "act", confirmed=False)
    (said,) = objections_to_running([mark], consent_withdrawn=False)
    assert "not confirmed by this clinic" in said.text
    (said,) = objections_to_running([replace(mark, confirmed=True)], consent_withdrawn=False)
    assert said.text == "Pressure 185: Pause"


def test_a_decision_lifts_the_mark_it_names_and_no_other(cast: Cast) -> None:
    """H08, H10: a word about the pressure does not lift a saturation of 85 %."""
    it = scene(cast)
    it.start()
    it.take({SBP: 195, DBP: 118, SPO2: 85}, minutes=5)
    it.take({SBP: 196, DBP: 119}, minutes=6)
    actions.pause(it.session.id, by=cast.sam, at=it.later(6.5))
    decided = {"reason": "White coat, no complaints", "by": cast.okafor, "at": it.later(7)}
    watch_actions.decide_about_mark(_open("pressure").id, **decided)
    assert _refused_to(actions.resume, it, minutes=7.5) == {"MARK_OPEN_NOT_CONFIRMED"}
    watch_actions.decide_about_mark(_open("saturation").id, **decided)
    actions.resume(it.session.id, by=cast.sam, at=it.later(8))
    it.take({SBP: 210, DBP: 120}, minutes=9)
    assert "MARK_OPEN_NOT_CONFIRMED" in _refused_to(
        actions.change_rate, it, minutes=9.5, rate_mg_per_h=Decimal(55), why="x"
    )


def test_a_mark_that_was_decided_and_gets_worse_bars_again(cast: Cast) -> None:
    """H08: nobody decided about the worse value."""
    it = scene(cast)
    it.start()
    it.take({SPO2: 88}, minutes=5)
    actions.pause(it.session.id, by=cast.sam, at=it.later(5.5))
    watch_actions.decide_about_mark(
        _open("saturation").id, reason="Cold hands", by=cast.okafor, at=it.later(6)
    )
    it.take({SPO2: 82}, minutes=7)
    assert _refused_to(actions.resume, it, minutes=7.5) == {"MARK_OPEN_NOT_CONFIRMED"}


def test_only_a_prescriber_decides_about_a_mark_and_only_with_a_reason(cast: Cast) -> None:
    """H45: an unsigned row bars like a signed one; a nurse never lifts it."""
    it = scene(cast)
    it.start()
    it.take({SPO2: 88}, minutes=5)
    mark = _open("saturation")
    assert (mark.status, mark.confirmed) == ("design_default", False)
    for by, reason in ((cast.sam, "fine"), (cast.noor, "fine"), (cast.okafor, "  ")):
        with pytest.raises(Refused):
            watch_actions.decide_about_mark(mark.id, reason=reason, by=by, at=it.later(6))
    assert not mark.decisions.exists()


def test_a_row_the_director_has_signed_is_called_confirmed_on_its_mark(cast: Cast) -> None:
    """H45."""
    it = scene(cast)
    version = it.session.course.pack_version
    named = {"typed_name": cast.okafor.name, "by": cast.okafor, "at": NOW}
    protocols_actions.sign_rows(version.id, row_ids=["T_SPO2_STOP"], **named)
    it.start()
    it.take({SPO2: 88}, minutes=5)
    assert _open("saturation").confirmed


def test_consent_withdrawn_in_a_session_marks_and_alerts_and_closes_the_way_on(cast: Cast) -> None:
    """H19: at once, in the room and with somebody who must answer; a prescriber cannot lift it."""
    it = scene(cast)
    it.start()
    actions.pause(it.session.id, by=cast.noor, at=it.later(4))
    consent_actions.withdraw(Consent.objects.get().id, by=cast.amara_herself, at=it.later(5))
    (alert,) = Alert.objects.filter(kind="consent_withdrawn")
    assert alert.patient_id == cast.amara.id
    assert "CONSENT_WITHDRAWN" in _refused_to(actions.resume, it, minutes=5.1)
    event = Event.objects.get(verb="consent.withdrawn")
    handlers.on_consent_withdrawn(delivery_of(event, ConsentWithdrawn))
    handlers.on_consent_withdrawn(delivery_of(event, ConsentWithdrawn))
    mark = _open("consent")
    assert mark.level == "stop"
    with pytest.raises(Refused):
        watch_actions.decide_about_mark(mark.id, reason="go on", by=cast.okafor, at=it.later(6))
    assert "CONSENT_WITHDRAWN" in _refused_to(actions.resume, it, minutes=6.5)
    told = objections_to_start(it.session, initials="AO", birth_year=1985, by=cast.sam, at=it.later(6.6))
    assert [one.code for one in told].count("CONSENT_WITHDRAWN") == 1
    actions.stop(it.session.id, by=cast.sam, at=it.later(7))
    assert facts.marks_in_the_way(it.session) == 1
    watch_actions.acknowledge_mark(mark.id, action="Stopped", by=cast.sam, at=it.later(8))
    assert facts.marks_in_the_way(it.session) == 0


def test_a_pressure_before_the_dose_is_the_time_outs_and_no_mark_of_the_infusion(cast: Cast) -> None:
    """H10: a row that speaks of the infusion looks at what was measured since it began."""
    it = scene(cast)
    it.take({SBP: 186, DBP: 112}, minutes=0.4)
    it.take({SBP: 188, DBP: 112}, minutes=0.5)
    assert not Mark.objects.exists()
    assert _against(it) & {"BP_HOLD", "BP_ELEVATED_REPEAT"}
    decided = {"about": "pressure", "reason": "known", "by": cast.okafor, "at": it.later(0.9)}
    actions.decide_to_go_on(it.session.id, **decided)
    it.start(minutes=1)
    it.take({SBP: 182, DBP: 100}, minutes=4)
    assert _open("pressure").level == "act"
    it.take({SBP: 183, DBP: 100}, minutes=5)
    assert _open("pressure").level == "stop"


AGAINST = [
    ("drugs_since_yesterday", Answer.YES, "DAY_AGAINST", "DAY_DRUGS"),
    ("fasting_followed", Answer.NO, "DAY_AGAINST", "DAY_FAST"),
    ("pregnancy_possible", Answer.YES, "DAY_AGAINST", "DAY_PREG"),
    ("bladder_today", Answer.YES, "DAY_AGAINST", "DAY_LUTS"),
    ("mood_worse", Answer.YES, "DAY_AGAINST", "DAY_MOOD"),
    ("suicide_today", Answer.YES, "DAY_AGAINST", "DAY_SUICIDE"),
    ("equipment_ready", Answer.NO, "DAY_BLOCKS", "DAY_EQUIPMENT"),
]


@pytest.mark.parametrize(("name", "answer", "code", "rule"), AGAINST)
def test_each_answer_of_the_day_has_its_consequence(cast: Cast, name, answer, code, rule) -> None:
    """H11: opioids last night were one optional note; now each answer has its row, and its decision."""
    it = scene(cast)
    actions.answer_today(it.session.id, answers={name: (answer, "")}, by=cast.sam, at=NOW)
    (told,) = objections_to_start(it.session, initials="AO", birth_year=1985, by=cast.sam, at=it.later(1))
    assert (told.code, told.field) == (code, name)
    assert rule in told.text
    decided = {"reason": "Weighed", "by": cast.okafor, "at": it.later(0.5)}
    actions.decide_to_go_on(it.session.id, about=name, **decided)
    assert _against(it) == ({code} if code == "DAY_BLOCKS" else set())


def test_thoughts_of_suicide_on_the_day_have_an_owner_at_once(cast: Cast) -> None:
    """H12."""
    it = scene(cast)
    yes = {"suicide_today": (Answer.YES, "")}
    actions.answer_today(it.session.id, answers=yes, by=cast.sam, at=NOW)
    actions.answer_today(it.session.id, answers=yes, by=cast.sam, at=it.later(0.2))
    (alert,) = Alert.objects.filter(kind="day_answer")
    assert alert.owner_id in (cast.okafor.membership_id, cast.bello.membership_id)
    with pytest.raises(Refused):
        actions.answer_today(it.session.id, answers={"shoe_size": (Answer.YES, "")}, by=cast.sam, at=NOW)
    with pytest.raises(Refused):
        actions.answer_today(it.session.id, answers={}, by=cast.sam, at=NOW)


def test_what_is_asked_on_the_day_is_not_asked_at_the_screening() -> None:
    """H16: and nobody's screening goes stale because of it."""
    pack = load_bundled(BUNDLED)
    facts_today = screening_facts.Facts(today=NOW.date(), sex="female")
    at_screening = {it.name for it in screening_rules.asked_of(pack, facts_today)}
    of_the_day = {
        it.name for it in screening_rules.of_the_day(pack, facts_today, numbers=shipped(ScreeningNumbers))
    }
    assert {name for name, *_ in AGAINST} <= of_the_day - at_screening
    assert "pregnancy_possible" not in {
        it.name
        for it in screening_rules.of_the_day(
            pack, replace(facts_today, sex="male"), numbers=shipped(ScreeningNumbers)
        )
    }
