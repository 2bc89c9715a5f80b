"""H06: each protocol that ships can be ordered by at its usual dose, and holds its own limits."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest

from openkap.courses import actions, order_rules, order_words, rules
from openkap.courses.counting import Amounts, OrderDraft, Weighing
from openkap.courses.models import Course
from openkap.courses.regimen import SublingualRegimen, regimen_of
from openkap.courses.tests.scene import codes
from openkap.dispensary import actions as dispensary_actions
from openkap.kernel.quantity import Kilograms, Milligrams, MilligramsPerMillilitre
from openkap.kernel.refusal import Refused
from openkap.kernel.tablets import MilligramsPerTablet, Tablets
from openkap.protocols import actions as protocols_actions
from openkap.protocols import loading
from openkap.protocols import queries as protocols
from openkap.protocols.administration import Infusion
from openkap.protocols.limits import Measure
from openkap.protocols.pack import Pack
from tests.cast import NOW, Cast

NAMES = loading.newest_names()
MONDAY = date(2026, 11, 30)


def _draft(pack: Pack, *, times: Decimal = Decimal(1), first: bool = True) -> OrderDraft:
    """An order of the usual dose, or of so many times it, for a person of 70 kg and 1.70 m."""
    how = pack.dose.administration
    dose = type(pack.dose.amount.usual)(pack.dose.amount.usual.value * times)
    draft = OrderDraft(
        dose=dose,
        confirmed_mg=None,
        strength=MilligramsPerMillilitre.of(50),
        weighing=Weighing(Kilograms.of(70), NOW, height_cm=Decimal(170), sex="female"),
        infusion=how.minutes if isinstance(how, Infusion) else None,
        is_first=first,
    )
    counted = order_rules.check(draft, pack=pack, at=NOW)[0]
    return replace(draft, confirmed_mg=counted.dose if counted else None)


def _counted(draft: OrderDraft, pack: Pack) -> Amounts:
    counted, objections, concerns = order_rules.check(draft, pack=pack, at=NOW)
    assert (objections, concerns) == ([], [])
    assert counted is not None
    return counted


@pytest.mark.parametrize("name", NAMES)
def test_the_usual_dose_is_ordered_without_a_word_more(name: str) -> None:
    pack = loading.load_bundled(name)
    draft = _draft(pack)
    counted = _counted(draft, pack)
    regimen = regimen_of(draft, counted, how=pack.dose.administration)
    assert "mg" in order_words.dose_words(draft, counted)
    assert list(order_words.giving_words(regimen, counted))


@pytest.mark.parametrize(
    ("name", "mg"),
    [
        ("iv-depression-2", "35"),
        ("iv-eight-sessions-2", "35"),
        ("iv-alcohol-1", "56"),
        ("im-kap-1", "35"),
        ("sc-titrated-1", "35"),
        ("sc-anxiety-1", "17.5"),
        ("lozenge-clinic-1", "50"),
        ("lozenge-home-1", "25"),
        ("nasal-compounded-1", "10"),
        ("esketamine-us-1", "56"),
        ("esketamine-eu-1", "56"),
        ("esketamine-eu-65-1", "28"),
        ("esketamine-acute-1", "84"),
    ],
)
def test_the_usual_dose_of_seventy_kilograms(name: str, mg: str) -> None:
    pack = loading.load_bundled(name)
    assert _counted(_draft(pack), pack).dose == Milligrams.of(mg)


def test_no_protocol_that_ships_is_left_out_above() -> None:
    assert len(NAMES) == 13


@pytest.mark.parametrize(
    ("mg", "in_all", "asked"),
    [("50", "50 mg = 1 tablet", set()), ("100", "100 mg = 2 tablets", set()), ("75", "", {"TABLETS_CUT"})],
)
def test_a_lozenge_is_counted_and_never_measured_in_millilitres(
    mg: str, in_all: str, asked: set[str]
) -> None:
    """H03: whoever reads mL at a lozenge looks for a syringe."""
    pack = loading.load_bundled("lozenge-clinic-1")
    draft = replace(
        _draft(pack),
        dose=Milligrams.of(mg),
        confirmed_mg=Milligrams.of(mg),
        strength=MilligramsPerTablet.of(50),
        vial=Tablets.of(30),
        is_first=False,
    )
    counted, objections, concerns = order_rules.check(draft, pack=pack, at=NOW)
    assert counted is not None
    assert {it.flag for it in concerns} == asked
    assert [it.code for it in objections] == (["REASON_MISSING"] if asked else [])
    if not asked:
        told = [
            order_words.dose_words(draft, counted),
            *order_words.giving_words(SublingualRegimen(10), counted),
        ]
        assert told == [in_all, "Under the tongue for 10 min"]


@pytest.mark.parametrize("name", NAMES)
def test_nobody_signs_over_the_ceiling(name: str) -> None:
    """H06: for each protocol by its own number, whatever the row's status."""
    pack = loading.load_bundled(name)
    limit = next(it for it in pack.ceiling.limits if it.of in (Measure.MG, Measure.MG_PER_KG))
    over = _draft(pack, times=limit.value / pack.dose.amount.usual.value * Decimal("1.5"))
    refused = {it.code for it in order_rules.check(over, pack=pack, at=NOW)[1]}
    assert "DOSE_OVER_CEILING" in refused


