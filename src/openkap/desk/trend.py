"""Pure: a person's scores, doses and visits on one time axis, as shapes a page can draw.

One lane a measure with its own scale, doses and visits beneath; nothing is interpolated, nothing smoothed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from openkap.kernel.wording import in_words, render
from openkap.kernel.wording import sentence as _

WIDTH, LEFT, RIGHT, LANE, GAP = 760, 64, 24, 92, 26
EVENTS = 44
TICKS = 6


@dataclass(frozen=True, slots=True)
class ScoreSeries:
    """The scores of one measure, over the whole range it can have."""

    name: str
    low: int
    high: int
    points: tuple[tuple[datetime, Decimal], ...]


@dataclass(frozen=True, slots=True)
class Dot:
    """One value where it is drawn, with its words."""

    x: float
    y: float
    words: str


@dataclass(frozen=True, slots=True)
class Lane:
    """One measure's lane."""

    name: str
    top: int
    bottom: int
    low: int
    high: int
    path: str
    dots: tuple[Dot, ...]
    label_y: int


@dataclass(frozen=True, slots=True)
class Picture:
    """Everything that is drawn."""

    width: int
    height: int
    left: int
    right: int
    lanes: tuple[Lane, ...]
    doses: tuple[Dot, ...]
    visits: tuple[Dot, ...]
    dates: tuple[Dot, ...]
    events_y: int


def draw(
    series: Sequence[ScoreSeries], *, doses: Sequence[datetime], visits: Sequence[datetime]
) -> Picture | None:
    """The picture, or None when there is nothing to draw yet."""
    shown = [one for one in series if one.points]
    moments = [at for one in shown for at, _ in one.points] + [*doses, *visits]
    if not shown:
        return None
    first, last = min(moments), max(moments)
    span = max(last - first, timedelta(days=7))

    def x(at: datetime) -> float:
        return round(LEFT + (WIDTH - LEFT - RIGHT) * ((at - first) / span), 1)

    lanes = tuple(_lane(one, place, x=x) for place, one in enumerate(shown))
    events_y = len(lanes) * (LANE + GAP) + GAP
    return Picture(
        width=WIDTH,
        height=events_y + EVENTS + GAP,
        left=LEFT,
        right=WIDTH - RIGHT,
        lanes=lanes,
        doses=tuple(Dot(x(at), events_y, render(_("dose {at:short}"), {"at": at})) for at in doses),
        visits=tuple(Dot(x(at), events_y + 18, render(_("visit {at:short}"), {"at": at})) for at in visits),
        dates=tuple(_dates(first, span, x=x, y=events_y + EVENTS + 12)),
        events_y=events_y,
    )


def _lane(one: ScoreSeries, place: int, *, x: object) -> Lane:
    top = GAP + place * (LANE + GAP)
    height = one.high - one.low

    def y(value: Decimal) -> float:
        return round(top + LANE * (1 - float(value - one.low) / height), 1)

    dots = tuple(Dot(x(at), y(value), f"{value.normalize():f}") for at, value in one.points)  # type: ignore[operator]
    path = "M" + " L".join(f"{dot.x} {dot.y}" for dot in dots)
    return Lane(one.name, top, top + LANE, one.low, one.high, path, dots, top - 8)


def _dates(first: datetime, span: timedelta, *, x: object, y: int) -> list[Dot]:
    step = span / (TICKS - 1)
    moments = [first + step * place for place in range(TICKS)]
    return [Dot(x(at), y, in_words(at, "short")) for at in moments]  # type: ignore[operator]
