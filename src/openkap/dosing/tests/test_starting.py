"""The dose starts when every gate holds, once, for the right person, or it does not start."""

from __future__ import annotations

import threading
from decimal import Decimal

import pytest
from django.db import connection

from openkap.accounts import actions as accounts_actions
from openkap.accounts import duties
from openkap.audit.models import Event
from openkap.chart.models import ListAsked
from openkap.consent import queries as consents
from openkap.courses.models import GateMet
from openkap.dispensary import actions as dispensary_actions
from openkap.dosing import actions
from openkap.dosing.actions import doses
from openkap.dosing.models import Dose, DoseStep, SecondCheck
from openkap.dosing.tests.scene import BASE, READ, Scene, check, scene
from openkap.kernel.ids import uuid7
from openkap.kernel.refusal import Refused
from openkap.watch import actions as watch_actions
from openkap.watch.models import Session
from openkap.watch.plausibility import DBP, SBP
from tests.cast import NOW, Cast, Committed


def codes(refused: pytest.ExceptionInfo[Refused]) -> set[str]:
    return {objection.code for objection in refused.value.objections}


def test_with_everything_in_place_the_dose_starts(cast: Cast) -> None:
    it = scene(cast)
    dose = it.start()
    assert dose.ordered_mg == Decimal(36)
    assert [(s.kind, s.rate_mg_per_h) for s in dose.steps.all()] == [("start", Decimal(54))]
    assert consents.is_impaired(cast.amara.id)
    assert Event.objects.filter(verb="dosing.started", patient_id=cast.amara.id).count() == 1


@pytest.mark.parametrize(
    ("missing", "code"),
    [
        ("order", "ORDER_MISSING"),
        ("check", "SECOND_CHECK_MISSING"),
        ("consent", "CONSENT_MISSING"),
        ("allergies", "ALLERGIES_NOT_ASKED"),
        ("medicines", "MEDICINES_NOT_REVIEWED"),
        ("escort", "ESCORT_MISSING"),
        ("promise", "NO_DRIVE_NOT_SIGNED"),
        ("vitals", "PREDOSE_MISSING"),
        ("preparation", "NOT_PREPARED"),
        ("screening", "NOT_SCREENED"),
    ],
)
def test_a_dose_with_one_gate_open_leaves_no_clinical_trace(cast: Cast, missing: str, code: str) -> None:
    """H01, H02, H05, H10, H11, H15, H16, H17, H19."""
    it = scene(cast, without=missing)
    events = Event.objects.count()
    with pytest.raises(Refused) as refused:
        it.start()
    assert code in codes(refused)
    assert not Dose.objects.exists()
    assert not consents.is_impaired(cast.amara.id)
    assert Event.objects.count() == events


@pytest.mark.parametrize(("initials", "year"), [("OA", 1985), ("AO", 1986), ("", 1985)])
def test_another_persons_initials_or_year_stop_the_start(cast: Cast, initials: str, year: int) -> None:
    """H01."""
    it = scene(cast)
    with pytest.raises(Refused) as refused:
        it.start(initials=initials, birth_year=year)
    assert codes(refused) <= {"IDENTITY_DIFFERS", "IDENTITY_MISSING"}


def test_everything_that_is_missing_is_said_at_once(cast: Cast) -> None:
    it = scene(cast, but=frozenset({"order", "consent", "escort", "vitals", "allergies"}))
    with pytest.raises(Refused) as refused:
        it.start(initials="")
    assert len(refused.value.objections) >= 8


def test_the_prescriber_cannot_be_the_second_pair_of_eyes(cast: Cast) -> None:
    """H02."""
    it = scene(cast, without="check")
    with pytest.raises(Refused) as refused:
        check(it.session, by=cast.okafor)
    assert codes(refused) == {"CHECK_BY_SAME", "CHECK_NOT_COMPETENT"}


def test_nurse_alone_does_not_make_a_time_out_of_two(cast: Cast) -> None:
    """H06: Sam opened, checked, took the promise and started, alone; now somebody else must have checked."""
    it = scene(cast, without="check")
    check(it.session, by=cast.sam)
    with pytest.raises(Refused) as refused:
        it.start()
    assert codes(refused) == {"CHECK_BY_STARTER"}
    check(it.session, by=cast.june)
    assert it.start().ordered_mg == 36


