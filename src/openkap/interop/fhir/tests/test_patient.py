"""Who it is: names in every script and of every kind, and the birth date as exact as it was sent."""

from __future__ import annotations

import pytest

from openkap.interop.fhir.tests.samples import PATIENT, read, why

GIVEN = {
    "Malayalam": "ശ്രീ\u200dദേവി",
    "Persian": "علی\u200cرضا",
    "Hebrew": "שָׂרָה",
    "Devanagari": "क्‍षमा",
    "Chinese": "𠮷田",
    "Vietnamese": "Nguyễn",
}


def _named(*names):
    return read(patient={**PATIENT, "name": list(names)})


@pytest.mark.parametrize("name", GIVEN.values(), ids=GIVEN)
def test_a_name_is_kept_as_sent_in_every_script(name):
    """A blank stood where the joiner was, and the last letter was lost."""
    assert _named({"given": [name], "family": name}).patient.given_name == name


def test_marks_that_turn_letters_around_do_not_get_into_a_name():
    assert _named({"family": "Os\u202eei\u2066"}).patient.family_name == "Osei"
    assert _named({"family": "Os\x00ei\ud800"}).patient.family_name == "Os ei\ufffd"


OLD = {"use": "official", "family": "Oldname", "given": ["T"], "period": {"end": "2021-05-31"}}
NOW = {"use": "official", "family": "Newname", "given": ["T"], "period": {"start": "2021-06-01"}}
NEXT = {"use": "official", "family": "Later", "given": ["T"], "period": {"start": "2090-01-01"}}
MAIDEN, NICK = {"use": "maiden", "family": "Born", "given": ["T"]}, {"use": "nickname", "given": ["Mimi"]}
USUAL, PLAIN = {"use": "usual", "family": "Usual", "given": ["T"]}, {"family": "Plain", "given": ["T"]}


@pytest.mark.parametrize(
    ("names", "family"),
    [
        ((OLD, NOW), "Newname"),
        ((NOW, OLD), "Newname"),
        ((NEXT, NOW), "Newname"),
        ((MAIDEN, NICK, USUAL), "Usual"),
        ((MAIDEN, PLAIN), "Plain"),
        ((OLD, USUAL), "Usual"),
        ((MAIDEN,), "Born"),
        (({**OLD, "period": {"end": "2021"}}, USUAL), "Usual"),
        (({**OLD, "period": {"end": "2026"}}, USUAL), "Oldname"),
    ],
)
def test_the_name_of_today_is_taken_and_the_others_are_kept(names, family):
    found = _named(*names).patient
    assert found.family_name == family
    told = {it.whole for it in found.other_names}
    assert len(told) == len(names) - 1


@pytest.mark.parametrize(
    "name",
    [{"text": "Suryani"}, {"text": "Suryani", "_family": {"extension": [{"url": "x"}]}, "use": "official"}],
)
def test_a_name_in_one_piece_is_a_name(name):
    found = _named(name)
    assert found.patient.name == "Suryani"
    assert "in one piece" in why(found)


@pytest.mark.parametrize(
    ("born", "kept", "says"),
    [
        ("1980", "1980", "not a whole day"),
        ("1980-04", "1980-04", "not a whole day"),
        ("1985-02-30", "", "no birth date"),
        ("1980-13", "", "no birth date"),
        ("2190-01-01", "2190-01-01", "impossible"),
        ("1700-01-01", "1700-01-01", "impossible"),
        ("1985-03-12T00:00:00Z", "1985-03-12", "not a whole day"),
        ("", "", "no birth date"),
        (None, "", "no birth date"),
        (1985, "", "no birth date"),
        ("12.03.1985", "", "no birth date"),
    ],
)
def test_a_birth_date_is_never_made_more_exact_and_never_refuses_the_referral(born, kept, says):
    found = read(patient={**PATIENT, "birthDate": born})
    assert found.patient.birth_date is None
    assert found.patient.born == kept
    assert says in why(found)


def test_a_patient_of_whom_nothing_is_known_is_kept_with_every_reason():
    found = read(patient={"resourceType": "Patient"})
    assert found.patient.name == ""
    assert "has no name" in why(found)
    assert "no birth date" in why(found)


def test_what_the_other_system_says_of_its_own_record_is_said():
    told = {"deceasedBoolean": True, "active": False, "link": [{"type": "replaced-by"}]}
    found = why(read(patient={**PATIENT, **told}))
    assert "records a death" in found
    assert "no longer" in found
    assert "another record" in found


def test_the_way_to_reach_them_is_the_one_that_holds():
    telecom = [
        {"system": "phone", "value": "1", "use": "old"},
        {"system": "phone", "value": "2", "rank": 2},
        {"system": "phone", "value": "3", "rank": 1},
    ]
    assert read(patient={**PATIENT, "telecom": telecom}).patient.phone == "3"
