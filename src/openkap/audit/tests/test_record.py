"""The record: every act is in it, in order, and nothing in it can be changed unseen."""

from __future__ import annotations

import threading

import pytest
from django.db import DatabaseError, connection, transaction
from hypothesis import given
from hypothesis import strategies as st

from openkap.audit import delivery
from openkap.audit.actions import record, record_for_installation
from openkap.audit.chain import START, ChainLink, breaks, canonical, link
from openkap.audit.models import Event, Head
from openkap.audit.queries import verify, verify_head
from openkap.tenancy.context import inside
from tests.cast import NOW, Cast, Committed, found_clinic
from tests.events import SomethingDone

bodies = st.lists(st.text(min_size=1, max_size=30), min_size=2, max_size=12)


def _chain(texts: list[str]) -> list[ChainLink]:
    previous, made = START, []
    for seq, text in enumerate(texts, 1):
        previous = link(previous, seq, body=text)
        made.append(ChainLink(seq, text, previous))
    return made


@given(bodies)
def test_an_untouched_chain_holds(texts: list[str]) -> None:
    chain = _chain(texts)
    assert breaks(chain, head_seq=len(chain), head_hash=chain[-1].hash) == []


@given(bodies, st.data())
def test_every_edit_deletion_insertion_swap_and_cut_is_found(texts: list[str], data: st.DataObject) -> None:
    chain = _chain(texts)
    place = data.draw(st.integers(0, len(chain) - 1))
    item = chain[place]
    damaged = {
        "edited": [*chain[:place], ChainLink(item.seq, item.body + "x", item.hash), *chain[place + 1 :]],
        "deleted": [*chain[:place], *chain[place + 1 :]],
        "inserted": [*chain[: place + 1], item, *chain[place + 1 :]],
        "cut": chain[:-1],
    }
    damaged["swapped"] = [chain[1], chain[0], *chain[2:]]
    for name, links in damaged.items():
        assert breaks(links, head_seq=len(chain), head_hash=chain[-1].hash), name


def test_one_content_has_one_text() -> None:
    assert canonical({"b": 1, "a": "ä"}) == '{"a":"ä","b":1}'
    with pytest.raises(ValueError):
        canonical({"a": float("nan")})
    with pytest.raises(TypeError):
        canonical({"a": object()})


def test_acts_form_one_chain_that_holds(cast: Cast) -> None:
    for number in range(5):
        record(SomethingDone(number=number), by=cast.sam, at=NOW, patient_id=cast.amara.id)
    assert verify(cast.clinic.id) == []
    assert verify_head(cast.clinic.id)
    last = Event.objects.order_by("-seq").first()
    assert last is not None
    assert last.seq == Head.objects.get().seq
    assert "Sam Rivera" in last.body


def test_the_application_can_neither_add_nor_change_nor_remove_an_event(cast: Cast) -> None:
    for statement in (
        "UPDATE audit_event SET body = 'x'",
        "DELETE FROM audit_event",
        "INSERT INTO audit_head (clinic_id, seq, hash) VALUES (gen_random_uuid(), 1, '')",
        "UPDATE audit_head SET seq = 0",
        "TRUNCATE audit_event",
    ):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)


def test_a_change_made_behind_our_back_is_found(cast: Cast) -> None:
    record(SomethingDone(), by=cast.sam, at=NOW)
    rows = list(Event.objects.order_by("seq").values_list("seq", "body", "hash"))
    chain = [ChainLink(seq, body.replace("Kit", "Kim"), bytes(digest)) for seq, body, digest in rows]
    head = Head.objects.get()
    assert breaks(chain, head_seq=head.seq, head_hash=bytes(head.hash))


def test_nobody_writes_into_another_clinics_record(cast: Cast) -> None:
    other = found_clinic("Hill Clinic")
    with inside(other.id), pytest.raises(DatabaseError), transaction.atomic():
        record(SomethingDone(), by=cast.sam, at=NOW)


def test_what_belongs_to_no_clinic_goes_to_the_houses_own_chain(cast: Cast) -> None:
    before = Event.objects.count()
    record_for_installation(SomethingDone(), at=NOW)
    assert Event.objects.count() == before


def test_an_act_that_fails_leaves_no_event(cast: Cast) -> None:
    before = Head.objects.get().seq

    def fail_afterwards() -> None:
        with transaction.atomic():
            record(SomethingDone(), by=cast.sam, at=NOW)
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail_afterwards()
    assert Head.objects.get().seq == before


def test_many_at_once_still_form_one_chain(committed: Committed) -> None:
    def act() -> None:
        with committed.inside():
            record(SomethingDone(), by=committed.cast.sam, at=NOW)
        connection.close()

    threads = [threading.Thread(target=act) for _ in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with committed.inside():
        assert verify(committed.cast.clinic.id) == []
        assert Event.objects.filter(verb="test.done").count() == 12


def test_an_event_reaches_its_handler_by_name_as_it_was_written(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    received: list[delivery.Delivery[SomethingDone]] = []
    monkeypatch.setattr(delivery, "_handlers", {})
    delivery.subscribe(SomethingDone, lambda event: pytest.fail("of another handler"), name="test.other")
    delivery.subscribe(SomethingDone, received.append, name="test.mine")
    event_id = record(
        SomethingDone(number=3), by=cast.sam, at=NOW, patient_id=cast.amara.id, subject=("x", cast.amara.id)
    )
    delivery.deliver.func(clinic_id=str(cast.clinic.id), event_id=str(event_id), handler="test.mine")
    assert [(it.event, it.subject_id, it.at) for it in received] == [
        (SomethingDone(number=3), cast.amara.id, NOW)
    ]


def test_an_event_for_a_handler_that_is_gone_fails_in_sight(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Delivery by position handed a queued event to another handler, or dropped it in silence."""
    monkeypatch.setattr(delivery, "_handlers", {"test.done": {"test.new": (SomethingDone, print)}})
    event_id = record(SomethingDone(), by=cast.sam, at=NOW)
    with pytest.raises(delivery.NoSuchHandler, match=r"test\.old"):
        delivery.deliver.func(clinic_id=str(cast.clinic.id), event_id=str(event_id), handler="test.old")


def test_two_handlers_of_one_name_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(delivery, "_handlers", {})
    delivery.subscribe(SomethingDone, print, name="test.mine")
    delivery.subscribe(SomethingDone, print, name="test.mine")
    with pytest.raises(ValueError, match="Two handlers"):
        delivery.subscribe(SomethingDone, len, name="test.mine")
