"""Signing in the record: bound to the text, shut while a dose runs, open to withdrawal at any time."""

from __future__ import annotations

import threading
from datetime import date, timedelta

import pytest
from django.db import connection, transaction

from openkap.accounts.actor import Actor
from openkap.consent import actions, documents, queries
from openkap.consent.actions import agreeing, choosing
from openkap.consent.models import Capacity, Choice, Consent, HandOver, Impairment, Understood
from openkap.consent.rules import ABILITIES
from openkap.kernel.ids import uuid7
from openkap.kernel.refusal import Refused
from openkap.people import actions as people_actions
from tests.cast import NOW, Cast

VERSION = documents.current().version


def _go_through(cast: Cast) -> None:
    _answer(cast)
    talk = actions.CapacityTalk(could_decide=True, abilities=frozenset(ABILITIES))
    okafor = {"typed_name": cast.okafor.name, "by": cast.okafor, "at": NOW}
    actions.sign_capacity(cast.amara.id, talk=talk, **okafor)


def _answer(cast: Cast, **who) -> None:
    answers = {element.id: "As I understand it." for element in documents.current().elements}
    actions.answer_parts(cast.amara.id, answers=answers, **{"by": cast.amara_herself, "at": NOW, **who})


def _sign(cast: Cast) -> Consent:
    return actions.sign(
        cast.amara.id, version=VERSION, typed_name="Amara Osei", by=cast.amara_herself, at=NOW
    )


def test_amara_signs_on_her_own_page_and_the_consent_holds(cast: Cast):
    _go_through(cast)
    consent = _sign(cast)
    assert queries.valid(cast.amara.id) == consent
    assert queries.valid_among(queries.signed(cast.amara.id)) == consent
    assert consent.holds()
    assert consent.hand_over is None
    assert consent.capacity.by_name == cast.okafor.name


def _hand_over(cast: Cast, *, by=None) -> HandOver:
    who = by or cast.noor
    return actions.hand_over(cast.amara.id, identity_checked=True, typed_name=who.name, by=who, at=NOW)


def test_on_a_screen_of_the_clinic_she_answers_and_signs_and_the_clinician_is_named(cast: Cast):
    row = _hand_over(cast)
    present = {"by": Actor.present(cast.clinic.id, "Amara Osei"), "at": NOW, "hand_over_id": row.id}
    _answer(cast, **present)
    talk = actions.CapacityTalk(could_decide=True, abilities=frozenset(ABILITIES))
    okafor = {"typed_name": cast.okafor.name, "by": cast.okafor, "at": NOW}
    actions.sign_capacity(cast.amara.id, talk=talk, **okafor)
    consent = actions.sign(cast.amara.id, version=VERSION, typed_name="Amara Osei", **present)
    assert (consent.hand_over.by_name, consent.by_name, consent.by_role) == (
        "Noor Haddad",
        "Amara Osei",
        "patient",
    )
    assert queries.valid(cast.amara.id) == consent
    assert {row.hand_over.by_name for row in Understood.objects.all()} == {"Noor Haddad"}


@pytest.mark.parametrize("who", ["kit", "okafor", "noor", "sam", "ada"])
def test_nobody_of_the_clinic_answers_or_signs_in_her_place(cast: Cast, who: str):
    """H19: the coordinator's sixteen clicks of the trial, and everybody else's."""
    actor = getattr(cast, who)
    with pytest.raises(Refused) as caught:
        _answer(cast, by=actor)
    assert {it.code for it in caught.value.objections} == {"THE_PERSON_ONLY"}
    _go_through(cast)
    with pytest.raises(Refused) as caught:
        actions.sign(cast.amara.id, version=VERSION, typed_name="Amara Osei", by=actor, at=NOW)
    assert {it.code for it in caught.value.objections} == {"THE_PERSON_ONLY"}
    assert Consent.objects.count() == 0


def test_a_screen_that_is_back_or_was_handed_to_another_person_signs_nothing(cast: Cast):
    row = _hand_over(cast)
    present = {"by": Actor.present(cast.clinic.id, "Amara Osei"), "at": NOW}
    other = people_actions.register(
        particulars={"given_name": "Bo", "family_name": "Lind", "birth_date": date(1980, 1, 1)},
        by=cast.kit,
        at=NOW,
    )
    for answered in (
        lambda: _answer(cast, **present),
        lambda: _answer(cast, **present, hand_over_id=uuid7()),
        lambda: actions.answer_parts(other.id, answers={"C_ACUTE": "Dizzy"}, **present, hand_over_id=row.id),
    ):
        with pytest.raises(Refused):
            answered()
    actions.take_back(row.id, by=cast.noor, at=NOW)
    actions.take_back(row.id, by=cast.noor, at=NOW)
    with pytest.raises(Refused):
        _answer(cast, **present, hand_over_id=row.id)
    assert Understood.objects.count() == 0


@pytest.mark.parametrize("who", ["kit", "ada"])
def test_who_is_no_clinician_hands_no_screen_over(cast: Cast, who: str):
    with pytest.raises(Refused):
        _hand_over(cast, by=getattr(cast, who))
    assert HandOver.objects.count() == 0


@pytest.mark.parametrize("who", ["kit", "noor", "sam", "amara_herself"])
def test_only_a_prescriber_signs_that_she_could_decide(cast: Cast, who: str):
    _answer(cast)
    actor, talk = getattr(cast, who), actions.CapacityTalk(could_decide=True, abilities=frozenset(ABILITIES))
    with pytest.raises(Refused):
        actions.sign_capacity(cast.amara.id, talk=talk, typed_name=actor.name, by=actor, at=NOW)
    with pytest.raises(Refused) as caught:
        _sign(cast)
    assert {it.code for it in caught.value.objections} == {"NOT_TALKED_YET"}
    assert (Capacity.objects.count(), Consent.objects.count()) == (0, 0)


