"""What is known of a person when a screening is made. Pure: frozen values, nothing guessed.

An answer nobody gave is `NOT_ASKED`; a list nobody asked about is not an empty list (H16).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from openkap.kernel.answer import Answer
from openkap.protocols.pack import Question


@dataclass(frozen=True, slots=True)
class Coded:
    """Something with words and codes. Rules look at every name and every code it carries."""

    text: str
    codes: tuple[tuple[str, str], ...] = ()
    displays: tuple[str, ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        """Every way it is named: as it was written, and as its codes are displayed."""
        return (self.text, *self.displays)

    @property
    def in_words(self) -> str:
        """Name and codes, as a finding shows them."""
        codes = ", ".join(code for _, code in self.codes)
        return f"{self.text} ({codes})" if codes else self.text


@dataclass(frozen=True, slots=True)
class Problem(Coded):
    """One diagnosis."""

    active: bool = True


@dataclass(frozen=True, slots=True)
class Medicine(Coded):
    """One medicine that is taken now."""


@dataclass(frozen=True, slots=True)
class Allergy(Coded):
    """One allergy that holds."""


@dataclass(frozen=True, slots=True)
class Given:
    """An answer to one question, and the day it was given."""

    answer: Answer
    on: date


@dataclass(frozen=True, slots=True)
class Facts:
    """Everything a screening looks at, on one day."""

    today: date
    age: int | None = None
    sex: str = "unknown"
    answers: dict[str, Given] = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()
    problems_asked: Answer = Answer.NOT_ASKED
    medicines: tuple[Medicine, ...] = ()
    medicines_asked: Answer = Answer.NOT_ASKED
    allergies: tuple[Allergy, ...] = ()
    allergies_asked: Answer = Answer.NOT_ASKED

    def expires(self, question: Question) -> date | None:
        """The last day on which the answer holds, or None when nobody has asked."""
        given = self.answers.get(question.name)
        if given is None or not given.answer.known:
            return None
        return given.on + timedelta(days=question.days_valid)

    def is_fresh(self, question: Question) -> bool:
        """Whether the question has an answer that still holds."""
        last = self.expires(question)
        return last is not None and self.today <= last

    def is_yes(self, name: str) -> bool:
        """A yes counts until somebody asks again, also when it is old."""
        given = self.answers.get(name)
        return given is not None and given.answer is Answer.YES

    def is_no(self, name: str) -> bool:
        """Whether the last answer was no."""
        given = self.answers.get(name)
        return given is not None and given.answer is Answer.NO

    def as_dict(self) -> dict[str, Any]:
        """The facts as plain data, so that a decision can be replayed (H44)."""
        return {
            "today": self.today.isoformat(),
            "age": self.age,
            "sex": self.sex,
            "answers": {
                name: [it.answer.value, it.on.isoformat()] for name, it in sorted(self.answers.items())
            },
            "problems": [[*_plain(it), it.active] for it in self.problems],
            "medicines": [_plain(it) for it in self.medicines],
            "allergies": [_plain(it) for it in self.allergies],
            "asked": {
                "problem": self.problems_asked.value,
                "medicine": self.medicines_asked.value,
                "allergy": self.allergies_asked.value,
            },
        }


@dataclass(frozen=True, slots=True)
class Missing:
    """A fact that is needed and was not given, or no longer holds."""

    name: str
    ask: str
    expired: bool = False


def _plain(entry: Coded) -> list[Any]:
    return [entry.text, [list(code) for code in entry.codes], list(entry.displays)]


def _read(text: str, codes: list[list[str]], *, displays: list[str]) -> dict[str, Any]:
    return {"text": text, "codes": tuple((it[0], it[1]) for it in codes), "displays": tuple(displays)}


def from_dict(raw: dict[str, Any]) -> Facts:
    """The facts of a kept decision."""
    return Facts(
        today=date.fromisoformat(raw["today"]),
        age=raw["age"],
        sex=raw["sex"],
        answers={
            name: Given(Answer(it[0]), date.fromisoformat(it[1])) for name, it in raw["answers"].items()
        },
        problems=tuple(
            Problem(**_read(it[0], it[1], displays=it[2]), active=it[3]) for it in raw["problems"]
        ),
        problems_asked=Answer(raw["asked"]["problem"]),
        medicines=tuple(Medicine(**_read(it[0], it[1], displays=it[2])) for it in raw["medicines"]),
        medicines_asked=Answer(raw["asked"]["medicine"]),
        allergies=tuple(Allergy(**_read(it[0], it[1], displays=it[2])) for it in raw["allergies"]),
        allergies_asked=Answer(raw["asked"]["allergy"]),
    )
