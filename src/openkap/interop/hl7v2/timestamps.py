"""Read an HL7 time: the text as sent and the moment in UTC, both kept.

A time without an offset is read in the zone set for the device. In the hour that daylight saving
repeats, the reading nearest to when the message came is taken and labelled, so that no reading of
that hour is lost or put in the wrong order (hazard H26).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

_FORM = re.compile(
    r"(?P<day>\d{8})"
    r"(?:(?P<hour>\d{2})(?P<minute>\d{2})(?P<second>\d{2})?(?:\.(?P<fraction>\d{1,6})|(?P<thousandths>\d{3}))?)?"
    r"(?P<offset>[+-]\d{4})?\Z"
)


FIRST_YEAR, LAST_YEAR = 1970, 2199


class NotATime(ValueError):
    """The text is no time to the minute. The message says why."""


@dataclass(frozen=True, slots=True)
class SentTime:
    """A time from a device: as sent, in UTC, and how sure the zone is."""

    text: str
    utc: datetime
    zone_assumed: bool = False
    repeated_hour: bool = False


def read_time(text: str, *, zone: ZoneInfo, near: datetime) -> SentTime:
    """The moment the text means; `near` (when the message came) settles the hour that repeats."""
    match = _FORM.match(text.strip())
    if not match:
        raise NotATime(f"“{text[:40]}” is not an HL7 time.")
    if match["hour"] is None:
        raise NotATime(f"“{text[:40]}” names a day without an hour.")
    if not FIRST_YEAR <= int(match["day"][:4]) <= LAST_YEAR:
        raise NotATime(f"“{text[:40]}” is in no year a monitor measures in.")
    fraction = match["fraction"] or match["thousandths"] or ""
    try:
        local = datetime(  # noqa: DTZ001 - the zone is placed next, with the repeated hour in mind
            int(match["day"][:4]),
            int(match["day"][4:6]),
            int(match["day"][6:]),
            int(match["hour"]),
            int(match["minute"]),
            int(match["second"] or 0),
            int(fraction.ljust(6, "0")) if fraction else 0,
        )
        return _placed(text, local, offset=match["offset"], zone=zone, near=near)
    except (ValueError, OverflowError) as error:
        raise NotATime(f"“{text[:40]}” is not a day and time that exist.") from error


def _placed(text: str, local: datetime, *, offset: str | None, zone: ZoneInfo, near: datetime) -> SentTime:
    if offset:
        minutes = int(offset[1:3]) * 60 + int(offset[3:])
        if minutes > 14 * 60 or int(offset[3:]) > 59:
            raise ValueError("No place on earth has this offset.")
        sign = -1 if offset[0] == "-" else 1
        aware = local.replace(tzinfo=timezone(sign * timedelta(minutes=minutes)))
        return SentTime(text, aware.astimezone(UTC))
    first = local.replace(tzinfo=zone, fold=0).astimezone(UTC)
    second = local.replace(tzinfo=zone, fold=1).astimezone(UTC)
    repeated = first < second
    utc = second if repeated and abs(second - near) < abs(first - near) else first
    return SentTime(text, utc, zone_assumed=True, repeated_hour=repeated)
