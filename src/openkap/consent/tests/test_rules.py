"""Nobody signs what they have not gone through, an old version, or anything while under the drug."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openkap.consent import documents, rules
from openkap.protocols.loading import load_bundled
from tests.packs import BUNDLED

AT = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
DOCUMENT = documents.current()
STAFF = ("coordinator", "prescriber", "nurse", "therapist", "administrator", "researcher")
HERSELF = rules.Signer("patient", signed_in=True)
ALL = frozenset(element.id for element in DOCUMENT.elements)


def _codes(**changes: object) -> set[str]:
    asked: dict = {
        "newest": DOCUMENT,
        "understood": ALL,
        "typed_name": "Amara Osei",
        "patient_name": "Amara Osei",
        "impaired_since": None,
        "already_signed": False,
        "signer": HERSELF,
        "could_decide": True,
    }
    return {o.code for o in rules.objections_to_signing(DOCUMENT, **(asked | changes))}


def test_a_document_whose_every_element_is_clear_may_be_signed():
    assert _codes() == set()
    assert _codes(typed_name="  amara   OSEI ") == set()


def test_every_element_the_pack_asks_for_is_in_the_document():
    assert frozenset(load_bundled(BUNDLED).consent_elements) == ALL
    assert len(ALL) == 16


@pytest.mark.parametrize("element", DOCUMENT.elements, ids=lambda element: element.id)
def test_one_element_left_out_is_enough_to_refuse_and_is_named(element):
    told = rules.objections_to_signing(
        DOCUMENT,
        newest=DOCUMENT,
        understood=ALL - {element.id},
        typed_name="Amara Osei",
        patient_name="Amara Osei",
        impaired_since=None,
        already_signed=False,
        signer=HERSELF,
        could_decide=True,
    )
    assert element.title.lower() in told[0].text


def test_an_old_version_is_not_signed():
    """H19: consent missing, old version, signed while impaired."""
    assert _codes(newest=replace(DOCUMENT, version=DOCUMENT.version + 1)) == {"NOT_THE_NEWEST"}


def test_nothing_is_signed_between_the_start_of_a_dose_and_leaving():
    """H19: signing is blocked from the dose until the person leaves."""
    assert "IMPAIRED" in _codes(impaired_since=AT)


def test_every_objection_comes_at_once():
    told = _codes(understood=frozenset(), typed_name="Eve", impaired_since=AT, already_signed=True)
    assert told == {"NOT_GONE_THROUGH", "NAME_DIFFERS", "IMPAIRED", "ALREADY_SIGNED"}


@given(st.integers(min_value=0, max_value=5000))
def test_any_changed_byte_is_another_text(place):
    text = rules.content_to_sign(
        DOCUMENT, patient_name="Amara Osei", record_number="KAP-0001", prescriber="Dr Ife Okafor"
    )
    assert "I have talked about it with Dr Ife Okafor." in text
    place %= len(text)
    changed = text[:place] + ("x" if text[place] != "x" else "y") + text[place + 1 :]
    assert changed.encode() != text.encode()
    assert DOCUMENT.elements[0].text in text


OPTIONED = [kind for kind in rules.CHOICES if kind.options]
PAIRS = [(kind, old, new) for kind in OPTIONED for old in kind.options for new in kind.options]


@pytest.mark.parametrize(("kind", "old", "new"), PAIRS, ids=lambda it: getattr(it, "value", None) or it.name)
def test_during_a_session_a_choice_can_only_become_less(kind, old, new):
    """H19: choices lock at dose start; a request can only narrow them."""
    told = rules.objections_to_choosing(
        name=kind.name, value=new.value, now_chosen=old.value, impaired_since=AT, by_the_person=True
    )
    assert [it.code for it in told] == (["ONLY_LESS"] if new.rank > old.rank else [])
    free = rules.objections_to_choosing(
        name=kind.name, value=new.value, now_chosen=old.value, impaired_since=None, by_the_person=True
    )
    assert free == []


@pytest.mark.parametrize(("kind", "old", "new"), PAIRS, ids=lambda it: getattr(it, "value", None) or it.name)
def test_staff_write_down_only_that_a_choice_becomes_less(kind, old, new):
    """Touch and recording are the person's own to allow."""
    told = rules.objections_to_choosing(
        name=kind.name, value=new.value, now_chosen=old.value, impaired_since=None, by_the_person=False
    )
    assert [it.code for it in told] == (["ONLY_THE_PERSON"] if new.rank > old.rank else [])


