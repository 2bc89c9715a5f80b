"""Device times: offset or configured zone, the repeated hour settled and labelled (H26)."""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openkap.interop.hl7v2.timestamps import NotATime, read_time

NEW_YORK = ZoneInfo("America/New_York")
NEAR = datetime(2026, 3, 10, 14, 5, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "utc"),
    [
        ("20260310140442+0000", "2026-03-10T14:04:42+00:00"),
        ("20260310120000.0000+0530", "2026-03-10T06:30:00+00:00"),
        ("20260310015127+0800", "2026-03-09T17:51:27+00:00"),
        ("20260310131540000+0800", "2026-03-10T05:15:40+00:00"),
        ("202603101404-0400", "2026-03-10T18:04:00+00:00"),
        ("20260310125541", "2026-03-10T16:55:41+00:00"),
    ],
)
def test_a_time_is_kept_as_sent_and_in_utc(text, utc):
    moment = read_time(text, zone=NEW_YORK, near=NEAR)
    assert moment.utc == datetime.fromisoformat(utc)
    assert moment.text == text
    assert moment.zone_assumed is ("+" not in text and "-" not in text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "20260310",
        "2026031014",
        "20261310140000",
        "20260310256000",
        "now",
        "9" * 14,
        "00010101000000+1400",
        "99991231235959-1200",
    ],
)
def test_what_is_no_time_is_said_and_not_guessed(text):
    with pytest.raises(NotATime):
        read_time(text, zone=NEW_YORK, near=NEAR)


def test_the_hour_that_repeats_is_settled_by_when_the_message_came_h26():
    """H26: 01:30 happens twice on 1 November 2026 in New York; neither reading is lost, both are labelled."""
    first = datetime(2026, 11, 1, 5, 30, 5, tzinfo=UTC)
    early = read_time("20261101013000", zone=NEW_YORK, near=first)
    late = read_time("20261101013000", zone=NEW_YORK, near=first + timedelta(hours=1))
    assert (late.utc - early.utc) == timedelta(hours=1)
    assert early.repeated_hour
    assert late.repeated_hour


@given(
    st.datetimes(datetime(1990, 1, 1), datetime(2037, 12, 31)),
    st.sampled_from(["America/New_York", "Europe/Berlin", "Australia/Lord_Howe", "America/St_Johns", "UTC"]),
)
def test_a_live_reading_keeps_its_moment_through_every_change_of_clock_h26(naive, name):
    """H26: what a device measured now and sent at once is read as now, in every zone and every hour."""
    zone, now = ZoneInfo(name), naive.replace(tzinfo=UTC, microsecond=0)
    sent = now.astimezone(zone).strftime("%Y%m%d%H%M%S")
    assert read_time(sent, zone=zone, near=now + timedelta(seconds=1)).utc == now


@given(st.text(max_size=30))
def test_any_text_is_a_moment_or_a_reason(text):
    with suppress(NotATime):
        assert read_time(text, zone=NEW_YORK, near=NEAR).utc.tzinfo is UTC
