"""Pure: a person's scores, doses and visits on one time axis, as shapes a page can draw at any width.

Along time a shape stands in percent of the width, across it in pixels: so words and dots keep their size on a
phone. One lane a measure with its own scale, doses and visits beneath; nothing is interpolated or smoothed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from itertools import pairwise

from openkap.kernel.wording import in_words, render
from openkap.kernel.wording import sentence as _

LEFT_PERCENT, RIGHT_PERCENT = 4, 94
TOP, BOTTOM = 22, 74
TICKS = 4
SHORTEST = timedelta(days=7)  # one day's values are not drawn from edge to edge


@dataclass(frozen=True, slots=True)
class ScoreSeries:
    """The scores of one measure, over the whole range it can have; `change` says how far it has moved."""

    name: str
    low: int
    high: int
    points: tuple[tuple[datetime, Decimal], ...]
    change: str = ""


@dataclass(frozen=True, slots=True)
class Dot:
    """One value where it is drawn: percent of the width, pixels from the top, and its words."""

    x: float
    y: float
    words: str


@dataclass(frozen=True, slots=True)
class Lane:
    """One measure's lane. `lines` lead from each dot to the next."""

    name: str
    low: int
    high: int
    last: str
    change: str
    dots: tuple[Dot, ...]
    lines: tuple[tuple[Dot, Dot], ...]


@dataclass(frozen=True, slots=True)
class Picture:
    """Everything that is drawn."""

    lanes: tuple[Lane, ...]
    doses: tuple[Dot, ...]
    visits: tuple[Dot, ...]
    dates: tuple[Dot, ...]


class _Axis:
    """Where a moment stands between the first and the last."""

    def __init__(self, moments: Sequence[datetime]) -> None:
        self.first = min(moments)
        self.span = max(max(moments) - self.first, SHORTEST)

    def x(self, at: datetime) -> float:
        return round(LEFT_PERCENT + (RIGHT_PERCENT - LEFT_PERCENT) * ((at - self.first) / self.span), 2)

    def ticks(self) -> tuple[Dot, ...]:
        step = self.span / (TICKS - 1)
        moments = [self.first + step * place for place in range(TICKS)]
        return tuple(Dot(self.x(at), 0, in_words(at, "short")) for at in moments)


def draw(
    series: Sequence[ScoreSeries], *, doses: Sequence[datetime], visits: Sequence[datetime]
) -> Picture | None:
    """The picture, or None when there is nothing to draw yet."""
    shown = [one for one in series if one.points]
    if not shown:
        return None
    axis = _Axis([at for one in shown for at, _ in one.points] + [*doses, *visits])
    return Picture(
        lanes=tuple(_lane(one, axis) for one in shown),
        doses=tuple(Dot(axis.x(at), 0, render(_("dose {at:short}"), {"at": at})) for at in doses),
        visits=tuple(Dot(axis.x(at), 0, render(_("visit {at:short}"), {"at": at})) for at in visits),
        dates=axis.ticks(),
    )


def _lane(one: ScoreSeries, axis: _Axis) -> Lane:
    def y(value: Decimal) -> float:
        return round(BOTTOM - (BOTTOM - TOP) * float(value - one.low) / (one.high - one.low), 1)

    dots = tuple(Dot(axis.x(at), y(value), f"{value.normalize():f}") for at, value in one.points)
    return Lane(one.name, one.low, one.high, dots[-1].words, one.change, dots, tuple(pairwise(dots)))
