"""What a mark can be about, and what settles it: measuring again, the clock itself, or a person. Pure."""

CHECK_LATE, MONITOR_SILENT, DOSE_THROUGH = "check_late", "monitor_silent", "dose_through"
CONSENT = "consent"
BY_CLOCK = frozenset({CHECK_LATE, MONITOR_SILENT, DOSE_THROUGH, CONSENT})
