"""After the day: each person is asked, and silence is overdue, never well."""

from __future__ import annotations

import importlib
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from openkap.accounts.links import Link, make_token
from openkap.alerts.models import Alert
from openkap.audit.models import Event
from openkap.defaults.loading import shipped
from openkap.followup import actions, queries, rules
from openkap.followup.models import CheckIn, CheckInAnswer
from openkap.followup.numbers import CheckInNumbers
from openkap.followup.rules import CheckInKind, CheckInState
from openkap.kernel.ids import uuid7
from openkap.kernel.refusal import Refused
from openkap.notices import actions as notices_actions
from openkap.notices.models import Notice
from openkap.people.models import Patient
from tests.cast import NOW, Cast, sign_cover


def _plan(cast: Cast, *, session=None, left_at=NOW) -> list[CheckIn]:
    return actions.plan(
        patient_id=cast.amara.id,
        course_id=uuid7(),
        session_id=session or uuid7(),
        left_at=left_at,
        by=cast.sam,
        at=NOW,
    )


def _well(kind: CheckInKind, **other: str) -> dict[str, str]:
    good = {"feeling": "well", "home": "yes", "sleep": "well"}
    return {q.name: other.get(q.name, good.get(q.name, "no")) for q in rules.questions_of(kind)}


CONCERNING = [
    ("safe", "yes", "suicidality", True),
    ("body", "yes", "body", True),
    ("feeling", "bad", "very_bad", True),
    ("home", "no", "alone", True),
    ("unreal", "yes", "unreal", False),
    ("bladder", "yes", "LUTS", False),
    ("feeling", "not_well", "not_well", False),
]


@pytest.mark.parametrize(("question", "answer", "code", "urgent"), CONCERNING)
def test_each_answer_that_asks_something_of_the_clinic_is_a_concern(
    question: str, answer: str, code: str, urgent: bool
) -> None:
    well = {name: value for kind in CheckInKind for name, value in _well(kind).items()}
    assert rules.concerns(well) == []
    found = rules.concerns({**well, question: answer})
    assert [(one.code, one.urgent) for one in found] == [(code, urgent)]


def test_four_check_ins_follow_a_session_planned_once(cast: Cast) -> None:
    session = uuid7()
    made = _plan(cast, session=session)
    assert [it.due_at - NOW for it in made] == [
        timedelta(hours=2),
        timedelta(hours=24),
        timedelta(hours=72),
        timedelta(days=7),
    ]
    assert _plan(cast, session=session) == []
    assert CheckIn.objects.count() == 4


def test_silence_is_overdue_and_has_an_owner(cast: Cast) -> None:
    """H13, H34: nobody's silence is read as well; swept twice, it alarms once."""
    _plan(cast)
    assert actions.sweep(by=cast.sam, at=NOW + timedelta(hours=1)) == []
    late = NOW + timedelta(hours=3, minutes=1)
    assert [it.verb for it in actions.sweep(by=cast.sam, at=late)] == ["send", "alarm"]
    assert actions.sweep(by=cast.sam, at=late) == []
    alert = Alert.objects.get()
    assert (alert.kind, alert.severity) == ("silence", "urgent")
    assert alert.owner_id is not None
    assert Notice.objects.get().address == "amara@example.org"


def test_an_answer_in_time_alarms_nobody(cast: Cast) -> None:
    first = _plan(cast)[0]
    actions.answer(
        first.id, answers=_well(CheckInKind.TWO_HOURS), by=cast.amara_herself, at=NOW + timedelta(hours=2)
    )
    actions.sweep(by=cast.sam, at=NOW + timedelta(hours=5))
    assert Alert.objects.count() == 0
    assert queries.waiting_of(cast.amara.id, now=NOW + timedelta(hours=5)) == []


@pytest.mark.parametrize(
    ("answer", "kind", "severity"),
    [
        ({"safe": "yes"}, "suicidality", "urgent"),
        ({"body": "yes"}, "check_in", "urgent"),
        ({"home": "no"}, "check_in", "urgent"),
        ({"feeling": "bad"}, "check_in", "urgent"),
        ({"feeling": "not_well"}, "check_in", "soon"),
    ],
)
def test_a_worrying_answer_has_an_owner_at_once(cast: Cast, answer, kind, severity) -> None:
    """H12."""
    first = _plan(cast)[0]
    actions.answer(first.id, answers=_well(CheckInKind.TWO_HOURS, **answer), by=cast.amara_herself, at=NOW)
    alert = Alert.objects.get()
    assert (alert.kind, alert.severity) == (kind, severity)


