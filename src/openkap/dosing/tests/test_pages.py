"""The pages through their routes: who may see them, what they show, and what a refused form leaves."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.template import engines
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from openkap.accounts.actor import Actor
from openkap.dosing import actions
from openkap.dosing.models import Dose, NoDrivePromise
from openkap.dosing.tests.scene import BASE, Scene, scene
from openkap.dosing.views.stream import Watcher, _event, events, may_go_on
from openkap.kernel.ids import uuid7
from openkap.ui import documents
from openkap.watch import actions as watch_actions
from openkap.watch.models import AdverseEvent, Mark, Vital
from openkap.watch.plausibility import SBP, SPO2
from tests.cast import Cast, Committed

ClientAs = Callable[[Actor], Client]


@pytest.fixture
def here(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> Scene:
    """The scene of now: views read the clock."""
    now = timezone.now() - timedelta(seconds=2)
    monkeypatch.setattr("openkap.dosing.tests.scene.NOW", now)
    return scene(cast)


def url(name: str, it: Scene) -> str:
    return reverse(f"dosing:{name}", kwargs={"session": it.session.id})


def test_a_stranger_finds_no_session_at_any_of_its_doors(
    cast: Cast, here: Scene, client_as: ClientAs
) -> None:
    """Eve is a nurse of this clinic and related to nobody."""
    eve = client_as(cast.eve)
    for name in ("room", "before", "live", "stream", "emergency", "discharge", "summary"):
        assert eve.get(url(name, here)).status_code == 404, name
    for name in (
        "vitals",
        "alertness",
        "adverse_event",
        "words",
        "present",
        "pump",
        "unpair",
        "second_check",
    ):
        assert eve.post(url(name, here), {"sbp": "120", "dbp": "80"}).status_code == 404, name
    here.take({SPO2: 85}, minutes=0.01)
    key = {"mark": Mark.objects.get().id}
    assert eve.post(reverse("dosing:acknowledge", kwargs=key), {"action": "Seen"}).status_code == 404
    assert (
        eve.post(reverse("dosing:decide", kwargs=key), {"DECISION_WITHOUT_REASON": "Go on"}).status_code
        == 404
    )
    assert b"Amara" not in eve.get(reverse("dosing:board")).content
    assert Vital.objects.count() == len(BASE) + 1
    assert Mark.objects.get().acknowledged_at is None


def test_the_room_shows_her_values_with_age_and_source(cast: Cast, here: Scene, client_as: ClientAs) -> None:
    actions.start(here.session.id, initials="AO", birth_year=1985, by=cast.sam, at=timezone.now())
    page = client_as(cast.sam).get(url("room", here)).content.decode()
    for words in (
        "Amara Osei",
        "124",
        "hand, <time",
        "No known allergy",
        "Infusion running",
        "of 36 mg",
        "Pause",
    ):
        assert words in page, words
    assert "data-measured" in page
    assert 'id="d-emergency"' in page


def test_the_emergency_card_is_in_the_page_with_what_one_has_to_say(
    cast: Cast, here: Scene, client_as: ClientAs
) -> None:
    """H47: who, where, allergies, what was given and since when; without another request."""
    actions.start(here.session.id, initials="AO", birth_year=1985, by=cast.sam, at=timezone.now())
    page = client_as(cast.sam).get(url("room", here)).content.decode()
    card = page.split('id="d-emergency"')[1].split("</dialog>")[0]
    for words in (
        "Amara Osei",
        "Mar 12, 1985",
        "Room 2",
        "none known",
        "of 36 mg",
        "Kofi Osei",
        "212 555 0143",
    ):
        assert words in card, words


def test_the_time_out_reads_the_order_out_and_starts_the_dose(
    cast: Cast, here: Scene, client_as: ClientAs
) -> None:
    """H01, H02: every unit is on the page, and the person's own words start it."""
    sam = client_as(cast.sam)
    page = sam.get(url("before", here)).content.decode()
    for words in ("36 mg", "0.5 mg/kg", "3.6 mL", "54 mg/h", "Dr Ife Okafor"):
        assert words in page, words
    tap = str(uuid7())
    wrong = sam.post(
        url("before", here), {"form": "start", "initials": "KM", "birth_year": "1985", "client_id": tap}
    )
    assert wrong.status_code == 422
    assert "not those of this record" in wrong.content.decode()
    assert not Dose.objects.exists()
    right = {"form": "start", "initials": "ao", "birth_year": "1985", "client_id": tap}
    assert sam.post(url("before", here), right).url == url("room", here)
    assert sam.post(url("before", here), right).url == url("room", here)
    assert Dose.objects.count() == 1


