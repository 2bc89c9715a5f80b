"""Pure: what may enter the formulary."""

from __future__ import annotations

from decimal import Decimal

from openkap.dispensary.reasons import DispensaryReason
from openkap.kernel.quantity import MilligramsPerMillilitre, plain
from openkap.kernel.refusal import Objection
from openkap.kernel.tablets import MilligramsPerTablet

# Strengths in which ketamine vials are sold (10, 50, 100 mg/mL), and 28 mg/0.2 mL of the nasal device.
# Source: PSNet 2021 and ISMP 1998, cited by hazard H03; status bg: another strength asks, it does not stop.
USUAL_STRENGTHS = tuple(MilligramsPerMillilitre.of(value) for value in ("10", "50", "100", "140"))


def objections_to_item(
    *,
    name: str,
    strength: MilligramsPerMillilitre | MilligramsPerTablet,
    vial_ml: Decimal,
    confirmed: bool,
    stocked: str,
) -> list[Objection]:
    """What stands against a product with this strength. `stocked` names it when the clinic has one of it."""
    objections = []
    if not name.strip():
        objections.append(DispensaryReason.NAME_MISSING("name"))
    if strength.value <= 0:
        objections.append(DispensaryReason.STRENGTH_NOT_POSITIVE("strength_mg_per_ml"))
    elif isinstance(strength, MilligramsPerMillilitre) and strength not in USUAL_STRENGTHS and not confirmed:
        usual = ", ".join(plain(item.value) for item in USUAL_STRENGTHS)
        objections.append(DispensaryReason.STRENGTH_UNUSUAL("confirmed", strength=strength, usual=usual))
    if stocked:
        objections.append(DispensaryReason.ONE_STRENGTH("product", product=stocked))
    if vial_ml <= 0:
        objections.append(DispensaryReason.VOLUME_NOT_POSITIVE("vial_ml"))
    return objections


def objections_to_withdrawing(*, withdrawn: bool) -> list[Objection]:
    """A product goes out of use once."""
    return [DispensaryReason.ALREADY_WITHDRAWN()] if withdrawn else []
