"""At night: who is sent a message, who may open the record then, and that nobody on call is an alert."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
from django.db import connection

from openkap.accounts.actor import Actor
from openkap.accounts.models import Membership
from openkap.alerts import actions, queries
from openkap.alerts.actions import answering
from openkap.alerts.actions import covering as signing
from openkap.alerts.models import Alert, Cover, OnCall, Step, StepKind
from openkap.kernel.ids import uuid7
from openkap.kernel.refusal import Refused
from openkap.notices import actions as notices_actions
from openkap.notices.models import Notice, NoticeState
from openkap.people import actions as people_actions
from openkap.people import queries as people_queries
from openkap.people.models import Patient
from tests.cast import NOW, Cast, sign_cover
from tests.statements import StatementInATest

CLOCK = "The clock"


@pytest.fixture
def night(cast: Cast) -> Cast:
    """The clinic has no hours today; Eve, who is in nobody's care team, is on call, then June."""
    sign_cover(cast.ada, on_call=(cast.eve, cast.june), hours=None, at=NOW)
    return cast


def _raise(cast: Cast, *, severity: str = "urgent", at=NOW) -> Alert:
    return actions.raise_alert(
        cast.amara.id,
        kind="suicidality",
        says=StatementInATest.WORDS(words="PHQ-9: question 9 is answered above zero."),
        owner_membership_id=cast.okafor.membership_id,
        cause=("response", uuid7()),
        by=Actor.link(cast.clinic.id, "Amara"),
        at=at,
        severity=severity,
    )


def _sweep(cast: Cast, *, minutes: int) -> None:
    actions.sweep(by=Actor.system(cast.clinic.id, CLOCK), at=NOW + timedelta(minutes=minutes))


def _messaged() -> list[str]:
    rows = Step.objects.filter(kind=StepKind.MESSAGED).order_by("at", "id")
    return [step.to.user.name.split()[0] for step in rows]


def test_at_night_the_person_on_call_is_sent_a_message_in_the_same_commit(night: Cast) -> None:
    """H12, H42: something leaves the building, and it says nothing of whom or what."""
    _raise(night)
    notice = Notice.objects.get()
    assert (notice.kind, notice.address, notice.patient_id) == (
        "alert_waiting",
        notice.owner.user.email,
        None,
    )
    assert notice.owner_id == night.eve.membership_id
    assert notice.link_path == "/alerts/"


def test_by_day_nothing_leaves_until_it_has_gone_unseen(cast: Cast) -> None:
    _raise(cast)
    assert Notice.objects.count() == 0
    _sweep(cast, minutes=9)
    assert Notice.objects.count() == 0
    _sweep(cast, minutes=10)
    assert Notice.objects.count() == 1


def test_messages_go_on_until_somebody_takes_it(night: Cast) -> None:
    alert = _raise(night)
    for minute in range(1, 31):
        for notice in Notice.objects.filter(state=NoticeState.QUEUED):
            notices_actions.send(notice.id, by=night.ada, at=NOW + timedelta(minutes=minute))
        _sweep(night, minutes=minute)
    assert _messaged() == ["Eve"] * 3 + ["June"] * 3 + ["Eve"]
    actions.acknowledge(alert.id, by=night.eve, at=NOW + timedelta(minutes=31))
    for minute in range(32, 60):
        _sweep(night, minutes=minute)
    assert len(_messaged()) == 7


def test_a_message_that_cannot_go_out_is_followed_by_the_next_person_at_once(night: Cast, settings) -> None:
    _raise(night)
    settings.OPENKAP_MAIL_IS_SET_UP = False
    notices_actions.send(Notice.objects.get().id, by=night.ada, at=NOW)
    settings.OPENKAP_MAIL_IS_SET_UP = True
    assert Notice.objects.get().state == NoticeState.FAILED
    _sweep(night, minutes=1)
    assert _messaged() == ["Eve", "June"]


def test_without_a_mail_system_nothing_piles_up_and_that_is_an_alert_once(night: Cast, settings) -> None:
    settings.OPENKAP_MAIL_IS_SET_UP = False
    _raise(night)
    for minute in range(1, 9):
        _sweep(night, minutes=minute)
    assert Notice.objects.count() == 0
    alert = Alert.objects.get(kind="no_mail_system")
    assert (alert.severity, alert.patient_id, alert.owner.role) == ("soon", None, "coordinator")


