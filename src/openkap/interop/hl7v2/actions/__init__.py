"""The writers of what devices send: taking messages in, keeping them, settling and archiving them."""

from openkap.interop.hl7v2.actions.archiving import archive_messages, let_go
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
    "archive_messages",
    "keep_unread",
    "let_go",
    "receive",
    "receive_all",
    "report_turned_away",
    "settle",
]
