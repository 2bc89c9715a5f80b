"""When a value was measured: one rule for what a person types, a referral brings and a monitor sends (H27).

A value of the future is refused, and so is one from before the person was there to be measured. A sender
whose clock is ahead makes values look newer than they are; they are set back by as much, so that none is
newer than true.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from openkap.kernel.reasons import KernelReason
from openkap.kernel.refusal import Objection

NO_TOLERANCE = timedelta(0)


def objections_to_time(
    measured_at: datetime,
    *,
    at: datetime,
    not_before: datetime | None = None,
    tolerance: timedelta = NO_TOLERANCE,
) -> list[Objection]:
    """What stands against the time of a measurement. `tolerance` is how far a clock may be ahead."""
    if measured_at - at > tolerance:
        return [KernelReason.TIME_IN_FUTURE("measured_at")]
    if not_before is not None and measured_at < not_before:
        return [KernelReason.TIME_TOO_EARLY("measured_at")]
    return []


def measured_in_truth(claimed: datetime, *, sent_at: datetime | None, at: datetime) -> datetime:
    """The claimed time, less what the sender's own clock is ahead of ours; never after the moment of arrival.

    `sent_at` is when the sender says it sent the message. A message that took its time looks the same as a
    clock that is behind, so nothing is ever set forward.
    """
    ahead = max(sent_at - at, NO_TOLERANCE) if sent_at is not None else NO_TOLERANCE
    return min(claimed - ahead, at)
