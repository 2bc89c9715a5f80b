"""H02, H06: which protocol answers a question, and what its dose comes to."""

from __future__ import annotations

from typing import Any

import pytest

from openkap.interop.tests.test_assess import WELL, answer, flags


@pytest.mark.parametrize(
    ("facts", "name"),
    [
        ({"product": "racemic_iv"}, "iv-depression-2"),
        ({"product": "racemic_iv", "protocol": "IV_AUD"}, "iv-alcohol-1"),
        ({"product": "racemic_iv", "protocol": "IV_SCHEDULE_8"}, "iv-eight-sessions-2"),
        ({"product": "racemic_iv", "protocol": "IV_CRPS_A"}, "iv-depression-2"),
        ({"product": "racemic_im", "protocol": "IM_NZ"}, "im-kap-1"),
        ({"product": "racemic_sc", "protocol": "SC_ANX"}, "sc-anxiety-1"),
        ({"product": "racemic_sl_oral", "protocol": "ORAL"}, "lozenge-clinic-1"),
        ({"product": "racemic_sl_oral", "location": "home"}, "lozenge-home-1"),
        ({"product": "racemic_in_compounded"}, "nasal-compounded-1"),
        ({"product": "esketamine_in"}, "esketamine-us-1"),
        ({"product": "esketamine_in", "profile": "EU"}, "esketamine-eu-1"),
        ({"product": "esketamine_in", "profile": "EU", "age": 65}, "esketamine-eu-65-1"),
        (
            {"product": "esketamine_in", "profile": "EU", "age": 70, "protocol": "SPR_TRD_EU"},
            "esketamine-eu-65-1",
        ),
        ({"product": "esketamine_in", "protocol": "SPR_MDSI"}, "esketamine-acute-1"),
        ({"product": "esketamine_in", "protocol": "esketamine-acute"}, "esketamine-acute-1"),
    ],
)
def test_which_protocol_answers(facts: dict[str, Any], name: str) -> None:
    assert answer(**facts)["protocol_pack"]["id"] == name


def test_the_pressure_before_the_spray_depends_on_profile_and_age() -> None:
    def elevated(**facts: Any) -> bool:
        return "BP_ELEVATED_PREDOSE" in flags(answer("esketamine_in", bp="148/85", **facts))

    assert elevated(profile="EU", age=40)
    assert not elevated(profile="EU", age=70)
    assert elevated(profile="US", age=70)


def test_both_weights_stand_side_by_side_and_none_is_chosen() -> None:
    dose = answer(weight_kg=100, height_cm=170, sex="female", ordered_mg_per_kg=0.5)["dose"]
    assert (dose["by_actual_weight"], dose["by_ideal_weight"], dose["bmi"]) == (50, 30.7, 34.6)
    assert dose["mg_max"] == 200
    assert answer(weight_kg=100)["dose"]["by_ideal_weight"] is None


def test_a_spray_comes_in_whole_devices() -> None:
    told = answer("esketamine_in", ordered_mg=70)
    found = next(it for it in told["findings"] if it["rule"] == "SPR_TRD_US")
    assert (found["outcome"], found["text"]) == ("defer", "The dose is one of 56 mg, 84 mg.")


def test_a_home_treatment_waits_for_its_release() -> None:
    lozenge = {**WELL, "location": "home", "dx": ["F41.1"]}
    assert answer("racemic_sl_oral", **lozenge)["missing"] == ["release"]
    assert answer("racemic_sl_oral", signed="lozenge-home-1", **lozenge)["missing"] == []
