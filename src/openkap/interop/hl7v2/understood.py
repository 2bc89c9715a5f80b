"""What was read in one message, as frozen values: readings, what is absent, what must wait for a person."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from openkap.interop.hl7v2.timestamps import SentTime
from openkap.kernel.code import Code


@dataclass(frozen=True, slots=True)
class SentReading:
    """One value a monitor measured, with its code, unit, time and the channel it came by."""

    code: Code
    value: Decimal
    value_text: str
    unit: str
    measured_at: SentTime
    channel: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Quarantined:
    """What came but could not be read as true: the part as sent, and why.

    `expected` says that this clinic takes such readings, and that the reason will not pass by itself.
    """

    raw: str
    reason: str
    what: str = ""
    value_text: str = ""
    expected: bool = False


@dataclass(frozen=True, slots=True)
class Waveform:
    """That a strip of samples came, and its attributes. The samples are not processed."""

    code: str
    samples: int
    hertz: str = ""
    resolution: str = ""
    unit: str = ""


@dataclass(frozen=True, slots=True)
class Alarm:
    """An alarm the monitor itself raised, in its words."""

    code: str
    text: str


@dataclass(frozen=True, slots=True)
class UnderstoodMessage:
    """One message, read. `patients` and `devices` are the names it gives itself, to bind by."""

    control_id: str
    sent_at: SentTime | None
    patients: tuple[str, ...] = ()
    location: str | None = None
    devices: tuple[str, ...] = ()
    readings: tuple[SentReading, ...] = ()
    absent: tuple[Code, ...] = ()
    quarantined: tuple[Quarantined, ...] = ()
    waveforms: tuple[Waveform, ...] = ()
    alarms: tuple[Alarm, ...] = ()
    demo: bool = False
    several: bool = False
    says_when_sent: bool = True

    @property
    def patient(self) -> str | None:
        """The first identifier the message gives its patient."""
        return self.patients[0] if self.patients else None


def not_taken(reading: SentReading, reason: str, *, expected: bool = True) -> Quarantined:
    """A value that was read, and is put aside all the same."""
    value = f"{reading.value_text} {reading.unit}"
    return Quarantined(reading.value_text, reason, reading.code.display, value, expected)
