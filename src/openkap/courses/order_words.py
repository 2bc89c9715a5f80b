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
from openkap.kernel.wording import render, translated
from openkap.kernel.wording import sentence as _
from openkap.protocols.administration import Route

_INTO = {Route.INTRAMUSCULAR: _("Into a muscle"), Route.SUBCUTANEOUS: _("Under the skin")}


def dose_words(draft: OrderDraft, amounts: Amounts) -> str:
    """The dose in every unit it was worked out in."""
    in_all = f"{amounts.dose} = {amounts.volume}"
    if amounts.weight is None:
        return in_all
    return render(
        _("{dose} by {basis} weight {weight} = {in_all}"),
        {"dose": total_of(draft), "basis": draft.basis, "weight": amounts.weight, "in_all": in_all},
    )


def giving_words(regimen: Regimen, amounts: Amounts) -> Iterator[str]:
    """How it is given, and each dose where there are several."""
    if isinstance(regimen, InfusionRegimen):
        yield render(_("Over {minutes}, {rate}"), {"minutes": regimen.minutes, "rate": regimen.rate})
    elif isinstance(regimen, InjectionRegimen):
        yield translated(_INTO[regimen.route])
    elif isinstance(regimen, DeviceRegimen):
        yield render(
            _("{count} devices of {device} into the nose"),
            {"count": len(amounts.doses), "device": regimen.device},
        )
    elif isinstance(regimen, SublingualRegimen):
        yield render(_("Under the tongue for {minutes} min"), {"minutes": regimen.hold_minutes})
    else:
        yield translated(_("Swallowed"))
    apart = apart_minutes(regimen)
    for number, (dose, volume) in enumerate(zip(amounts.doses, amounts.volumes, strict=True), start=1):
        if len(amounts.doses) > 1:
            told = {"number": number, "dose": dose, "volume": volume, "apart": apart, "before": number - 1}
            later = _("Dose {number}: {dose} = {volume}, not before {apart} min after dose {before}")
            yield render(later if number > 1 else _("Dose {number}: {dose} = {volume}"), told)
