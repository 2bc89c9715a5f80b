"""What stands against a monitor, a pairing, and against saying that a value was seen. Pure (H30)."""

from __future__ import annotations

from openkap.kernel.refusal import Objection, Refused
from openkap.watch.reasons import WatchReason


def objections_to_monitor(
    *, identifier: str, name: str, zone: str, zone_known: bool, in_use: bool
) -> list[Objection]:
    """A monitor has an identifier of its own, a name people know, and a time zone there is."""
    objections = [] if identifier.strip() else [WatchReason.IDENTIFIER_MISSING("identifier")]
    if not name.strip():
        objections.append(WatchReason.MONITOR_NAME_MISSING("name"))
    if zone and not zone_known:
        objections.append(WatchReason.NO_SUCH_ZONE("zone", zone=zone))
    if in_use:
        objections.append(WatchReason.MONITOR_KNOWN("identifier"))
    return objections


def no_such_monitor() -> Refused:
    """The monitor is not in use in this clinic."""
    return Refused(WatchReason.NO_SUCH_MONITOR("monitor"))


def objections_to_retiring(*, paired: bool) -> list[Objection]:
    """A monitor goes out of use when it is on nobody."""
    return [WatchReason.MONITOR_PAIRED()] if paired else []


def objections_to_pairing(*, monitor: str, monitor_taken: bool, session_paired: bool) -> list[Objection]:
    """One monitor, one session, never two."""
    objections = [WatchReason.MONITOR_TAKEN("monitor", monitor=monitor)] if monitor_taken else []
    if session_paired:
        objections.append(WatchReason.SESSION_PAIRED())
    return objections


def not_paired() -> Refused:
    """There is nothing to take off."""
    return Refused(WatchReason.NOT_PAIRED())


def no_such_value() -> Refused:
    """The value is not this clinic's."""
    return Refused(WatchReason.NO_SUCH_VALUE())


def objections_to_seeing(*, seen: bool) -> list[Objection]:
    """A value that is not charted is seen once."""
    return [WatchReason.SEEN_ALREADY()] if seen else []
