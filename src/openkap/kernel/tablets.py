"""What is counted and not measured: tablets and lozenges, and what is in one. Pure.

Their unit is a word, and so it is said in the reader's language.
"""

from __future__ import annotations

from openkap.kernel.quantity import Milligrams, Quantity, plain
from openkap.kernel.wording import render
from openkap.kernel.wording import sentence as _


class MilligramsPerTablet(Quantity):
    """What is in one tablet or lozenge."""

    unit = "mg/tablet"

    def __str__(self) -> str:
        return render(_("{amount} mg/tablet"), {"amount": plain(self.value)})


class Tablets(Quantity):
    """Tablets or lozenges, counted."""

    unit = "tablets"

    def __str__(self) -> str:
        return render(
            _("1 tablet") if self.value == 1 else _("{count} tablets"), {"count": plain(self.value)}
        )


def tablets_of(dose: Milligrams, strength: MilligramsPerTablet) -> Tablets:
    """How many tablets of this strength hold the dose, to 0.01."""
    return Tablets(dose.value / strength.value).rounded("0.01")
