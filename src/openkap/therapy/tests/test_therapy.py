"""Preparation and integration: in the person's own words, and at the centre of the course."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openkap.audit.models import Event
from openkap.consent import actions as consent_actions
from openkap.courses import actions as courses_actions
from openkap.courses import queries as planning
from openkap.courses.models import GateMet
from openkap.defaults.loading import shipped
from openkap.kernel.ids import uuid7
from openkap.kernel.refusal import Refused
from openkap.protocols import actions as protocols_actions
from openkap.therapy import actions, queries, rules
from openkap.therapy.models import Addendum, Goal, Preparation, Visit
from openkap.therapy.numbers import TherapyNumbers
from tests.cast import NOW, Cast
from tests.packs import BUNDLED

NOTE = "Saw the room and the blanket; practised breathing together."
CHOSEN = {"touch": "hand", "music": "soft", "recording": "none", "stop_word": "red", "what_helps": "breath"}


@pytest.fixture
def course(cast: Cast):
    version = protocols_actions.adopt(BUNDLED, by=cast.okafor, at=NOW)
    return courses_actions.open_course(
        cast.amara.id, pack_version_id=version.id, first_day=NOW.date(), per_week=2, by=cast.okafor, at=NOW
    )


def _codes(caught) -> set[str]:
    return {it.code for it in caught.value.objections}


def _visit(cast: Cast, course, **more) -> Visit:
    typed = {"kind": "preparation", "note": NOTE, "minutes": 60, "held_at": NOW, "by": cast.noor, "at": NOW}
    return actions.write_visit(course.id, **{**typed, **more})


def _prepare(cast: Cast, course) -> None:
    actions.write_preparation(
        course.id, hopes="To feel again", concerns="Losing control", earlier_states="", by=cast.noor, at=NOW
    )
    actions.set_goal(course.id, text="Call my sister", by=cast.noor, at=NOW)
    _visit(cast, course)
    consent_actions.choose(cast.amara.id, values=CHOSEN, by=cast.amara_herself, at=NOW)


def test_preparation_opens_the_way_to_the_dose_when_all_of_it_was_done(cast: Cast, course) -> None:
    with pytest.raises(Refused) as caught:
        actions.finish_preparation(course.id, by=cast.noor, at=NOW)
    assert _codes(caught) == {"NO_VISIT_YET", "NO_GOAL_YET", "CONCERNS_NOT_ASKED", "CHOICES_NOT_MADE"}
    assert GateMet.objects.count() == 0
    _prepare(cast, course)
    actions.finish_preparation(course.id, by=cast.noor, at=NOW)
    told = {it.code for it in planning.blocks_to_dosing(course, number=1, today=NOW.date())}
    assert "preparation" not in told


def test_integration_opens_the_way_to_the_next_dose_and_never_before_the_dose(cast: Cast, course) -> None:
    with pytest.raises(Refused) as caught:
        _visit(cast, course, kind="integration", session_number=1)
    assert _codes(caught) == {"NOTHING_TO_INTEGRATE"}
    assert Visit.objects.count() == 0
    courses_actions.meet_gate(
        course.id, gate="dosing_done", session_number=1, evidence=("dose", uuid7()), by=cast.sam, at=NOW
    )
    _visit(cast, course, kind="integration", session_number=1)
    told = {it.code for it in planning.blocks_to_dosing(course, number=2, today=NOW.date())}
    assert not told & {"integration", "earlier"}


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"note": "ok"}, "NOTE_TOO_SHORT"),
        ({"minutes": 2}, "LENGTH_UNLIKELY"),
        ({"held_at": NOW + timedelta(hours=1)}, "VISIT_IN_FUTURE"),
    ],
)
def test_a_visit_that_cannot_be_is_refused_without_a_trace(cast: Cast, course, more, code) -> None:
    events = Event.objects.count()
    with pytest.raises(Refused) as caught:
        _visit(cast, course, **more)
    assert _codes(caught) == {code}
    assert (Visit.objects.count(), Event.objects.count()) == (0, events)


def test_when_the_record_fails_no_visit_is_written(cast: Cast, course, monkeypatch) -> None:
    monkeypatch.setattr(actions, "record", lambda *a, **k: (_ for _ in ()).throw(RuntimeError("broken")))
    with pytest.raises(RuntimeError):
        _visit(cast, course)
    assert Visit.objects.count() == 0


def test_a_note_stays_as_it_was_and_what_is_added_stands_below(cast: Cast, course) -> None:
    """H39: a correction never hides the original."""
    visit = _visit(cast, course)
    with pytest.raises(Refused):
        actions.add_addendum(visit.id, text=" ", by=cast.noor, at=NOW)
    actions.add_addendum(visit.id, text="She called in the evening.", by=cast.noor, at=NOW)
    [kept] = queries.visits(course.id)
    assert kept.note == NOTE
    assert [it.text for it in kept.addenda.all()] == ["She called in the evening."]
    assert Addendum.objects.count() == 1


def test_a_goal_is_met_or_let_go_once(cast: Cast, course) -> None:
    goal = actions.set_goal(course.id, text="Breakfast together", by=cast.noor, at=NOW)
    actions.close_goal(goal.id, met=True, by=cast.noor, at=NOW)
    with pytest.raises(Refused):
        actions.close_goal(goal.id, met=False, by=cast.noor, at=NOW)
    assert Goal.objects.get().dropped_at is None


def test_what_is_agreed_says_how_often(cast: Cast, course) -> None:
    with pytest.raises(Refused) as caught:
        actions.agree_practice(course.id, text=" ", how_often="", by=cast.noor, at=NOW)
    assert _codes(caught) == {"PRACTICE_EMPTY", "HOW_OFTEN_MISSING"}
    actions.agree_practice(
        course.id, text="Write three lines", how_often="each evening", by=cast.noor, at=NOW
    )
    assert [it.how_often for it in queries.practices(course.id)] == ["each evening"]


def test_words_nobody_said_are_not_a_preparation(cast: Cast, course) -> None:
    with pytest.raises(Refused):
        actions.write_preparation(course.id, hopes=" ", concerns="", earlier_states="", by=cast.noor, at=NOW)
    assert Preparation.objects.count() == 0


@given(st.integers(0, 400))
def test_an_integration_is_late_only_after_its_window(hours):
    due = rules.integration_due(NOW, numbers=shipped(TherapyNumbers))
    assert due.late(NOW + timedelta(hours=hours)) == (hours > 72)


def test_the_pages_are_written_by_the_team_and_read_by_nobody_else(
    cast: Cast, course, client_as, once
) -> None:
    """H40."""
    noor, path = client_as(cast.noor), f"/courses/{course.id}/preparation/"
    goal = {"form": "goal", "text": "Paint again", "once": once()}
    assert noor.post(path, goal).status_code == 302
    assert b"Paint again" in noor.get(path).content
    early = noor.post(f"{path}done/", {"once": once()})
    assert early.status_code == 422
    assert b"No preparation visit" in early.content
    assert noor.get(f"/courses/{course.id}/integration/").status_code == 200
    for actor in (cast.eve, cast.ada, cast.amara_herself):
        assert client_as(actor).get(path).status_code == 404
    assert client_as(cast.kit).post(path, {**goal, "once": once()}).status_code == 404


def test_what_is_missing_leads_to_the_line_where_it_is_done(cast: Cast, course, client_as, once) -> None:
    refused = client_as(cast.noor).post(f"/courses/{course.id}/preparation/done/", {"once": once()})
    said = refused.content.decode()
    for line in ("h-visit", "h-goals", "h-words", "h-choices"):
        assert f'<a href="#{line}">' in said
        assert f'id="{line}"' in said


def test_therapy_leads_to_preparation_until_it_is_done_and_then_to_integration(
    cast: Cast, course, client_as
) -> None:
    browser = client_as(cast.noor)
    address = f"/patients/{cast.amara.id}/therapy/"
    assert browser.get(address)["Location"] == f"/courses/{course.id}/preparation/"
    courses_actions.meet_gate(
        course.id, gate="preparation_done", evidence=("course", course.id), by=cast.noor, at=NOW
    )
    assert browser.get(address)["Location"] == f"/courses/{course.id}/integration/"
    assert "Say that it is done" not in browser.get(f"/courses/{course.id}/preparation/").content.decode()


@pytest.mark.parametrize("there", [0, 1, 2, 3, 4])
def test_preparation_is_one_list_and_only_what_comes_next_has_the_strong_button(there: int) -> None:
    order = ("concerns_asked", "goals", "choices_made", "visits")
    brought = {name: place < there for place, name in enumerate(order)}
    prepared = rules.Prepared(
        visits=int(brought["visits"]),
        goals=int(brought["goals"]),
        concerns_asked=brought["concerns_asked"],
        choices_made=brought["choices_made"],
    )
    lines = rules.preparation_lines(prepared)
    assert [missing is None for missing in lines.values()] == [place < there for place in range(4)]
    assert len([it for it in lines.values() if it]) == len(
        rules.objections_to_finishing_preparation(prepared)
    )
