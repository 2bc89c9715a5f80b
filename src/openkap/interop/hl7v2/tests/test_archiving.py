"""A month after a session its messages are archived: byte for byte, and known again (H24, H31)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from openkap.audit.delivery import delivery_of
from openkap.audit.models import Event
from openkap.dosing.tests.scene import Scene
from openkap.interop import jobs
from openkap.interop.handlers import on_values_archived
from openkap.interop.hl7v2 import actions, queries
from openkap.interop.hl7v2.actions import archiving
from openkap.interop.hl7v2.archived import FIELDS, body_of, day_sent, messages_in
from openkap.interop.hl7v2.models import ArchivedMessages, DeviceMessage
from openkap.interop.hl7v2.tests.bedside import send
from openkap.watch import actions as watch_actions
from openkap.watch.events import ValuesArchived
from openkap.watch.models import Session, Vital
from openkap.watch.plausibility import HEART_RATE, SPO2
from tests.cast import Cast

MONTH, YEAR = timedelta(days=31), timedelta(days=366)
ONE = {
    "at": datetime(2026, 11, 24, 9, 0, 0, 5, tzinfo=UTC), "by_id": None,
    "by_name": "Bed 2", "by_role": "device", "control_id": "7", "content": b"MSH|^~\\&|BED|\xff",
    "ack": "AA", "patient_named": "", "location": "",
    "monitor_id": UUID(int=8), "reading": {"stored": []}, "demo": False,
}  # fmt: skip
ONE_KEPT = (
    "01fd377a585a000004e6d6b4460200210116000000742fe5a3e0011300bd5d002d9ec04613deae34f21f8e7f93daf2be61c6"
    "1002543031201d172cf746ac7ef3d3d6888c0b965670f7920944b8bdd0278a7b90164281f212d115a83fdb8b59dfd0d010da"
    "116fc315ff5675a1a4f32594411f433c32bb159dc3ebdc05b53a55e0751b930263a345ffa25045ed1d138c6f63e5459697bc"
    "5f6c1b4f70e0847b277b8890ebc823dfcadcf5d3c33506465f92e4dae9ed1be524852e5769292745a33516acde80b37d9732"
    "50f4e5c099258bd5d9854d24032e02417a5a5e12520000000069835984e79426cc0001d901940200001712a2fab1c467fb02"
    "0000000004595a"
)


@given(
    st.lists(st.tuples(st.binary(max_size=60), st.text(max_size=20), st.datetimes(timezones=st.just(UTC))))
)
def test_whatever_was_kept_comes_back(kept):
    messages = [
        {**ONE, "content": content, "control_id": text, "at": at, "reading": {"absent": [text]}}
        for content, text, at in kept
    ]
    assert messages_in(body_of(messages)) == messages


def test_what_is_archived_today_is_read_by_every_version_to_come():
    """These bytes stand in clinics."""
    assert messages_in(bytes.fromhex(ONE_KEPT)) == [ONE]
    with pytest.raises(ValueError, match="does not know"):
        messages_in(b"\x09" + bytes.fromhex(ONE_KEPT)[1:])


@pytest.mark.parametrize(
    ("content", "day"),
    [
        (b"MSH|^~\\&|BED|ROOM|||20261124090011.5+0100||ORU", "20261124"),
        (b"MSH*^~\\&*BED*ROOM***20261124*", "20261124"),
        (b"MSH|^~\\&|BED|ROOM||||", ""),
        (b"MSH|^~\\&", ""),
        (b"", ""),
        (b"MSH", ""),
    ],
)
def test_the_day_a_message_says_it_was_sent_on(content, day):
    assert day_sent(content) == day


def _closed(here: Scene, *, messages: int = 5) -> list[bytes]:
    """The session had so many messages, and is closed."""
    sent = [
        send(here, {HEART_RATE: str(70 + turn), SPO2: "97"}, minutes=1 + turn)[0] for turn in range(messages)
    ]
    watch_actions.unpair(here.session.id, by=here.cast.sam, at=here.later(20))
    Session.objects.filter(id=here.session.id).update(closed_at=here.later(30))
    return sent


def _fields(rows: list[DeviceMessage]) -> list[tuple[Any, ...]]:
    columns = [field.attname for field in DeviceMessage._meta.concrete_fields]
    return [
        tuple(
            bytes(one) if isinstance(one, memoryview) else one for one in (getattr(row, c) for c in columns)
        )
        for row in rows
    ]


def _archived(here: Scene) -> int:
    return actions.archive_messages(here.session.id, by=here.cast.sam, at=here.at + MONTH)


def test_the_journal_is_the_same_before_and_after(cast: Cast, here: Scene) -> None:
    _closed(here)
    send(here, {HEART_RATE: "60"}, minutes=40)  # nobody is paired: it waits, and stays as it is
    before, shown = _fields(queries.journal()), [queries.as_json(row) for row in queries.journal()]
    assert actions.archive_messages(here.session.id, by=cast.sam, at=here.later(60)) == 0, "too early"
    assert _archived(here) == 5
    assert DeviceMessage.objects.get().session_id is None
    assert _fields(queries.journal()) == before
    assert [queries.as_json(row) for row in queries.journal()] == shown
    assert _fields(queries.journal(newest=3)) == before[-3:]
    assert _fields(queries.journal(newest=1)) == before[-1:]
    assert _archived(here) == 0, "once"
    assert Event.objects.filter(verb="interop.messages_archived").count() == 1


def test_every_field_of_a_message_is_archived():
    columns = {field.attname for field in DeviceMessage._meta.concrete_fields}
    assert columns == {*FIELDS, "id", "content_hash", "clinic_id", "session_id", "reason", "owner_id"}


def test_many_messages_are_several_bodies(cast: Cast, here: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    _closed(here)
    before = _fields(queries.journal())
    monkeypatch.setattr(archiving, "TOGETHER", 2)
    assert _archived(here) == 5
    assert [len(one.ids) for one in ArchivedMessages.objects.all()] == [2, 2, 1]
    assert _fields(queries.journal()) == before


def test_a_message_that_was_archived_is_known_when_it_comes_again(cast: Cast, here: Scene) -> None:
    """Acknowledged again, kept once, charted once: whatever day its clock was set to."""
    sent = _closed(here)
    _archived(here)
    values = Vital.objects.count()
    assert actions.receive(sent[2], at=here.at + MONTH).code == "AA"
    assert not DeviceMessage.objects.exists()
    assert Vital.objects.count() == values
    other = sent[2].replace(b"|72|", b"|73|")
    assert other != sent[2]
    assert actions.receive(other, at=here.at + MONTH).code == "AA"
    assert DeviceMessage.objects.count() == 1, "another message of that day is another message"


def test_a_message_of_today_asks_nothing_of_the_archives(cast: Cast, here: Scene) -> None:
    _closed(here)
    _archived(here)
    at = here.at + MONTH
    today = send(here, {HEART_RATE: "60"}, minutes=MONTH / timedelta(minutes=1))[0]
    with CaptureQueriesContext(connection) as asked:
        assert queries.known([today, today + b"x"], at=at) == {today}
    assert [query["sql"] for query in asked if "archived" in query["sql"]] == []


def test_with_the_values_of_a_session_its_messages_are_archived(cast: Cast, here: Scene) -> None:
    _closed(here)
    watch_actions.archive(here.session.id, by=cast.sam, at=here.at + MONTH)
    event = Event.objects.get(verb="watch.values_archived")
    for _ in range(2):
        on_values_archived(delivery_of(event, ValuesArchived))
    assert not DeviceMessage.objects.exists()
    assert [len(one.ids) for one in ArchivedMessages.objects.all()] == [5]


def test_what_would_not_be_whole_stays(cast: Cast, here: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    _closed(here)
    monkeypatch.setattr(archiving, "body_of", lambda messages: body_of(messages[:-1]))
    with pytest.raises(archiving.NotWhole), transaction.atomic():
        _archived(here)
    assert DeviceMessage.objects.count() == 5
    assert not ArchivedMessages.objects.exists()


def _sql(statement: str) -> Callable[[], None]:
    def run() -> None:
        with connection.cursor() as cursor:
            cursor.execute(statement)

    return run


@pytest.mark.parametrize(
    ("is_archived", "tampers", "says"),
    [
        (False, _sql("DELETE FROM interop_devicemessage"), "in the archive of its session"),
        (False, _sql("UPDATE interop_devicemessage SET control_id = 'x'"), "Cannot update"),
        (True, _sql("DELETE FROM interop_archivedmessages"), "kept for a year"),
        (True, _sql("UPDATE interop_archivedmessages SET body = ''"), "Cannot update"),
    ],
)
def test_the_database_lets_none_go(
    cast: Cast, here: Scene, *, is_archived: bool, tampers: Callable[[], None], says: str
) -> None:
    _closed(here)
    if is_archived:
        _archived(here)
    before = _fields(queries.journal())
    with pytest.raises(DatabaseError, match=says), transaction.atomic():
        tampers()
    assert _fields(queries.journal()) == before


@pytest.mark.parametrize(("years", "age", "kept"), [(0, 40, 1), (3, 2, 1), (3, 4, 0), (1, 2, 0)])
def test_messages_are_kept_as_long_as_the_clinic_says(
    cast: Cast, here: Scene, monkeypatch: pytest.MonkeyPatch, years: int, age: int, kept: int
) -> None:
    """For ever unless it says otherwise; the values stay whatever it says."""
    _closed(here)
    _archived(here)
    values = Vital.objects.count()
    long_ago = here.at - 50 * YEAR
    Session.objects.filter(id=here.session.id).update(closed_at=long_ago)
    numbers = archiving.defaults.of(archiving.InteropNumbers)
    assert numbers.message_kept_years == 0
    told = replace(numbers, message_kept_years=years)
    monkeypatch.setattr(archiving.defaults, "of", lambda kind: told)
    monkeypatch.setattr(jobs.timezone, "now", lambda: long_ago + age * YEAR)
    jobs.let_messages_go.each(clinic_id=str(cast.clinic.id))
    assert ArchivedMessages.objects.count() == kept
    assert Event.objects.filter(verb="interop.messages_let_go").count() == 1 - kept
    assert Vital.objects.count() == values
