"""What stands against taking somebody in, joining a team, and taking a merge back."""

from __future__ import annotations

from datetime import date

from openkap.people import rules
from openkap.people.reasons import PeopleReason as Why

TODAY = date(2026, 11, 24)


def reasons(objections):
    return [it.reason for it in objections]


def test_nobody_is_older_than_people_become_or_born_tomorrow():
    def told(born: date) -> list:
        return reasons(
            rules.objections_to_patient(given_name="A", family_name="B", birth_date=born, today=TODAY)
        )

    assert told(date(1985, 3, 12)) == []
    assert told(date(1885, 3, 12)) == [Why.TOO_OLD]
    assert told(date(2026, 11, 25)) == [Why.BORN_IN_FUTURE]


def test_a_merge_that_stands_is_taken_back_with_a_reason():
    assert rules.objections_to_undoing(stands=True, held=(), why="Two people.") == []
    assert reasons(rules.objections_to_undoing(stands=False, held=("A note.",), why=" ")) == [
        Why.HELD,
        Why.NOT_MERGED,
        Why.WHY_TWO_PEOPLE,
    ]


def test_who_joins_a_team_is_a_clinician_who_works_here():
    assert rules.objections_to_joining(name="June", may_join=True, has_left=False) == []
    assert reasons(rules.objections_to_joining(name="June", may_join=False, has_left=True)) == [
        Why.NOT_CLINICAL,
        Why.LEFT_THE_CLINIC,
    ]