@pytest.mark.parametrize("name", NAMES)
def test_the_days_of_a_course_keep_its_own_schedule(name: str) -> None:
    pack = loading.load_bundled(name)
    for per_week in range(pack.schedule.per_week[0], pack.schedule.per_week[1] + 1):
        days = rules.planned_dates(first_day=MONDAY, per_week=per_week, pack=pack)
        assert rules.objections_to_plan(days, pack=pack, today=MONDAY) == []
        assert days[-1] - days[0] <= timedelta(weeks=pack.schedule.weeks[1])


def test_an_order_of_lozenges_keeps_tablets_in_its_words_and_in_its_record(cast: Cast) -> None:
    version = protocols_actions.adopt("lozenge-clinic-1", by=cast.okafor, at=NOW)
    opening = {"pack_version_id": version.id, "first_day": NOW.date(), "per_week": 1}
    course = actions.open_course(cast.amara.id, **opening, by=cast.okafor, at=NOW)
    item = dispensary_actions.stock(
        product="racemic_sl_oral",
        name="Lozenge",
        strength=MilligramsPerTablet.of(50),
        vial_ml=Decimal(30),
        by=cast.ada,
        at=NOW,
    )
    new = actions.NewOrder(
        dose=Decimal(100), confirmed_mg=Decimal(100), formulary_item_id=item.id, reason="x"
    )
    order = actions.order(
        course.id, session_number=1, new=new, typed_name=cast.okafor.name, by=cast.okafor, at=NOW
    )
    assert (str(order.portion), str(order.strength)) == ("2 tablets", "50 mg/tablet")
    assert [str(dose.portion) for dose in order.ordered_doses.all()] == ["2 tablets"]
    assert "Lozenge, 50 mg/tablet" in order.content
    assert "mL" not in order.content


@pytest.mark.parametrize("name", ["lozenge-home-1", "nasal-compounded-1"])
def test_no_course_begins_by_a_protocol_whose_release_nobody_has_signed(cast: Cast, name: str) -> None:
    """Treatment at home, and what no agency has looked at, is off until the medical director signs it."""
    version = protocols_actions.adopt(name, by=cast.okafor, at=NOW)
    opening = {"pack_version_id": version.id, "first_day": NOW.date(), "per_week": 1}
    with pytest.raises(Refused) as caught:
        actions.open_course(cast.amara.id, **opening, by=cast.okafor, at=NOW)
    assert codes(caught) == {"NOT_RELEASED"}
    assert Course.objects.count() == 0
    release = protocols.pack_of(version).release
    assert release is not None
    signed = {"row_ids": [release.id], "typed_name": "dr ife okafor"}
    protocols_actions.sign_rows(version.id, **signed, by=cast.okafor, at=NOW)
    assert actions.open_course(cast.amara.id, **opening, by=cast.okafor, at=NOW).pack_version == version
