"""Reading, signing and choosing, on the person's own page and on the clinic's tablet."""

from __future__ import annotations

import pytest

from openkap.consent import actions, documents, queries
from openkap.consent.models import Consent, HandOver, Understood
from openkap.consent.rules import ABILITIES
from openkap.kernel.ids import uuid7
from tests.cast import NOW, Cast, _member

VERSION = str(documents.current().version)
READ = {"form": "understood", "version": VERSION}
SIGN = {"form": "sign", "version": VERSION, "typed_name": "Amara Osei"}


def _read_all(browser, path, once, **more) -> None:
    for element in documents.current().elements:
        typed = {f"answer_{element.id}": "As I understand it."}
        browser.post(path, {**READ, "element": element.id, **typed, "once": once(), **more})


def _talk(cast: Cast, client_as, once) -> None:
    """Dr Okafor reads the answers, talks, and signs."""
    typed = {"abilities": list(ABILITIES), "could_decide": "yes", "typed_name": cast.okafor.name}
    page = f"/patients/{cast.amara.id}/consent/talk/"
    assert client_as(cast.okafor).post(page, {**typed, "once": once()}).status_code == 302


def test_the_person_reads_each_part_and_signs_by_themself(cast: Cast, client_as, once) -> None:
    """H19: bound to the text, by the person, part by part."""
    browser, path = client_as(cast.amara_herself), f"/patients/{cast.amara.id}/consent/"
    early = browser.post(path, {**SIGN, "once": once()})
    assert early.status_code == 422
    assert b"Not yet gone through" in early.content
    _read_all(browser, path, once)
    assert b"A prescriber talks it through" in browser.post(path, {**SIGN, "once": once()}).content
    _talk(cast, client_as, once)
    done = browser.post(path, {**SIGN, "typed_name": "amara osei", "once": once()})
    assert done.status_code == 302
    consent = queries.valid(cast.amara.id)
    assert consent is not None
    assert consent.holds()
    assert consent.hand_over is None
    shown = browser.get(path).content
    assert b"Take the consent back" in shown
    assert bytes(consent.content_hash).hex()[:16].encode() in shown


def _hand(browser, cast: Cast, once, *, to: str = "") -> str:
    typed = {"identity_checked": "on", "typed_name": "Sam Rivera", "once": once()}
    return browser.post(f"/patients/{cast.amara.id}/hand-over/{to}", typed)["Location"]


def test_on_the_clinics_tablet_she_answers_herself_once_it_is_handed_over(
    cast: Cast, client_as, once
) -> None:
    browser, path = client_as(cast.sam), f"/patients/{cast.amara.id}/consent/"
    _read_all(browser, path, once)
    assert browser.post(path, {**SIGN, "once": once()}).status_code == 422
    assert (Understood.objects.count(), Consent.objects.count()) == (0, 0)
    assert "<textarea" not in browser.get(path).content.decode()
    assert _hand(browser, cast, once) == path
    shown = browser.get(path).content.decode()
    assert "Sam Rivera has handed you this screen." in shown
    assert "<nav" not in shown
    _read_all(browser, path, once)
    _talk(cast, client_as, once)
    assert browser.post(path, {**SIGN, "once": once()}).status_code == 302
    assert Consent.objects.get().hand_over.by_name == "Sam Rivera"


def test_a_coordinator_can_neither_answer_nor_sign_nor_hand_over_nor_talk(
    cast: Cast, client_as, once
) -> None:
    """H19: sixteen clicks and two names made a consent in the trial."""
    kit, path = client_as(cast.kit), f"/patients/{cast.amara.id}/consent/"
    element = documents.current().elements[0].id
    typed = {**READ, "element": element, f"answer_{element}": "Yes.", "once": once()}
    assert kit.post(path, typed).status_code == 404
    assert kit.post(path, {**SIGN, "once": once()}).status_code == 404
    assert kit.get(f"/patients/{cast.amara.id}/hand-over/").status_code == 404
    assert kit.get(f"{path}talk/").status_code == 404
    assert Understood.objects.count() == 0


def test_a_screen_in_her_hands_opens_nothing_else_of_the_clinic(cast: Cast, client_as, once) -> None:
    """H40: no other record, not her own chart, no page of the clinic, until somebody signs in anew."""
    browser, path = client_as(cast.sam), f"/patients/{cast.amara.id}/consent/"
    _hand(browser, cast, once)
    for elsewhere in (
        "/",
        "/patients/",
        "/alerts/",
        f"/patients/{cast.amara.id}/",
        f"/patients/{cast.amara.id}/hand-over/",
        f"/patients/{uuid7()}/consent/",
        "/second-factor/",
        "/places/",
    ):
        answer = browser.get(elsewhere)
        assert (answer.status_code, answer["Location"]) == (302, path), elsewhere
    refused = browser.post(f"/patients/{cast.amara.id}/escort/", {"name": "x", "phone": "12345678"})
    assert refused["Location"] == path
    back = browser.post(f"/patients/{cast.amara.id}/hand-back/")
    assert back.status_code == 302
    assert browser.get(path)["Location"].startswith("/sign-in/")
    assert HandOver.objects.get().ended_at is not None


def test_what_she_typed_elsewhere_on_the_page_is_kept_too_and_an_empty_answer_loses_nothing(
    cast: Cast, client_as, once
) -> None:
    browser, path = client_as(cast.amara_herself), f"/patients/{cast.amara.id}/consent/"
    first, second, third = (element.id for element in documents.current().elements[:3])
    typed = {**READ, "element": first, f"answer_{second}": "My own words.", "once": once()}
    refused = browser.post(path, typed)
    assert refused.status_code == 422
    assert "Answer the question in your own words." in refused.content.decode()
    assert "My own words." in refused.content.decode()
    assert Understood.objects.count() == 0
    browser.post(path, {**typed, f"answer_{first}": "Not approved.", f"answer_{third}": " ", "once": once()})
    assert set(Understood.objects.values_list("answer", flat=True)) == {"Not approved.", "My own words."}