def test_no_worrying_answer_is_kept_without_its_alert(cast: Cast, monkeypatch) -> None:
    """H12: both or neither."""
    first = _plan(cast)[0]
    monkeypatch.setattr(
        actions.alerts_actions, "raise_alert", lambda *a, **k: (_ for _ in ()).throw(RuntimeError("broken"))
    )
    with pytest.raises(RuntimeError):
        actions.answer(
            first.id, answers=_well(CheckInKind.TWO_HOURS, safe="yes"), by=cast.amara_herself, at=NOW
        )
    assert CheckInAnswer.objects.count() == 0


def test_an_incomplete_answer_is_refused_without_a_trace(cast: Cast) -> None:
    first, events = _plan(cast)[0], Event.objects.count()
    with pytest.raises(Refused):
        actions.answer(first.id, answers={"feeling": "well"}, by=cast.amara_herself, at=NOW)
    assert (CheckInAnswer.objects.count(), Event.objects.count()) == (0, events)


def test_a_check_in_is_answered_once(cast: Cast) -> None:
    first = _plan(cast)[0]
    actions.answer(first.id, answers=_well(CheckInKind.TWO_HOURS), by=cast.amara_herself, at=NOW)
    with pytest.raises(Refused):
        actions.answer(
            first.id, answers=_well(CheckInKind.TWO_HOURS, safe="yes"), by=cast.amara_herself, at=NOW
        )


@given(st.sampled_from(list(CheckInKind)), st.integers(0, 300))
def test_an_unanswered_check_in_is_never_well(kind, hours):
    """H13: by the time alone; a restart changes nothing."""
    planned = next(it for it in rules.plan(NOW, numbers=shipped(CheckInNumbers)) if it.kind is kind)
    at = NOW + timedelta(hours=hours)
    state = rules.state(
        due_at=planned.due_at, late_at=planned.late_at, answered=False, called_off=False, now=at
    )
    expected = (
        CheckInState.OVERDUE
        if at >= planned.late_at
        else CheckInState.OPEN
        if at >= planned.due_at
        else CheckInState.PLANNED
    )
    assert state is expected


def test_the_person_answers_by_link_and_sees_help_at_once(cast: Cast, once) -> None:
    """H12."""
    first, phone = _plan(cast)[0], Client()
    path = actions.link_path(first)
    assert b"How are you" in phone.get(path).content
    missing = phone.post(path, {"feeling": "well", "once": once()})
    assert missing.status_code == 422
    sent = phone.post(
        path, {**_well(CheckInKind.TWO_HOURS, safe="yes"), "words": "", "once": once()}, follow=True
    )
    assert b"You do not have to carry this alone" in sent.content
    assert b"988" in sent.content
    wrong = make_token(Link(first.clinic_id, first.patient_id, "measure", first.id))
    assert Client().get(f"/c/{wrong}/").status_code == 404


def test_a_nurse_writes_down_what_was_said_on_the_phone(cast: Cast, client_as, once) -> None:
    first, browser = _plan(cast)[0], client_as(cast.sam)
    path = f"/check-ins/{first.id}/phone/"
    assert browser.get(path).status_code == 200
    browser.post(path, {**_well(CheckInKind.TWO_HOURS), "words": "Tired and calm.", "once": once()})
    assert CheckInAnswer.objects.get().by_phone
    assert b"Tired and calm" in browser.get(f"/patients/{cast.amara.id}/check-ins/").content
    assert client_as(cast.eve).get(path).status_code == 404
    assert client_as(cast.kit).get(path).status_code == 404


