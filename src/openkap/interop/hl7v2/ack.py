"""Answer a message: AA after the commit, AE for what cannot be read, AR for what we do not take.

IHE PCD-01 senders fill MSH-15 and MSH-16 (enhanced mode). The two fields decide whether an answer is
wanted; the answer itself is always an application acknowledgement, because ours is sent after the
commit and so says more than an accept acknowledgement would.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from openkap.interop.hl7v2.message import Hl7Message

ACCEPTED, FAILED, REJECTED = "AA", "AE", "AR"


@dataclass(frozen=True, slots=True)
class Fault:
    """What ERR says: a code of HL7 table 0357 and a sentence for whoever looks after the sender."""

    code: str
    meaning: str
    text: str


UNREADABLE = ("100", "Segment sequence error")
UNSUPPORTED_KIND = ("200", "Unsupported message type")
DUPLICATE_ID = ("205", "Duplicate key identifier")
INTERNAL = ("207", "Application internal error")


def wanted(message: Hl7Message | None, code: str) -> bool:
    """Whether the sender asked to hear about this outcome. Original mode always does."""
    if message is None:
        return True
    conditions = [message.header.part(15), message.header.part(16)]
    if not any(conditions):
        return True
    success = code == ACCEPTED
    return any(
        condition == "AL" or (condition == "SU" and success) or (condition == "ER" and not success)
        for condition in conditions
    )


def acknowledge(
    message: Hl7Message | None,
    code: str,
    *,
    at: datetime,
    ack_id: str,
    control_id: str = "",
    fault: Fault | None = None,
) -> bytes:
    """The acknowledgement as bytes, ready to be framed. It echoes the control id of the message."""
    moment = at.astimezone(UTC).strftime("%Y%m%d%H%M%S+0000")
    trigger, version, processing = "", "2.6", "P"
    receiver_application = receiver_facility = ""
    if message is not None:
        trigger, version = message.header.part(9, 2), message.version or version
        processing = message.header.part(11) or processing
        receiver_application, receiver_facility = message.header.part(3), message.header.part(4)
        control_id = message.control_id
    kind = f"ACK^{_safe(trigger)}^ACK" if trigger else "ACK"
    header = [
        "MSH",
        "^~\\&",
        "OpenKAP",
        "",
        _safe(receiver_application),
        _safe(receiver_facility),
        moment,
        "",
    ]
    header += [kind, _safe(ack_id), _safe(processing), _safe(version)]
    header += ["", "", "", "", "", "UNICODE UTF-8"]
    lines = ["|".join(header), f"MSA|{code}|{_safe(control_id)}"]
    if fault is not None:
        lines.append(_error(fault, version))
    return ("\r".join(lines) + "\r").encode()


def _error(fault: Fault, version: str) -> str:
    """ERR as the sender's version has it: before 2.5 everything stands in the first field."""
    if version in ("2.1", "2.2", "2.3", "2.3.1", "2.4"):
        return f"ERR|^^^{fault.code}&{_safe(fault.meaning)}: {_safe(fault.text)}&HL70357"
    return f"ERR|||{fault.code}^{_safe(fault.meaning)}^HL70357|E||||{_safe(fault.text)}"


def _safe(text: str) -> str:
    """Text that cannot break the message it is put into, nor carry control characters onward."""
    escaped = (
        text.replace("\\", "\\E\\")
        .replace("|", "\\F\\")
        .replace("^", "\\S\\")
        .replace("~", "\\R\\")
        .replace("&", "\\T\\")
    )
    return "".join(sign if sign.isprintable() else " " for sign in escaped)[:300]
