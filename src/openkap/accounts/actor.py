"""The one who acts: a signed-in person in one role, a device, a signed link, or the clinic's own clock."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import Any


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts, in which clinic and role. Every action takes one as `by`."""

    clinic_id: uuid.UUID
    role: str
    name: str
    user_id: uuid.UUID | None = None
    membership_id: uuid.UUID | None = None

    @classmethod
    def system(cls, clinic_id: uuid.UUID, name: str = "OpenKAP") -> Actor:
        """The clinic's own clock or rules, acting for nobody in particular."""
        return cls(clinic_id=clinic_id, role="system", name=name)

    @classmethod
    def device(cls, clinic_id: uuid.UUID, name: str) -> Actor:
        """A monitor or another machine that sends."""
        return cls(clinic_id=clinic_id, role="device", name=name)

    @classmethod
    def link(cls, clinic_id: uuid.UUID, name: str) -> Actor:
        """A person who came by a signed link and is not signed in."""
        return cls(clinic_id=clinic_id, role="link", name=name)

    @classmethod
    def present(cls, clinic_id: uuid.UUID, name: str) -> Actor:
        """A patient who answers on a screen of the clinic that a clinician has handed to them."""
        return cls(clinic_id=clinic_id, role="patient", name=name)

    def stamp(self, at: datetime) -> dict[str, Any]:
        """Who and when, as the columns of a row that derives from `Act`."""
        return {
            "clinic_id": self.clinic_id,
            "at": at,
            "by_id": self.user_id,
            "by_name": self.name,
            "by_role": self.role,
        }

    @property
    def is_person(self) -> bool:
        """Whether a signed-in person acts, who can sign and answer for it."""
        return self.user_id is not None