def test_without_an_address_somebody_is_asked_to_call_at_leaving_time_and_nothing_says_sent(
    cast: Cast, client_as
) -> None:
    """H13: one owned call for the session, at once; no page says that a link went out."""
    Patient.objects.filter(id=cast.amara.id).update(email="")
    _plan(cast, left_at=NOW - timedelta(hours=2))
    alert = Alert.objects.get()
    assert (alert.kind, alert.severity) == ("call", "soon")
    assert alert.owner.role == "nurse"
    actions.sweep(by=cast.sam, at=NOW)
    assert Notice.objects.count() == 0
    shown = client_as(cast.sam).get(f"/patients/{cast.amara.id}/check-ins/").content.decode()
    assert "no e-mail on record: call" in shown
    assert "handed to the mail system" not in shown
    assert 'href="tel:+12125550142"' in shown


def test_a_link_that_could_not_go_out_leaves_a_call_to_make(cast: Cast, settings, client_as) -> None:
    first = _plan(cast)[0]
    actions.send(first.id, by=cast.sam, at=NOW + timedelta(hours=2))
    notice = Notice.objects.get()
    settings.OPENKAP_MAIL_IS_SET_UP = False
    notices_actions.send(notice.id, by=cast.sam, at=NOW)
    assert Event.objects.filter(verb="notices.failed").count() == 1
    for _ in range(2):
        actions.link_failed(notice.id, by=cast.sam, at=NOW)
    alert = Alert.objects.get()
    assert alert.kind == "call"
    assert "could not be sent" in str(alert.says)
    shown = client_as(cast.sam).get(f"/patients/{cast.amara.id}/check-ins/").content.decode()
    assert "link could not be sent: call" in shown


def test_the_alert_of_a_check_in_says_every_answer(cast: Cast, client_as) -> None:
    first = _plan(cast)[0]
    answers = _well(CheckInKind.TWO_HOURS, safe="yes")
    actions.answer(first.id, answers=answers, words="I am alone.", by=cast.amara_herself, at=NOW)
    shown = client_as(cast.okafor).get(f"/alerts/{Alert.objects.get().id}/").content.decode()
    assert "Have you had thoughts of ending your life" in shown
    assert "I am alone." in shown


def test_a_concern_that_is_not_urgent_promises_no_message_to_the_person_on_call(cast: Cast, once) -> None:
    sign_cover(cast.ada, on_call=(cast.june,), hours=None, at=NOW)
    first, phone = _plan(cast)[0], Client()
    path = actions.link_path(first)
    well = _well(CheckInKind.TWO_HOURS, feeling="not_well")
    told = phone.post(path, {**well, "words": "", "once": once()}, follow=True).content.decode()
    assert "You do not have to carry this alone" in told
    assert "is sent a message" not in told


def test_what_is_answered_says_so_itself_also_when_it_was_answered_before(cast: Cast) -> None:
    """What waits is found among what waits alone, however many were answered."""
    first, second, *_ = _plan(cast)
    kind, later = CheckInKind(first.kind), NOW + timedelta(hours=3)
    actions.answer(first.id, answers=_well(kind), by=cast.amara_herself, at=later)
    assert CheckIn.objects.get(id=first.id).answered_at == CheckInAnswer.objects.get().at == later
    assert CheckIn.objects.get(id=second.id).answered_at is None
    CheckIn.objects.update(answered_at=None)
    migration = importlib.import_module("openkap.followup.migrations.0003_answered_at")
    with connection.cursor() as cursor:
        cursor.execute(migration.ANSWERED)
    assert list(CheckIn.objects.filter(answered_at__isnull=False)) == [first]


def test_what_waits_is_found_by_an_index_of_what_waits(cast: Cast) -> None:
    """As the application's role, under row-level security: the past is not read for it."""
    _plan(cast)
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        waiting = CheckIn.objects.filter(due_at__lte=NOW, answered_at=None, called_off_at=None)
        assert "followup_checkin_waiting" in waiting.explain()


def test_what_waits_stands_first_on_the_page_and_what_was_answered_last() -> None:
    hours = {
        CheckInState.ANSWERED: (1, 9),
        CheckInState.PLANNED: (30, 20),
        CheckInState.OVERDUE: (5, 4),
        CheckInState.OPEN: (7,),
        CheckInState.CALLED_OFF: (3,),
    }
    lines = [(state, NOW + timedelta(hours=hour)) for state, several in hours.items() for hour in several]
    lines.sort(key=lambda line: rules.in_order(line[0], due_at=line[1]))
    assert [(due - NOW).total_seconds() / 3600 for _, due in lines] == [4, 5, 7, 20, 30, 9, 3, 1]
