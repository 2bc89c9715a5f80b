"""Who owns an alert where few people are, and what the clock leaves alone."""

from __future__ import annotations

from datetime import timedelta

import pytest

from openkap.accounts.actor import Actor
from openkap.alerts import actions, queries, rules
from openkap.alerts.actions import answering, covering
from openkap.alerts.models import Alert, Step
from openkap.alerts.reasons import AlertsReason
from openkap.kernel.ids import uuid7
from openkap.kernel.refusal import Refused
from openkap.people.models import CareTeamMember
from tests.cast import NOW, Cast
from tests.statements import StatementInATest


def _raise(cast: Cast, *, patient_id: object, owner: Actor) -> Alert:
    return actions.raise_alert(
        patient_id,
        kind="call",
        says=StatementInATest.WORDS(words="Call her."),
        owner_membership_id=owner.membership_id,
        cause=("response", uuid7()),
        by=cast.sam,
        at=NOW,
    )


def test_without_a_clinician_a_coordinator_owns_it_and_opens_no_record_by_it(cast: Cast) -> None:
    CareTeamMember.objects.update(ended_at=NOW)
    alert = _raise(cast, patient_id=cast.amara.id, owner=cast.kit)
    assert alert.owner_id == cast.kit.membership_id
    assert not CareTeamMember.objects.filter(membership_id=cast.kit.membership_id, ended_at=None).exists()


def test_where_nobody_could_answer_no_alert_is_raised_for_nobody(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queries, "chain", lambda patient_id: [])
    with pytest.raises(Refused):
        _raise(cast, patient_id=cast.amara.id, owner=cast.okafor)
    assert not Alert.objects.exists()


def test_an_alert_about_nobody_is_messaged_and_opens_nobodys_record(cast: Cast) -> None:
    before = CareTeamMember.objects.count()
    alert = _raise(cast, patient_id=None, owner=cast.ada)
    actions.sweep(by=Actor.system(cast.clinic.id, "The clock"), at=NOW + timedelta(hours=30))
    assert Step.objects.filter(alert=alert).exists()
    assert CareTeamMember.objects.count() == before


def test_the_clock_sends_nothing_for_an_alert_that_was_answered_meanwhile(cast: Cast) -> None:
    answering._message(uuid7(), by=cast.sam, at=NOW)
    assert not Step.objects.exists()


def test_somebody_who_does_not_work_here_is_no_cover() -> None:
    person = uuid7()
    candidate = covering._candidate(None, "eve@example.org", person=person)
    assert (candidate.membership, candidate.is_here) == (person, False)


def test_an_alert_is_handed_over_with_a_reason() -> None:
    state = rules.raised(severity="soon", owner=uuid7(), numbers=_numbers(), at=NOW)
    told = rules.objections_to_handing_over(state, to=uuid7(), why=" ", may_answer=True)
    assert [it.reason for it in told] == [AlertsReason.WHY_MISSING]


def _numbers():
    from openkap.alerts.numbers import AlertNumbers
    from openkap.defaults.loading import shipped

    return shipped(AlertNumbers)