def test_the_time_outs_small_forms_each_settle_one_thing(cast: Cast, client_as: ClientAs) -> None:
    it = scene(cast, but=frozenset({"promise", "medicines", "check"}))
    sam, noor, june = client_as(cast.sam), client_as(cast.noor), client_as(cast.june)
    refused = sam.post(url("before", it), {"form": "promise", "signed_name": "Somebody Else"})
    assert refused.status_code == 422
    promise = {"form": "promise", "signed_name": "amara osei"}
    assert sam.post(url("before", it), promise).status_code == 422
    sam.post(url("before", it), {**promise, "witness_name": cast.sam.name})
    kept = NoDrivePromise.objects.get()
    assert (kept.signed_name, kept.witness_name) == ("amara osei", "Sam Rivera")
    sam.post(url("before", it), {"form": "medicines", "note": "Slept well"})
    assert it.session.medicines_reviews.count() == 1
    read = {"form": "check", "strength": "10", "rate": "54"}
    refused = noor.post(url("second_check", it), read)
    assert refused.status_code == 422
    assert "June Park" in refused.content.decode()
    wrong = june.post(url("second_check", it), {**read, "strength": "50"})
    assert "The vial says 50 mg/mL, the order 10 mg/mL" in wrong.content.decode()
    assert 'value="54"' in wrong.content.decode()
    assert june.post(url("second_check", it), read).url == url("before", it)
    monitor = watch_actions.add_monitor(identifier="A1", name="Bedside 1", by=cast.sam, at=it.at)
    sam.post(url("before", it), {"form": "pair", "monitor": monitor.id})
    assert it.session.pairings.count() == 1
    sam.post(url("unpair", it))
    assert it.session.pairings.filter(ended_at__isnull=True).count() == 0
    again = sam.post(url("unpair", it))
    assert again.status_code == 422
    assert "Time-out before the dose" in again.content.decode()


def test_the_person_promises_on_their_own_page(cast: Cast, client_as: ClientAs) -> None:
    """H15: and nobody else that way."""
    it = scene(cast, without="promise")
    amara = client_as(cast.amara_herself)
    address = url("own_promise", it)
    assert address in amara.get("/me/").content.decode()
    assert client_as(cast.sam).get(address).status_code == 404
    assert amara.post(address, {"signed_name": "Kofi"}).status_code == 422
    assert amara.post(address, {"signed_name": "Amara Osei"}).url == address
    assert "promised" in amara.get(address).content.decode()
    assert NoDrivePromise.objects.get().by_role == "patient"


def test_a_tap_from_the_outbox_is_kept_once_and_says_so(cast: Cast, here: Scene, client_as: ClientAs) -> None:
    """H23, H24."""
    sam, tap = client_as(cast.sam), str(uuid7())
    form = {"sbp": "131", "dbp": "82", "client_id": tap, "measured_at": timezone.now().isoformat()}
    for _ in range(3):
        answer = sam.post(url("vitals", here), form, headers={"Accept": "application/json"})
        assert answer.json() == {"kept": True}
    assert Vital.objects.filter(code=SBP, value=131).count() == 1
    bad = sam.post(
        url("vitals", here), {"sbp": "131", "client_id": tap}, headers={"Accept": "application/json"}
    )
    assert bad.status_code == 422
    assert "both numbers" in bad.json()["objections"][0]["text"]
    changed = sam.post(url("vitals", here), {**form, "sbp": "150"}, headers={"Accept": "application/json"})
    assert changed.status_code == 409