def test_the_prescriber_reads_the_answers_and_an_unable_person_is_not_signed_for(
    cast: Cast, client_as, once
) -> None:
    own, path = client_as(cast.amara_herself), f"/patients/{cast.amara.id}/consent/"
    _read_all(own, path, once)
    okafor, talk = client_as(cast.okafor), f"{path}talk/"
    assert "As I understand it." in okafor.get(talk).content.decode()
    typed = {"abilities": ["understands"], "could_decide": "yes", "typed_name": cast.okafor.name}
    refused = okafor.post(talk, {**typed, "once": once()})
    assert "lacks one of the four abilities" in refused.content.decode()
    unable = {**typed, "could_decide": "no", "note": "Very sleepy today."}
    assert okafor.post(talk, {**unable, "once": once()}).status_code == 302
    assert own.post(path, {**SIGN, "once": once()}).status_code == 422
    assert "Very sleepy today." in okafor.get(path).content.decode()
    for actor in (cast.noor, cast.sam, cast.kit, cast.amara_herself):
        assert client_as(actor).get(talk).status_code == 404


def test_choices_on_the_page_widen_only_in_her_hands(cast: Cast, client_as, once) -> None:
    sam, path = client_as(cast.sam), f"/patients/{cast.amara.id}/choices/"
    wide = {"touch": "hand", "music": "none", "recording": "video", "stop_word": "", "what_helps": ""}
    refused = sam.post(path, {**wide, "once": once()})
    assert refused.status_code == 422
    assert "only the person can allow more" in refused.content.decode()
    assert _hand(sam, cast, once, to="?to=choices") == path
    assert sam.post(path, {**wide, "once": once()}).status_code == 302
    assert queries.choices(cast.amara.id)["recording"] == "video"


def test_a_consent_is_taken_back_without_a_reason_also_during_a_dose(cast: Cast, client_as, once) -> None:
    browser, path = client_as(cast.amara_herself), f"/patients/{cast.amara.id}/consent/"
    _read_all(browser, path, once)
    _talk(cast, client_as, once)
    browser.post(path, {**SIGN, "once": once()})
    actions.begin_impairment(cast.amara.id, cause=("dose", uuid7()), by=cast.sam, at=NOW)
    assert b"nothing is signed now" in browser.get(path).content
    consent = queries.valid(cast.amara.id)
    assert browser.post(f"/consents/{consent.id}/withdraw/", {"why": "", "once": once()}).status_code == 302
    assert queries.valid(cast.amara.id) is None
    assert b"Signed before" in browser.get(path).content


def test_words_that_were_not_on_the_page_are_neither_read_nor_signed(cast: Cast, client_as, once) -> None:
    """H19: a page left open while the document changed counts for nothing."""
    browser, path = client_as(cast.amara_herself), f"/patients/{cast.amara.id}/consent/"
    element = documents.current().elements[0].id
    old = {**READ, "version": "0", "element": element, f"answer_{element}": "Yes, I see."}
    assert browser.post(path, {**old, "once": once()}).status_code == 422
    assert Understood.objects.count() == 0
    _read_all(browser, path, once)
    _talk(cast, client_as, once)
    assert browser.post(path, {**SIGN, "version": "0", "once": once()}).status_code == 422
    assert Consent.objects.count() == 0


def test_while_a_dose_is_given_nothing_is_read_off_or_signed(cast: Cast, client_as, once) -> None:
    """H19."""
    browser, path = client_as(cast.amara_herself), f"/patients/{cast.amara.id}/consent/"
    _read_all(browser, path, once)
    actions.begin_impairment(cast.amara.id, cause=("dose", uuid7()), by=cast.sam, at=NOW)
    assert browser.post(path, {**SIGN, "once": once()}).status_code == 422
    assert Consent.objects.count() == 0


def test_during_a_dose_choices_only_narrow_on_the_page(cast: Cast, client_as, once) -> None:
    """H19."""
    browser, path = client_as(cast.amara_herself), f"/patients/{cast.amara.id}/choices/"
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
def test_nobody_else_opens_the_pages(cast: Cast, client_as, page) -> None:
    """H40: neither a stranger of the clinic nor another patient."""
    other = _member(cast.clinic, "other@patients.example.org", "Other Person", "patient")
    for actor in (cast.eve, other, cast.ada, cast.robin):
        assert client_as(actor).get(f"/patients/{cast.amara.id}/{page}/").status_code == 404


def test_nobody_else_takes_a_consent_back(cast: Cast, client_as, once) -> None:
    """H40."""
    own, path = client_as(cast.amara_herself), f"/patients/{cast.amara.id}/consent/"
    _read_all(own, path, once)
    _talk(cast, client_as, once)
    own.post(path, {**SIGN, "once": once()})
    other = _member(cast.clinic, "other@patients.example.org", "Other Person", "patient")
    consent = queries.valid(cast.amara.id)
    for actor in (cast.eve, other):
        browser = client_as(actor)
        assert browser.get(f"/consents/{consent.id}/withdraw/").status_code == 404
        assert browser.post(f"/consents/{consent.id}/withdraw/", {"once": once()}).status_code == 404
    assert queries.valid(cast.amara.id) == consent
