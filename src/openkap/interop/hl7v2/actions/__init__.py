"""The writers of what devices send: taking messages in, keeping them, settling and packing them."""

from openkap.interop.hl7v2.actions.packing import let_go, pack_messages
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
    "let_go",
    "pack_messages",
    "receive",
    "receive_all",
    "report_turned_away",
    "settle",
]
