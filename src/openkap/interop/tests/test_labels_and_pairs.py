"""What a referral's labels (H21) and its pairs of pressures become in the chart."""

from __future__ import annotations

import copy
from decimal import Decimal

import pytest

from openkap.chart import actions as chart_actions
from openkap.chart import queries as chart
from openkap.interop.fhir.tests import samples
from openkap.interop.referrals import actions
from openkap.interop.tests.test_referrals import _received, _took, _with
from openkap.kernel.code import Code
from openkap.kernel.refusal import Refused
from tests.cast import NOW, Cast

PART_2 = {"system": "http://terminology.hl7.org/CodeSystem/v3-ActCode", "code": "42CFRPart2"}


@pytest.mark.parametrize("on", ["bundle", "patient"])
def test_a_label_of_the_whole_stands_at_every_entry_h21(cast: Cast, on: str) -> None:
    """H21: what the sender labels as a whole is labelled in each of its parts."""
    meta = {
        "security": [{"system": "http://terminology.hl7.org/CodeSystem/v3-ActCode", "code": "42CFRPart2"}]
    }
    whole = samples.bundle(samples.SERTRALINE, samples.WEIGHT)
    (whole if on == "bundle" else whole["entry"][0]["resource"])["meta"] = meta
    patient = actions.take(_received(cast, whole).id, patient_id=None, by=cast.kit, at=NOW)
    [entry] = chart.entries(patient.id, kind="medicine")
    assert "42 CFR Part 2" in entry.labelled
    assert "42 CFR Part 2" in chart.last_result(patient.id, "29463-7").labelled


def test_exchanged_pressures_do_not_get_into_a_chart_by_any_way(cast: Cast) -> None:
    pressures = [
        chart_actions.NewResult(Code("loinc", code), "pressure", Decimal(value), "mm[Hg]", NOW)
        for code, value in (("8480-6", 82), ("8462-4", 128))
    ]
    with pytest.raises(Refused, match="Exchanged"):
        chart_actions.import_entries(
            cast.amara.id, entries=[], results=pressures, source="x", by=cast.kit, at=NOW
        )


def test_a_label_stands_at_the_entry_in_the_chart_h21(cast: Cast) -> None:
    """H21: records of substance-use treatment stay labelled."""
    patient, _ = _took(cast, _with(samples.DEPRESSION, meta={"security": [PART_2]}), samples.WEIGHT)
    [entry] = chart.entries(patient.id, kind="problem")
    assert entry.labelled == "42 CFR Part 2: substance-use treatment records"
    assert chart.last_result(patient.id, "29463-7").labelled == ""


def test_pressures_that_were_exchanged_are_kept_and_not_charted(cast: Cast) -> None:
    exchanged = copy.deepcopy(samples.PRESSURE)
    exchanged["component"][0]["valueQuantity"]["value"] = 82
    exchanged["component"][1]["valueQuantity"]["value"] = 128
    patient, told = _took(cast, exchanged)
    assert chart.last_result(patient.id, "8480-6") is None
    assert "82/128: the second number must be lower than the first. Exchanged?" in told
