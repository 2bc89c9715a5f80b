"""What was read in a message, as plain data: the stable shape `openkap devices inbox --json` prints. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

from openkap.interop.hl7v2.understood import SentReading, UnderstoodMessage
from openkap.kernel.measured import measured_in_truth
from openkap.watch.plausibility import ReadingStanding, Sensors, judge


def moments(readings: Iterable[SentReading]) -> dict[tuple[datetime, int], list[SentReading]]:
    """The readings by their moment; a second channel of the same code stands in a turn of its own."""
    groups: dict[tuple[datetime, int], list[SentReading]] = {}
    turns: Counter[tuple[datetime, object]] = Counter()
    for one in readings:
        turn = turns[one.measured_at.utc, one.code]
        turns[one.measured_at.utc, one.code] += 1
        groups.setdefault((one.measured_at.utc, turn), []).append(one)
    return groups


def reading_as_json(understood: UnderstoodMessage, *, sensors: Sensors, at: datetime) -> dict[str, Any]:
    """What can be true stands under `stored`; what a sensor sends when it is off, or errs, does not.

    `at` is when it was received: no value is newer than that, or than its sender's clock allows (H27).
    """
    sent = understood.sent_at.utc if understood.sent_at else None
    stored: list[dict[str, Any]] = []
    absent = [code.code for code in understood.absent]
    aside = [{"raw": one.raw[:200], "reason": one.reason} for one in understood.quarantined]
    for group in moments(understood.readings).values():
        judged = judge({one.code.code: one.value for one in group}, sensors=sensors)
        for one in group:
            verdict = judged[one.code.code]
            if verdict.standing is ReadingStanding.PLAUSIBLE:
                stored.append(_stored(one, measured_in_truth(one.measured_at.utc, sent_at=sent, at=at)))
            elif verdict.standing is ReadingStanding.ABSENT:
                absent.append(one.code.code)
            else:
                aside.append({"raw": f"{one.code.code} {one.value_text}", "reason": str(verdict.reason)})
    return {
        "stored": stored,
        "absent": absent,
        "quarantined": aside,
        "alarms": [{"code": one.code, "text": one.text} for one in understood.alarms],
    }


def _stored(one: SentReading, measured_at: datetime) -> dict[str, Any]:
    return {
        "code": one.code.code,
        "system": one.code.system,
        "value": one.value_text,
        "unit": one.unit,
        "measured_at": iso(measured_at),
        "note": one.note or None,
    }


def iso(moment: datetime) -> str:
    """A moment in UTC with a Z, to the second or as fine as it was sent."""
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")
