"""Observations: what is charted, and that every other value stands with its words, value and unit."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal

import pytest

from openkap.interop.fhir.tests.samples import LOINC, UCUM, WEIGHT, about, concept, read, why


def _score(code, **value):
    return about(
        "Observation",
        status="final",
        code=concept(LOINC, code, "a score"),
        effectiveDateTime="2026-11-02T09:30:00-05:00",
        **value,
    )


@pytest.mark.parametrize(
    ("quantity", "says"),
    [
        ({"value": 137.5, "unit": "lb", "system": UCUM, "code": "[lb_av]"}, "137.5 lb The unit lb"),
        ({"value": 62, "unit": "kg", "code": "kg"}, "not one taken"),
        ({"value": 62, "unit": "kg", "system": UCUM}, "not one taken"),
        ({"value": float("nan"), "system": UCUM, "code": "kg"}, "cannot be true"),
        ({"value": 1e308, "system": UCUM, "code": "kg"}, "cannot be true"),
        ({"value": "62", "system": UCUM, "code": "kg"}, "62 kg Its value is not a number"),
        ({"value": True, "system": UCUM, "code": "kg"}, "not a number"),
        ({"value": 62, "comparator": "<", "system": UCUM, "code": "kg"}, "<62 kg It is a bound"),
        ({"value": 10**5000, "system": UCUM, "code": "kg"}, "not a number"),
    ],
)
def test_a_weight_in_a_wrong_unit_or_of_no_body_is_kept_and_not_charted_h04(quantity, says):
    """H04: pounds are not kilograms; nothing is converted on the quiet."""
    found = read({**WEIGHT, "valueQuantity": quantity})
    assert not found.results
    assert says in why(found)


def test_the_system_of_a_unit_is_known_by_its_oid_too():
    quantity = {"value": 62, "system": "urn:oid:2.16.840.1.113883.6.8", "code": "kg"}
    assert read({**WEIGHT, "valueQuantity": quantity}).results[0].value == 62


def test_a_value_without_a_zone_or_not_final_is_kept_and_not_charted():
    found = read({**WEIGHT, "effectiveDateTime": "2026-10-01"})
    assert [(it.value, it.unit, it.when) for it in found.kept_aside] == [("62.4", "kg", "2026-10-01")]
    assert "no exact time" in why(found)
    assert "preliminary" in why(read({**WEIGHT, "status": "preliminary"}))


@pytest.mark.parametrize(("code", "value"), [("44261-6", 22), ("70274-6", 15)])
def test_a_score_that_comes_as_a_whole_number_is_charted(code, value):
    assert [it.value for it in read(_score(code, valueInteger=value)).results] == [Decimal(value)]


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ({"valueCodeableConcept": {"coding": [{"code": "77386006", "display": "Pregnant"}]}}, "Pregnant"),
        ({"valueString": "about 70 kg"}, "about 70 kg"),
        ({"valueBoolean": True}, "yes"),
        ({"valueBoolean": False}, "no"),
        ({"valueRange": {"low": {"value": 2}, "high": {"value": 4}}}, "2 to 4"),
        ({"valueRatio": {"numerator": {"value": 1}, "denominator": {"value": 128}}}, "1 / 128"),
        ({"valueTime": "12:30:00"}, "12:30:00"),
        ({"valueDateTime": "2026-02"}, "2026-02"),
        ({"valuePeriod": {"start": "2026-02-01"}}, "2026-02-01 to …"),
        ({"valueSampledData": {"data": "1 2 3"}}, "a curve of 3 samples"),
        ({"dataAbsentReason": {"text": "refused"}}, "not measured: refused"),
        ({"valueInteger": 3, "interpretation": [{"text": "positive"}]}, "3 (positive)"),
    ],
)
def test_a_value_of_any_type_stands_as_it_was_sent(value, shown):
    """“Pregnancy status: holds no measured number” was said, and “Pregnant” was not on the page."""
    found = read(_score("82810-3", **value))
    assert not found.results
    assert [(it.text, it.value) for it in found.kept_aside] == [("a score", shown)]


def test_a_value_is_as_old_as_the_earliest_time_it_may_be_of():
    weight = {key: value for key, value in WEIGHT.items() if key != "effectiveDateTime"}
    early, late = "2026-10-01T09:00:00-04:00", "2026-10-03T09:00:00-04:00"
    for times in (
        {"effectivePeriod": {"start": early, "end": late}},
        {"effectiveTiming": {"event": [late, early]}},
        {"effectiveInstant": early},
        {"effectiveDateTime": late, "effectivePeriod": {"start": early}},
    ):
        found = read({**weight, **times}).results
        assert [it.measured_at for it in found] == [datetime(2026, 10, 1, 13, tzinfo=UTC)]


def test_what_was_issued_before_it_was_measured_is_not_charted():
    assert not read({**WEIGHT, "issued": "2026-09-30T09:00:00-04:00"}).results


def test_an_observation_without_any_value_is_said():
    assert "It holds no value" in why(read(_score("44261-6")))
    assert "no value" not in why(read(_score("44261-6", hasMember=[{"reference": "Observation/2"}])))


@pytest.mark.parametrize(
    ("quantity", "charted"),
    [
        ({"value": 19}, True),
        ({"value": 19, "unit": "score"}, True),
        ({"value": 19, "code": "{score}", "system": UCUM}, True),
        ({"value": 19, "code": "%", "system": UCUM}, False),
        ({"value": 28}, False),
    ],
)
def test_a_score_needs_no_unit_and_takes_no_other(quantity, charted):
    assert bool(read(_score("44261-6", valueQuantity=quantity)).results) is charted


@pytest.mark.parametrize(
    "quantity",
    [
        {"value": 71500, "unit": "g", "system": UCUM, "code": "g"},
        {"value": 158, "unit": "kg"},
        {"value": 65, "unit": "in", "system": UCUM, "code": "[in_i]"},
    ],
)
def test_another_unit_and_a_unit_without_a_code_are_kept_beside_it(quantity):
    found = read({**WEIGHT, "valueQuantity": quantity})
    assert [(it.value, it.unit) for it in found.kept_aside] == [(str(quantity["value"]), quantity["unit"])]
    assert not found.results
