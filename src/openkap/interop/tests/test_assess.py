"""`openkap assess` says of a file what the pages say of a record, and refuses bad facts by their names."""

from __future__ import annotations

import io
import json
import subprocess
import sys
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from openkap.config.command import main
from openkap.interop.assess.answer import assess
from openkap.interop.assess.case import BadCase, read_case, schema

TODAY = date(2026, 11, 24)
WELL = {
    "age": 40,
    "sex": "male",
    "dx": ["F33.2"],
    "history": [],
    "meds": ["sertraline 100 mg"],
    "allergies": [],
    "bp": "120/76",
    "weight_kg": 70,
    "escort": True,
    "capacity": True,
    "failed_adequate_trials": 3,
}


def answer(product: str = "racemic_iv", *, signed: str = "", **facts: Any) -> dict[str, Any]:
    """What the command says of these facts."""
    case = read_case(json.dumps({"product": product, **facts}), today=TODAY)
    return assess(case, signed_pack=signed)


def flags(told: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """The findings that carry a flag, by it."""
    return {it["flag"]: it for it in told["findings"] if it["flag"]}


def test_three_examples_of_the_contract() -> None:
    told = answer(age=45, dx=["F33.1"], meds=["phenobarbital"], bp="126/80")
    assert flags(told)["DDI_CYP_INDUCER"]["level"] == "info"
    told = answer("esketamine_in", age=34, dx=["F33.2"], lactating=True)
    assert told["eligibility"] == "conditional"
    assert "LACTATION" in flags(told)
    told = answer(weight_kg=62, ordered_mg_per_kg=0.5, vial_mg_per_ml=10)
    assert (told["dose"]["mg"], told["dose"]["volume_ml"]) == (31, 3.1)


def test_what_is_known_and_normal_can_be_signed() -> None:
    told = answer(**WELL)
    assert (told["eligibility"], told["missing"], told["signable"]) == ("eligible", [], True)
    assert told["protocol_pack"]["id"] == "iv-depression-2"
    assert [it["condition"] for it in told["evidence"]] == ["TRD", "MDSI"]
    assert {it["measure"] for it in told["measures_due"]} == {"phq_9", "gad_7", "madrs", "audit_c"}


@pytest.mark.parametrize("name", sorted(WELL))
def test_each_thing_that_is_not_known_is_missing_and_nobody_signs(name: str) -> None:
    """H16: what is not given is unknown, and never taken for normal."""
    told = answer(**{key: value for key, value in WELL.items() if key != name})
    named = {"dx": {"dx"}, "sex": {"sex", "pregnancy_test", "lactating"}}.get(name, {name})
    extra = {"dx": {"failed_adequate_trials"}}.get(name, set())
    assert named <= set(told["missing"]) <= named | extra
    assert not told["signable"]


def test_a_list_without_a_diagnosis_is_no_indication() -> None:
    told = answer(**{**WELL, "dx": []})
    assert "indication" in told["missing"]
    assert "NOT_INDICATED" in flags(answer(**{**WELL, "dx": ["F42.2"]}))


@pytest.mark.parametrize(
    ("facts", "flag", "outcome", "override"),
    [
        ({"capacity": False}, "COGNITIVE_IMPAIRMENT", "defer", "allowed"),
        ({"escort": False}, "NO_ESCORT", "defer", "allowed"),
        ({"pregnancy_test": "positive"}, "PREGNANCY", "exclude", "second_prescriber"),
        ({"child_pugh": "C"}, "HEPATIC_SEVERE", "exclude", "second_prescriber"),
        ({"child_pugh": "B"}, "HEPATIC_MODERATE_LONGER_OBS", "conditional", "allowed"),
        ({"age": 17}, "UNDER_18", "exclude", "allowed"),
        ({"dx": ["F20.0"]}, "ACTIVE_PSYCHOSIS", "exclude", "second_prescriber"),
        ({"history": ["F20.0"]}, "PSYCHOSIS_HISTORY", "conditional", "allowed"),
        ({"dx": ["F10.20"]}, "ACTIVE_SUD", "defer", "allowed"),
        ({"allergies": ["Ketalar"]}, "ABS_VASCULAR_RACEMIC", "exclude", "allowed"),
        ({"meds": [{"n": "x", "atc": "R03DA04"}]}, "DDI_XANTHINE", "exclude", "not_allowed"),
        ({"meds": [{"n": "x", "rx": "6470"}]}, "DDI_CNS_DEPRESSANT", "conditional", "allowed"),
        ({"dx": ["M79.7"]}, "EVIDENCE_WEAK_OR_NONE", "conditional", "allowed"),
        ({"failed_adequate_trials": 1}, "TRIALS_UNDER_TWO", "conditional", "allowed"),
        ({"symptoms": ["dysuria"]}, "LUTS_ACTIVE", "defer", "allowed"),
        ({"symptoms": ["dysuria"], "urine_culture": "sterile"}, "LUTS_HOLD", "defer", "allowed"),
        ({"uds_immunoassay": "negative"}, "UDS_NEEDS_SPECIFIC_ASSAY", "eligible", "allowed"),
        ({"lcms_norketamine": "positive"}, "MISUSE_SIGNAL", "conditional", "allowed"),
        ({"bp": "142/80"}, "BP_ELEVATED_PREDOSE", "conditional", "allowed"),
        ({"bp": "150/100"}, "BP_HOLD", "defer", "allowed"),
        ({"bp": "182/90", "minute": 20}, "BP_STOP_REVIEW", "defer", "allowed"),
        ({"bp": "120/70", "minute": 20, "symptoms": ["chest pain"]}, "BP_STOP_REVIEW", "defer", "allowed"),
        ({"spo2": 93}, "SPO2_LOW", "conditional", "allowed"),
        ({"spo2": 89}, "SPO2_CRITICAL", "defer", "allowed"),
        ({"hr": 125}, "HR_OUT_OF_RANGE", "conditional", "allowed"),
        ({"hr": 29}, "LOOK_AT_PERSON_NOW", "defer", "allowed"),
        ({"rr": 9}, "RR_LOW", "defer", "allowed"),
        ({"bp": "84/50"}, "BP_LOW", "conditional", "allowed"),
        ({"moaas": 3}, "OVERSEDATED", "defer", "allowed"),
        ({"ordered_mg_per_kg": 1.1}, "DOSE_OVER_CAP", "conditional", "second_prescriber"),
        ({"ordered_mg_per_kg": 2.1}, "DOSE_OVER_CEILING", "exclude", "not_allowed"),
        ({"vial_mg_per_ml": 100}, "MUST_DILUTE_100MGML", "conditional", "allowed"),
        ({"sessions_to_date": 6}, "REVIEW_BENEFIT", "conditional", "allowed"),
        (
            {"ordered_mg": 30, "last_supervised_dose_at": "2026-11-23", "date": "2026-11-24"},
            "TOO_SOON",
            "conditional",
            "second_prescriber",
        ),
        (
            {"visit": "audio_video", "date": "2027-01-01"},
            "TELEMED_IN_PERSON_REQUIRED",
            "defer",
            "not_allowed",
        ),
    ],
)
def test_each_fact_carries_its_flag(facts: dict[str, Any], flag: str, outcome: str, override: str) -> None:
    found = flags(answer(**{**WELL, **facts}))[flag]
    assert (found["outcome"], found["override"]) == (outcome, override)
    assert flag not in flags(answer(**WELL))


@pytest.mark.parametrize(
    ("flag", "facts"),
    [
        ("SPRAVATO_HOME_BLOCK", {"location": "home"}),
        ("DOSE_OVER_CEILING", {"ordered_mg": 112}),
        ("ABS_ANEURYSMAL_DISEASE", {"dx": ["I71.4"]}),
    ],
)
def test_what_nobody_may_override_with_the_spray(flag: str, facts: dict[str, Any]) -> None:
    told = answer("esketamine_in", **{**WELL, **facts})
    assert flags(told)[flag]["override"] == "not_allowed"
    assert (told["eligibility"], told["signable"]) == ("exclude", False)


@pytest.mark.parametrize(
    ("facts", "there"),
    [
        ({"visit": "audio_video", "date": "2026-12-31"}, False),
        ({"visit": "audio_video", "date": "2027-01-01"}, True),
        ({"visit": "audio_video", "date": "2027-01-01", "in_person_ever": True}, False),
        ({"visit": "audio_video", "date": "2027-01-01", "rx_date": "2026-12-31"}, False),
        ({"visit": "audio_video", "date": "2027-01-01", "profile": "EU"}, False),
        ({"visit": "in_person", "date": "2027-01-01"}, False),
    ],
)
def test_a_dated_law_acts_by_the_day(facts: dict[str, Any], there: bool) -> None:
    assert ("TELEMED_IN_PERSON_REQUIRED" in flags(answer(**WELL, **facts))) is there


def test_a_supervised_dose_explains_norketamine_for_two_weeks() -> None:
    within = answer(**WELL, lcms_norketamine="positive", last_supervised_dose_at="2026-11-11")
    after = answer(**WELL, lcms_norketamine="positive", last_supervised_dose_at="2026-11-09")
    assert "MISUSE_SIGNAL" not in flags(within)
    assert "MISUSE_SIGNAL" in flags(after)


def test_a_signed_default_stops_and_an_unsigned_one_warns() -> None:
    """H45: the outcome is the row's, whatever its status; who may decide otherwise is not."""
    unsigned = flags(answer(age=17))["UNDER_18"]
    signed = flags(answer(age=17, signed="iv-depression"))["UNDER_18"]
    assert (unsigned["level"], unsigned["override"]) == ("warn", "allowed")
    assert (signed["level"], signed["override"]) == ("block", "second_prescriber")
    assert (unsigned["status"], unsigned["design_default"]) == ("bg", True)
    assert flags(answer(dx=["F20.0"]))["ACTIVE_PSYCHOSIS"]["level"] == "block"


@pytest.mark.parametrize(
    ("facts", "fault"),
    [
        ({"shoe_size": 43}, "shoe_size: there is no such fact. Known are age,"),
        ({"weight_kg": 700}, "weight_kg: 700 is greater than the maximum of 350"),
        ({"bp": "76/122"}, "bp: “76/122” cannot be: the systolic pressure comes first"),
        ({"bp": "500/90"}, "bp: “500/90” is outside 40 to 300 over 20 to 200 mmHg."),
        ({"bp": "high"}, 'bp: "high" does not match'),
        ({"date": "2026-02-30"}, "date: “2026-02-30” is no day that exists."),
        (
            {"first_dose_at": "2026-13-01T10:00"},
            "first_dose_at: “2026-13-01T10:00” is no moment that exists.",
        ),
        ({"first_dose_at": "25:00"}, "first_dose_at: “25:00” is no moment that exists."),
        ({"product": "ketamine"}, 'product: "ketamine" is not one of'),
        ({"age": "forty"}, 'age: "forty" is not of type'),
        ({"dx": ["depression"]}, 'dx › 0: "depression" does not match'),
        (
            {"ordered_mg": 30, "ordered_mg_per_kg": 0.5},
            "ordered_mg: give either ordered_mg or ordered_mg_per_kg",
        ),
        ({"protocol": "IV_NONE"}, "protocol: there is no “IV_NONE” for racemic_iv. Known are"),
        ({"protocol": "SPR_TRD_US"}, "protocol: there is no “SPR_TRD_US” for racemic_iv."),
        ({"answers": {"shoe_size": True}}, "answers › shoe_size: iv-depression-2 does not ask it."),
    ],
)
def test_a_fact_that_cannot_be_is_refused_by_field_and_value(facts: dict[str, Any], fault: str) -> None:
    with pytest.raises(BadCase) as caught:
        answer(**facts)
    assert fault in "\n".join(caught.value.errors)


@pytest.mark.parametrize("text", ["[1]", "a: [", "\x00", "", "product: racemic_iv\nage: .nan", "- {x"])
def test_what_is_no_file_of_facts_is_refused(text: str) -> None:
    with pytest.raises(BadCase):
        read_case(text, today=TODAY)


def test_json_and_yaml_say_the_same_and_null_is_not_given() -> None:
    as_yaml = "product: racemic_iv\ndate: 2026-11-24\nbp: 150/100\nescort: no\nmeds: null\n"
    as_json = json.dumps({"product": "racemic_iv", "date": "2026-11-24", "bp": "150/100", "escort": False})
    told = assess(read_case(as_yaml, today=date(2020, 1, 1)))
    assert told == assess(read_case(as_json, today=date(2020, 1, 1)))
    assert "meds" in told["missing"]


def test_the_command_prints_an_answer_a_schema_or_what_is_wrong(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "facts.yaml"
    file.write_text("product: racemic_iv\nage: 45\n")
    assert main(["assess", str(file)]) == 0
    assert json.loads(capsys.readouterr().out)["protocol_pack"]["id"] == "iv-depression-2"
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b'{"product": "racemic_im"}')))
    assert main(["assess", "-", "--signed", "im-kap"]) == 0
    assert json.loads(capsys.readouterr().out)["protocol_pack"]["id"] == "im-kap-1"
    assert main(["assess", "--schema"]) == 0
    assert json.loads(capsys.readouterr().out) == schema()
    for arguments, fault in (
        ([str(file), "--signed", "im-kap"], "is not the protocol that answers, which is iv-depression-2"),
        ([str(tmp_path / "none.yaml")], "cannot be read: No such file"),
        ([], "Name a file of facts"),
    ):
        assert main(["assess", *arguments]) == 2
        told = capsys.readouterr()
        assert (told.out, fault in told.err) == ("", True)


def test_the_command_starts_without_django() -> None:
    """An integrator asks often: half a second of start is most of an answer."""
    code = (
        "import sys; from openkap.config.command import main; main(['assess', '--schema']); "
        "print(any(name.split('.')[0] == 'django' for name in sys.modules), file=sys.stderr)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=True
    )
    assert done.stderr.strip() == "False"
