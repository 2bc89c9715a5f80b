"""The times of one message: whose time each line has, and how far the clock is off. None is made younger."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from openkap.interop.hl7v2.message import Hl7Message, Hl7Segment
from openkap.interop.hl7v2.timestamps import NotATime, SentTime, read_time

# A clock may be this far ahead, and its times are set back; beyond it nothing is believed (H27).
CLOCK_AHEAD_AT_MOST = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Clock:
    """How this message's times are read, and the time a line inherits when it has none."""

    zone: ZoneInfo
    near: datetime
    inherited: str
    of_containers: dict[tuple[str, ...], str] = field(default_factory=dict)

    def note(self, line: Hl7Segment) -> None:
        """Keep the line's own time for the lines it contains (IHE PCD: device, channel, metric, facet)."""
        own = line.given(14)
        if own:
            self.of_containers[_place_in_device(line)] = own

    def text_for(self, line: Hl7Segment) -> str:
        """The line's own time, else its nearest container's, else that of the whole order."""
        own, place = line.given(14), _place_in_device(line)
        inherited = (self.of_containers.get(place[:depth]) for depth in range(len(place) - 1, 0, -1))
        return own or next((told for told in inherited if told), "") or self.inherited

    def time_of(self, line: Hl7Segment) -> SentTime:
        """When the line's value was measured; what lies ahead of its arrival was not measured (H27)."""
        moment = read_time(self.text_for(line), zone=self.zone, near=self.near)
        if moment.utc - self.near > CLOCK_AHEAD_AT_MOST:
            raise NotATime(f"“{moment.text[:40]}” lies in the future.")
        return moment


def _place_in_device(line: Hl7Segment) -> tuple[str, ...]:
    """Where the line stands in the device's tree (OBX-4), without the zeros that say “as a whole”."""
    parts = line.given(4).split(".")
    while len(parts) > 1 and parts[-1] in ("0", ""):
        parts.pop()
    return tuple(parts)


def sent_at(message: Hl7Message, zone: ZoneInfo, *, near: datetime) -> SentTime | None:
    """When the sender says it sent it; without that, its newest time, so that a wrong clock is still seen."""
    sent = time_or_none(message.header.given(7), zone, near=near)
    if sent is not None:
        return sent
    told = [line.given(7) for line in message.every("OBR")] + [it.given(14) for it in message.every("OBX")]
    moments = [when for text in told if text and (when := time_or_none(text, zone, near=near))]
    return max(moments, key=lambda moment: moment.utc, default=None)


def time_or_none(text: str, zone: ZoneInfo, *, near: datetime) -> SentTime | None:
    """The time, or None when it is none."""
    try:
        return read_time(text, zone=zone, near=near)
    except NotATime:
        return None
