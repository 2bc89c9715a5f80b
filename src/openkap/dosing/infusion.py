"""What has been given: the dose as a function of its events and of `at`, exact to the microsecond.

The amount is worked out from rate and time, never typed, and never exceeds what the order allows. Pure.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum

from openkap.dosing.reasons import DosingReason
from openkap.kernel.refusal import Objection, Refused

MICROSECONDS_PER_HOUR = Decimal(3_600_000_000)


class DoseEventKind(StrEnum):
    """What can happen to a running dose. `GIVEN` is a whole dose at one moment (an injection, a tablet)."""

    START = "start"
    GIVEN = "given"
    PAUSE = "pause"
    RESUME = "resume"
    RATE = "rate"
    STOP = "stop"
    END = "end"


class DosePhase(StrEnum):
    """Where the dose stands."""

    NOT_STARTED = "not_started"
    RUNNING = "running"
    PAUSED = "paused"
    STOPPED = "stopped"
    ENDED = "ended"


@dataclass(frozen=True, slots=True)
class DoseEvent:
    """One thing that happened to the dose. `rate_mg_per_h` is set where a rate begins."""

    kind: DoseEventKind
    at: datetime
    rate_mg_per_h: Decimal | None = None


@dataclass(frozen=True, slots=True)
class DoseState:
    """The dose at a moment."""

    state: DosePhase
    ordered_mg: Decimal
    given_mg: Decimal
    rate_mg_per_h: Decimal
    started_at: datetime | None = None
    ended_at: datetime | None = None
    planned_end_at: datetime | None = None

    @property
    def over(self) -> bool:
        """Whether nothing more will be given."""
        return self.state in (DosePhase.STOPPED, DosePhase.ENDED)


_ALLOWED = {
    DosePhase.NOT_STARTED: {DoseEventKind.START, DoseEventKind.GIVEN},
    DosePhase.RUNNING: {DoseEventKind.PAUSE, DoseEventKind.RATE, DoseEventKind.STOP, DoseEventKind.END},
    DosePhase.PAUSED: {DoseEventKind.RESUME, DoseEventKind.RATE, DoseEventKind.STOP, DoseEventKind.END},
    DosePhase.STOPPED: set(),
    DosePhase.ENDED: set(),
}
_AFTER = {
    DoseEventKind.START: DosePhase.RUNNING,
    DoseEventKind.GIVEN: DosePhase.ENDED,
    DoseEventKind.PAUSE: DosePhase.PAUSED,
    DoseEventKind.RESUME: DosePhase.RUNNING,
    DoseEventKind.STOP: DosePhase.STOPPED,
    DoseEventKind.END: DosePhase.ENDED,
}
_SAYS = {
    DosePhase.NOT_STARTED: DosingReason.NOT_STARTED,
    DosePhase.RUNNING: DosingReason.RUNNING,
    DosePhase.PAUSED: DosingReason.PAUSED,
    DosePhase.STOPPED: DosingReason.STOPPED,
    DosePhase.ENDED: DosingReason.DOSE_ENDED,
}


def dose_at(events: Sequence[DoseEvent], *, ordered_mg: Decimal, at: datetime) -> DoseState:
    """The dose as it stands at `at`, from the events up to then."""
    state, rate, given = DosePhase.NOT_STARTED, Decimal(0), Decimal(0)
    started: datetime | None = None
    ended: datetime | None = None
    since: datetime | None = None
    for event in (one for one in events if one.at <= at):
        if state is DosePhase.RUNNING and since is not None:
            given += _amount(rate, event.at - since)
        since = event.at
        rate = event.rate_mg_per_h if event.rate_mg_per_h is not None else rate
        state = _AFTER.get(event.kind, state)
        started = event.at if event.kind in (DoseEventKind.START, DoseEventKind.GIVEN) else started
        ended = event.at if state in (DosePhase.STOPPED, DosePhase.ENDED) else ended
        given = ordered_mg if event.kind is DoseEventKind.GIVEN else min(given, ordered_mg)
    if state is DosePhase.RUNNING and since is not None:
        given = min(given + _amount(rate, at - since), ordered_mg)
    planned = _planned_end(state, rate, left_mg=ordered_mg - given, at=at)
    return DoseState(state, ordered_mg, _shown(given), rate, started, ended, planned)


def objections_to_event(
    kind: DoseEventKind, events: Sequence[DoseEvent], *, at: datetime, rate_mg_per_h: Decimal | None = None
) -> list[Objection]:
    """Why this may not happen to the dose now. The order of events is the clinic's, not the screen's."""
    objections: list[Objection] = []
    state = dose_at(events, ordered_mg=Decimal(1), at=at).state
    if events and at < events[-1].at:
        objections.append(DosingReason.EVENT_BEFORE_LAST())
    if kind not in _ALLOWED[state]:
        objections.append(_SAYS[state]())
    needs_rate = kind in (DoseEventKind.START, DoseEventKind.RATE)
    if needs_rate and (rate_mg_per_h is None or rate_mg_per_h <= 0):
        objections.append(DosingReason.RATE_MISSING("rate_mg_per_h"))
    return objections


def _amount(rate_mg_per_h: Decimal, span: timedelta) -> Decimal:
    microseconds = Decimal(span // timedelta(microseconds=1))
    return rate_mg_per_h * microseconds / MICROSECONDS_PER_HOUR


def _planned_end(state: DosePhase, rate: Decimal, *, left_mg: Decimal, at: datetime) -> datetime | None:
    """When the dose will be through at this rate; none while it does not run."""
    if state is not DosePhase.RUNNING or rate <= 0:
        return None
    seconds = max(left_mg, Decimal(0)) / rate * 3600
    return at + timedelta(seconds=int(seconds.to_integral_value(ROUND_HALF_UP)))


def _shown(given: Decimal) -> Decimal:
    return given.quantize(Decimal("0.0001"), rounding=ROUND_HALF_UP)


def not_started() -> Refused:
    """There is no dose yet to which anything could happen."""
    return Refused(DosingReason.NOT_STARTED())
