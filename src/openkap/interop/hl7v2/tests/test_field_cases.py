"""Layouts seen in the field, each written anew: what may be stored of them, and what never may (H32)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from openkap.interop.hl7v2.message import parse
from openkap.interop.hl7v2.observations import CORRECTED, understand
from openkap.interop.hl7v2.reading import reading_as_json
from openkap.interop.hl7v2.tests.samples import HEADER, MMHG, PERCENT, SATURATION, message_of, value_line
from openkap.watch.tests.numbers import SENSORS

AT = datetime(2026, 3, 10, 14, 5, tzinfo=UTC)
HEART, BEATS = "147842^MDC_ECG_HEART_RATE^MDC", "264864^MDC_DIM_BEAT_PER_MIN^MDC"
CUFF, TEMPERATURE = "150301^MDC_PRESS_CUFF_SYS^MDC", "150344^MDC_TEMP^MDC"
CELSIUS, BREATHS = "268192^MDC_DIM_DEGC^MDC", "264928^MDC_DIM_RESP_PER_MIN^MDC"


def _printed(*lines: str, header: str = HEADER, at: datetime = AT) -> dict:
    found = understand(parse(message_of(*lines, header=header)), zone=ZoneInfo("UTC"), received_at=at)
    return {**reading_as_json(found, sensors=SENSORS, at=at), "demo": found.demo}


def _stored(*lines: str, header: str = HEADER) -> list[tuple[str, str]]:
    return [(it["code"], it["value"]) for it in _printed(*lines, header=header)["stored"]]


@pytest.mark.parametrize(
    "line",
    [
        value_line(CUFF, "-999", MMHG),
        value_line(HEART, "-999", BEATS),
        value_line(TEMPERATURE, "-99.9", CELSIUS),
        value_line(HEART, "9999", BEATS),
        value_line(SATURATION, "---", PERCENT),
        value_line("151562^MDC_RESP_RATE^MDC", "255", BREATHS),
        value_line(SATURATION, "127", PERCENT),
        value_line(SATURATION, '""', PERCENT),
        value_line(SATURATION, "55", PERCENT, state="D"),
        value_line(HEART, "30", BEATS, state="W"),
        value_line("8480-6^Systolic^LN", "128/82", "mmHg"),
        value_line("55284-4^Blood pressure^LN", "128/82", "mmHg", kind="ST"),
        value_line("8310-5^Body temperature^LN", "98.6", "[degF]^degree Fahrenheit^UCUM"),
        value_line("149522^MDC_PULS_RATE^MDC", "59", BEATS),
        value_line("0002-4b60^Tcore^MDIL", "37.4", "0004-17a0^M-0C^MDIL"),
        "OBX|1|150022^MDC_ECG_HEART_RATE^MDC||88|||F",
    ],
)
def test_what_a_monitor_sends_instead_of_a_number_is_never_stored(line):
    """A probe beside it is: the rest of the message is not lost with it."""
    beside = value_line(SATURATION, "98", PERCENT, channel="1.9.9.9")
    assert _stored(line, beside) == [("59408-5", "98")]


@pytest.mark.parametrize("header", [HEADER.replace("|P|2.6", "|T|2.6"), HEADER.replace("|P|2.6", "|D|2.6")])
def test_training_and_debugging_are_demonstrations(header):
    found = _printed(value_line(SATURATION, "99", PERCENT), header=header)
    assert (found["demo"], found["stored"]) == (True, [])


@pytest.mark.parametrize("flag", ["DEMO", "TEST", "DEMO^demonstration data^HL70078", "N~DEMO", "^^^DEMO"])
def test_a_demonstration_flag_is_seen_in_every_form(flag):
    found = _printed(value_line(SATURATION, "77", PERCENT, flags=flag))
    assert (found["demo"], found["stored"]) == (True, [])


def test_a_spot_check_keeps_its_own_age():
    order = "OBR||||SPOTCHECK|||20260304140500+0000"
    line = "OBX||NM|0002-4bb8^SpO2^MDIL||100|0004-0220^%^MDIL|||||F"
    content = "\r".join([HEADER, order, line]).encode()
    found = understand(parse(content), zone=ZoneInfo("UTC"), received_at=AT)
    assert AT - found.readings[0].measured_at.utc == timedelta(days=6)


def test_a_correction_is_said_to_be_one():
    found = _printed(value_line(SATURATION, "88", PERCENT, state="C"))
    assert [(it["value"], it["note"]) for it in found["stored"]] == [("88", CORRECTED)]


def test_no_value_printed_is_newer_than_the_message_that_brought_it():
    """A clock up to five minutes ahead is set back; a value is never made younger (H27)."""
    ahead = (AT + timedelta(minutes=4)).strftime("%Y%m%d%H%M%S+0000")
    header = HEADER.replace("20260310140500+0000", ahead)
    found = _printed(f"{value_line(SATURATION, '97', PERCENT)}|||{ahead}", header=header)
    assert [it["measured_at"] for it in found["stored"]] == ["2026-03-10T14:05:00Z"]
