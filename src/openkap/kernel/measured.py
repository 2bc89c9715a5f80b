"""When a value was measured: one rule for what a person types, a referral brings and a monitor sends (H27).

A value of the future is refused, and so is one from before the person was there to be measured. A sender
whose clock is ahead makes values look newer than they are; they are set back by as much, so that none is
newer than true.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from openkap.kernel.refusal import Objection, unlisted

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
        text = "The time lies in the future. Set the clock of this device right."
        return [unlisted("future", text, "measured_at")]
    if not_before is not None and measured_at < not_before:
        return [unlisted("too_early", "This was measured before it could have been.", "measured_at")]
    return []


def measured_in_truth(claimed: datetime, *, sent_at: datetime | None, at: datetime) -> datetime:
    """The claimed time, less what the sender's own clock is ahead of ours; never after the moment of arrival.

    `sent_at` is when the sender says it sent the message. A message that took its time looks the same as a
    clock that is behind, so nothing is ever set forward.
    """
    ahead = max(sent_at - at, NO_TOLERANCE) if sent_at is not None else NO_TOLERANCE
    return min(claimed - ahead, at)
