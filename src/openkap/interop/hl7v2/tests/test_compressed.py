"""What devices sent is kept byte for byte, and in little room."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal

import pytest
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st

from openkap.interop.hl7v2 import actions, sending
from openkap.interop.hl7v2.compressed import packed, unpacked
from openkap.interop.hl7v2.models import DeviceMessage
from openkap.kernel.ids import uuid7
from openkap.watch.plausibility import BREATHING, HEART_RATE, OXIMETER_PULSE, SPO2
from tests.cast import NOW, Cast

KEPT = "004f4b0178f9e98f827cf3452e4ccdd1cb4f63a05e6313aca5a639a4c8e405009085133f"
VALUES = {HEART_RATE: 71, OXIMETER_PULSE: 72, SPO2: 97, BREATHING: 14}
MESSAGE = sending.message({code: Decimal(it) for code, it in VALUES.items()}, monitor="BED-2", at=NOW)


@given(st.binary(max_size=400))
def test_whatever_came_comes_back(content):
    assert unpacked(packed(content)) == content


@pytest.mark.parametrize(
    "content", [b"", b"\x00OK", b"\x00OK\x00", b"\x00OK\x01x", packed(MESSAGE), MESSAGE * 3]
)
def test_what_looks_like_something_stored_comes_back_too(content):
    assert unpacked(packed(content)) == content


def test_a_message_takes_a_fifth_of_its_room_and_noise_four_bytes_more():
    assert len(packed(MESSAGE)) < len(MESSAGE) / 5
    noise = uuid7().bytes[-8:]
    assert len(packed(noise)) == len(noise) + 4


def test_what_a_version_to_come_wrote_is_refused_and_not_shown_as_it_is():
    with pytest.raises(ValueError, match="does not know"):
        unpacked(b"\x00OK\x09what")


def test_what_is_stored_today_is_read_by_every_version_to_come():
    """The text it is compressed against is never changed: these bytes stand in clinics."""
    stored = bytes.fromhex(KEPT)
    assert unpacked(stored) == b"MSH|^~\\&|BED-7|MONITOR|||20260310134000||ORU^R01^ORU_R01|7|P|2.6\r"


def _stored(message_id) -> bytes:
    with connection.cursor() as cursor:
        cursor.execute("SELECT content FROM interop_devicemessage WHERE id = %s", [message_id])
        return bytes(cursor.fetchone()[0])


def test_the_journal_gives_back_what_came_and_stores_less(cast: Cast) -> None:
    actions.receive(MESSAGE, at=datetime(2026, 11, 24, 9, 0, tzinfo=UTC))
    row = DeviceMessage.objects.get()
    assert bytes(row.content) == MESSAGE
    assert len(_stored(row.id)) < len(MESSAGE) / 5


def test_what_was_kept_before_is_read_as_it_is(cast: Cast) -> None:
    stamp = cast.kit.stamp(NOW)
    reading = {"stored": [], "quarantined": []}
    row = DeviceMessage(content=MESSAGE, content_hash=b"x" * 32, ack="AA", reading=reading, **stamp)
    row.owner_id = cast.kit.membership_id
    field = DeviceMessage._meta.get_field("content")
    before, field.get_prep_value = field.get_prep_value, lambda value: value
    try:
        row.save()
    finally:
        field.get_prep_value = before
    assert _stored(row.id) == MESSAGE
    assert bytes(DeviceMessage.objects.get(id=row.id).content) == MESSAGE