def test_the_last_talk_counts(cast: Cast):
    _go_through(cast)
    later = {"typed_name": cast.bello.name, "by": cast.bello, "at": NOW + timedelta(days=1)}
    actions.sign_capacity(
        cast.amara.id, talk=actions.CapacityTalk(could_decide=False, note="Drowsy."), **later
    )
    with pytest.raises(Refused) as caught:
        _sign(cast)
    assert {it.code for it in caught.value.objections} == {"COULD_NOT_DECIDE"}


def test_staff_narrow_and_never_widen_a_choice(cast: Cast):
    actions.choose(
        cast.amara.id, values={"touch": "hand", "recording": "none"}, by=cast.amara_herself, at=NOW
    )
    for wider in ({"touch": "shoulder"}, {"recording": "video"}, {"stop_word": "red"}):
        for actor in (cast.kit, cast.noor, cast.okafor):
            with pytest.raises(Refused):
                actions.choose(cast.amara.id, values=wider, by=actor, at=NOW)
    actions.choose(cast.amara.id, values={"touch": "none"}, by=cast.noor, at=NOW + timedelta(minutes=1))
    assert queries.choices(cast.amara.id)["touch"] == "none"


def test_a_refused_signature_leaves_no_trace(cast: Cast):
    with pytest.raises(Refused):
        _sign(cast)
    assert Consent.objects.count() == 0


def test_a_signature_over_a_changed_text_does_not_verify(cast: Cast):
    """H19: any changed byte fails verification."""
    _go_through(cast)
    consent = _sign(cast)
    consent.content = consent.content.replace("Ketamine", "ketamine", 1)
    assert not consent.holds()


def test_the_database_refuses_to_change_a_signed_text(cast: Cast):
    _go_through(cast)
    consent = _sign(cast)
    with pytest.raises(Exception, match="Cannot update"), transaction.atomic():
        Consent.objects.filter(id=consent.id).update(content="something else")


def test_nothing_is_signed_or_ticked_while_a_dose_runs_and_all_is_open_again_after(cast: Cast):
    """H19."""
    _go_through(cast)
    cause = ("session", uuid7())
    actions.begin_impairment(cast.amara.id, cause=cause, by=cast.sam, at=NOW)
    actions.begin_impairment(cast.amara.id, cause=cause, by=cast.sam, at=NOW)
    assert Impairment.objects.count() == 1
    with pytest.raises(Refused) as caught:
        _sign(cast)
    assert [o.code for o in caught.value.objections] == ["IMPAIRED"]
    actions.end_impairment(cast.amara.id, cause=cause, by=cast.sam, at=NOW + timedelta(hours=2))
    assert not queries.is_impaired(cast.amara.id)
    assert _sign(cast)


def test_choices_only_narrow_once_the_dose_has_started(cast: Cast):
    actions.choose(cast.amara.id, values={"touch": "hand", "stop_word": "red"}, by=cast.amara_herself, at=NOW)
    actions.begin_impairment(cast.amara.id, cause=("session", uuid7()), by=cast.sam, at=NOW)
    with pytest.raises(Refused):
        actions.choose(cast.amara.id, values={"touch": "shoulder", "music": "none"}, by=cast.sam, at=NOW)
    assert queries.choices(cast.amara.id)["touch"] == "hand"
    later = NOW + timedelta(minutes=5)
    actions.choose(cast.amara.id, values={"touch": "none"}, by=cast.sam, at=later)
    assert queries.choices(cast.amara.id)["touch"] == "none"
    assert ("My stop word", "red") in queries.choices_in_words(cast.amara.id)


def test_a_consent_can_be_withdrawn_even_during_a_session_and_then_does_not_count(cast: Cast):
    _go_through(cast)
    consent = _sign(cast)
    actions.begin_impairment(cast.amara.id, cause=("session", uuid7()), by=cast.sam, at=NOW)
    actions.withdraw(consent.id, by=cast.amara_herself, at=NOW)
    assert queries.valid(cast.amara.id) is None
    [row] = queries.signed(cast.amara.id)
    assert (row.back_at, row.back_by) == (NOW, cast.amara_herself.name)
    assert queries.valid_among([row]) is None
    with pytest.raises(Refused):
        actions.withdraw(consent.id, by=cast.amara_herself, at=NOW)


def test_a_failing_record_leaves_nothing(cast: Cast, monkeypatch: pytest.MonkeyPatch):
    def broken(*args: object, **kwargs: object) -> None:
        raise RuntimeError("the record is down")

    monkeypatch.setattr(choosing, "record", broken)
    with pytest.raises(RuntimeError):
        actions.choose(cast.amara.id, values={"touch": "hand"}, by=cast.amara_herself, at=NOW)
    monkeypatch.setattr(agreeing, "record", broken)
    with pytest.raises(RuntimeError):
        _answer(cast)
    with pytest.raises(RuntimeError):
        _hand_over(cast)
    assert (Choice.objects.count(), Understood.objects.count(), HandOver.objects.count()) == (0, 0, 0)


def test_two_signatures_at_once_leave_one_consent(committed):
    cast = committed.cast
    with committed.inside():
        _go_through(cast)
    told: list[str] = []

    def go() -> None:
        try:
            with committed.inside():
                _sign(cast)
            told.append("signed")
        except Refused:
            told.append("refused")
        finally:
            connection.close()

    threads = [threading.Thread(target=go) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(told) == ["refused", "signed"]
