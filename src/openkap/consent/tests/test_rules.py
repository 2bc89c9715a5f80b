"""Nobody signs what they have not gone through, an old version, or anything while under the drug."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openkap.consent import documents, rules
from openkap.protocols.loading import load_bundled

AT = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
DOCUMENT = documents.current()
ALL = frozenset(element.id for element in DOCUMENT.elements)


def _codes(**changes: object) -> set[str]:
    asked: dict = {
        "newest": DOCUMENT,
        "understood": ALL,
        "typed_name": "Amara Osei",
        "patient_name": "Amara Osei",
        "impaired_since": None,
        "already_signed": False,
    }
    return {o.code for o in rules.objections_to_signing(DOCUMENT, **(asked | changes))}


def test_a_document_whose_every_element_is_clear_may_be_signed():
    assert _codes() == set()
    assert _codes(typed_name="  amara   OSEI ") == set()


def test_every_element_the_pack_asks_for_is_in_the_document():
    assert frozenset(load_bundled("iv-depression-1").consent_elements) == ALL
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
    )
    assert element.title.lower() in told[0].text


def test_an_old_version_is_not_signed():
    """H19: consent missing, old version, signed while impaired."""
    assert _codes(newest=replace(DOCUMENT, version=DOCUMENT.version + 1)) == {"version"}


def test_nothing_is_signed_between_the_start_of_a_dose_and_leaving():
    """H19: signing is blocked from the dose until the person leaves."""
    assert "impaired" in _codes(impaired_since=AT)


def test_every_objection_comes_at_once():
    told = _codes(understood=frozenset(), typed_name="Eve", impaired_since=AT, already_signed=True)
    assert told == {"understood", "name", "impaired", "signed"}


@given(st.integers(min_value=0, max_value=5000))
def test_any_changed_byte_is_another_text(place):
    text = rules.content_to_sign(DOCUMENT, patient_name="Amara Osei", record_number="KAP-0001")
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
        name=kind.name, value=new.value, now_chosen=old.value, impaired_since=AT
    )
    assert bool(told) == (new.rank > old.rank)
    free = rules.objections_to_choosing(
        name=kind.name, value=new.value, now_chosen=old.value, impaired_since=None
    )
    assert free == []


def test_words_stay_as_they_were_before_the_dose():
    same = rules.objections_to_choosing(name="stop_word", value="red", now_chosen="red", impaired_since=AT)
    other = rules.objections_to_choosing(name="stop_word", value="blue", now_chosen="red", impaired_since=AT)
    assert (same, [o.code for o in other]) == ([], ["only_less"])


def test_what_nobody_chose_is_the_least():
    assert {kind.unset for kind in OPTIONED} == {"none"}
    told = rules.objections_to_choosing(name="touch", value="hand", now_chosen="", impaired_since=AT)
    assert [o.code for o in told] == ["only_less"]


@pytest.mark.parametrize(("name", "value"), [("shoes", "on"), ("touch", "everything")])
def test_a_choice_nobody_offers_is_refused(name, value):
    assert rules.objections_to_choosing(name=name, value=value, now_chosen="", impaired_since=None)
