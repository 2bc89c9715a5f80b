"""The wording of the instruments whose owners allow it: data with a licence notice, read once a process.

An instrument without a file here is used score-only: its score is typed in, and no question is shown.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import yaml

from openkap.measures.instruments.instrument import Instrument

FILES = Path(__file__).parent / "instruments" / "wording"


@dataclass(frozen=True, slots=True)
class MeasureQuestion:
    """One screen: what is asked, and the answers from 0 up."""

    item: str
    text: str
    answers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Wording:
    """An instrument's questions as its owner wrote them."""

    stem: str
    questions: tuple[MeasureQuestion, ...]
    licence: str
    source: str

    def question(self, item: str) -> MeasureQuestion:
        """The question of one item."""
        return next(question for question in self.questions if question.item == item)


@lru_cache(maxsize=32)
def of(instrument: Instrument) -> Wording | None:
    """The wording that ships for an instrument, or None when it is score-only."""
    path = FILES / f"{instrument.key}.yaml"
    if not path.exists():
        return None
    data = yaml.safe_load(path.read_text(encoding="utf-8"))
    own = data.get("own_answers", {})
    questions = tuple(
        MeasureQuestion(item, data["items"][item], tuple(own.get(item, data["answers"])))
        for item in instrument.screens
    )
    notices = [data["licence"], data.get("loinc_notice", "")]
    return Wording(data["stem"], questions, " ".join(it for it in notices if it), data["source"])
