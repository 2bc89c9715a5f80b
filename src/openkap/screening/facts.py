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
class Problem:
    """One diagnosis, with its code where it has one."""

    text: str
    system: str = ""
    code: str = ""
    active: bool = True
    understood: bool = True


@dataclass(frozen=True, slots=True)
class Medicine:
    """One medicine, by its words and its code."""

    text: str
    system: str = ""
    code: str = ""


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
    allergies: tuple[str, ...] = ()
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
            "problems": [[p.text, p.system, p.code, p.active, p.understood] for p in self.problems],
            "medicines": [[m.text, m.system, m.code] for m in self.medicines],
            "allergies": list(self.allergies),
            "asked": {
                "problem": self.problems_asked.value,
                "medicine": self.medicines_asked.value,
                "allergy": self.allergies_asked.value,
            },
        }


def from_dict(raw: dict[str, Any]) -> Facts:
    """The facts of a kept decision."""
    return Facts(
        today=date.fromisoformat(raw["today"]),
        age=raw["age"],
        sex=raw["sex"],
        answers={
            name: Given(Answer(it[0]), date.fromisoformat(it[1])) for name, it in raw["answers"].items()
        },
        problems=tuple(Problem(*it) for it in raw["problems"]),
        problems_asked=Answer(raw["asked"]["problem"]),
        medicines=tuple(Medicine(*it) for it in raw["medicines"]),
        medicines_asked=Answer(raw["asked"]["medicine"]),
        allergies=tuple(raw["allergies"]),
        allergies_asked=Answer(raw["asked"]["allergy"]),
    )
