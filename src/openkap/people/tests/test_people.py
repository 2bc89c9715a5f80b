"""Taking people in, their care teams, and who may be the same person."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import date

import pytest
from django.db import connection
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from openkap.audit.models import Event
from openkap.kernel.refusal import Refused
from openkap.people import actions, queries, rules
from openkap.people.models import CareTeamMember, Escort, Patient
from tests.cast import NOW, Cast, Committed

TODAY = NOW.date()

WHO = {"given_name": "Luca", "family_name": "Marchetti", "birth_date": date(1969, 2, 3)}


def test_a_person_taken_in_gets_the_next_record_number(cast: Cast) -> None:
    assert cast.amara.mrn == "KAP-0001"
    assert actions.register(particulars=WHO, by=cast.kit, at=NOW).mrn == "KAP-0002"


def test_a_refused_registration_leaves_no_trace(cast: Cast) -> None:
    events = Event.objects.count()
    with pytest.raises(Refused) as refused:
        actions.register(particulars={"given_name": " ", "birth_date": date(2030, 1, 1)}, by=cast.kit, at=NOW)
    assert {objection.code for objection in refused.value.objections} == {"NAME_MISSING", "BORN_IN_FUTURE"}
    assert (Patient.objects.count(), Event.objects.count()) == (1, events)


def test_when_the_record_cannot_be_written_nothing_is(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*args: object, **kwargs: object) -> None:
        raise RuntimeError("the record is broken")

    monkeypatch.setattr(actions.registering, "record", broken)
    with pytest.raises(RuntimeError):
        actions.register(particulars=WHO, by=cast.kit, at=NOW)
    assert Patient.objects.count() == 1


def test_people_taken_in_at_once_get_numbers_of_their_own(committed: Committed) -> None:
    def take_in() -> None:
        with committed.inside():
            actions.register(particulars=WHO, by=committed.cast.kit, at=NOW)
        connection.close()

    threads = [threading.Thread(target=take_in) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with committed.inside():
        assert sorted(Patient.objects.values_list("mrn", flat=True)) == [f"KAP-{n:04d}" for n in range(1, 10)]


def test_a_correction_keeps_what_stood_before(cast: Cast) -> None:
    actions.correct(cast.amara.id, particulars={"phone": "+1 212 555 0199"}, by=cast.kit, at=NOW)
    assert cast.amara.history.order_by("pgh_id").values_list("phone", flat=True).last() == "+1 212 555 0142"
    assert Patient.objects.get(id=cast.amara.id).phone == "+1 212 555 0199"


def test_only_the_care_team_and_coordinators_see_a_patient(cast: Cast) -> None:
    for actor, sees in (
        (cast.sam, 1),
        (cast.noor, 1),
        (cast.kit, 1),
        (cast.eve, 0),
        (cast.ada, 0),
        (cast.robin, 0),
    ):
        assert queries.visible_to(actor).count() == sees, actor.name
    assert queries.own_record(cast.amara_herself) == cast.amara
    assert queries.is_self(cast.amara_herself, cast.amara.id)
    assert not queries.is_self(cast.sam, cast.amara.id)


def test_leaving_the_care_team_shuts_the_record(cast: Cast) -> None:
    actions.leave_care_team(cast.amara.id, membership_id=cast.sam.membership_id, by=cast.kit, at=NOW)
    assert queries.visible_to(cast.sam).count() == 0
    with pytest.raises(Refused):
        actions.leave_care_team(cast.amara.id, membership_id=cast.sam.membership_id, by=cast.kit, at=NOW)


def test_only_clinical_staff_join_a_care_team_and_only_once(cast: Cast) -> None:
    with pytest.raises(Refused, match="Only clinical staff"):
        actions.add_to_care_team(cast.amara.id, membership_id=cast.robin.membership_id, by=cast.kit, at=NOW)
    for _ in range(2):
        actions.add_to_care_team(cast.amara.id, membership_id=cast.eve.membership_id, by=cast.kit, at=NOW)
    assert CareTeamMember.objects.filter(membership_id=cast.eve.membership_id).count() == 1


def test_an_escort_needs_a_name_and_a_number_that_reaches_them(cast: Cast) -> None:
    """H15."""
    with pytest.raises(Refused) as refused:
        actions.name_escort(cast.amara.id, name="", phone="home", by=cast.kit, at=NOW)
    assert len(refused.value.objections) == 2
    assert not Escort.objects.exists()
    actions.name_escort(cast.amara.id, name="Kofi Osei", phone="212 555 0143", by=cast.kit, at=NOW)
    escort = queries.escort_of(cast.amara.id)
    assert escort is not None
    assert escort.name == "Kofi Osei"


def test_search_finds_by_name_number_and_birth_date_within_ones_own_people(cast: Cast) -> None:
    for text in ("osei", "AMA", "kap-0001", "KAP-1", "1", "1985-03-12", "03/12/1985", "amara osei 1985"):
        assert list(queries.search(cast.sam, text, today=TODAY)) == [cast.amara], text
        assert not queries.search(cast.eve, text, today=TODAY), text
    for text in ("", "%", "'", "1985-13-40", "03/12/1986", "osei 1985-03-13", "KAP-2"):
        assert not queries.search(cast.sam, text, today=TODAY), text


def test_the_same_person_under_slightly_other_particulars_is_found(cast: Cast) -> None:
    """H29."""
    for given_name, family_name, born in (
        ("Amara", "Osei", date(1985, 3, 12)),
        ("amàra", "OSEI", date(1985, 12, 3)),
        ("Osei", "Amara", date(1985, 3, 12)),
        ("Ama", "Osei", date(1985, 3, 12)),
    ):
        found = queries.possible_duplicates(rules.Likeness(None, given_name, family_name, born))
        assert [patient.id for patient, _ in found] == [cast.amara.id], (given_name, family_name, born)
    assert queries.possible_duplicates(rules.Likeness(None, "Luca", "Marchetti", date(1969, 2, 3))) == []


@given(st.dates(date(1900, 1, 1), date(2020, 1, 1)), st.dates(date(2020, 1, 2), date(2035, 1, 1)))
def test_age_never_falls_as_days_pass(born: date, day: date) -> None:
    age = rules.age_on(born, day)
    assert 0 <= age <= 136
    assert rules.age_on(born, day.replace(year=day.year + 1, day=min(day.day, 28))) >= age


def test_age_changes_on_the_birthday() -> None:
    assert rules.age_on(date(1985, 3, 12), date(2026, 3, 11)) == 40
    assert rules.age_on(date(1985, 3, 12), date(2026, 3, 12)) == 41
    assert rules.age_on(date(2004, 2, 29), date(2026, 2, 28)) == 21
    assert rules.age_on(date(2004, 2, 29), date(2026, 3, 1)) == 22


def test_somebody_is_searched_for_before_they_are_taken_in(
    cast: Cast, client_as: Callable[..., Client], once: Callable[[], str]
) -> None:
    """H29. Two records of one person hide an allergy from each other."""
    kit = client_as(cast.kit)
    page = kit.get("/patients/new/").content.decode()
    assert "Is this person here already?" in page
    assert "Take in</button>" not in page
    assert "Type at least one name" in kit.get("/patients/new/?phone=1").content.decode()
    page = kit.get("/patients/new/?given_name=Amara&family_name=Osei").content.decode()
    assert cast.amara.mrn in page
    assert "none of the people above is this person" in page
    page = kit.get(
        "/patients/new/?given_name=Luca&family_name=Marchetti&birth_date=1969-02-03"
    ).content.decode()
    assert "Nobody here is like this person" in page
    assert 'value="Marchetti"' in page
    assert 'value="1969-02-03"' in page
    answer = kit.post("/patients/new/", {**WHO, "sex": "unknown", "once": once()})
    assert answer.status_code == 302