def test_who_is_not_named_does_not_check_and_the_names_are_said(cast: Cast) -> None:
    """H06: a therapist's tap counted as the independent check of a drug."""
    it = scene(cast, without="check")
    with pytest.raises(Refused) as refused:
        check(it.session, by=cast.noor)
    assert codes(refused) == {"CHECK_NOT_COMPETENT"}
    assert "June Park" in str(refused.value)


def test_a_check_ends_with_the_checkers_duty_the_vial_and_the_order(cast: Cast) -> None:
    """H02, H03, H06: proved again at the start."""
    it = scene(cast)
    [duty] = [one for one in duties.held("independent_check") if one.membership.user.name == "June Park"]
    accounts_actions.end_duty(duty.id, why="on leave", by=cast.okafor, at=NOW)
    with pytest.raises(Refused) as refused:
        it.start()
    assert codes(refused) == {"CHECK_NOT_COMPETENT"}
    dispensary_actions.withdraw(it.order.formulary_item_id, why="gone", by=cast.okafor, at=NOW)
    with pytest.raises(Refused) as refused:
        it.start()
    assert codes(refused) == {"CHECK_NOT_COMPETENT", "VIAL_CHANGED"}


def test_a_vial_or_a_pump_that_says_something_else_is_no_check(cast: Cast) -> None:
    """H02, H03."""
    it = scene(cast, without="check")
    for wrong in ({"strength_mg_per_ml": Decimal(50)}, {"rate_mg_per_h": Decimal(540)}):
        with pytest.raises(Refused) as refused:
            check(it.session, by=cast.june, **wrong)
        assert codes(refused) == {"READ_DIFFERS"}
    assert not SecondCheck.objects.exists()
    assert READ["rate_mg_per_h"] == it.order.regimen.rate.value


def test_the_person_promises_in_their_own_sign_in_or_before_a_named_witness(cast: Cast) -> None:
    """H15."""
    it = scene(cast, without="promise")
    with pytest.raises(Refused) as refused:
        actions.promise_no_drive(it.session.id, signed_name="Amara Osei", by=cast.sam, at=NOW)
    assert codes(refused) == {"WITNESS_MISSING"}
    promise = actions.promise_no_drive(it.session.id, signed_name="Amara Osei", by=cast.amara_herself, at=NOW)
    assert (promise.by_role, promise.witness_name) == ("patient", "")
    assert it.start().ordered_mg == 36


def test_a_high_pressure_waits_for_a_prescribers_reason(cast: Cast) -> None:
    """H10: a nurse cannot decide it, and a decision covers no reading above the one it was about."""
    it, why = scene(cast), {"about": "pressure", "reason": "White coat"}
    it.take({SBP: 152, DBP: 88}, minutes=1)
    with pytest.raises(Refused) as refused:
        it.start(minutes=2)
    assert codes(refused) == {"BP_ELEVATED_PREDOSE"}
    with pytest.raises(Refused):
        actions.decide_to_go_on(it.session.id, **why, by=cast.sam, at=it.later(2))
    actions.decide_to_go_on(it.session.id, **why, by=cast.okafor, at=it.later(2))
    it.take({SBP: 154, DBP: 88}, minutes=3)
    with pytest.raises(Refused):
        it.start(minutes=4)
    with pytest.raises(Refused) as refused:
        actions.decide_to_go_on(
            it.session.id,
            about="pressure",
            reason="White coat",
            seen_at=it.later(1),
            by=cast.okafor,
            at=it.later(4),
        )
    assert codes(refused) == {"PRESSURE_NEWER"}
    decision = actions.decide_to_go_on(
        it.session.id,
        about="pressure",
        reason="White coat",
        seen_at=it.later(3),
        by=cast.okafor,
        at=it.later(4),
    )
    assert (decision.sbp, decision.dbp, decision.measured_at) == (154, 88, it.later(3))
    it.take({SBP: 150, DBP: 87}, minutes=4.5)
    assert it.start(minutes=5)


