"""Numbers as people type them: read exactly, or refused with the reason (hazard H38)."""

from __future__ import annotations

import re
from decimal import Decimal, InvalidOperation

from openkap.kernel.wording import render
from openkap.kernel.wording import sentence as _

_PLAIN = re.compile(r"[+-]?[0-9]{1,7}(\.[0-9]{1,6})?\Z")


class NotANumber(ValueError):
    """What was typed cannot be read as exactly one number. It says why, in the reader's language."""

    def __init__(self, why: str, **told: str) -> None:
        super().__init__(why)
        self.why, self.told = why, told

    def __str__(self) -> str:
        return render(self.why, self.told)


def parse_decimal(typed: str) -> Decimal:
    """Read a number a person typed, or say why not; never guess.

    One comma or one point is a decimal sign ("0,5" is 0.5). Both at once are refused, and so is
    a comma before three digits ("1,000"), which some read as a thousand and some as one.
    """
    text = typed.strip().replace("\u2212", "-")
    if not text:
        raise NotANumber(_("Nothing was typed."))
    if "," in text and "." in text:
        raise NotANumber(
            _("“{typed}” has a comma and a point. Type one decimal sign, as in 0.5."), typed=typed
        )
    if re.fullmatch(r"[+-]?[1-9]\d{0,2},\d{3}", text):
        raise NotANumber(_("“{typed}” could be thousands or a decimal. Type it with a point."), typed=typed)
    text = text.replace(",", ".")
    if text.startswith("."):
        raise NotANumber(_("“{typed}” needs a zero before the point, as in 0{text}."), typed=typed, text=text)
    if not _PLAIN.match(text):
        raise NotANumber(_("“{typed}” is not a plain number."), typed=typed)
    try:
        return Decimal(text)
    except InvalidOperation as error:  # pragma: no cover - the pattern lets only numbers through
        raise NotANumber(_("“{typed}” is not a plain number."), typed=typed) from error


_PRESSURE = re.compile(r"([0-9]{2,3})\s*[/\\.,\s-]\s*([0-9]{2,3})\Z")


def parse_pressure(typed: str) -> tuple[Decimal, Decimal]:
    """Both numbers of a blood pressure, as every nurse types them: "122/76", or with a space or the point.

    Each is a whole number of two or three digits, so that a point between them can be no decimal sign.
    """
    both = _PRESSURE.match(typed.strip())
    if both is None:
        raise NotANumber(_("“{typed}” is no blood pressure. Type both numbers, as in 122/76."), typed=typed)
    return Decimal(both[1]), Decimal(both[2])


_PHONE = re.compile(r"\+?[0-9(][0-9 ()./\u2011-]*\Z")
SHORTEST_LINE, SHORTEST_PHONE, LONGEST_PHONE = (
    3,
    7,
    15,
)  # a crisis line may be 988; ITU-T E.164 ends at 15 digits


def parse_phone(typed: str, *, is_line: bool = False) -> str:
    """A phone number as it was typed, if a telephone could take it; a public line may be short."""
    text = " ".join(typed.split())
    digits = sum(sign.isdigit() for sign in text)
    least = SHORTEST_LINE if is_line else SHORTEST_PHONE
    if not _PHONE.match(text) or not least <= digits <= LONGEST_PHONE:
        raise NotANumber(_("“{typed}” is no phone number. Type it as +1 212 555 0100."), typed=typed)
    return text
