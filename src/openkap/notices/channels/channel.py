"""What every way of sending has."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import ClassVar

from openkap.people.models import Patient


@dataclass(frozen=True, slots=True)
class Address:
    """Where something goes: by which channel, and to which address there."""

    channel: str
    value: str


class NotSetUp(Exception):
    """The channel is not set up, so nothing can be handed over and nothing is called sent."""


class Channel(ABC):
    """One way of sending. `order` says which one is asked first for a way to a person."""

    name: ClassVar[str]
    order: ClassVar[int]

    @abstractmethod
    def is_set_up(self) -> bool:
        """Whether this installation can send by it."""

    @abstractmethod
    def address_of(self, patient: Patient) -> str:
        """The person's address there; empty without one."""

    @abstractmethod
    def deliver(self, to: str, *, subject: str, text: str) -> None:
        """Hand it over. What this returns from is sent; OSError and ValueError are tried again."""