def test_the_persons_own_words_are_not_changed_by_staff():
    words = {"name": "stop_word", "now_chosen": "red", "impaired_since": None, "by_the_person": False}
    assert rules.objections_to_choosing(value="red", **words) == []
    assert [it.code for it in rules.objections_to_choosing(value="blue", **words)] == ["OWN_WORDS"]
    assert [it.code for it in rules.objections_to_choosing(value="", **words)] == ["OWN_WORDS"]


def test_words_stay_as_they_were_before_the_dose():
    words = {"name": "stop_word", "now_chosen": "red", "impaired_since": AT, "by_the_person": True}
    same = rules.objections_to_choosing(value="red", **words)
    other = rules.objections_to_choosing(value="blue", **words)
    assert (same, [o.code for o in other]) == ([], ["STAYS_AS_IT_WAS"])


def test_what_nobody_chose_is_the_least():
    assert {kind.unset for kind in OPTIONED} == {"none"}
    told = rules.objections_to_choosing(
        name="touch", value="hand", now_chosen="", impaired_since=AT, by_the_person=True
    )
    assert [o.code for o in told] == ["ONLY_LESS"]


@pytest.mark.parametrize(("name", "value"), [("shoes", "on"), ("touch", "everything")])
def test_a_choice_nobody_offers_is_refused(name, value):
    assert rules.objections_to_choosing(
        name=name, value=value, now_chosen="", impaired_since=None, by_the_person=True
    )


@pytest.mark.parametrize(
    ("signer", "is_the_person"),
    [
        (rules.Signer("patient", signed_in=True), True),
        (rules.Signer("patient", signed_in=False, hand_over_open=True), True),
        (rules.Signer("patient", signed_in=False), False),
        *((rules.Signer(role, signed_in=True, hand_over_open=True), False) for role in STAFF),
        *((rules.Signer(role, signed_in=True), False) for role in STAFF),
    ],
)
def test_consent_is_the_persons_own(signer, is_the_person):
    """H19: nobody of the clinic answers or signs in the person's place."""
    assert signer.is_the_person is is_the_person
    assert (_codes(signer=signer) == set()) is is_the_person
    told = rules.objections_to_understanding(
        DOCUMENT, {"C_ACUTE": "Dizzy, far away."}, signer=signer, impaired_since=None
    )
    assert [it.code for it in told] == ([] if is_the_person else ["THE_PERSON_ONLY"])


@pytest.mark.parametrize(
    ("answers", "codes"),
    [
        ({"C_ACUTE": "Dizzy, far away."}, []),
        ({"C_ACUTE": "no"}, []),
        ({"C_ACUTE": "x"}, ["ANSWER_TOO_SHORT"]),
        ({"C_ACUTE": "   "}, ["ANSWER_TOO_SHORT"]),
        ({"C_ACUTE": "x" * 1000}, []),
        ({"C_ACUTE": "x" * 1001}, ["ANSWER_TOO_LONG"]),
        ({"C_NOTHING": "words"}, ["NO_SUCH_PART"]),
    ],
)
def test_the_question_of_a_part_takes_an_answer(answers, codes):
    told = rules.objections_to_understanding(DOCUMENT, answers, signer=HERSELF, impaired_since=None)
    assert [it.code for it in told] == codes
    while_impaired = rules.objections_to_understanding(DOCUMENT, answers, signer=HERSELF, impaired_since=AT)
    assert [it.code for it in while_impaired] == ["IMPAIRED", *codes]


