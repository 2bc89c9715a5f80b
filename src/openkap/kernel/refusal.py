"""Refusal: the one way an action says no.

A rule returns every objection at once; an action raises them together, so that a
person mends a form in one go. A face (page, FHIR, HL7) turns the same `Refused`
into its own kind of answer.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Objection:
    """One reason against an act, in words the person at the screen can use."""

    code: str
    text: str
    field: str = ""

    def as_dict(self) -> dict[str, str]:
        """The objection as plain data, for the audit record and for JSON faces."""
        return {"code": self.code, "text": self.text, "field": self.field}


class Refused(Exception):
    """An act was refused. Nothing clinical was written; the reasons are all here."""

    status = 422

    def __init__(self, *objections: Objection) -> None:
        if not objections:
            raise ValueError("A refusal needs at least one objection.")
        super().__init__("; ".join(objection.text for objection in objections))
        self.objections = objections


class Conflict(Refused):
    """Someone else changed it first, or the same entry arrived with other content."""

    status = 409


def refuse_if(objections: list[Objection] | tuple[Objection, ...]) -> None:
    """Raise all objections together, or do nothing when there are none."""
    if objections:
        raise Refused(*objections)
