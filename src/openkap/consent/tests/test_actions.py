"""Signing in the record: bound to the text, shut while a dose runs, open to withdrawal at any time."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
from django.db import connection, transaction

from openkap.consent import actions, documents, queries
from openkap.consent.models import Choice, Consent, Impairment, Understood
from openkap.kernel.ids import uuid7
from openkap.kernel.refusal import Refused
from tests.cast import NOW, Cast

VERSION = documents.current().version


def _go_through(cast: Cast) -> None:
    for element in documents.current().elements:
        actions.mark_understood(cast.amara.id, element=element.id, by=cast.amara_herself, at=NOW)


def _sign(cast: Cast) -> Consent:
    return actions.sign(
        cast.amara.id, version=VERSION, typed_name="Amara Osei", by=cast.amara_herself, at=NOW
    )


def test_amara_signs_on_her_own_page_and_the_consent_holds(cast: Cast):
    _go_through(cast)
    consent = _sign(cast)
    assert queries.valid(cast.amara.id) == consent
    assert consent.holds()
    assert not consent.witnessed


def test_with_staff_she_types_her_name_and_the_witness_theirs(cast: Cast):
    _go_through(cast)
    with pytest.raises(Refused):
        actions.sign(cast.amara.id, version=VERSION, typed_name="Amara Osei", by=cast.noor, at=NOW)
    consent = actions.sign(
        cast.amara.id,
        version=VERSION,
        typed_name="Amara Osei",
        witness_name="Noor Haddad",
        by=cast.noor,
        at=NOW,
    )
    assert (consent.witnessed, consent.signature.by_name) == (True, "Noor Haddad")


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
    assert [o.code for o in caught.value.objections] == ["impaired"]
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
    with pytest.raises(Refused):
        actions.withdraw(consent.id, by=cast.amara_herself, at=NOW)


def test_a_failing_record_leaves_nothing(cast: Cast, monkeypatch: pytest.MonkeyPatch):
    def broken(*args: object, **kwargs: object) -> None:
        raise RuntimeError("the record is down")

    monkeypatch.setattr(actions, "record", broken)
    with pytest.raises(RuntimeError):
        actions.choose(cast.amara.id, values={"touch": "hand"}, by=cast.amara_herself, at=NOW)
    with pytest.raises(RuntimeError):
        actions.mark_understood(cast.amara.id, element="C_ACUTE", by=cast.amara_herself, at=NOW)
    assert (Choice.objects.count(), Understood.objects.count()) == (0, 0)


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
