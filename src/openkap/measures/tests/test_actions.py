"""Measures from giving out to handing in: every tap kept, and what must not wait answered at once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal

import pytest
from django.db import connection

from openkap.accounts.actor import Actor
from openkap.alerts.actions import answering as alert_acts
from openkap.alerts.models import Alert
from openkap.audit.models import Event
from openkap.kernel.refusal import Refused
from openkap.measures import actions, queries
from openkap.measures.models import Assignment, GivenAnswer, Response
from openkap.notices.models import Notice
from tests.cast import NOW, Cast, Committed


def _assign(cast: Cast, measure: str = "phq_9") -> Assignment:
    return actions.assign(
        cast.amara.id, measure=measure, owner_membership_id=cast.okafor.membership_id, by=cast.kit, at=NOW
    )


def _herself(cast: Cast) -> Actor:
    return Actor.link(cast.clinic.id, "The holder of the patient's link")


def _fill(cast: Cast, assignment: Assignment, *values: int) -> None:
    for place, value in enumerate(values, start=1):
        actions.answer(assignment.id, item=str(place), value=value, by=_herself(cast), at=NOW)


def _hand_in(cast: Cast, assignment: Assignment) -> Response:
    return actions.hand_in(assignment.id, by=_herself(cast), at=NOW)


def test_what_is_handed_in_is_scored_and_joins_the_trend(cast: Cast) -> None:
    assignment = _assign(cast)
    assert queries.due(cast.amara.id) == [assignment]
    _fill(cast, assignment, 2, 2, 2, 2, 2, 2, 1, 1, 0)
    response = _hand_in(cast, assignment)
    assert (response.total, response.band, response.flags) == (14, "moderate", [])
    assert queries.trends(cast.amara.id)["phq_9"] == [(NOW, Decimal(14), "moderate")]
    assert queries.due(cast.amara.id) == []
    assert Alert.objects.count() == 0


def test_item_nine_raises_its_alert_at_the_tap_and_only_once(cast: Cast) -> None:
    """H12: not at the end, not when somebody looks; and taking it back does not take the alert back."""
    assignment = _assign(cast)
    actions.answer(assignment.id, item="9", value=1, by=_herself(cast), at=NOW)
    alert = Alert.objects.get()
    assert (alert.kind, alert.severity, alert.owner_id) == (
        "suicidality",
        "urgent",
        cast.okafor.membership_id,
    )
    _fill(cast, assignment, 0, 0, 0, 0, 0, 0, 0, 0, 3)
    assert _hand_in(cast, assignment).flags == ["suicide_item_positive"]
    assert Alert.objects.get() == alert


def test_taking_an_answer_back_leaves_the_alert_and_both_answers(cast: Cast) -> None:
    """H12"""
    assignment = _assign(cast)
    for value in (2, 0):
        actions.answer(assignment.id, item="9", value=value, by=_herself(cast), at=NOW)
    assert Alert.objects.count() == 1
    assert [row.value for row in GivenAnswer.objects.all()] == [2, 0]
    assert queries.answers_of(assignment.id) == {"9": 0}
    assert _hand_in(cast, assignment).flags == ["suicide_item_taken_back"]
    assert Alert.objects.count() == 1


def test_an_alert_answered_before_the_end_is_raised_anew_by_handing_in(cast: Cast) -> None:
    """H12: whoever closed the first one has not seen the whole."""
    assignment = _assign(cast)
    actions.answer(assignment.id, item="9", value=1, by=_herself(cast), at=NOW)
    first = Alert.objects.get()
    alert_acts.acknowledge(first.id, by=cast.okafor, at=NOW)
    alert_acts.answer(first.id, outcome="spoke", note="Called her, safe tonight.", by=cast.okafor, at=NOW)
    _hand_in(cast, assignment)
    assert Alert.objects.filter(answered_at__isnull=True, kind="suicidality").count() == 1


def test_an_open_item_nine_is_asked_about_and_never_taken_for_a_no(cast: Cast) -> None:
    """H12"""
    assignment = _assign(cast)
    _fill(cast, assignment, 0, 0, 0, 0, 0, 0, 0, 0)
    response = _hand_in(cast, assignment)
    assert (response.total, response.incomplete_reason) == (None, "Not answered: 9.")
    assert [(it.kind, it.severity) for it in Alert.objects.all()] == [("suicidality_open", "soon")]


def test_when_the_alert_cannot_be_raised_the_answer_is_not_kept_either(cast: Cast, monkeypatch) -> None:
    """H12: one commit, so that no answer is ever without its alert."""
    assignment = _assign(cast)
    monkeypatch.setattr(alert_acts, "record", lambda *a, **k: (_ for _ in ()).throw(RuntimeError("broken")))
    with pytest.raises(RuntimeError):
        actions.answer(assignment.id, item="9", value=2, by=_herself(cast), at=NOW)
    assert (GivenAnswer.objects.count(), Alert.objects.count()) == (0, 0)


def test_when_the_record_fails_nothing_is_handed_in(cast: Cast, monkeypatch) -> None:
    assignment = _assign(cast)
    _fill(cast, assignment, 1)
    monkeypatch.setattr(actions, "record", lambda *a, **k: (_ for _ in ()).throw(RuntimeError("broken")))
    with pytest.raises(RuntimeError):
        _hand_in(cast, assignment)
    assert (Response.objects.count(), Alert.objects.count()) == (0, 0)


@pytest.mark.parametrize(("item", "value"), [("9", 4), ("9", -1), ("11", 0), ("total", 1)])
def test_an_impossible_answer_leaves_no_trace(cast: Cast, item: str, value: int) -> None:
    assignment = _assign(cast)
    events = Event.objects.count()
    with pytest.raises(Refused):
        actions.answer(assignment.id, item=item, value=value, by=_herself(cast), at=NOW)
    assert (GivenAnswer.objects.count(), Event.objects.count()) == (0, events)


def test_what_was_handed_in_or_withdrawn_takes_no_more(cast: Cast) -> None:
    done, taken = _assign(cast), _assign(cast, "gad_7")
    _fill(cast, done, 1)
    _hand_in(cast, done)
    actions.withdraw(taken.id, why="asked twice", by=cast.kit, at=NOW)
    for assignment in (done, taken):
        with pytest.raises(Refused):
            _fill(cast, assignment, 0)
        with pytest.raises(Refused):
            actions.withdraw(assignment.id, why="again", by=cast.kit, at=NOW)
    with pytest.raises(Refused):
        _hand_in(cast, done)
    assert queries.due(cast.amara.id) == []


def test_nothing_at_all_cannot_be_handed_in(cast: Cast) -> None:
    with pytest.raises(Refused) as caught:
        _hand_in(cast, _assign(cast))
    assert [it.code for it in caught.value.objections] == ["NOTHING_ANSWERED"]


def test_the_link_goes_out_without_a_word_about_what_it_asks(cast: Cast) -> None:
    """H42"""
    assignment = actions.send(_assign(cast).id, by=cast.kit, at=NOW)
    notice = Notice.objects.get()
    assert (notice.kind, notice.address, notice.owner_id) == (
        "measure",
        "amara@example.org",
        cast.okafor.membership_id,
    )
    assert notice.link_path.startswith("/m/")
    assert "phq_9" not in notice.link_path
    assert assignment.notice == notice


def test_a_total_from_paper_needs_its_critical_item_and_is_flagged_like_any_other(cast: Cast) -> None:
    """H12"""
    paper = {
        "measure": "phq_9",
        "total": Decimal(12),
        "owner_membership_id": cast.sam.membership_id,
        "by": cast.sam,
        "at": NOW,
    }
    with pytest.raises(Refused):
        actions.enter_from_paper(cast.amara.id, answers={}, **paper)
    assert (Assignment.objects.count(), Response.objects.count()) == (0, 0)
    response = actions.enter_from_paper(cast.amara.id, answers={"9": 1}, **paper)
    assert (response.total, response.band) == (12, "moderate")
    assert Alert.objects.get().kind == "suicidality"


def test_a_sheet_from_paper_is_scored_as_if_it_were_tapped(cast: Cast) -> None:
    sheet = {str(item): 2 for item in range(1, 21)}
    response = actions.enter_score(_assign(cast, "pcl_5").id, answers=sheet, by=cast.sam, at=NOW)
    assert (response.total, response.flags) == (40, ["dsm5_pattern"])
    assert response.subscales == {"intrusion": 10, "avoidance": 4, "cognition and mood": 14, "arousal": 12}


def test_a_scale_without_wording_is_scored_and_never_given_out(cast: Cast) -> None:
    with pytest.raises(Refused) as caught:
        _assign(cast, "madrs")
    assert [it.code for it in caught.value.objections] == ["NO_WORDING"]
    paper = {"owner_membership_id": cast.okafor.membership_id, "by": cast.okafor, "at": NOW}
    actions.enter_from_paper(cast.amara.id, measure="madrs", total=Decimal(28), answers={}, **paper)
    assert queries.trends(cast.amara.id)["madrs"] == [(NOW, Decimal(28), "moderate")]
    for total in ("61", "-1", "12.5"):
        with pytest.raises(Refused):
            actions.enter_from_paper(
                cast.amara.id, measure="madrs", total=Decimal(total), answers={}, **paper
            )
    assert Response.objects.count() == 1


def test_of_two_who_hand_in_at_once_one_does(committed: Committed) -> None:
    cast = committed.cast
    with committed.inside():
        assignment = _assign(cast)
        _fill(cast, assignment, 1, 1, 1, 1, 1, 1, 1, 1, 1)

    def hand_in(_: int) -> bool:
        try:
            with committed.inside():
                _hand_in(cast, assignment)
        except Refused:
            return False
        finally:
            connection.close()
        return True

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(hand_in, range(2))) == [False, True]
    with committed.inside():
        assert (Response.objects.count(), Alert.objects.count()) == (1, 1)
