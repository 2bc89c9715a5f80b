"""A pack says in its own words how its drug is counted, given, limited and watched, whatever the way."""

from __future__ import annotations

from decimal import Decimal

import pytest

from openkap.kernel.quantity import Milligrams, MilligramsPerKilogram
from openkap.protocols.administration import (
    AmountSteps,
    DeviceSprays,
    Injections,
    Oral,
    Route,
    Sublingual,
)
from openkap.protocols.limits import Asks, Measure
from openkap.protocols.loading import PackError, load, load_bundled
from tests.packs import BUNDLED, GIVING, body_of, pack_of


def _errors(body: dict) -> str:
    with pytest.raises(PackError) as caught:
        load(body)
    return "\n".join(caught.value.errors)


@pytest.mark.parametrize(
    ("way", "administration", "usual"),
    [
        ("im", Injections(Route.INTRAMUSCULAR, 2, 20), MilligramsPerKilogram.of("0.5")),
        ("sc", Injections(Route.SUBCUTANEOUS, 1, 0), MilligramsPerKilogram.of("0.5")),
        ("devices", DeviceSprays(Milligrams.of(28), 5), Milligrams.of(56)),
        ("sublingual", Sublingual(10), Milligrams.of(100)),
        ("oral", Oral(), Milligrams.of(100)),
    ],
)
def test_every_way_of_giving_can_be_said(way, administration, usual):
    dose = pack_of(way).dose
    assert dose.administration == administration
    assert dose.amount.usual == usual
    assert dose.by_weight == isinstance(usual, MilligramsPerKilogram)


def test_steps_know_the_first_the_least_and_the_most():
    amount = pack_of("devices").dose.amount
    assert isinstance(amount, AmountSteps)
    assert [str(it) for it in (amount.usual, amount.least, amount.most)] == ["56 mg", "28 mg", "84 mg"]


@pytest.mark.parametrize("way", GIVING)
def test_each_protocol_brings_its_own_limits_times_and_observation(way):
    pack = pack_of(way)
    assert pack.dilution is None
    assert pack.monitoring.at_minutes == (15, 30, 60, 120)
    assert pack.monitoring.during_minutes is None
    anchor = "end" if way == "im" else "start"
    assert (pack.discharge.observe_minutes, pack.discharge.counts_from) == (120, anchor)
    assert {limit.of for limit in pack.ceiling.limits} == {
        Measure.MG_PER_KG if pack.dose.by_weight else Measure.MG
    }


@pytest.mark.parametrize(("way", "anchor"), [("im", "end"), ("sc", "start"), ("devices", "start")])
def test_set_minutes_count_from_where_a_pack_says_so(way, anchor):
    assert pack_of(way).monitoring.counts_from == anchor
    body = body_of(way)
    del body["monitoring"]["counts_from"]
    if way != "im":
        assert load(body).monitoring.counts_from == "start"


def test_a_protocol_may_have_no_interval_and_no_review():
    body = body_of("oral")
    del body["interval"], body["review"]
    pack = load(body)
    assert (pack.interval, pack.review) == (None, None)
    assert "G_INTERVAL" not in {row.id for _, rows in pack.rows() for row in rows}


def test_a_form_or_a_document_that_belongs_to_the_treatment_is_a_row():
    row = {"id": "REQ_FORM", "text": "A form.", "status": "design_default", "kind": "form"}
    pack = pack_of(required=[{**row, "name": "monitoring_form", "due": "after_session", "within_days": 7}])
    assert [(it.name, it.due, it.within_days) for it in pack.required] == [
        ("monitoring_form", "after_session", 7)
    ]
    assert pack.row("REQ_FORM") == pack.required[0]


def test_a_limit_is_passed_beyond_it_and_not_at_it():
    limits = {(it.of, it.is_upper, it.asks): it for band in load_bundled(BUNDLED).bands for it in band.limits}
    upper = limits[Measure.MG_PER_KG, True, Asks.REASON]
    assert [upper.is_passed_by(Decimal(it)) for it in ("0.75", "0.751")] == [False, True]
    lower = limits[Measure.MINUTES, False, Asks.SECOND_PRESCRIBER]
    assert [lower.is_passed_by(Decimal(it)) for it in ("30", "29.9")] == [False, True]


@pytest.mark.parametrize(
    ("way", "change", "fault"),
    [
        ("", lambda b: b["dose"].pop("infusion"), "say exactly one of infusion, injections"),
        ("", lambda b: b["dose"].update(oral={}), "say exactly one of infusion, injections"),
        ("", lambda b: b["dose"].pop("per_kg"), "say exactly one of per_kg, fixed, steps"),
        ("", lambda b: b["dose"]["infusion"].update(minutes=101), "minutes: outside 2 to 100"),
        ("devices", lambda b: b["dose"]["steps"].update(amounts=["56", "28"]), "must be more than the one"),
        ("devices", lambda b: b["dose"]["steps"].update(first="30"), "30 is none of the steps"),
        ("devices", lambda b: b["dose"]["device_sprays"].update(device_mg="30"), "whole numbers of devices"),
        ("devices", lambda b: b["dose"]["device_sprays"].update(device_mg="0"), "whole numbers of devices"),
        ("", lambda b: b["weight_rules"].pop(), "most_bmi: one row must say it"),
        ("", lambda b: b["weight_rules"][0].update(kind="most_bmi"), "days_valid: one row must say it"),
        ("", lambda b: b["ceiling"]["limits"].pop(0), "it must say the largest dose"),
        ("", lambda b: b["ceiling"]["limits"].pop(1), "it must say the fastest rate"),
        ("", lambda b: b["ceiling"]["limits"][0].update(asks="reason"), "a ceiling asks for nothing"),
        ("", lambda b: b["bands"][1]["limits"][0].pop("asks"), "a band says what it asks for"),
        ("", lambda b: b["bands"][1]["limits"][0].update(under="0.1"), "say either over or under"),
        ("", lambda b: b["bands"][1]["limits"][0].update(asks="reason"), "over with reason is said twice"),
        ("oral", lambda b: b["bands"][0]["limits"][0].update(of="minutes"), "only an infusion has a time"),
        ("oral", lambda b: b["bands"][0]["limits"][0].update(of="mg_per_kg"), "not counted by weight"),
        (
            "",
            lambda b: b["bands"][1].update(limits=[{"of": "mg", "under": "1", "asks": "reason"}]),
            "only a time has a lower limit",
        ),
        ("", lambda b: b["monitoring"].update(at_minutes=[15]), "say either at_minutes, or"),
        ("oral", lambda b: b["monitoring"].pop("at_minutes"), "say either at_minutes, or"),
        ("", lambda b: b["monitoring"].pop("during_minutes"), "belong together"),
        ("", lambda b: b["monitoring"].update(counts_from="end"), "an interval has its own two anchors"),
        ("im", lambda b: b["discharge"].update(counts_from="start"), "several injections count from the end"),
        ("im", lambda b: b["monitoring"].pop("counts_from"), "several injections count from the end"),
        ("", lambda b: b["monitoring"]["choices"].update(before=[0, 1]), "only a whole number of this row"),
        ("", lambda b: b["monitoring"]["choices"].update(text=[0, 1]), "only a whole number of this row"),
        ("", lambda b: b["monitoring"]["choices"].update(after_minutes=[1, 2]), "outside 1 to 2"),
    ],
)
def test_a_dose_that_makes_no_sense_does_not_load(way, change, fault):
    """H06, H07, H14, H45: each fault in words, before any course is bound to it."""
    body = body_of(way)
    change(body)
    assert fault in _errors(body)
