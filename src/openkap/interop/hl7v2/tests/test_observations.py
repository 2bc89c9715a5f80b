"""What a safe receiver stores, marks absent and quarantines (H32)."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openkap.interop.hl7v2.codes import CODES, LOINC_CODES, UNITS
from openkap.interop.hl7v2.message import NotHL7, parse
from openkap.interop.hl7v2.observations import understand
from openkap.interop.hl7v2.tests.samples import (
    HEADER,
    MMHG,
    PERCENT,
    SATURATION,
    SYSTOLIC,
    message_of,
    value_line,
)
from tests.samples import messages

AT = datetime(2026, 3, 10, 14, 5, tzinfo=UTC)


def understood(content: bytes, zone: str = "America/New_York", at: datetime = AT):
    return understand(parse(content), zone=ZoneInfo(zone), received_at=at)


def own(*lines: str, header: str = HEADER):
    return understood(message_of(*lines, header=header))


def expected(path):
    return json.loads(path.with_name("expected.json").read_text())[path.name]


@pytest.mark.parametrize("path", messages(), ids=lambda path: path.stem)
def test_a_real_layout_is_read_as_a_safe_receiver_reads_it(path):
    after_all = datetime(2026, 3, 10, 18, tzinfo=UTC)
    wanted, found = expected(path), understood(path.read_bytes(), at=after_all)
    got = [(r.code.code, r.code.system, str(r.value), r.unit) for r in found.readings]
    assert got == [(o["code"], o["system"], o["value"], o["ucum"]) for o in wanted["obs"]]
    for reading, line in zip(found.readings, wanted["obs"], strict=True):
        if "time" in line:
            assert reading.measured_at.utc.strftime("%Y-%m-%dT%H:%M:%SZ") == line["time"]
        assert reading.channel == line.get("channel", reading.channel)
        assert not line.get("note") or reading.note
    assert found.patient == wanted["patient"]
    assert found.demo is wanted.get("demo", False)
    assert found.location == wanted.get("location", found.location)
    assert wanted.get("device") in (None, *found.devices)
    assert [code.code for code in found.absent] == [text.split()[0] for text in wanted.get("absent", [])]
    put_aside = [item.raw.split("&")[0] for item in found.quarantined]
    assert set(wanted.get("quarantine", [])) <= set(put_aside)
    assert all(any(raw.startswith(code) for raw in put_aside) for code in wanted.get("ignored", []))


@pytest.mark.parametrize(
    "path", [it for it in messages() if "waveform" in it.stem], ids=lambda path: path.stem
)
def test_a_waveform_is_noted_and_its_attributes_are_no_vitals(path):
    found = understood(path.read_bytes())
    wave, wanted = found.waveforms[0], expected(path)["waveform"]
    assert (wave.code, int(wave.hertz), wave.samples) == (wanted["code"], wanted["hz"], wanted["n"])
    assert (wave.resolution, wave.unit) == (wanted["resolution"], wanted["unit"])
    assert not found.readings


def test_a_pressure_and_a_saturation_are_read_with_unit_and_time():
    found = own(value_line(SYSTOLIC, "128", MMHG), value_line(SATURATION, "97", PERCENT))
    assert [(r.code.code, str(r.value), r.unit) for r in found.readings] == [
        ("8480-6", "128", "mm[Hg]"),
        ("59408-5", "97", "%"),
    ]
    assert {r.measured_at.text for r in found.readings} == {"20260310140442+0000"}
    assert found.patient == "KAP-0100"
    assert found.location == "Suite^1^B"
    assert found.devices[0] == "0A0000FFFE000001"


@pytest.mark.parametrize(
    ("line", "says"),
    [
        (value_line(SYSTOLIC, "17.1", "kPa^kPa^UCUM"), "kPa"),
        (value_line(SYSTOLIC, "120", ""), "No unit"),
        (value_line(SYSTOLIC, "120", PERCENT), "is not mm"),
        (value_line(SYSTOLIC, "120", "266016^MDC_DIM_KILO_PASCAL^MDC"), "do not belong together"),
        (value_line("150456^MDC_CO2_ET^MDC", "97", PERCENT), "do not belong together"),
        (value_line("151708^MDC_CONC_AWAY_CO2_ET^MDC", "38", MMHG), "not on the list"),
        (value_line("8480-6^Systolic^LN^150022^MDC_PRESS_BLD_NONINV_DIA^MDC", "120", MMHG), "alternate"),
        (value_line(SATURATION, "abc", PERCENT), "not one number"),
        (value_line(SATURATION, "97~98", PERCENT), "not one number"),
        (value_line(SATURATION, "1e2", PERCENT), "not one number"),
        (value_line(SATURATION, "97", PERCENT, kind="ST"), "not a number"),
        (value_line(SATURATION, "97", PERCENT, state="W"), "status W"),
        (value_line(SATURATION, "97", PERCENT, flags="INV"), "invalid"),
        (
            value_line("188736^MDC_MASS_BODY_ACTUAL^MDC", "70", "263875^MDC_DIM_KILO_G^MDC"),
            "not measurements",
        ),
    ],
)
def test_what_is_not_certain_waits_for_a_person_and_is_never_guessed_h32(line, says):
    """H32: an unknown code, a wrong unit, a name against its number: quarantine with the reason."""
    found = own(line)
    assert not found.readings
    assert says in found.quarantined[0].reason


@pytest.mark.parametrize("value", ["8388607", "-8388608", "2047", "32767", "-100", ""])
def test_a_device_word_for_nothing_measured_is_absent_and_no_number(value):
    found = own(value_line(SATURATION, value, PERCENT))
    assert not found.readings
    assert [code.code for code in found.absent] == ["59408-5"]


def test_results_that_could_not_be_obtained_are_absent_whatever_they_say():
    assert [code.code for code in own(value_line(SATURATION, "97", PERCENT, state="X")).absent] == ["59408-5"]


def test_one_demonstration_value_makes_the_whole_message_no_reading():
    found = own(value_line(SYSTOLIC, "128", MMHG), value_line(SATURATION, "97", PERCENT, flags="DEMO"))
    assert found.demo
    assert not found.readings


@pytest.mark.parametrize(
    "flags", ["DEMO^demonstration data^HL70078", "H~DEMO^x^HL70078", "L^low^99X^TEST^test data^HL70078"]
)
def test_a_flag_says_the_same_however_long_it_is_written(flags):
    """OBX-8 is a coded element from HL7 2.7 on."""
    line = value_line(SATURATION, "77", PERCENT, flags=flags)
    found = understood(message_of(line))
    assert found.demo
    assert found.readings == ()


@pytest.mark.parametrize(
    ("flags", "state"), [("INV^invalid^HL70078", "quarantined"), ("NAV^not available^HL70078", "absent")]
)
def test_a_value_the_monitor_does_not_trust_is_none_in_either_form(flags, state):
    found = understood(message_of(value_line(SATURATION, "77", PERCENT, flags=flags)))
    assert found.readings == ()
    assert len(getattr(found, state)) == 1


def test_a_training_message_is_no_reading_either():
    assert own(value_line(SYSTOLIC, "128", MMHG), header=HEADER.replace("|P|2.6", "|T|2.6")).demo


def test_two_values_for_one_moment_are_both_put_aside_and_the_same_value_twice_is_one():
    found = own(value_line(SYSTOLIC, "128", MMHG), value_line(SYSTOLIC, "182", MMHG))
    assert not found.readings
    assert [item.raw for item in found.quarantined] == ["128", "182"]
    assert len(own(value_line(SYSTOLIC, "128", MMHG), value_line(SYSTOLIC, "128", MMHG)).readings) == 1


def test_two_sensors_on_two_channels_are_two_readings():
    found = own(
        value_line(SATURATION, "97", PERCENT, channel="1.3.1.1"),
        value_line(SATURATION, "95", PERCENT, channel="1.6.1"),
    )
    assert [reading.channel for reading in found.readings] == ["1.3.1", "1.6.1"]


def test_a_day_without_an_hour_is_no_time_of_measurement():
    header = HEADER.replace("20260310140500+0000", "20260310")
    content = "\r".join([header, value_line(SATURATION, "97", PERCENT), ""]).encode()
    found = understood(content)
    assert not found.readings
    assert "without an hour" in found.quarantined[0].reason


def test_an_alarm_of_the_monitor_is_kept_in_its_words():
    found = own("OBX|1|CWE|196616^MDC_EVT_ALARM^MDC|1.1.1.1|0^SpO2 low^L")
    assert found.alarms[0].text == "SpO2 low"


coded = st.sampled_from(
    [f"{number}^{name}^{system}" for (system, number), (_, names) in CODES.items() for name in names]
)
units = st.sampled_from(
    [f"{code}^{name}^{system}" for (system, code), (_, names) in UNITS.items() for name in names]
)
rubbish = st.text(alphabet="0123456789^&~MDCLN_-.ab kPa", max_size=30)


@given(
    st.one_of(coded, rubbish), st.one_of(units, rubbish), st.text(max_size=12).filter(lambda t: "\r" not in t)
)
def test_whatever_a_device_sends_a_reading_has_a_listed_code_and_its_own_unit_h32(code, unit, value):
    """H32, mapping fuzz: no mixture of code, unit and text becomes a reading outside the allow-list."""
    line = value_line(code, "".join(sign for sign in value if sign.isprintable()), unit)
    try:
        found = own(line)
    except NotHL7:
        return
    for reading in found.readings:
        assert reading.code.code in {*LOINC_CODES, "149546", "149514"}
        assert reading.unit in {"%", "/min", "mm[Hg]", "Cel"}
        assert (
            str(reading.value) == reading.value_text.lstrip("+") or reading.value == reading.value.normalize()
        )
