"""What a mark can be about, and what settles it: a new value, the clock, or a person. Pure."""

CHECK_LATE, MONITOR_SILENT, DOSE_THROUGH = "check_late", "monitor_silent", "dose_through"
SIGNAL_SILENT, CONSENT = "signal_silent", "consent"
BY_CLOCK = frozenset({CHECK_LATE, MONITOR_SILENT, SIGNAL_SILENT, DOSE_THROUGH, CONSENT})
LOOK_NOW, CONFIRMED, SYMPTOM, CRISIS = "look_now", "confirmed", "symptom", "crisis"
BY_PERSON = frozenset({LOOK_NOW, CONFIRMED, SYMPTOM, CRISIS})


def settled_by(cause: str) -> str:
    """What ends a mark of this cause."""
    if cause in BY_CLOCK:
        return "clock"
    return "person" if cause.split(" ")[0] in BY_PERSON else "value"
