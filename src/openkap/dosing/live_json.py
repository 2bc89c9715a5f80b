"""The room as numbers, for the page's own script: times in ISO, values as numbers for the plot."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils.translation import gettext

from openkap.dosing.live import Live
from openkap.kernel.quantity import plain
from openkap.watch import checks
from openkap.watch.series import SeriesChanges


def as_json(room: Live) -> dict[str, Any]:
    """The numbers of the room for the page's own script: times in ISO, values as numbers for the plot."""
    dose = room.dose
    return {
        "at": room.at.isoformat(),
        "opened_at": room.session.at.isoformat(),
        "closed_at": _iso(room.session.closed_at),
        "started_at": _iso(dose.started_at if dose else None),
        "ended_at": _iso(dose.ended_at if dose else None),
        "planned_end_at": _iso(dose.planned_end_at if dose else None),
        "given_mg": plain(dose.given_mg) if dose else None,
        "ordered_mg": plain(dose.ordered_mg) if dose else None,
        "rate_mg_per_h": plain(dose.rate_mg_per_h) if dose else None,
        "dose_state": dose.state if dose else "not_started",
        "steps": [
            {"kind": step.kind, "at": step.at.isoformat()}
            for step in (room.dose_row.steps.all() if room.dose_row else ())
        ],
        "values": [
            {"key": t.key, "value": t.value, "second": t.second, "at": _iso(t.at), "source": t.source}
            for t in room.tiles
        ],
        "marks": [
            {"id": str(m.id), "level": m.level, "text": str(m.says), "at": m.at.isoformat()}
            for m in room.marks
        ],
        "checks": [_check_as_json(check) for check in room.next_checks],
        "monitor": _monitor_words(room),
        "monitor_silent": room.monitor_silent,
        **series_as_json(room.changes),
        "events": [{"at": s.noticed_at.isoformat(), "text": str(s)} for s in room.adverse_events],
    }


def series_as_json(told: SeriesChanges) -> dict[str, Any]:
    """What of the series changed, for the page's own script."""
    return {
        "series": {
            code: [[when.timestamp(), float(value)] for when, value in points]
            for code, points in told.series.items()
        },
        "series_minutes": _minutes_as_json(told),
        "seen": told.seen,
    }


def _minutes_as_json(told: SeriesChanges) -> dict[str, list[float]] | None:
    if told.minutes is None:
        return None
    return {code: [minute.timestamp() for minute in several] for code, several in told.minutes.items()}


def _check_as_json(check: checks.Check) -> dict[str, Any]:
    return {
        "title": str(check.title),
        "due_at": check.due_at.isoformat(),
        "state": check.state,
        "missing": check.what_is_missing,
    }


def _monitor_words(room: Live) -> str:
    """What of the room is live besides the screen: whether a monitor is heard."""
    if room.pairing is None:
        return gettext("no monitor")
    return gettext("monitor silent") if room.monitor_silent else gettext("monitor heard")


def _iso(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None
