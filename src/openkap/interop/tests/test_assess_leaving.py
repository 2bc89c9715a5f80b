"""H14, H15: the command lets nobody go whom the room would keep, or of whom something is not known."""

from __future__ import annotations

from typing import Any

import pytest

from openkap.interop.tests.test_assess import answer

SPRAY = {
    "first_dose_at": "10:00",
    "asks_to_leave_at": "12:00",
    "bp_pre": "120/80",
    "bp_40": "140/90",
    "bp_120": "126/82",
    "moaas_120": 5,
    "escort": True,
}
STEADY = {"answers": {"gait_steady": True, "oriented": True}}


def _leaving(product: str = "esketamine_in", **facts: Any) -> dict[str, Any]:
    leaving: dict[str, Any] = answer(product, **facts)["leaving"]
    return leaving


def test_after_two_hours_settled_and_awake_the_person_may_go() -> None:
    assert _leaving(**SPRAY) == {
        "allowed": True,
        "earliest": "2026-11-24T12:00:00+00:00",
        "missing": [],
        "flags": [],
        "against": [],
        "rule": "D_SPR_TIME",
    }


@pytest.mark.parametrize("name", sorted(set(SPRAY) - {"bp_40"}))
def test_what_is_not_known_keeps_the_person(name: str) -> None:
    told = _leaving(**{key: value for key, value in SPRAY.items() if key != name})
    assert (told["allowed"], told["missing"]) == (False, [name])


@pytest.mark.parametrize(
    ("facts", "flags"),
    [
        ({"asks_to_leave_at": "11:59"}, ["OBS_TIME_SHORT"]),
        ({"bp_120": "145/82"}, ["BP_NOT_SETTLED"]),
        ({"bp_120": "126/97"}, ["BP_NOT_SETTLED"]),
        ({"bp_40": "122/80", "bp_120": "130/84"}, ["BP_NOT_SETTLED"]),
        ({"moaas_120": 4}, []),
        ({"moaas_120": 3}, ["OVERSEDATED"]),
        ({"escort": False}, ["NO_ESCORT"]),
    ],
)
def test_each_reason_keeps_the_person(facts: dict[str, Any], flags: list[str]) -> None:
    told = _leaving(**{**SPRAY, **facts})
    assert (told["allowed"], told["flags"]) == (False, flags)
    assert told["against"]


def test_an_infusion_counts_from_its_end_and_asks_for_gait_and_orientation() -> None:
    facts = {**SPRAY, "infusion_minutes": 40, "asks_to_leave_at": "11:40"}
    assert _leaving("racemic_iv", **facts)["missing"] == ["answers.gait_steady", "answers.oriented"]
    assert _leaving("racemic_iv", **facts, **STEADY)["allowed"]
    early = {**facts, "asks_to_leave_at": "11:39"}
    assert _leaving("racemic_iv", **early, **STEADY)["flags"] == ["OBS_TIME_SHORT"]
    unsteady = {"answers": {"gait_steady": False, "oriented": True}}
    assert _leaving("racemic_iv", **facts, **unsteady)["against"] == ["gait_steady: no"]
    del facts["infusion_minutes"]
    assert _leaving("racemic_iv", **facts, **STEADY)["missing"] == ["infusion_minutes"]


@pytest.mark.parametrize(
    "product",
    ["racemic_iv", "racemic_im", "racemic_sc", "racemic_sl_oral", "racemic_in_compounded", "esketamine_in"],
)
def test_nobody_leaves_of_whom_nothing_is_known(product: str) -> None:
    assert not _leaving(product)["allowed"]
    assert answer(product)["monitoring"]["before"]


def test_a_form_is_due_after_a_session_with_the_spray() -> None:
    told = answer("esketamine_in", **SPRAY)
    found = next(it for it in told["findings"] if it["flag"] == "REMS_FORM_DUE")
    assert (found["level"], found["action"]) == ("info", "Send it within 7 days.")


def test_a_raised_pressure_is_graded_only_above_the_one_before() -> None:
    def events(**facts: Any) -> list[tuple[str, int | None]]:
        return [(it["term"], it["grade"]) for it in answer(**facts)["adverse_events"]]

    assert events(bp="162/90", bp_pre="120/80", minute=30) == [("Blood pressure increased", 3)]
    assert events(bp="142/80", bp_pre="120/80", minute=30) == [("Blood pressure increased", 2)]
    assert events(bp="142/80", bp_pre="150/85", minute=30) == []
    assert events(bp="142/80") == []
    assert events(spo2=88, minute=30) == [("Respiratory depression", None)]
    assert events(symptoms=["nausea"], minute=30) == [("Nausea", None)]
