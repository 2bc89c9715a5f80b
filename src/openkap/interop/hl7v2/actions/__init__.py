"""The writers of what devices send: taking messages in, keeping what cannot be taken, and settling it."""

from openkap.interop.hl7v2.actions.receiving import (
    MessageOutcome,
    NobodyHere,
    SentFrame,
    keep_unread,
    receive,
    receive_all,
    report_turned_away,
    settle,
)

__all__ = [
    "MessageOutcome",
    "NobodyHere",
    "SentFrame",
    "keep_unread",
    "receive",
    "receive_all",
    "report_turned_away",
    "settle",
]