def test_a_message_that_waits_in_the_queue_is_not_waited_for(night: Cast) -> None:
    _raise(night)
    _sweep(night, minutes=1)
    assert _messaged() == ["Eve"]
    _sweep(night, minutes=2)
    assert _messaged() == ["Eve", "June"]


def test_whoever_is_sent_a_message_may_open_the_record_and_only_for_that(night: Cast) -> None:
    """An alert goes only to people who may open the record; being on call opens no other one."""
    assert not people_queries.is_in_care_team(night.eve, night.amara.id)
    alert = _raise(night)
    assert people_queries.is_in_care_team(night.eve, night.amara.id)
    assert queries.one(night.eve, alert.id) is not None
    actions.acknowledge(alert.id, by=night.eve, at=NOW)
    actions.answer(alert.id, outcome="spoke", note="Spoke with her.", by=night.eve, at=NOW)
    _sweep(night, minutes=24 * 60 - 1)
    assert people_queries.is_in_care_team(night.eve, night.amara.id)
    _sweep(night, minutes=24 * 60)
    assert not people_queries.is_in_care_team(night.eve, night.amara.id)
    assert people_queries.is_in_care_team(night.june, night.amara.id)


def test_who_joins_the_team_in_earnest_stays(night: Cast) -> None:
    alert = _raise(night)
    people_actions.add_to_care_team(
        night.amara.id, membership_id=night.eve.membership_id, by=night.kit, at=NOW
    )
    actions.acknowledge(alert.id, by=night.eve, at=NOW)
    actions.answer(alert.id, outcome="spoke", note="Spoke with her.", by=night.eve, at=NOW)
    _sweep(night, minutes=48 * 60)
    assert people_queries.is_in_care_team(night.eve, night.amara.id)


def test_while_another_alert_is_open_nobody_who_was_let_in_leaves(night: Cast) -> None:
    first, second = _raise(night), _raise(night)
    actions.acknowledge(first.id, by=night.eve, at=NOW)
    actions.answer(first.id, outcome="spoke", note="Spoke with her.", by=night.eve, at=NOW)
    actions.acknowledge(second.id, by=night.okafor, at=NOW + timedelta(hours=25))
    actions.sweep(by=Actor.system(night.clinic.id, CLOCK), at=NOW + timedelta(hours=25, minutes=1))
    assert people_queries.is_in_care_team(night.eve, night.amara.id)


def test_what_is_for_today_waits_for_the_morning(night: Cast) -> None:
    _raise(night, severity="soon")
    _sweep(night, minutes=30)
    assert Notice.objects.count() == 0


def test_nobody_on_call_is_itself_an_alert_and_the_care_team_is_sent_the_message(cast: Cast) -> None:
    """H12, H34"""
    sign_cover(cast.ada, hours=None, at=NOW)
    _raise(cast)
    assert _messaged() == ["Dr"]
    _sweep(cast, minutes=1)
    _sweep(cast, minutes=1)
    raised = Alert.objects.filter(kind="nobody_on_call")
    assert sorted(raised.values_list("severity", flat=True)) == ["soon", "urgent"]
    assert {alert.owner.role for alert in raised} == {"coordinator"}
    assert {alert.patient_id for alert in raised} == {None}


def test_a_clinic_that_has_set_up_nothing_is_told_once(cast: Cast) -> None:
    sign_cover(cast.ada, at=NOW)
    for minute in range(3):
        _sweep(cast, minutes=minute)
    assert Alert.objects.filter(kind="nobody_on_call").count() == 1


def test_where_nobody_has_come_in_yet_nobody_is_told_and_nothing_fails(cast: Cast, settings, caplog) -> None:
    Membership.objects.update(ended_at=NOW)
    settings.OPENKAP_MAIL_IS_SET_UP = False
    _sweep(cast, minutes=1)
    assert (Alert.objects.count(), caplog.text) == (0, "")


def test_with_somebody_on_call_no_such_alert_is_raised(night: Cast) -> None:
    _raise(night)
    _sweep(night, minutes=1)
    assert not Alert.objects.filter(kind="nobody_on_call").exists()


