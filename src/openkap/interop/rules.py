"""Pure: what stands against receiving and taking a referral, and against settling a monitor's message."""

from __future__ import annotations

from collections.abc import Iterable

from openkap.interop.reasons import InteropReason
from openkap.kernel.refusal import Conflict, Objection, Refused

PLACES_SHOWN = 20


def unreadable(places: Iterable[tuple[str, str]]) -> Refused:
    """A bundle that cannot be read, with the places that are wrong."""
    objections = [InteropReason.BUNDLE_WRONG("file", path=path, text=text) for path, text in places]
    return Refused(*objections[:PLACES_SHOWN])


def taken_already() -> Conflict:
    """A referral is taken into one chart, once."""
    return Conflict(InteropReason.TAKEN_ALREADY())


def no_such_record(mrn: str) -> Refused:
    """The record number that was typed is nobody's here."""
    return Refused(InteropReason.NO_SUCH_RECORD("mrn", mrn=mrn.strip()))


def no_such_message() -> Refused:
    """The message is not this clinic's."""
    return Refused(InteropReason.NO_SUCH_MESSAGE())


def objections_to_settling(*, in_a_session: bool, settled: bool, note: str) -> list[Objection]:
    """What stands against saying that one has looked at a message."""
    objections = []
    if in_a_session:
        objections.append(InteropReason.IN_A_SESSION())
    if settled:
        objections.append(InteropReason.SETTLED_ALREADY())
    if not note.strip():
        objections.append(InteropReason.NOTE_MISSING("note"))
    return objections