def test_every_form_works_without_a_script(cast: Cast, here: Scene, client_as: ClientAs) -> None:
    sam = client_as(cast.sam)
    assert (
        'id="d-vitals" aria-labelledby="h-vitals" open'
        in sam.get(url("room", here) + "?open=vitals").content.decode()
    )
    tap = {"client_id": str(uuid7())}
    assert sam.post(url("alertness", here), {"moaas": "4", **tap}).status_code == 302
    nausea = {"term": "Nausea", "grade": "1", **tap}
    assert sam.post(url("adverse_event", here), nausea).status_code == 302
    assert sam.post(url("present", here), {"text": "Sam, Noor", **tap}).status_code == 302
    assert AdverseEvent.objects.count() == 1
    wrong = sam.post(url("vitals", here), {"sbp": "1,200", "dbp": "80", **tap})
    assert wrong.status_code == 422
    assert "is no blood pressure" in wrong.content.decode()
    unsaid = sam.post(url("words", here), {"text": "blue", "client_id": str(uuid7())})
    assert unsaid.status_code == 422


def test_pump_marks_leaving_and_paper(cast: Cast, here: Scene, client_as: ClientAs) -> None:
    sam = client_as(cast.sam)
    actions.start(here.session.id, initials="AO", birth_year=1985, by=cast.sam, at=timezone.now())
    sam.post(url("vitals", here), {"spo2": "88", "client_id": str(uuid7())})
    mark = Mark.objects.get()
    assert "Stop: saturation 88" in sam.get(url("room", here)).content.decode()
    sam.post(reverse("dosing:acknowledge", kwargs={"mark": mark.id}), {"action": "Oxygen"})
    mark.refresh_from_db()
    assert mark.action_taken == "Oxygen"
    assert sam.post(url("pump", here), {"do": "pause"}).status_code == 302
    assert sam.post(url("pump", here), {"do": "resume"}).status_code == 422
    sam.post(url("vitals", here), {"spo2": "98", "client_id": str(uuid7())})
    assert client_as(cast.noor).post(url("pump", here), {"do": "resume"}).status_code == 422
    for verb in ("resume", "stop"):
        assert sam.post(url("pump", here), {"do": verb}).status_code == 302
    assert Dose.objects.get().ended_at is not None
    answers = {"gait_steady": "yes", "oriented": "yes", "escort_seen": "yes", "escort_name": "Kofi"}
    early = sam.post(url("discharge", here), {"form": "discharge", **answers})
    assert early.status_code == 422
    assert "Observation is 60 min" in early.content.decode()
    assert sam.get(url("summary", here)).content[:5] == b"%PDF-"


def test_the_paper_says_what_was_seen_and_done_and_asks_for_nothing_that_is_not_there(
    cast: Cast, here: Scene, client_as: ClientAs, monkeypatch: pytest.MonkeyPatch
) -> None:
    """H39: a mark stands on it with its words and its answer; an empty place would be read as nothing."""
    sam, papers = client_as(cast.sam), []
    monkeypatch.setattr(documents.typst, "compile", lambda source: papers.append(source.decode()) or b"%PDF-")
    monkeypatch.setattr(engines["django"].engine, "string_if_invalid", "not there: %s")
    actions.start(here.session.id, initials="AO", birth_year=1985, by=cast.sam, at=timezone.now())
    sam.post(url("vitals", here), {"spo2": "88", "client_id": str(uuid7())})
    sam.post(reverse("dosing:acknowledge", kwargs={"mark": Mark.objects.get().id}), {"action": "Oxygen"})
    sam.post(url("pump", here), {"do": "stop"})
    assert sam.get(url("summary", here)).status_code == 200
    [paper] = papers
    assert "not there" not in paper
    said = paper.replace("\\", "")
    assert "stop: saturation 88" in said
    assert "Oxygen" in said
    assert "[stopped]" in said