def test_an_alert_whose_owner_has_left_the_care_team_goes_on_at_once(cast: Cast) -> None:
    """Nobody holds an alert about a person whose record they may no longer open."""
    alert = _raise(cast, severity="soon")
    people_actions.leave_care_team(
        cast.amara.id, membership_id=cast.okafor.membership_id, by=cast.kit, at=NOW
    )
    _sweep(cast, minutes=1)
    alert.refresh_from_db()
    assert alert.owner_id != cast.okafor.membership_id
    assert people_queries.is_in_care_team(
        Actor(cast.clinic.id, alert.owner.role, "x", membership_id=alert.owner_id), cast.amara.id
    )


def test_an_owner_who_may_not_open_the_record_is_replaced(cast: Cast) -> None:
    """H12: an administrator or a stranger is never the one who answers an answer about suicide."""
    for stranger in (cast.ada, cast.eve, cast.kit):
        alert = actions.raise_alert(
            cast.amara.id,
            kind="suicidality",
            says=StatementInATest.WORDS(words="x"),
            owner_membership_id=stranger.membership_id,
            cause=("response", uuid7()),
            by=Actor.system(cast.clinic.id),
            at=NOW,
        )
        assert alert.owner.role == "prescriber"


def test_a_person_without_a_clinician_in_the_team_still_has_one_for_the_alert(cast: Cast) -> None:
    for person in (cast.okafor, cast.bello, cast.sam, cast.june, cast.noor):
        people_actions.leave_care_team(cast.amara.id, membership_id=person.membership_id, by=cast.kit, at=NOW)
    sign_cover(cast.ada, at=NOW)
    alert = _raise(cast)
    assert alert.owner.role == "prescriber"
    actor = Actor(cast.clinic.id, "prescriber", "x", membership_id=alert.owner_id)
    assert people_queries.is_in_care_team(actor, cast.amara.id)


def test_a_failing_record_signs_no_cover(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    before = (Cover.objects.count(), OnCall.objects.count())

    def broken(*args: object, **kwargs: object) -> None:
        raise RuntimeError("the record is down")

    monkeypatch.setattr(signing, "record", broken)
    with pytest.raises(RuntimeError):
        sign_cover(cast.ada, on_call=(cast.june,), at=NOW)
    assert (Cover.objects.count(), OnCall.objects.count()) == before


def test_a_cover_with_a_coordinator_on_call_or_another_name_under_it_is_refused(cast: Cast) -> None:
    before = Cover.objects.count()
    with pytest.raises(Refused) as caught:
        sign_cover(cast.ada, on_call=(cast.kit,), at=NOW)
    assert {it.code for it in caught.value.objections} == {"ON_CALL_CLINICIANS_ONLY"}
    assert Cover.objects.count() == before


def test_letting_somebody_in_waits_for_nobody_who_holds_the_patient(committed) -> None:
    """Alerts are raised while a session is held, and a start holds the patient first: never in a circle."""
    cast, done = committed.cast, []

    def let_in() -> None:
        try:
            with committed.inside(), connection.cursor() as cursor:
                cursor.execute("SET LOCAL lock_timeout = '2s'")
                people_actions.let_in(
                    cast.amara.id,
                    membership_id=cast.eve.membership_id,
                    cause=("alert", uuid7()),
                    by=Actor.system(cast.clinic.id),
                    at=NOW,
                )
            done.append("in")
        finally:
            connection.close()

    with committed.inside():
        list(Patient.objects.select_for_update(no_key=True).filter(id=cast.amara.id))
        thread = threading.Thread(target=let_in)
        thread.start()
        thread.join(30)
    assert done == ["in"]
    with committed.inside():
        assert people_queries.is_in_care_team(cast.eve, cast.amara.id)


def test_one_alert_that_fails_holds_up_no_other(night: Cast, monkeypatch, caplog) -> None:
    """A message that cannot even be queued for one person is logged, and everybody else's goes out."""
    sign_cover(night.ada, on_call=(night.june,), hours=None, at=NOW + timedelta(seconds=1))
    alerts = [_raise(night) for _ in range(2)]
    real = answering.message_on_call

    def fails_once(alert: Alert, **more: object) -> object:
        if alert.id == alerts[0].id:
            raise RuntimeError("this one alone")
        return real(alert, **more)

    monkeypatch.setattr(answering, "message_on_call", fails_once)
    before = len(_messaged())
    _sweep(night, minutes=6)
    assert len(_messaged()) == before + 1
    assert "this one alone" in caplog.text