ABLE = frozenset(rules.ABILITIES)


@pytest.mark.parametrize(
    ("change", "codes"),
    [
        ({}, []),
        *(({"role": role}, ["PRESCRIBER_SIGNS"]) for role in STAFF if role != "prescriber"),
        ({"role": "patient"}, ["PRESCRIBER_SIGNS"]),
        ({"impaired_since": AT}, ["IMPAIRED"]),
        ({"understood": ALL - {"C_ACUTE"}}, ["NOT_ANSWERED_BY_PERSON"]),
        *(({"abilities": ABLE - {ability}}, ["ABILITY_MISSING"]) for ability in ABLE),
        ({"could_decide": False, "abilities": frozenset(), "understood": frozenset()}, ["NOTE_MISSING"]),
        ({"could_decide": False, "abilities": frozenset(), "note": "Sleepy."}, []),
    ],
)
def test_a_prescriber_alone_signs_that_the_person_could_decide(change, codes):
    talk = {
        "role": "prescriber",
        "understood": ALL,
        "could_decide": True,
        "abilities": ABLE,
        "note": "",
        "impaired_since": None,
    }
    assert [it.code for it in rules.objections_to_capacity(DOCUMENT, **{**talk, **change})] == codes


def test_without_the_talk_or_after_one_that_found_otherwise_nothing_is_signed():
    """H19"""
    assert _codes(could_decide=None) == {"NOT_TALKED_YET"}
    assert _codes(could_decide=False) == {"COULD_NOT_DECIDE"}


def test_a_screen_is_handed_over_by_a_clinician_who_made_sure_who_it_is():
    for role in (*STAFF, "patient"):
        told = rules.objections_to_handing_over(role=role, identity_checked=True)
        clinician = role in ("prescriber", "nurse", "therapist")
        assert [it.code for it in told] == ([] if clinician else ["CLINICIANS_HAND_OVER"])
    told = rules.objections_to_handing_over(role="nurse", identity_checked=False)
    assert [it.code for it in told] == ["IDENTITY_NOT_CHECKED"]


def test_each_choice_allows_more_step_by_step_from_nothing():
    ranks = {kind.name: [(it.value, it.rank) for it in kind.options] for kind in OPTIONED}
    assert ranks == {
        "touch": [("none", 0), ("hand", 1), ("shoulder", 2)],
        "music": [("none", 0), ("soft", 1), ("full", 2)],
        "recording": [("none", 0), ("sound", 1), ("video", 2)],
    }


@pytest.mark.parametrize(("length", "codes"), [(500, []), (501, ["WORDS_TOO_LONG"])])
def test_the_persons_own_words_have_room_and_an_end(length: int, codes):
    words = {"name": "what_helps", "value": "x" * length, "now_chosen": ""}
    told = rules.objections_to_choosing(**words, impaired_since=None, by_the_person=True)
    assert [it.code for it in told] == codes


def test_an_objection_says_what_holds_now():
    for impaired in (None, AT):
        [told] = rules.objections_to_choosing(
            name="touch", value="shoulder", now_chosen="hand", impaired_since=impaired, by_the_person=False
        )
        assert told.text.endswith("Now: A hand on mine, if I reach out.")


def test_the_text_that_is_signed_numbers_its_parts_from_one():
    text = rules.content_to_sign(DOCUMENT, patient_name="A", record_number="K", prescriber="P")
    assert f"\n1. {DOCUMENT.elements[0].title}\n" in text
    assert f"\n{len(DOCUMENT.elements)}. {DOCUMENT.elements[-1].title}\n" in text


def test_every_question_may_be_answered_at_once():
    answers = dict.fromkeys(ALL, "As I understand it.")
    assert rules.objections_to_understanding(DOCUMENT, answers, signer=HERSELF, impaired_since=None) == []
