"""Pure: what every instrument is made of, and the one way a sum is counted.

A missing answer is never a zero: a score with a gap is no score, and says which answers are missing.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from openkap.kernel.code import Code
from openkap.kernel.evidence import Source, Status

Answers = Mapping[str, int]
SUICIDE_POSITIVE = "suicide_item_positive"
SUICIDE_OPEN = "suicide_item_open"
SUICIDE_TAKEN_BACK = "suicide_item_taken_back"


@dataclass(frozen=True, slots=True)
class Band:
    """A range of totals with its name; it reaches up to the next one."""

    at_least: int
    words: str


@dataclass(frozen=True, slots=True)
class Bands:
    """The bands of a total, lowest first, and how far they may be trusted."""

    rows: tuple[Band, ...]
    status: Status
    source: Source

    def of(self, total: Decimal) -> str:
        """The band a total falls in."""
        return next(band.words for band in reversed(self.rows) if total >= band.at_least)


@dataclass(frozen=True, slots=True)
class Scored:
    """What the scoring makes of a set of answers."""

    total: Decimal | None
    band: str = ""
    subscales: tuple[tuple[str, int], ...] = ()
    flags: tuple[str, ...] = ()
    incomplete_reason: str = ""


def _nothing_more(answers: Answers) -> tuple[str, ...]:
    return ()


@dataclass(frozen=True, slots=True)
class Instrument:
    """One measure. Its wording stands apart, in `wording/`, under its own licence notice.

    `bands_of_sex` are the bands where they depend on the recorded sex; for any other, `bands` hold.
    `flag_words` says what the flags of `more_flags` mean. `chart_lane` is its place among the curves of
    the chart.
    """

    key: str
    name: str
    title: str
    version: str
    recall: str
    items: tuple[str, ...]
    highest: int
    bands: Bands
    source: Source
    total_code: Code | None = None
    critical: tuple[str, ...] = ()
    unscored: tuple[tuple[str, int], ...] = ()
    subscales: tuple[tuple[str, tuple[str, ...]], ...] = ()
    more_flags: Callable[[Answers], tuple[str, ...]] = _nothing_more
    flag_words: tuple[tuple[str, str], ...] = ()
    chart_lane: int | None = None
    bands_of_sex: tuple[tuple[str, Bands], ...] = ()

    @property
    def highest_total(self) -> int:
        """The highest total there can be."""
        return self.highest * len(self.items)

    @property
    def screens(self) -> tuple[str, ...]:
        """Everything that is asked, in its order."""
        return self.items + tuple(name for name, _ in self.unscored)

    def highest_of(self, item: str) -> int:
        """The highest answer an item can have."""
        return dict(self.unscored).get(item, self.highest)

    def allows(self, item: str, value: int) -> bool:
        """Whether this is an answer the item can have."""
        return item in self.screens and 0 <= value <= self.highest_of(item)

    def missing(self, answers: Answers) -> tuple[str, ...]:
        """The scored items nobody has answered."""
        return tuple(item for item in self.items if item not in answers)

    def bands_for(self, sex: str) -> Bands:
        """The bands of the total for a person of this recorded sex."""
        return dict(self.bands_of_sex).get(sex, self.bands)

    def scored(self, answers: Answers, *, sex: str = "") -> Scored:
        """The score of these answers, or why there is none."""
        wrong = [item for item, value in answers.items() if not self.allows(item, value)]
        if wrong:
            raise ValueError(f"{self.name} cannot have these answers: {', '.join(sorted(wrong))}.")
        flags, missing = self.critical_flags(answers), self.missing(answers)
        if missing:
            return Scored(None, flags=flags, incomplete_reason=f"Not answered: {', '.join(missing)}.")
        total = Decimal(sum(answers[item] for item in self.items))
        parts = tuple((name, sum(answers[item] for item in items)) for name, items in self.subscales)
        band = self.bands_for(sex).of(total)
        return Scored(total, band, parts, flags + self.more_flags(answers))

    def critical_flags(self, answers: Answers) -> tuple[str, ...]:
        """What a critical item says by itself, whatever else is answered or missing (H12)."""
        if any(answers.get(item, 0) > 0 for item in self.critical):
            return (SUICIDE_POSITIVE,)
        return (SUICIDE_OPEN,) if any(item not in answers for item in self.critical) else ()


def numbered(count: int) -> tuple[str, ...]:
    """Items named by their numbers, from 1."""
    return tuple(str(number) for number in range(1, count + 1))