def test_the_live_answer_carries_numbers_and_the_pages_own_parts(
    cast: Cast, here: Scene, client_as: ClientAs
) -> None:
    answer = client_as(cast.noor).get(url("live", here), headers={"Accept": "application/json"}).json()
    assert set(answer["parts"]) == {"tiles", "aside", "dose", "marks", "strip", "next", "events", "emergency"}
    assert answer["values"][0]["value"] == "124"
    assert "124" in answer["parts"]["tiles"]


def test_the_board_and_the_monitors(cast: Cast, here: Scene, client_as: ClientAs) -> None:
    assert "Amara Osei" in client_as(cast.sam).get(reverse("dosing:board")).content.decode()
    ada = client_as(cast.ada)
    new = {"name": "Bedside 1", "identifier": "A1", "location": "", "zone": "Mars/Base"}
    assert ada.post(reverse("dosing:monitors"), new).status_code == 422
    assert ada.post(reverse("dosing:monitors"), {**new, "zone": ""}).status_code == 302
    watch_actions.pair(here.session.id, monitor_id=_monitor_id(), by=cast.sam, at=timezone.now())
    page = ada.get(reverse("dosing:monitors")).content.decode()
    assert "Bedside 1" in page
    assert "Amara" not in page


def _monitor_id() -> uuid.UUID:
    from openkap.watch.models import Monitor

    return Monitor.objects.get().id


def test_opening_a_session_from_its_course(cast: Cast, here: Scene, client_as: ClientAs) -> None:
    sam, address = client_as(cast.sam), reverse("dosing:open", args=[here.session.course_id, 1])
    shown = sam.get(address).content.decode()
    assert "Another session of this person is still open." in shown
    assert "Open the session</button>" not in shown
    assert url("room", here) in shown, "the way there instead"
    actions.close_session(here.session.id, why="Fever", by=cast.sam, at=timezone.now())
    assert "Room 2" in sam.get(address).content.decode()
    answer = sam.post(address, {"room": cast.room.id})
    assert "/before/" in answer.url


def test_the_stream_ends_when_the_listener_leaves_the_care_team(
    cast: Cast, here: Scene, client_as: ClientAs
) -> None:
    from openkap.people import actions as people_actions

    client = client_as(cast.sam)
    client.get(url("room", here))
    key = client.session.session_key
    assert key
    watcher = Watcher(cast.sam, key, cast.amara.id, here.session.id)
    assert may_go_on(watcher, at=timezone.now())
    people_actions.leave_care_team(
        cast.amara.id, membership_id=cast.sam.membership_id, by=cast.kit, at=timezone.now()
    )
    assert not may_go_on(watcher, at=timezone.now())
    client.logout()
    assert not may_go_on(watcher, at=timezone.now())


def test_an_open_stream_asks_again_and_closes_when_its_listener_may_stay_no_longer(
    committed: Committed, monkeypatch: pytest.MonkeyPatch
) -> None:
    """H40: who is let in may be sent out: the stream looks again while it runs, and says that it ends."""
    with committed.inside():
        it = scene(committed.cast, but=frozenset({"consent", "order"}))
    monkeypatch.setattr("openkap.dosing.views.stream.CHECK_EVERY_SECONDS", 0.0)
    monkeypatch.setattr("openkap.dosing.views.stream.BEAT_SECONDS", 0.05)
    answers = iter([True, False])
    monkeypatch.setattr("openkap.dosing.views.stream.may_go_on", lambda _watcher, *, at: next(answers))
    watcher = Watcher(committed.cast.sam, "", committed.cast.amara.id, it.session.id)

    async def listen() -> list[bytes]:
        stream = events(watcher)
        return [piece async for piece in stream]

    heard = asyncio.run(asyncio.wait_for(listen(), timeout=30))
    first, *between, last = (piece.split(b"\n")[0].removeprefix(b"event: ") for piece in heard)
    assert (first, set(between) <= {b"beat", b"answer"}, last) == (b"beat", True, b"closed")
    assert next(answers, "none is left") == "none is left"


def test_a_beat_carries_the_servers_time_and_no_value() -> None:
    assert _event("beat").startswith(b'event: beat\ndata: {"at": "')
