"""The age (H27, H33) and the number (H32) of a value: never younger, never absent when a number was sent."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from openkap.interop.hl7v2.message import parse
from openkap.interop.hl7v2.observations import understand
from openkap.interop.hl7v2.tests.samples import (
    HEADER,
    MMHG,
    PATIENT,
    PERCENT,
    PLACE,
    SATURATION,
    SYSTOLIC,
    message_of,
    value_line,
)

AT = datetime(2026, 3, 10, 14, 5, tzinfo=UTC)
EARLIER = "20260310134000+0000"
BARE = [
    ("8480-6^^LN", "118", "mm[Hg]"),
    ("8462-4^^LN", "76", "mm[Hg]"),
    ("8867-4^^LN", "71", "/min"),
    ("9279-1^^LN", "15", "{breaths}/min"),
    ("59408-5^^LN", "97", "%"),
    ("8310-5^^LN", "36.7", "Cel"),
]


def _read(*lines: str, header: str = HEADER):
    return understand(parse(message_of(*lines, header=header)), zone=ZoneInfo("UTC"), received_at=AT)


def _measured(*lines: str) -> list[str]:
    return [it.measured_at.utc.strftime("%H:%M") for it in _read(*lines).readings]


def _at(line: str, time: str) -> str:
    return f"{line}|||{time}"


CHANNEL = f"OBX|2||70687^MDC_DEV_PRESS_BLD_NONINV_CHAN^MDC|1.1.9.0|||||||X|||{EARLIER}"


@pytest.mark.parametrize(
    ("before", "place", "measured"),
    [
        ([CHANNEL], "1.1.9.1", "13:40"),
        ([CHANNEL], "1.1.8.1", "14:04"),
        ([CHANNEL.replace("1.1.9.0", "1.1.0.0")], "1.1.9.1", "13:40"),
        ([CHANNEL.replace("1.1.9.0", "1.0.0.0")], "1.1.9.1", "13:40"),
        ([CHANNEL.replace("1.1.9.0", "1.1.9.1")], "1.1.9.1", "14:04"),
        ([CHANNEL.replace(EARLIER, '""')], "1.1.9.1", "14:04"),
    ],
)
def test_a_row_without_a_time_has_that_of_its_nearest_container(before, place, measured):
    """H33: a cuff 25 minutes old was charted as measured now."""
    assert _measured(*before, value_line(SYSTOLIC, "162", MMHG, channel=place)) == [measured]


def test_a_rows_own_time_comes_first_and_a_container_ends_with_its_order():
    line = value_line(SYSTOLIC, "162", MMHG, channel="1.1.9.1")
    assert _measured(CHANNEL, _at(line, "20260310140000+0000")) == ["14:00"]
    assert _measured(CHANNEL, "OBR|2|B|B|x|||20260310140442+0000", line) == ["14:04"]


@pytest.mark.parametrize(("minutes", "taken"), [(-60, True), (0, True), (4, True), (6, False), (540, False)])
def test_nothing_of_the_future_is_a_reading(minutes, taken):
    """H27: a reading nine hours ahead was listed as stored."""
    time = (AT + timedelta(minutes=minutes)).strftime("%Y%m%d%H%M%S+0000")
    found = _read(_at(value_line(SATURATION, "97", PERCENT), time))
    assert bool(found.readings) is taken
    assert any("lies in the future" in it.reason for it in found.quarantined) is not taken


@pytest.mark.parametrize("sent", ["", '""', "20260310", "no time"])
def test_without_a_message_time_the_newest_time_tells_how_far_the_clock_is_off(sent):
    """H27: without MSH-7 nothing was held against the clock."""
    header = HEADER.replace("20260310140500+0000", sent)
    order = "OBR|1|A|A|x|||20260310134500+0000"
    content = "\r".join([header, PATIENT, PLACE, order, value_line(SATURATION, "82", PERCENT)])
    found = understand(parse(content.encode()), zone=ZoneInfo("UTC"), received_at=AT)
    assert AT - found.sent_at.utc == timedelta(minutes=20)


@pytest.mark.parametrize(
    ("value", "taken", "kept"),
    [
        ("^88", "88", False),
        ("=^88", "88", False),
        ("88", "88", False),
        (">^200", None, True),
        ("^1^:^128", None, True),
        ("^88^-^90", None, True),
        ("^", None, True),
        ("^8x", None, True),
    ],
)
def test_a_structured_number_is_read_or_kept_and_never_absent(value, taken, kept):
    """SpO₂ 88 was shown as “no signal”."""
    found = _read(value_line(SATURATION, value, PERCENT, kind="SN"))
    assert [it.value for it in found.readings] == ([Decimal(taken)] if taken else [])
    assert [it.raw for it in found.quarantined] == ([value] if kept else [])
    assert not found.absent


def test_what_stands_beside_an_empty_first_component_is_never_absent():
    found = _read(value_line(SATURATION, "^88", PERCENT))
    assert (found.absent, found.readings) == ((), ())
    assert found.quarantined[0].raw == "^88"
    assert _read(value_line(SATURATION, "", PERCENT)).absent


def test_ucum_signs_without_a_system_are_no_guess():
    """Five of six readings were put aside."""
    lines = [value_line(code, value, unit) for code, value, unit in BARE]
    assert [it.code.code for it in _read(*lines).readings] == [code.split("^")[0] for code, _, _ in BARE]


@pytest.mark.parametrize("unit", ["kPa", "[degF]", "F", "Pa", "bar", "min"])
def test_another_unit_without_a_system_is_put_aside_h32(unit):
    assert not _read(value_line(SYSTOLIC, "118", unit)).readings


@pytest.mark.parametrize("system", ["MDC", "2.16.840.1.113883.6.24", "urn:iso:std:iso:11073:10101", "mdc"])
def test_a_system_is_known_by_every_name(system):
    code, unit = SATURATION.replace("^MDC", f"^{system}"), PERCENT.replace("^MDC", f"^{system}")
    if system != "MDC":
        code, unit = f"150456^^{system}", f"262688^^{system}"
    assert len(_read(value_line(code, "97", unit)).readings) == 1
