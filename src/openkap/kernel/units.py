"""Pure: pounds, feet and inches as people say them, kept as kilograms and centimetres.

The pound is 0.45359237 kg and the inch 2.54 cm, both exactly (international yard and pound agreement of 1959;
NIST Special Publication 811, appendix B).
"""

from __future__ import annotations

import re
from decimal import Decimal

from openkap.kernel.parsing import NotANumber, parse_decimal
from openkap.kernel.wording import sentence as _

KG_OF_A_POUND = Decimal("0.45359237")
CM_OF_AN_INCH = Decimal("2.54")
INCHES_OF_A_FOOT = 12
_HUNDREDTH = Decimal("0.01")
_FEET = re.compile(r"([3-8])\s*(?:ft|'|′|\s)\s*(\d{1,2}(?:\.\d)?)?\s*(?:in|\"|″|'')?\Z")


def kilograms_of_pounds(pounds: Decimal) -> Decimal:
    """What is kept of a weight in pounds, to ten grams."""
    return (pounds * KG_OF_A_POUND).quantize(_HUNDREDTH)


def pounds_of_kilograms(kilograms: Decimal) -> Decimal:
    """A weight as it is said where people are weighed in pounds, to a tenth."""
    return (kilograms / KG_OF_A_POUND).quantize(Decimal("0.1"))


def centimetres_of_feet(typed: str) -> Decimal:
    """A height typed in feet and inches ("5'11", "5 ft 11 in", "5 11") or in inches alone ("71 in"), in cm.

    Raises NotANumber for anything else: 5.11 may be 5'11" or 5.11 feet, and nobody guesses.
    """
    text = typed.strip().lower()
    inches_alone = re.fullmatch(r"(\d{2}(?:\.\d)?)\s*(?:in|\"|″)", text)
    if inches_alone:
        return (parse_decimal(inches_alone[1]) * CM_OF_AN_INCH).quantize(_HUNDREDTH)
    feet = _FEET.match(text)
    inches = Decimal(feet[2] or 0) if feet else Decimal(0)
    if feet is None or inches >= INCHES_OF_A_FOOT:
        raise NotANumber(_("“{typed}” is no height in feet. Type it as 5'11 or 71 in."), typed=typed)
    return ((Decimal(feet[1]) * INCHES_OF_A_FOOT + inches) * CM_OF_AN_INCH).quantize(_HUNDREDTH)


def feet_of_centimetres(centimetres: Decimal) -> str:
    """A height as it is said where people are measured in feet, to the nearest inch."""
    feet, inches = divmod(int((centimetres / CM_OF_AN_INCH).to_integral_value()), INCHES_OF_A_FOOT)
    return f"{feet}'{inches}\""
