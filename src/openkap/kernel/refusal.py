"""Refusal: the one way an action says no.

A rule returns every objection at once; an action raises them together, so that a
person mends a form in one go. An edge (page, FHIR, HL7) turns the same `Refused`
into its own kind of answer.

Each app lists its reasons in `reasons.py`, an enum: the member's name is the code that programs compare and
the record keeps, its value the sentence a person reads. The sentence is rendered at the edge, never stored,
never compared.
"""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import Any

from openkap.kernel.wording import Worded, placeholders, render, shown


class Reason(Worded):
    """The base of every app's reasons. `AppReason.TOO_LATE("when", hours=3)` is an objection."""

    @property
    def code(self) -> str:
        """What programs compare and the record keeps."""
        return self.name

    @property
    def sentence(self) -> str:
        """What a person reads, in English, with a place for each parameter."""
        return str(self.value)

    def __call__(self, field: str = "", /, **params: Any) -> Objection:
        """The objection for this reason: at which field, and with what the sentence speaks of."""
        if placeholders(self.sentence) != params.keys():
            raise TypeError(f"{self}: the sentence speaks of other things than {sorted(params)}.")
        return Objection(self, field, params)


@dataclass(frozen=True, slots=True)
class Objection:
    """One reason against an act, and what it speaks of."""

    reason: Reason
    field: str = ""
    params: dict[str, Any] = dataclasses.field(default_factory=dict, hash=False)

    @property
    def code(self) -> str:
        """The reason's code."""
        return self.reason.code

    @property
    def text(self) -> str:
        """The sentence, in the reader's language. For the edge alone."""
        return render(self.reason.sentence, self.params)

    def as_dict(self) -> dict[str, str]:
        """The objection for a script that shows it to a person."""
        return {"code": self.code, "text": self.text, "field": self.field}

    def as_record(self) -> dict[str, Any]:
        """The objection for the audit record: its code and what it speaks of, and no sentence."""
        spoken_of = {name: _kept(value) for name, value in self.params.items()}
        return {"code": self.code, "field": self.field, **({"params": spoken_of} if spoken_of else {})}


def _kept(value: Any) -> str:
    return value.code if isinstance(value, Objection) else shown(value)


class Refused(Exception):
    """An act was refused. Nothing clinical was written; the reasons are all here."""

    status = 422

    def __init__(self, *objections: Objection) -> None:
        if not objections:
            raise ValueError("A refusal needs at least one objection.")
        super().__init__(*objections)
        self.objections = objections

    def __str__(self) -> str:
        return "; ".join(objection.text for objection in self.objections)

    @property
    def codes(self) -> tuple[str, ...]:
        """The codes of all reasons."""
        return tuple(objection.code for objection in self.objections)


class Conflict(Refused):
    """Someone else changed it first, or the same entry arrived with other content."""

    status = 409


def refuse_if(objections: list[Objection] | tuple[Objection, ...]) -> None:
    """Raise all objections together, or do nothing when there are none."""
    if objections:
        raise Refused(*objections)
