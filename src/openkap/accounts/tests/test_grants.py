"""Doors open only by a grant."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openkap.accounts import grants
from openkap.accounts.grants import Grant, Standing, decide
from openkap.accounts.links import BadLink, Link, make_token, read_token
from openkap.accounts.roles import Role
from openkap.kernel.ids import uuid7

standings = st.builds(
    Standing,
    role=st.sampled_from(["", "link", "system", *Role.values]),
    relations=st.frozensets(st.sampled_from(["care_team", "self", "measure", "check_in"])),
)


@given(standings)
def test_an_empty_grant_opens_to_nobody(standing: Standing) -> None:
    assert decide(Grant(name="nothing"), standing) is False


@given(standings)
def test_a_stranger_to_the_patient_never_passes_a_team_door(standing: Standing) -> None:
    if "care_team" in standing.relations or standing.role == Role.COORDINATOR:
        return
    assert decide(grants.clinical_team, standing) is False
    assert decide(grants.team("nurse", "prescriber"), standing) is False


@given(standings)
def test_being_related_is_not_enough_without_the_role(standing: Standing) -> None:
    if standing.role not in ("nurse",):
        assert decide(grants.team("nurse"), standing) is False


@given(standings)
def test_a_link_opens_only_what_it_was_made_for(standing: Standing) -> None:
    opened = decide(grants.signed_link("measure"), standing)
    assert opened == (standing.role == "link" and "measure" in standing.relations)


@given(standings)
def test_a_holder_of_a_link_is_no_member(standing: Standing) -> None:
    if standing.role == "link":
        assert decide(grants.signed_in, standing) is False
        assert decide(grants.staff, standing) is False


def test_only_the_patient_opens_their_own_page() -> None:
    assert decide(grants.own_record, Standing("patient", frozenset({"self"})))
    assert not decide(grants.own_record, Standing("patient"))
    assert not decide(grants.own_record, Standing("nurse", frozenset({"self", "care_team"})))


@given(standings)
def test_what_is_for_the_team_or_the_patient_is_for_nobody_else(standing: Standing) -> None:
    opened = decide(grants.team_or_self, standing)
    is_self = standing.role == "patient" and "self" in standing.relations
    assert opened == (is_self or decide(grants.clinical_team, standing))


def test_a_patient_of_another_record_is_refused() -> None:
    """H40: being a patient opens one's own record and no other."""
    assert decide(grants.team_or_self, Standing("patient", frozenset({"self"})))
    assert not decide(grants.team_or_self, Standing("patient"))
    assert not decide(grants.team_or_self, Standing("patient", frozenset({"care_team"})))
    assert not decide(grants.team_or_self, Standing("researcher", frozenset({"self", "care_team"})))


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
