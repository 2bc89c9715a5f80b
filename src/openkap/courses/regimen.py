"""What an order says about giving its doses: one class for each way. Pure.

An order keeps its regimen as it was signed, so that a later version of the protocol changes nothing in it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from decimal import Decimal
from typing import Any, get_type_hints

from openkap.courses.counting import Amounts, OrderDraft, Portion, Strength
from openkap.kernel.quantity import (
    Milligrams,
    MilligramsPerHour,
    MilligramsPerMillilitre,
    Millilitres,
    Minutes,
    Quantity,
    plain,
)
from openkap.kernel.tablets import MilligramsPerTablet, Tablets
from openkap.protocols.administration import (
    Administration,
    DeviceSprays,
    Infusion,
    Injections,
    Route,
    Sublingual,
)


@dataclass(frozen=True, slots=True)
class InfusionRegimen:
    """Into a vein at one rate, over a time; the pump is set to the rate."""

    minutes: Minutes
    rate: MilligramsPerHour


@dataclass(frozen=True, slots=True)
class InjectionRegimen:
    """Each dose at one moment, into a muscle or under the skin, at least so many minutes apart."""

    route: Route
    apart_minutes: int


@dataclass(frozen=True, slots=True)
class DeviceRegimen:
    """Each device a dose of its own into the nose, at least so many minutes after the one before."""

    device: Milligrams
    apart_minutes: int


@dataclass(frozen=True, slots=True)
class SublingualRegimen:
    """Under the tongue, held there for so many minutes."""

    hold_minutes: int


@dataclass(frozen=True, slots=True)
class OralRegimen:
    """Swallowed at one moment."""


Regimen = InfusionRegimen | InjectionRegimen | DeviceRegimen | SublingualRegimen | OralRegimen
KINDS: dict[str, type[Regimen]] = {
    "infusion": InfusionRegimen,
    "injections": InjectionRegimen,
    "device_sprays": DeviceRegimen,
    "sublingual": SublingualRegimen,
    "oral": OralRegimen,
}


def regimen_of(draft: OrderDraft, counted: Amounts, *, how: Administration) -> Regimen:
    """The regimen of an order that has been checked against its protocol."""
    if isinstance(how, Infusion):
        assert draft.infusion is not None
        assert counted.rate is not None
        return InfusionRegimen(draft.infusion, counted.rate)
    if isinstance(how, Injections):
        return InjectionRegimen(how.route, how.apart_minutes)
    if isinstance(how, DeviceSprays):
        return DeviceRegimen(how.device, how.apart_minutes)
    return SublingualRegimen(how.hold_minutes) if isinstance(how, Sublingual) else OralRegimen()


def is_counted(regimen: Regimen) -> bool:
    """Whether the doses are counted in tablets or lozenges, and not measured in mL."""
    return isinstance(regimen, (SublingualRegimen, OralRegimen))


def portion(regimen: Regimen, amount: Decimal) -> Portion:
    """What is given of the product, in its own unit."""
    return Tablets(amount) if is_counted(regimen) else Millilitres(amount)


def strength(regimen: Regimen, amount: Decimal) -> Strength:
    """The strength of the product, in its own unit."""
    return MilligramsPerTablet(amount) if is_counted(regimen) else MilligramsPerMillilitre(amount)


def apart_minutes(regimen: Regimen) -> int:
    """The least minutes between two doses of one order; 0 where an order has only one."""
    return regimen.apart_minutes if isinstance(regimen, (InjectionRegimen, DeviceRegimen)) else 0


def kept(regimen: Regimen) -> dict[str, Any]:
    """The regimen as a record keeps it: its kind, and each number without its unit."""
    kind = next(name for name, one in KINDS.items() if type(regimen) is one)
    values = {field.name: getattr(regimen, field.name) for field in fields(regimen)}
    return {"kind": kind} | {
        name: plain(value.value) if isinstance(value, Quantity) else value for name, value in values.items()
    }


def restored(record: Mapping[str, Any]) -> Regimen:
    """The regimen a record keeps."""
    regimen = KINDS[record["kind"]]
    types = get_type_hints(regimen)
    values = {field.name: _restored(types[field.name], record[field.name]) for field in fields(regimen)}
    return regimen(**values)


def _restored(kind: Any, value: Any) -> Any:
    return kind(Decimal(value)) if issubclass(kind, Quantity) else kind(value)
