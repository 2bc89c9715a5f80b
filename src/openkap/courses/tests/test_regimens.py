"""An order is checked and kept by the way its protocol gives the drug."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from django.db import DatabaseError, transaction

from openkap.courses import actions, order_words, regimen
from openkap.courses.actions import NewOrder
from openkap.courses.counting import OrderDraft, Weighing
from openkap.courses.models import Course, GateMet, Order, OrderedDose
from openkap.courses.order_rules import check
from openkap.courses.regimen import (
    DeviceRegimen,
    InfusionRegimen,
    InjectionRegimen,
    OralRegimen,
    SublingualRegimen,
    apart_minutes,
    kept,
    regimen_of,
    restored,
)
from openkap.courses.tests.scene import codes, weighed
from openkap.dispensary import actions as dispensary_actions
from openkap.kernel.ids import uuid7
from openkap.kernel.quantity import (
    Kilograms,
    Milligrams,
    MilligramsPerHour,
    MilligramsPerKilogram,
    MilligramsPerMillilitre,
    Millilitres,
    Minutes,
)
from openkap.kernel.refusal import Refused
from openkap.protocols.administration import Route
from tests.cast import NOW, Cast
from tests.packs import adopted, pack_of

AT = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
WEIGHING = Weighing(Kilograms.of(62), AT - timedelta(days=1), height_cm=Decimal(168), sex="female")
IM = OrderDraft(
    dose=MilligramsPerKilogram.of("0.5"),
    confirmed_mg=Milligrams.of("46.5"),
    strength=MilligramsPerMillilitre.of(50),
    weighing=WEIGHING,
    further=(MilligramsPerKilogram.of("0.25"),),
)
FIXED = OrderDraft(
    dose=Milligrams.of(100),
    confirmed_mg=Milligrams.of(100),
    strength=MilligramsPerMillilitre.of(100),
    weighing=None,
)
DEVICES = replace(FIXED, dose=Milligrams.of(84), confirmed_mg=Milligrams.of(84), reason="went well")


def _checked(draft: OrderDraft, way: str) -> tuple[list[str], set[str], set[str]]:
    counted, against, concerns = check(draft, pack=pack_of(way), at=AT)
    doses = [str(dose) for dose in counted.doses] if counted else []
    return doses, {it.code for it in against}, {str(it.flag) for it in concerns}


def test_two_injections_count_together_and_each_by_itself():
    """H05, H06: 0.5 and 0.25 mg/kg of 62 kg are 31 and 15.5 mg, and 0.75 mg/kg in all."""
    assert _checked(IM, "im") == (["31 mg", "15.5 mg"], set(), set())
    more = replace(IM, further=(MilligramsPerKilogram.of("0.3"),), confirmed_mg=Milligrams.of("49.6"))
    assert _checked(more, "im") == (["31 mg", "18.6 mg"], {"REASON_MISSING"}, {"DOSE_OVER_USUAL"})
    too_much = replace(IM, further=(MilligramsPerKilogram.of("1.6"),), confirmed_mg=Milligrams.of("130.2"))
    assert "DOSE_OVER_CEILING" in _checked(too_much, "im")[1]


def test_the_total_of_all_injections_is_confirmed_in_mg():
    """H02."""
    counted, against, _ = check(replace(IM, confirmed_mg=Milligrams.of(31)), pack=pack_of("im"), at=AT)
    assert counted is not None
    assert [it.text for it in against] == [
        "0.75 mg/kg for 62 kg comes to 46.5 mg, but 31 mg was typed. Which one is meant?"
    ]


@pytest.mark.parametrize(
    ("way", "change", "expected"),
    [
        ("im", {"further": IM.further * 2}, "FURTHER_TOO_MANY"),
        ("sc", {}, "FURTHER_TOO_MANY"),
        ("im", {"infusion": Minutes.of(40)}, "TIME_NOT_THIS"),
        ("im", {"further": (MilligramsPerKilogram.of(0),)}, "DOSE_NOT_POSITIVE"),
        ("im", {"dose": Milligrams.of(31)}, "OTHER_UNIT"),
        ("im", {"weighing": None}, "NOT_WEIGHED"),
        ("", {"further": ()}, "TIME_MISSING"),
    ],
)
def test_what_this_way_of_giving_does_not_have_is_refused(way, change, expected):
    """H02, H05."""
    assert expected in _checked(replace(IM, **change), way)[1]


def test_a_fixed_dose_needs_no_weight_and_is_confirmed_all_the_same():
    """H02."""
    assert _checked(FIXED, "oral") == (["100 mg"], set(), set())
    assert _checked(replace(FIXED, confirmed_mg=None), "oral")[1] == {"NOT_CONFIRMED_FIXED"}
    assert _checked(replace(FIXED, confirmed_mg=Milligrams.of(10)), "oral")[1] == {"CONFIRMED_OTHER_FIXED"}
    assert "OTHER_UNIT" in _checked(replace(FIXED, dose=MilligramsPerKilogram.of(1)), "oral")[1]


@pytest.mark.parametrize(
    ("mg", "expected"),
    [
        (9, {"DOSE_UNDER_RANGE"}),
        (10, set()),
        (150, set()),
        (151, {"DOSE_OVER_USUAL"}),
        (301, {"DOSE_OVER_CAP"}),
    ],
)
def test_a_fixed_dose_has_bands_in_mg(mg, expected):
    """H06."""
    draft = replace(FIXED, dose=Milligrams.of(mg), confirmed_mg=Milligrams.of(mg))
    assert _checked(draft, "sublingual")[2] == expected
    assert "DOSE_OVER_CEILING" in _checked(replace(draft, dose=Milligrams.of(601)), "sublingual")[1]


def test_a_dose_of_devices_is_one_of_the_steps_and_each_device_a_dose():
    """H05, H06."""
    assert _checked(DEVICES, "devices") == (["28 mg", "28 mg", "28 mg"], set(), {"DOSE_OVER_CAP"})
    assert "NOT_A_STEP" in _checked(replace(DEVICES, dose=Milligrams.of(60)), "devices")[1]
    first = replace(DEVICES, is_first=True)
    assert "FIRST_STEP_IS_LESS" in _checked(first, "devices")[2]
    vial = replace(DEVICES, vial=Millilitres.of("0.2"))
    assert "MORE_THAN_ONE_VIAL" not in _checked(vial, "devices")[2]  # a device is no vial that was slipped
    small = replace(first, dose=Milligrams.of(56), confirmed_mg=Milligrams.of(56))
    assert _checked(small, "devices")[2] == set()


REGIMENS = [
    (InfusionRegimen(Minutes.of(40), MilligramsPerHour.of("46.5")), 0),
    (InjectionRegimen(Route.INTRAMUSCULAR, 20), 20),
    (InjectionRegimen(Route.SUBCUTANEOUS, 0), 0),
    (DeviceRegimen(Milligrams.of(28), 5), 5),
    (SublingualRegimen(10), 0),
    (OralRegimen(), 0),
]


@pytest.mark.parametrize(("one", "apart"), REGIMENS)
def test_a_regimen_comes_back_from_the_record_as_it_was(one, apart):
    assert restored(kept(one)) == one
    assert apart_minutes(one) == apart


def test_every_kind_of_regimen_is_tried():
    assert {type(one) for one, _ in REGIMENS} == set(regimen.KINDS.values())


@pytest.mark.parametrize(
    ("draft", "way", "words"),
    [
        (
            IM,
            "im",
            [
                "0.75 mg/kg by actual weight 62 kg = 46.5 mg = 0.93 mL",
                "Into a muscle",
                "Dose 1: 31 mg = 0.62 mL",
                "Dose 2: 15.5 mg = 0.31 mL, not before 20 min after dose 1",
            ],
        ),
        (
            replace(IM, further=()),
            "sc",
            ["0.5 mg/kg by actual weight 62 kg = 31 mg = 0.62 mL", "Under the skin"],
        ),
        (
            DEVICES,
            "devices",
            [
                "84 mg = 0.84 mL",
                "3 devices of 28 mg into the nose",
                "Dose 1: 28 mg = 0.28 mL",
                "Dose 2: 28 mg = 0.28 mL, not before 5 min after dose 1",
                "Dose 3: 28 mg = 0.28 mL, not before 5 min after dose 2",
            ],
        ),
        (FIXED, "sublingual", ["100 mg = 1 mL", "Under the tongue for 10 min"]),
        (FIXED, "oral", ["100 mg = 1 mL", "Swallowed"]),
    ],
)
def test_the_words_of_an_order_say_how_it_is_given(draft, way, words):
    """H02, H03: what is signed is what is read out."""
    pack = pack_of(way)
    counted = check(draft, pack=pack, at=AT)[0]
    assert counted is not None
    how = regimen_of(draft, counted, how=pack.dose.administration)
    assert [order_words.dose_words(draft, counted), *order_words.giving_words(how, counted)] == words


def _course(cast: Cast, way: str, strength: str = "50") -> tuple[Course, dict[str, object]]:
    version = adopted(cast, way)
    told = {"first_day": NOW.date(), "per_week": 2, "by": cast.okafor, "at": NOW}
    course = actions.open_course(cast.amara.id, pack_version_id=version.id, **told)
    vial = dispensary_actions.stock(
        product=version.product, name="Ketamine", strength=MilligramsPerMillilitre.of(strength),
        vial_ml=Decimal(10), by=cast.ada, at=NOW,
    )  # fmt: skip
    return course, {"formulary_item_id": vial.id}


def _order(cast: Cast, course: Course, **new: object) -> Order:
    told = {"typed_name": cast.okafor.name, "by": cast.okafor, "at": NOW}
    return actions.order(course.id, session_number=1, new=NewOrder(**new), **told)


def test_an_order_of_two_injections_keeps_each_dose(cast: Cast) -> None:
    """H05."""
    course, vial = _course(cast, "im")
    weighed(cast)
    two = {"dose": Decimal("0.5"), "further": (Decimal("0.25"),), "confirmed_mg": Decimal("46.5")}
    order = _order(cast, course, **two, **vial)
    assert order.regimen == InjectionRegimen(Route.INTRAMUSCULAR, 20)
    assert Order.objects.get().regimen == order.regimen
    assert [(it.number, it.dose_mg) for it in order.ordered_doses.all()] == [
        (1, Decimal("31")),
        (2, Decimal("15.5")),
    ]
    assert (order.dose_mg, order.dose_mg_per_kg) == (Decimal("46.5"), Decimal("0.75"))
    assert "Dose 2: 15.5 mg" in order.content


def test_a_fixed_order_keeps_no_weight(cast: Cast) -> None:
    course, vial = _course(cast, "oral")
    order = _order(cast, course, dose=Decimal(100), confirmed_mg=Decimal(100), **vial)
    assert (order.weight_kg, order.dose_mg_per_kg, order.weighed_at, order.weight_basis) == (
        None,
        None,
        None,
        "",
    )
    assert Order.objects.get().regimen == OralRegimen()


def test_the_first_order_of_a_course_by_steps_is_known_as_the_first(cast: Cast) -> None:
    """H06: more than the step it begins with asks for a reason, until the first dose was given."""
    course, vial = _course(cast, "devices", "140")
    big = {"dose": Decimal(84), "confirmed_mg": Decimal(84), "reason": "went well elsewhere", **vial}
    assert set(_order(cast, course, **big).flags) == {"DOSE_OVER_CAP", "FIRST_STEP_IS_LESS"}
    session = course.planned_sessions.get(number=1)
    told = {"evidence_kind": "dose", "evidence_id": course.id, **cast.okafor.stamp(NOW)}
    GateMet.objects.create(course=course, planned_session=session, gate="dosing_done", **told)
    later = {"typed_name": cast.okafor.name, "by": cast.okafor, "at": NOW + timedelta(days=3)}
    second = actions.order(course.id, session_number=2, new=NewOrder(**big), **later)
    assert "FIRST_STEP_IS_LESS" not in second.flags


def test_the_database_keeps_a_weight_whole_or_not_at_all(cast: Cast) -> None:
    """H04: an order counted by a weight says which, how it was chosen and when it was measured."""
    course, vial = _course(cast, "oral")
    order = _order(cast, course, dose=Decimal(100), confirmed_mg=Decimal(100), **vial)
    fields = {field.name: getattr(order, field.name) for field in Order._meta.concrete_fields}
    half = {**fields, "id": uuid7(), "weight_kg": Decimal(62)}
    with pytest.raises(DatabaseError, match="courses_order_weight_whole"), transaction.atomic():
        Order.objects.create(**half)


def test_an_order_in_the_wrong_way_leaves_nothing_behind(cast: Cast) -> None:
    course, vial = _course(cast, "oral")
    with pytest.raises(Refused) as caught:
        _order(
            cast, course, dose=Decimal(100), confirmed_mg=Decimal(100), infusion_minutes=Decimal(40), **vial
        )
    assert codes(caught) == {"TIME_NOT_THIS"}
    assert (Order.objects.count(), OrderedDose.objects.count()) == (0, 0)


@pytest.mark.parametrize(
    ("way", "asked", "not_asked"),
    [
        ("im", ["dose_2", "weight_basis"], ["infusion_minutes", "dose_3", "diluted"]),
        ("sc", ["dose", "weight_basis"], ["dose_2"]),
        ("devices", ["dose"], ["weight_basis", "infusion_minutes"]),
    ],
)
def test_the_page_asks_for_what_this_way_of_giving_has(cast: Cast, client_as, way, asked, not_asked) -> None:
    course, _ = _course(cast, way)
    shown = client_as(cast.okafor).get(f"/courses/{course.id}/orders/1/").content.decode()
    assert all(f'name="{name}"' in shown for name in asked)
    assert not any(f'name="{name}"' in shown for name in not_asked)


def test_two_injections_are_worked_out_and_signed_on_the_page(cast: Cast, client_as, once) -> None:
    """H02: what was shown is what is signed."""
    course, vial = _course(cast, "im")
    weighed(cast)
    okafor, address = client_as(cast.okafor), f"/courses/{course.id}/orders/1/"
    typed = {"dose": "0.5", "dose_2": "0.25", "weight_basis": "actual", "reason": ""}
    typed["formulary_item"] = str(vial["formulary_item_id"])
    worked = okafor.post(address, {**typed, "step": "work", "once": once()}).content.decode()
    assert "46.5<small> mg</small>" in worked
    assert "not before 20 min after the one before" in worked
    shown = worked.split('name="shown" value="')[1].split('"')[0]
    sign = {**typed, "shown": shown, "confirmed_mg": "46.5", "typed_name": cast.okafor.name, "step": "sign"}
    assert okafor.post(address, {**sign, "once": once()}).status_code == 302
    assert OrderedDose.objects.count() == 2
    assert "2 doses" in okafor.get(f"/courses/{course.id}/").content.decode()
