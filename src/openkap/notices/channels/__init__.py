"""The ways in which something goes out: one module for each in this folder, found by its name.

Who sends asks `address_of` for the way to a person, and never which way that is.
"""

from __future__ import annotations

from functools import lru_cache
from importlib import import_module
from pkgutil import iter_modules

from openkap.notices.channels.channel import Address, Channel, NotSetUp
from openkap.people.models import Patient

__all__ = ["Address", "Channel", "NotSetUp", "address_of", "all_channels", "email_to", "named"]

EMAIL = "email"


@lru_cache(maxsize=1)
def all_channels() -> tuple[Channel, ...]:
    """Every channel there is, the one that is asked first before the others."""
    names = (module.name for module in iter_modules(__path__) if module.name != "channel")
    channels = (import_module(f"{__name__}.{name}").CHANNEL for name in names)
    return tuple(sorted(channels, key=lambda channel: (channel.order, channel.name)))


def named(name: str) -> Channel:
    """The channel of this name."""
    return next(channel for channel in all_channels() if channel.name == name)


def address_of(patient: Patient) -> Address | None:
    """The way to a person: the first channel that is set up and has an address of theirs.

    Where none of theirs is set up, the first one they have an address in: what cannot go out is seen so.
    """
    ways = [(channel, channel.address_of(patient)) for channel in all_channels()]
    known = [(channel, value) for channel, value in ways if value]
    for channel, value in sorted(known, key=lambda way: not way[0].is_set_up()):
        return Address(channel.name, value)
    return None


def email_to(value: str) -> Address:
    """An address that was given as an e-mail address: an invitation, a colleague on call."""
    return Address(EMAIL, value)
