"""The chart: what is known is written once, what is wrong stays visible, what was not asked is not “no”."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openkap.audit.models import Event
from openkap.chart import actions, queries, rules
from openkap.chart.actions import entries
from openkap.chart.models import Entry, ListAsked, Result
from openkap.kernel.answer import Answer
from openkap.kernel.code import Code
from openkap.kernel.refusal import Refused
from tests.cast import NOW, Cast

WEIGHT = Code("loinc", rules.WEIGHT, "Body weight")


def _codes(caught: pytest.ExceptionInfo[Refused]) -> set[str]:
    return {objection.code for objection in caught.value.objections}


def _weigh(cast: Cast, kilograms: str, **more) -> Result:
    return actions.add_result(
        cast.amara.id,
        code=WEIGHT,
        value=Decimal(kilograms),
        unit="kg",
        measured_at=NOW,
        by=cast.sam,
        at=NOW,
        **more,
    )


def test_a_list_nobody_asked_about_is_not_an_empty_list(cast: Cast) -> None:
    """H16: absent is not “no”."""
    assert queries.list_answer(cast.amara.id, kind="allergy") is Answer.NOT_ASKED
    actions.answer_list(cast.amara.id, kind="allergy", answer=Answer.NO, by=cast.sam, at=NOW)
    assert queries.allergy_line(cast.amara.id) == (Answer.NO, [])
    actions.add_entry(cast.amara.id, kind="allergy", text="latex", by=cast.sam, at=NOW)
    assert queries.allergy_line(cast.amara.id) == (Answer.YES, ["latex"])


def test_a_list_with_entries_cannot_be_called_empty(cast: Cast) -> None:
    actions.add_entry(cast.amara.id, kind="allergy", text="latex", by=cast.sam, at=NOW)
    events = Event.objects.count()
    with pytest.raises(Refused) as caught:
        actions.answer_list(cast.amara.id, kind="allergy", answer=Answer.NO, by=cast.sam, at=NOW)
    assert _codes(caught) == {"LIST_NOT_EMPTY"}
    assert Event.objects.count() == events


def test_a_list_whose_last_entry_proved_wrong_has_to_be_asked_again(cast: Cast) -> None:
    """H16: a voided allergy is not “no allergy”."""
    entry = actions.add_entry(cast.amara.id, kind="allergy", text="latex", by=cast.sam, at=NOW)
    actions.void_entry(entry.id, why="another person's", by=cast.sam, at=NOW + timedelta(minutes=1))
    assert queries.allergy_line(cast.amara.id) == (Answer.NOT_ASKED, [])


def test_what_proved_wrong_stays_visible_with_its_reason(cast: Cast) -> None:
    """H39: nothing clinical is deleted."""
    entry = actions.add_entry(cast.amara.id, kind="medicine", text="lithium", by=cast.sam, at=NOW)
    with pytest.raises(Refused) as caught:
        actions.void_entry(entry.id, why=" ", by=cast.sam, at=NOW)
    assert _codes(caught) == {"WHY_WRONG_MISSING"}
    actions.void_entry(entry.id, why="another person's list", by=cast.sam, at=NOW)
    assert queries.entries(cast.amara.id, kind="medicine") == []
    kept = queries.entries(cast.amara.id, kind="medicine", with_voided=True)
    assert [it.voids.all()[0].why for it in kept] == ["another person's list"]
    with pytest.raises(Refused):
        actions.void_entry(entry.id, why="again", by=cast.sam, at=NOW)


def test_when_the_record_cannot_be_written_no_entry_is(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(entries, "record", lambda *a, **k: (_ for _ in ()).throw(RuntimeError("broken")))
    with pytest.raises(RuntimeError):
        actions.add_entry(cast.amara.id, kind="problem", text="asthma", by=cast.sam, at=NOW)
    assert (Entry.objects.count(), ListAsked.objects.count()) == (0, 0)


def test_a_weight_in_pounds_is_asked_again(cast: Cast) -> None:
    """H04: 137 after 62 kg is the same weight in pounds."""
    _weigh(cast, "62")
    with pytest.raises(Refused) as caught:
        _weigh(cast, "136.7")
    assert "pounds" in str(caught.value)
    assert Result.objects.count() == 1
    assert _weigh(cast, "70", confirmed=True).value == 70


@pytest.mark.parametrize(("value", "unit"), [("700", "kg"), ("5", "kg"), ("62", "lb"), ("62", "")])
def test_an_impossible_weight_or_a_wrong_unit_is_refused(cast: Cast, value: str, unit: str) -> None:
    with pytest.raises(Refused):
        actions.add_result(
            cast.amara.id, code=WEIGHT, value=Decimal(value), unit=unit, measured_at=NOW, by=cast.sam, at=NOW
        )
    assert Result.objects.count() == 0


def test_a_measurement_cannot_come_from_the_future(cast: Cast) -> None:
    with pytest.raises(Refused) as caught:
        actions.add_result(
            cast.amara.id,
            code=WEIGHT,
            value=Decimal(62),
            unit="kg",
            measured_at=NOW + timedelta(minutes=5),
            by=cast.sam,
            at=NOW,
        )
    assert _codes(caught) == {"TIME_IN_FUTURE"}


@given(st.decimals("20", "400", places=1), st.decimals("20", "400", places=1))
def test_a_change_of_more_than_a_tenth_is_always_asked(new, last):
    asked = rules.objections_to_weight_change(new, last)
    assert bool(asked) == (abs(new - last) > last / 10)
    assert rules.objections_to_weight_change(new, last, confirmed=True) == []


def test_exchanged_pressures_are_noticed():
    assert rules.objections_to_pressure(Decimal(76), Decimal(122))
    assert rules.objections_to_pressure(Decimal(122), Decimal(76)) == []
    assert rules.objections_to_pressure(Decimal(122), Decimal(122))


def test_only_changed_answers_are_written(cast: Cast) -> None:
    given_answers = {"psychosis": (Answer.NO, ""), "pregnant": (Answer.YES, "12 weeks")}
    actions.answer_facts(cast.amara.id, answers=given_answers, by=cast.okafor, at=NOW)
    events = Event.objects.count()
    actions.answer_facts(cast.amara.id, answers=given_answers, by=cast.okafor, at=NOW)
    assert Event.objects.count() == events
    assert queries.facts(cast.amara.id)["pregnant"].value == "12 weeks"


def test_the_lists_are_a_page_for_the_care_team_alone(cast: Cast, client_as, once) -> None:
    browser = client_as(cast.sam)
    address = f"/patients/{cast.amara.id}/lists/"
    typed = {"text": "Depression", "icd10": "F33.1", "once": once()}
    assert browser.post(f"{address}problem/add/", typed).status_code == 302
    assert browser.post(f"{address}problem/add/", typed).status_code == 302
    assert browser.post(f"{address}surprise/add/", {**typed, "once": once()}).status_code == 404
    refused = browser.post(f"{address}problem/add/", {"text": "PTSD", "icd10": "12", "once": once()})
    assert refused.status_code == 422
    assert refused.content.decode().count("<details open>") == 1, "the form that was sent, and no other"
    assert [it.code for it in queries.entries(cast.amara.id, kind="problem")] == ["F33.1"]
    assert b"Depression" in browser.get(address).content
    assert client_as(cast.eve).get(address).status_code == 404


NONE = ["none", "None known", "no known allergies", "No allergies.", "N/A", "nil", "NKA", "no medications"]


@pytest.mark.parametrize("words", NONE)
def test_that_there_is_none_is_an_answer_and_never_an_entry(cast: Cast, client_as, once, words: str) -> None:
    """H16: an allergy called “none” would hide that nothing is known of a real one."""
    with pytest.raises(Refused) as caught:
        actions.add_entry(cast.amara.id, kind="allergy", text=words, by=cast.sam, at=NOW)
    assert _codes(caught) == {"ANSWER_NOT_ENTRY"}
    typed = {"text": words, "once": once()}
    assert client_as(cast.sam).post(f"/patients/{cast.amara.id}/lists/allergy/add/", typed).status_code == 302
    assert queries.allergy_line(cast.amara.id) == (Answer.NO, [])
    assert Entry.objects.count() == 0


@pytest.mark.parametrize(
    "words", ["Nonoxynol", "No-nonsense glue", "Nilotinib", "none of the usual, but latex"]
)
def test_a_name_that_begins_like_none_is_an_entry(cast: Cast, words: str) -> None:
    assert not rules.says_none(words)
    actions.add_entry(cast.amara.id, kind="allergy", text=words, by=cast.sam, at=NOW)
    assert queries.allergy_line(cast.amara.id) == (Answer.YES, [words])


def test_no_drug_allergies_says_nothing_of_other_allergies(cast: Cast, client_as, once) -> None:
    typed = {"text": "NKDA", "once": once()}
    refused = client_as(cast.sam).post(f"/patients/{cast.amara.id}/lists/allergy/add/", typed)
    assert refused.status_code == 422
    assert "rules out drugs alone" in refused.content.decode()
    assert "NKDA" in refused.content.decode()
    assert queries.list_answer(cast.amara.id, kind="allergy") is Answer.NOT_ASKED


def test_none_where_there_are_some_is_refused_and_says_so(cast: Cast, client_as, once) -> None:
    actions.add_entry(cast.amara.id, kind="allergy", text="latex", by=cast.sam, at=NOW)
    typed = {"text": "none", "once": once()}
    refused = client_as(cast.sam).post(f"/patients/{cast.amara.id}/lists/allergy/add/", typed)
    assert refused.status_code == 422
    assert "The list has entries" in refused.content.decode()


def test_nothing_was_measured_before_the_person_was_born(cast: Cast) -> None:
    with pytest.raises(Refused) as caught:
        actions.add_result(
            cast.amara.id,
            code=WEIGHT,
            value=Decimal(62),
            unit="kg",
            measured_at=NOW - timedelta(days=365 * 60),
            by=cast.sam,
            at=NOW,
        )
    assert _codes(caught) == {"TIME_TOO_EARLY"}


def test_a_wrong_value_is_voided_stays_to_be_read_and_counts_no_more(cast: Cast, client_as, once) -> None:
    """H04, H39: the weight that counts is the newest true one."""
    _weigh(cast, "62")
    wrong = _weigh(cast, "92", confirmed=True)
    sam, address = client_as(cast.sam), f"/results/{wrong.id}/void/"
    assert sam.post(address, {"why": " ", "once": once()}).status_code == 422
    assert sam.post(address, {"why": "another person's scale", "once": once()}).status_code == 302
    assert queries.last_result(cast.amara.id, rules.WEIGHT).value == 62
    assert queries.last_results(cast.amara.id)[rules.WEIGHT].value == 62
    assert [it.value for it in queries.results(cast.amara.id, rules.WEIGHT)] == [62]
    shown = sam.get(f"/patients/{cast.amara.id}/measurements/").content.decode()
    assert "another person&#x27;s scale" in shown
    with pytest.raises(Refused):
        actions.void_result(wrong.id, why="again", by=cast.sam, at=NOW)
    assert client_as(cast.eve).get(address).status_code == 404
    assert client_as(cast.kit).get(address).status_code == 404


LIMITS = {
    rules.WEIGHT: ("kg", 20, 400),
    rules.HEIGHT: ("cm", 80, 250),
    rules.SYSTOLIC: ("mm[Hg]", 40, 300),
    rules.DIASTOLIC: ("mm[Hg]", 20, 200),
    "8867-4": ("/min", 20, 300),
    "59408-5": ("%", 1, 100),
}


def test_the_limits_of_entry_are_these() -> None:
    assert set(rules.POSSIBLE) == set(LIMITS)


@pytest.mark.parametrize("code", LIMITS)
def test_what_a_clinic_can_measure_is_taken_and_what_lies_outside_is_not(code: str) -> None:
    """H38: to the last tenth."""
    unit, low, high = LIMITS[code]
    tenth = Decimal("0.1")

    def told(value: Decimal) -> list[str]:
        return [it.code for it in rules.objections_to_result(code=code, value=value, unit=unit)]

    assert told(Decimal(low)) == told(Decimal(high)) == []
    assert told(low - tenth) == told(high + tenth) == ["VALUE_IMPOSSIBLE"]
    assert [it.code for it in rules.objections_to_result(code=code, value=Decimal(low), unit="x")] == [
        "UNIT_DIFFERS"
    ]


@pytest.mark.parametrize(("off", "hinted"), [("2", True), ("-2", True), ("2.1", False), ("-2.1", False)])
def test_a_weight_close_to_the_last_one_in_pounds_is_asked_about_as_pounds(off: str, hinted: bool) -> None:
    """H04: 70 kg is 154.3 lb; within 2 of it somebody has read pounds."""
    [told] = rules.objections_to_weight_change(Decimal("154.3") + Decimal(off), Decimal(70))
    assert ("pounds" in told.text) is hinted
