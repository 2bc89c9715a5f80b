"""Routes open only by a grant; beyond the main record no role is enough (H40)."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openkap.accounts import grants
from openkap.accounts.grants import Content, Grant, Subject, decide
from openkap.accounts.links import BadLink, Link, make_token, read_token
from openkap.accounts.roles import Role
from openkap.kernel.ids import uuid7

standings = st.builds(
    Subject,
    role=st.sampled_from(["", "link", "system", *Role.values]),
    relations=st.frozensets(
        st.sampled_from(["care_team", "self", "measure", "check_in", *(it.relation for it in Content)])
    ),
)


@given(standings)
def test_an_empty_grant_opens_to_nobody(subject: Subject) -> None:
    assert decide(Grant(name="nothing"), subject) is False


@given(standings)
def test_a_stranger_to_the_patient_never_passes_a_team_door(subject: Subject) -> None:
    if "care_team" in subject.relations or subject.role == Role.COORDINATOR:
        return
    assert decide(grants.clinical_team, subject) is False
    assert decide(grants.team("nurse", "prescriber"), subject) is False


@given(standings)
def test_being_related_is_not_enough_without_the_role(subject: Subject) -> None:
    if subject.role not in ("nurse",):
        assert decide(grants.team("nurse"), subject) is False


@given(standings)
def test_a_link_opens_only_what_it_was_made_for(subject: Subject) -> None:
    opened = decide(grants.signed_link("measure"), subject)
    assert opened == (subject.role == "link" and "measure" in subject.relations)


@given(standings)
def test_a_holder_of_a_link_is_no_member(subject: Subject) -> None:
    if subject.role == "link":
        assert decide(grants.signed_in, subject) is False
        assert decide(grants.staff, subject) is False


PRIVATE = [content for content in Content if content is not Content.MAIN_RECORD]
EVERY_GRANT = [
    grants.anyone,
    grants.signed_in,
    grants.staff,
    grants.clinical_team,
    grants.team_or_self,
    grants.own_record,
    grants.signed_link("measure"),
]


@pytest.mark.parametrize("content", PRIVATE)
@pytest.mark.parametrize("grant", EVERY_GRANT, ids=lambda it: it.name)
@given(subject=standings)
def test_beyond_the_main_record_nobody_reads_by_role_or_care_team(
    grant: Grant, content: Content, subject: Subject
) -> None:
    opened = decide(grant.for_content(content), subject)
    assert opened == (decide(grant, subject) and content.relation in subject.relations)


@given(standings)
def test_who_may_read_one_kind_of_content_reads_no_other(subject: Subject) -> None:
    note = grants.clinical_team.for_content(Content.PSYCHOTHERAPY_NOTE)
    if Content.PSYCHOTHERAPY_NOTE.relation not in subject.relations:
        assert not decide(note, subject)
        assert not decide(note.with_step_up(), subject)


def test_only_the_patient_opens_their_own_page() -> None:
    assert decide(grants.own_record, Subject("patient", frozenset({"self"})))
    assert not decide(grants.own_record, Subject("patient"))
    assert not decide(grants.own_record, Subject("nurse", frozenset({"self", "care_team"})))


@given(standings)
def test_what_is_for_the_team_or_the_patient_is_for_nobody_else(subject: Subject) -> None:
    opened = decide(grants.team_or_self, subject)
    is_self = subject.role == "patient" and "self" in subject.relations
    assert opened == (is_self or decide(grants.clinical_team, subject))


def test_a_patient_of_another_record_is_refused() -> None:
    """H40: being a patient opens one's own record and no other."""
    assert decide(grants.team_or_self, Subject("patient", frozenset({"self"})))
    assert not decide(grants.team_or_self, Subject("patient"))
    assert not decide(grants.team_or_self, Subject("patient", frozenset({"care_team"})))
    assert not decide(grants.team_or_self, Subject("researcher", frozenset({"self", "care_team"})))


def test_unknown_roles_cannot_be_granted_anything() -> None:
    with pytest.raises(ValueError):
        grants.roles("physician")


def test_a_link_survives_its_way_and_nothing_else_does() -> None:
    link = Link(uuid7(), uuid7(), "measure", uuid7())
    token = make_token(link)
    assert read_token(token) == link
    for bad in (token[:-1], token + "a", token.swapcase(), "", "a:b:c"):
        with pytest.raises(BadLink):
            read_token(bad)
    with pytest.raises(BadLink):
        read_token(token, life=timedelta(seconds=-1))
