"""What the tests of courses stand on: a course, a weight, a vial, an order."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

from openkap.chart import actions as chart_actions
from openkap.chart import rules as charted
from openkap.courses import actions
from openkap.courses.actions import NewOrder
from openkap.courses.models import Course, Order
from openkap.dispensary import actions as dispensary_actions
from openkap.dispensary.models import FormularyItem
from openkap.kernel.code import Code
from openkap.kernel.quantity import MilligramsPerMillilitre
from openkap.protocols import actions as protocols_actions
from tests.cast import NOW, Cast
from tests.packs import BUNDLED


def opened(cast: Cast, **more) -> Course:
    """A course under the depression pack, from today."""
    version = protocols_actions.adopt(BUNDLED, by=cast.okafor, at=NOW)
    typed = {"first_day": NOW.date(), "per_week": 2, "by": cast.okafor, "at": NOW, **more}
    return actions.open_course(cast.amara.id, pack_version_id=version.id, **typed)


def weighed(
    cast: Cast, kilograms: str = "62", *, days_ago: int = 0, code: str = charted.WEIGHT, unit: str = "kg"
) -> None:
    """A measured weight, or height."""
    at = NOW - timedelta(days=days_ago)
    chart_actions.add_result(
        cast.amara.id, code=Code("loinc", code), value=Decimal(kilograms), unit=unit, measured_at=at,
        confirmed=True, by=cast.sam, at=at,
    )  # fmt: skip


def stocked(cast: Cast, strength: str = "10") -> FormularyItem:
    """The clinic's vial."""
    return dispensary_actions.stock(
        product="racemic_iv", name="Ketamine", strength=MilligramsPerMillilitre.of(strength),
        vial_ml=Decimal(20), by=cast.ada, at=NOW,
    )  # fmt: skip


def ordered(cast: Cast, course: Course, vial: FormularyItem, *, by=None, number: int = 1, **more) -> Order:
    """An order of 0.5 mg/kg for 62 kg, unless told otherwise."""
    new = NewOrder(
        **{
            "dose": Decimal("0.5"),
            "confirmed_mg": Decimal("31"),
            "infusion_minutes": Decimal(40),
            "formulary_item_id": vial.id,
            **more,
        }
    )
    who = by or cast.okafor
    return actions.order(course.id, session_number=number, new=new, typed_name=who.name, by=who, at=NOW)


def codes(caught) -> set[str]:
    """What a refusal was for."""
    return {it.code for it in caught.value.objections}
