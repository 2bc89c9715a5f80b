"""Pure: what may enter the formulary."""

from __future__ import annotations

from decimal import Decimal

from openkap.kernel.quantity import MilligramsPerMillilitre, plain
from openkap.kernel.refusal import Objection, unlisted

# Strengths in which ketamine vials are sold (10, 50, 100 mg/mL), and 28 mg/0.2 mL of the nasal device.
# Source: PSNet 2021 and ISMP 1998, cited by hazard H03; status bg: another strength asks, it does not stop.
USUAL_STRENGTHS = tuple(MilligramsPerMillilitre.of(value) for value in ("10", "50", "100", "140"))


def objections_to_item(
    *, name: str, strength: MilligramsPerMillilitre, vial_ml: Decimal, confirmed: bool
) -> list[Objection]:
    """What stands against a product with this strength."""
    found = []
    if not name.strip():
        found.append(unlisted("name", "Give the product's name as it stands on the vial.", "name"))
    if strength.value <= 0:
        found.append(unlisted("strength", "The strength must be above zero.", "strength_mg_per_ml"))
    elif strength not in USUAL_STRENGTHS and not confirmed:
        usual = ", ".join(plain(item.value) for item in USUAL_STRENGTHS)
        text = f"{strength} is not a usual strength ({usual} mg/mL). Confirm that it stands so on the vial."
        found.append(unlisted("unusual", text, "confirmed"))
    if vial_ml <= 0:
        found.append(unlisted("vial", "The vial's volume must be above zero.", "vial_ml"))
    return found
