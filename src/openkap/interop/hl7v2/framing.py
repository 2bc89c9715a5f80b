"""Cut a stream of bytes into MLLP frames.

A frame is 0x0B, the message, 0x1C 0x0D. Some senders leave out the last byte: 0x1C before the next start, at
the end of the connection, or before a silence ends a frame too, so that no message is lost with it. A socket
delivers frames in any pieces, so the framer keeps what it has and says what it found. What is no frame is
reported as noise, never buffered in silence (hazard H31): a sender that lost its framing must be seen.
"""

from __future__ import annotations

from dataclasses import dataclass

START = 0x0B
LAST = 0x1C
END = b"\x1c\x0d"
LARGEST_MESSAGE_BYTES = 1_048_576
NOISE_REPORT_BYTES = 4_096


@dataclass(frozen=True, slots=True)
class Frame:
    """One whole message, without its frame bytes."""

    content: bytes


@dataclass(frozen=True, slots=True)
class Noise:
    """Bytes that belong to no frame, and why they were put aside."""

    reason: str
    content: bytes

    @property
    def size(self) -> int:
        """How many bytes."""
        return len(self.content)


Event = Frame | Noise


class Framer:
    """Takes bytes as they come; gives frames and noise. The same bytes give the same events in any split."""

    def __init__(self, largest_message_bytes: int = LARGEST_MESSAGE_BYTES) -> None:
        self._largest = largest_message_bytes
        self._inside = False
        self._held = bytearray()
        self._searched = 0

    @property
    def has_begun(self) -> bool:
        """Whether a frame or noise has begun and is not yet whole."""
        return self._inside or bool(self._held)

    @property
    def may_have_ended(self) -> bool:
        """Whether all of a frame is here but the carriage return some senders leave out."""
        return self._inside and self._held.endswith(END[:1])

    @property
    def waiting_bytes(self) -> int:
        """How much is held for a frame that has begun, or noise not yet reported."""
        return len(self._held)

    def feed(self, data: bytes) -> list[Event]:
        """Take more bytes; return what became complete."""
        events: list[Event] = []
        self._held += data
        while self._step(events):
            pass
        return events

    def settle(self) -> list[Event]:
        """The sender is silent after 0x1C: the frame has ended."""
        if not self.may_have_ended or len(self._held) - 1 > self._largest:
            return []
        event = Frame(bytes(self._held[:-1]))
        self._inside = False
        self._forget()
        return [event]

    def close(self) -> list[Event]:
        """The sender is gone, or silent too long: report what is left, so nothing ends unseen."""
        events: list[Event] = self.settle()
        if self._inside:
            events.append(self._noise("A message began and never ended.", bytes(self._held)))
        elif self._held:
            events.append(self._noise("Bytes outside a frame.", bytes(self._held)))
        self._inside = False
        self._forget()
        return events

    def _step(self, events: list[Event]) -> bool:
        return self._step_inside(events) if self._inside else self._step_outside(events)

    def _step_outside(self, events: list[Event]) -> bool:
        """Look for the start of a frame. Bare line ends between frames are a habit of senders, no noise."""
        start = self._held.find(START, 0)
        before = self._held if start < 0 else self._held[:start]
        rest = b"" if start < 0 else bytes(self._held[start + 1 :])
        noise = bytes(before).translate(None, b"\r\n")
        while len(noise) >= NOISE_REPORT_BYTES:
            events.append(self._noise("Bytes outside a frame.", noise[:NOISE_REPORT_BYTES]))
            noise = noise[NOISE_REPORT_BYTES:]
        if start < 0:
            self._held = bytearray(noise)
            return False
        if noise:
            events.append(self._noise("Bytes outside a frame.", noise))
        self._inside, self._held, self._searched = True, bytearray(rest), 0
        return True

    def _step_inside(self, events: list[Event]) -> bool:
        """Look for the end of the frame, for a new start inside it, and for one that grows too long."""
        end = self._end_from(self._searched)
        restart = self._held.find(START, self._searched)
        reach = len(self._held) if end < 0 else end
        if 0 <= restart < reach and restart <= self._largest + 1:
            events.append(self._noise("A message began inside another.", bytes(self._held[:restart])))
            self._held, self._searched = self._held[restart + 1 :], 0
            return True
        if 0 <= end <= self._largest:
            events.append(Frame(bytes(self._held[:end])))
            bare = self._held[end + 1] == START
            self._inside, self._held = False, self._held[end + (1 if bare else 2) :]
            return True
        if len(self._held) >= self._largest + 2:
            events.append(
                self._noise("A message is longer than allowed.", bytes(self._held[: self._largest + 2]))
            )
            self._inside, self._held = False, self._held[self._largest + 2 :]
            return True
        self._searched = max(len(self._held) - 1, 0)
        return False

    def _end_from(self, place: int) -> int:
        """Where the frame ends: 0x1C before a carriage return or the next start; -1 when not here yet."""
        while True:
            place = self._held.find(LAST, place)
            if place < 0 or place + 1 >= len(self._held):
                return -1
            if self._held[place + 1] in (END[1], START):
                return place
            place += 1

    def _forget(self) -> None:
        self._held, self._searched = bytearray(), 0

    @staticmethod
    def _noise(reason: str, noise: bytes) -> Noise:
        return Noise(reason=reason, content=noise)


def framed(content: bytes) -> bytes:
    """The message as it goes over the wire."""
    return bytes([START]) + content + END