def test_old_values_do_not_start_a_dose(cast: Cast) -> None:
    it = scene(cast)
    with pytest.raises(Refused) as refused:
        it.start(minutes=16)
    assert codes(refused) == {"PREDOSE_MISSING"}


def test_the_same_tap_is_the_same_dose_and_another_tap_is_refused(cast: Cast) -> None:
    """H05."""
    it, tap = scene(cast), uuid7()
    assert it.start(client_id=tap) == it.start(minutes=1.1, client_id=tap)
    with pytest.raises(Refused) as refused:
        it.start(minutes=1.2, client_id=uuid7())
    assert {"DOSE_OPEN", "ORDER_GIVEN"} <= codes(refused)
    actions.end(it.session.id, by=cast.sam, at=it.later(10))
    with pytest.raises(Refused) as refused:
        it.start(minutes=11)
    assert "ORDER_GIVEN" in codes(refused)
    assert Dose.objects.count() == 1


def test_many_starts_at_once_give_one_dose(committed: Committed) -> None:
    """H05, H25: several devices at one session follow one another."""
    with committed.inside():
        it = scene(committed.cast)
    outcomes: list[str] = []

    def go() -> None:
        try:
            with committed.inside():
                it.start(client_id=uuid7())
            outcomes.append("given")
        except Refused:
            outcomes.append("refused")
        finally:
            connection.close()

    threads = [threading.Thread(target=go) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["given"] + ["refused"] * 7
    with committed.inside():
        assert Dose.objects.count() == 1
        assert DoseStep.objects.count() == 1


def test_when_the_record_fails_no_dose_has_started(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    it = scene(cast)

    def broken(*args: object, **kwargs: object) -> None:
        raise RuntimeError("the record is broken")

    monkeypatch.setattr(doses, "record", broken)
    with pytest.raises(RuntimeError):
        it.start()
    assert not Dose.objects.exists()
    assert not consents.is_impaired(cast.amara.id)


def test_pause_go_on_and_end_add_up_and_open_the_gate(cast: Cast) -> None:
    it = scene(cast)
    dose = it.start(minutes=0)
    actions.pause(it.session.id, by=cast.noor, at=it.later(10))
    actions.resume(it.session.id, by=cast.sam, at=it.later(15))
    actions.end(it.session.id, by=cast.sam, at=it.later(25))
    dose.refresh_from_db()
    assert dose.ended_at == it.later(25)
    from openkap.dosing import facts

    assert facts.dose_state(dose, at=it.later(60)).given_mg == Decimal(18)
    assert GateMet.objects.filter(gate="dosing_done", planned_session__number=1).exists()
    with pytest.raises(Refused):
        actions.pause(it.session.id, by=cast.sam, at=it.later(26))


def test_no_rate_is_faster_than_the_order(cast: Cast) -> None:
    it = scene(cast)
    it.start(minutes=0)
    with pytest.raises(Refused) as refused:
        actions.change_rate(it.session.id, rate_mg_per_h=Decimal(60), why="late", by=cast.sam, at=it.later(5))
    assert codes(refused) == {"RATE_OVER_ORDER"}
    actions.change_rate(it.session.id, rate_mg_per_h=Decimal(30), why="calmer", by=cast.sam, at=it.later(5))


def test_a_room_and_a_person_hold_one_session_at_a_time(cast: Cast) -> None:
    it = scene(cast, but=frozenset({"consent", "order"}))
    with pytest.raises(Refused) as refused:
        watch_actions.open_session(
            it.session.course_id, number=2, room_id=cast.room.id, by=cast.sam, at=it.later(1)
        )
    assert codes(refused) == {"ROOM_TAKEN", "OTHER_SESSION_OPEN"}
    assert Session.objects.count() == 1


def test_allergies_nobody_asked_about_are_not_no_allergies(cast: Cast) -> None:
    """H16."""
    it: Scene = scene(cast, without="allergies")
    assert not ListAsked.objects.filter(kind="allergy").exists()
    assert BASE
    with pytest.raises(Refused, match="allergies"):
        it.start()
