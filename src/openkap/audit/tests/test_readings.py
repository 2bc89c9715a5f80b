"""Who was seen, by whom: a chain of its own, which no act waits for."""

from __future__ import annotations

import threading
import uuid
from datetime import timedelta

import pytest
from django.db import DatabaseError, connection, transaction

from openkap.audit.actions import record, record_reading
from openkap.audit.models import Reading
from openkap.audit.queries import verify
from openkap.audit.seeing import Lately, see, watching
from tests.cast import NOW, Cast, Committed
from tests.events import SomethingDone


def test_who_is_named_is_seen_and_only_while_somebody_watches(cast: Cast) -> None:
    assert cast.amara.name
    with watching() as seen:
        assert seen == set()
        assert cast.amara.name
        with watching() as inner:
            see(uuid.UUID(int=1))
    assert (seen, inner) == ({cast.amara.id}, {uuid.UUID(int=1)})


def test_a_page_that_polls_tells_only_who_is_new_on_it() -> None:
    lately, reader, one, two = Lately(), uuid.uuid4(), uuid.uuid4(), uuid.uuid4()
    lately.note(reader, {one}, at=NOW)
    assert lately.new(reader, {one, two}, at=NOW + timedelta(minutes=59)) == {two}
    assert lately.new(uuid.uuid4(), {one}, at=NOW) == {one}
    assert lately.new(reader, {one}, at=NOW + timedelta(minutes=61)) == {one}


def test_what_was_read_is_in_a_chain_that_the_application_cannot_change(cast: Cast) -> None:
    for page in ("desk:today", "dosing:board"):
        record_reading(page, by=cast.sam, at=NOW, patients={cast.amara.id})
    record_reading(
        "interop:referral", by=cast.kit, at=NOW, patients=set(), subject=("referral", uuid.uuid4())
    )
    assert verify(cast.clinic.id, "readings") == []
    assert list(Reading.objects.order_by("seq").values_list("seq", "page")) == [
        (1, "desk:today"),
        (2, "dosing:board"),
        (3, "interop:referral"),
    ]
    for statement in (
        "UPDATE audit_reading SET patients = '{}'",
        "DELETE FROM audit_reading",
        "UPDATE audit_readinghead SET seq = 0",
        "TRUNCATE audit_reading",
    ):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)


def test_a_reader_never_holds_up_a_nurse_who_writes_nor_waits_for_her(committed: Committed) -> None:
    """The chains have heads of their own: an open reading locks none of the acts', nor an act a reading's."""
    reads, wrote, done = threading.Event(), threading.Event(), threading.Event()

    def reader() -> None:
        with committed.inside():
            record_reading("desk:today", by=committed.cast.kit, at=NOW, patients=[committed.cast.amara.id])
            reads.set()
            done.wait(60)
        connection.close()

    def writer() -> None:
        with committed.inside(), connection.cursor() as cursor:
            cursor.execute("SET LOCAL lock_timeout = '5s'")
            record(SomethingDone(), by=committed.cast.sam, at=NOW)
            wrote.set()
            done.wait(60)
        connection.close()

    threads = [threading.Thread(target=reader), threading.Thread(target=writer)]
    threads[0].start()
    assert reads.wait(30)
    threads[1].start()
    assert wrote.wait(30)
    with committed.inside():
        assert not Reading.objects.exists()  # both are still open
    done.set()
    for thread in threads:
        thread.join(60)
    with committed.inside():
        assert Reading.objects.count() == 1
