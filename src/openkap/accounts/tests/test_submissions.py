"""One token, one content: a form sent twice is one act, and never swallows what was typed the second time."""

from __future__ import annotations

import base64

import pytest

from openkap.accounts.models import Submission
from openkap.dispensary.models import FormularyItem
from openkap.dosing.tests.scene import scene
from openkap.kernel.ids import uuid7
from openkap.watch.models import AdverseEvent, Remark
from tests.cast import Cast

VIAL = {"product": "racemic_iv", "name": "Ketamine", "strength_mg_per_ml": "10", "vial_ml": "20"}


def test_the_same_token_with_other_content_is_a_conflict_with_what_was_typed(
    cast: Cast, client_as, once
) -> None:
    """H24: attack K4.3. It was answered as if done, and nothing of it was kept."""
    browser, token = client_as(cast.okafor), once()
    assert browser.post("/formulary/", {**VIAL, "once": token}).status_code == 302
    other = browser.post("/formulary/", {**VIAL, "name": "Another vial", "once": token})
    assert other.status_code == 409
    assert b"sent before with other content" in other.content
    assert b"Another vial" in other.content
    assert FormularyItem.objects.count() == 1
    anew = {**VIAL, "name": "Another vial", "product": "racemic_im", "once": once()}
    done = browser.post("/formulary/", anew)
    assert done.status_code == 302


def test_the_second_arrival_of_a_form_without_a_page_leads_back_and_not_into_nothing(
    cast: Cast, client_as, once
) -> None:
    """Attack K4.3: the redirect led to an address that only takes forms, and so to a 405."""
    it, token = scene(cast), once()
    path = f"/sessions/{it.session.id}/words/"
    typed = {"text": "warm", "agreed": "on", "client_id": str(uuid7()), "once": token}
    sam = client_as(cast.sam)
    first = sam.post(path, typed)
    second = sam.post(path, typed, headers={"referer": f"http://testserver/sessions/{it.session.id}/"})
    assert (first.status_code, second.status_code) == (302, 302)
    assert sam.get(second["Location"]).status_code == 200
    again = sam.post(path, typed, headers={"accept": "application/json"})
    assert again.json() == {"kept": True}
    Submission.objects.update(location="")
    assert sam.post(path, typed)["Location"] == "/"
    assert Remark.objects.filter(kind="words").count() == 1


@pytest.mark.parametrize(
    ("name", "first", "second"),
    [
        ("side-effects", {"term": "Nausea", "grade": "1"}, {"term": "Nausea", "grade": "4", "serious": "on"}),
        ("side-effects", {"term": "Nausea", "grade": "1"}, {"term": "Nausea", "grade": "1", "note": "more"}),
        ("words", {"text": "warm", "agreed": "on"}, {"text": "cold", "agreed": "on"}),
        ("present", {"text": "Noor"}, {"text": "Noor and Kofi"}),
        ("vitals", {"heart_rate": "80"}, {"heart_rate": "120"}),
    ],
)
def test_the_same_key_with_other_content_is_a_conflict_everywhere(
    cast: Cast, client_as, name: str, first: dict[str, str], second: dict[str, str]
) -> None:
    """H24: attack K4.2. A grave side effect was acknowledged, dropped, and nobody was told."""
    it, sam, key = scene(cast), client_as(cast.sam), str(uuid7())
    path = f"/sessions/{it.session.id}/{name}/"

    def send(typed: dict[str, str]):
        return sam.post(path, {**typed, "client_id": key}, headers={"accept": "application/json"})

    assert send(first).json() == {"kept": True}, send(first).content
    assert send(first).json() == {"kept": True}
    refused = send(second)
    assert refused.status_code == 409
    assert "before" in refused.json()["objections"][0]["text"]
    assert AdverseEvent.objects.count() + Remark.objects.count() <= 1


def test_a_key_that_belongs_to_another_session_is_no_answer_here(cast: Cast, client_as) -> None:
    """H36: attack K4.2. It was called kept, and nothing stood there."""
    it, sam = scene(cast), client_as(cast.sam)
    sent = {
        "words": {"text": "warm", "agreed": "on", "client_id": str(uuid7())},
        "side-effects": {"term": "Nausea", "grade": "1", "client_id": str(uuid7())},
        "vitals": {"heart_rate": "80", "client_id": str(uuid7())},
    }
    as_json = {"accept": "application/json"}
    for name, typed in sent.items():
        here = sam.post(f"/sessions/{it.session.id}/{name}/", typed, headers=as_json)
        assert here.json() == {"kept": True}
    other = _another_session(cast, it)
    for name, typed in sent.items():
        there = sam.post(f"/sessions/{other}/{name}/", typed, headers=as_json)
        assert there.status_code in (409, 422), there.content
        assert "kept" not in there.json()


def _another_session(cast: Cast, it):
    """A second session of hers, as if the first were over."""
    from openkap.dosing import actions
    from openkap.watch import actions as watch_actions

    actions.close_session(it.session.id, why="Fever", by=cast.sam, at=it.later(1))
    session = watch_actions.open_session(
        it.session.course_id, number=2, room_id=cast.room.id, by=cast.sam, at=it.later(60 * 24 * 3)
    )
    return session.id


def test_the_key_of_a_device_is_each_persons_own(cast: Cast, client_as) -> None:
    """H41: what waits on a shared tablet opens for nobody else."""
    keys = {client_as(actor).get("/device-key/").json()["key"] for actor in (cast.sam, cast.june, cast.sam)}
    assert len(keys) == 2
    assert {len(base64.b64decode(key)) for key in keys} == {32}
    answer = client_as(cast.sam).get("/device-key/")
    assert "no-store" in answer["Cache-Control"]


def test_a_form_that_was_taken_says_so_to_the_page_so_that_its_draft_goes(
    cast: Cast, client_as, once
) -> None:
    browser, token = client_as(cast.okafor), once()
    refused = browser.post("/formulary/", {**VIAL, "strength_mg_per_ml": "17", "once": token})
    assert "openkap_done" not in refused.cookies
    done = browser.post("/formulary/", {**VIAL, "once": token})
    assert token in done.cookies["openkap_done"].value
    assert not done.cookies["openkap_done"]["httponly"]
