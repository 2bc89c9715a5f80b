"""The words of an order, as they are signed and read out at the time-out. Pure."""

from __future__ import annotations

from collections.abc import Iterator

from openkap.courses.counting import Amounts, OrderDraft
from openkap.courses.order_rules import total_of
from openkap.courses.regimen import (
    DeviceRegimen,
    InfusionRegimen,
    InjectionRegimen,
    Regimen,
    SublingualRegimen,
    apart_minutes,
)
from openkap.protocols.administration import Route

_INTO = {Route.INTRAMUSCULAR: "Into a muscle", Route.SUBCUTANEOUS: "Under the skin"}


def dose_words(draft: OrderDraft, amounts: Amounts) -> str:
    """The dose in every unit it was worked out in."""
    in_all = f"{amounts.dose} = {amounts.volume}"
    if amounts.weight is None:
        return in_all
    return f"{total_of(draft)} by {draft.basis} weight {amounts.weight} = {in_all}"


def giving_words(regimen: Regimen, amounts: Amounts) -> Iterator[str]:
    """How it is given, and each dose where there are several."""
    if isinstance(regimen, InfusionRegimen):
        yield f"Over {regimen.minutes}, {regimen.rate}"
    elif isinstance(regimen, InjectionRegimen):
        yield _INTO[regimen.route]
    elif isinstance(regimen, DeviceRegimen):
        yield f"{len(amounts.doses)} devices of {regimen.device} into the nose"
    elif isinstance(regimen, SublingualRegimen):
        yield f"Under the tongue for {regimen.hold_minutes} min"
    else:
        yield "Swallowed"
    apart = apart_minutes(regimen)
    for number, (dose, volume) in enumerate(zip(amounts.doses, amounts.volumes, strict=True), start=1):
        if len(amounts.doses) > 1:
            when = f", not before {apart} min after dose {number - 1}" if number > 1 else ""
            yield f"Dose {number}: {dose} = {volume}{when}"
