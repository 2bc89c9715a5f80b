"""Reading, signing and choosing, on the person's own page and on the clinic's tablet."""

from __future__ import annotations

import pytest

from openkap.consent import actions, documents, queries
from openkap.consent.models import Consent, Understood
from openkap.kernel.ids import uuid7
from tests.cast import NOW, Cast, _member

VERSION = str(documents.current().version)
READ = {"form": "understood", "version": VERSION}
SIGN = {"form": "sign", "version": VERSION, "typed_name": "Amara Osei"}


def _read_all(browser, path, once, **more) -> None:
    for element in documents.current().elements:
        browser.post(path, {**READ, "element": element.id, "once": once(), **more})


def test_the_person_reads_each_part_and_signs_by_themself(cast: Cast, door_as, once) -> None:
    """H19: bound to the text, by the person, part by part."""
    browser, path = door_as(cast.amara_herself), f"/patients/{cast.amara.id}/consent/"
    early = browser.post(path, {**SIGN, "once": once()})
    assert early.status_code == 422
    assert b"Not yet gone through" in early.content
    _read_all(browser, path, once, again="no")
    done = browser.post(path, {**SIGN, "typed_name": "amara osei", "once": once()})
    assert done.status_code == 302
    consent = queries.valid(cast.amara.id)
    assert consent is not None
    assert consent.holds()
    assert not consent.witnessed
    shown = browser.get(path).content
    assert b"Take the consent back" in shown
    assert bytes(consent.content_hash).hex()[:16].encode() in shown


def test_on_the_clinics_tablet_a_witness_signs_beside(cast: Cast, door_as, once) -> None:
    browser, path = door_as(cast.sam), f"/patients/{cast.amara.id}/consent/"
    _read_all(browser, path, once, again="yes")
    assert set(Understood.objects.values_list("explained_again", flat=True)) == {True}
    assert browser.post(path, {**SIGN, "once": once()}).status_code == 422
    assert browser.post(path, {**SIGN, "witness_name": "Sam Rivera", "once": once()}).status_code == 302
    assert Consent.objects.get().witnessed


def test_a_consent_is_taken_back_without_a_reason_also_during_a_dose(cast: Cast, door_as, once) -> None:
    browser, path = door_as(cast.amara_herself), f"/patients/{cast.amara.id}/consent/"
    _read_all(browser, path, once)
    browser.post(path, {**SIGN, "once": once()})
    actions.begin_impairment(cast.amara.id, cause=("dose", uuid7()), by=cast.sam, at=NOW)
    assert b"nothing is signed now" in browser.get(path).content
    consent = queries.valid(cast.amara.id)
    assert browser.post(f"/consents/{consent.id}/withdraw/", {"why": "", "once": once()}).status_code == 302
    assert queries.valid(cast.amara.id) is None
    assert b"Signed before" in browser.get(path).content


def test_words_that_were_not_on_the_page_are_neither_read_nor_signed(cast: Cast, door_as, once) -> None:
    """H19: a page left open while the document changed counts for nothing."""
    browser, path = door_as(cast.amara_herself), f"/patients/{cast.amara.id}/consent/"
    element = documents.current().elements[0].id
    old = {**READ, "version": "0", "element": element}
    assert browser.post(path, {**old, "once": once()}).status_code == 422
    assert Understood.objects.count() == 0
    _read_all(browser, path, once)
    assert browser.post(path, {**SIGN, "version": "0", "once": once()}).status_code == 422
    assert Consent.objects.count() == 0


def test_while_a_dose_is_given_nothing_is_read_off_or_signed(cast: Cast, door_as, once) -> None:
    """H19."""
    browser, path = door_as(cast.amara_herself), f"/patients/{cast.amara.id}/consent/"
    _read_all(browser, path, once)
    actions.begin_impairment(cast.amara.id, cause=("dose", uuid7()), by=cast.sam, at=NOW)
    assert browser.post(path, {**SIGN, "once": once()}).status_code == 422
    assert Consent.objects.count() == 0


def test_during_a_dose_choices_only_narrow_on_the_page(cast: Cast, door_as, once) -> None:
    """H19."""
    browser, path = door_as(cast.amara_herself), f"/patients/{cast.amara.id}/choices/"
    chosen = {
        "touch": "hand",
        "music": "soft",
        "recording": "none",
        "stop_word": "red",
        "what_helps": "breath",
    }
    assert browser.post(path, {**chosen, "once": once()}).status_code == 302
    actions.begin_impairment(cast.amara.id, cause=("dose", uuid7()), by=cast.sam, at=NOW)
    wider = browser.post(path, {**chosen, "touch": "shoulder", "once": once()})
    assert wider.status_code == 422
    assert b"it can only become less" in wider.content
    assert browser.post(path, {**chosen, "touch": "none", "once": once()}).status_code == 302
    assert queries.choices(cast.amara.id)["touch"] == "none"


@pytest.mark.parametrize("page", ["consent", "choices"])
def test_nobody_else_opens_the_pages(cast: Cast, door_as, page) -> None:
    """H40: neither a stranger of the clinic nor another patient."""
    other = _member(cast.clinic, "other@patients.example.org", "Other Person", "patient")
    for actor in (cast.eve, other, cast.ada, cast.robin):
        assert door_as(actor).get(f"/patients/{cast.amara.id}/{page}/").status_code == 404


def test_nobody_else_takes_a_consent_back(cast: Cast, door_as, once) -> None:
    """H40."""
    own, path = door_as(cast.amara_herself), f"/patients/{cast.amara.id}/consent/"
    _read_all(own, path, once)
    own.post(path, {**SIGN, "once": once()})
    other = _member(cast.clinic, "other@patients.example.org", "Other Person", "patient")
    consent = queries.valid(cast.amara.id)
    for actor in (cast.eve, other):
        browser = door_as(actor)
        assert browser.get(f"/consents/{consent.id}/withdraw/").status_code == 404
        assert browser.post(f"/consents/{consent.id}/withdraw/", {"once": once()}).status_code == 404
    assert queries.valid(cast.amara.id) == consent
