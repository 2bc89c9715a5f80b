"""Names, order, gaps, retention and age of what a backup consists of. Pure: texts and moments in and out.

A backup is base backups (one a day) and the write-ahead log since the oldest of them, in segments. A
segment's name is 24 hexadecimal digits: timeline, and a number in two halves (PostgreSQL, "WAL Internals").
The segment being written is sent as it grows, as NAME.partial.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import pairwise

STAMP = "%Y%m%dT%H%M%SZ"
SEALED = ".gz.age"
SEGMENT_BYTES = 16 * 1024 * 1024  # what initdb makes
PER_FILE = 0x1_0000_0000 // SEGMENT_BYTES

_BASE = re.compile(r"base/(\d{8}T\d{6}Z)-([0-9A-F]{24})/(about|cluster|folder)\.")
_SEGMENT = re.compile(r"log/([0-9A-F]{24})(\.partial)?\.")
_HISTORY = re.compile(r"log/([0-9A-F]{8})\.history\.")
_DUMP = re.compile(r"dump/(\d{8}T\d{6}Z)/(about|database|folder)\.")


@dataclass(frozen=True, slots=True, order=True)
class LogSegment:
    """One piece of the write-ahead log: its timeline and its number."""

    timeline: int
    number: int

    @property
    def name(self) -> str:
        """As PostgreSQL names it."""
        return f"{self.timeline:08X}{self.number // PER_FILE:08X}{self.number % PER_FILE:08X}"


def segment(name: str) -> LogSegment:
    """The segment a name of 24 digits means."""
    return LogSegment(int(name[:8], 16), int(name[8:16], 16) * PER_FILE + int(name[16:24], 16))


def segment_at(timeline: int, position: str) -> LogSegment:
    """The segment that holds a position in the log, written as PostgreSQL does: 0/1A2B3C4D."""
    high, low = position.split("/")
    return LogSegment(timeline, ((int(high, 16) << 32) + int(low, 16)) // SEGMENT_BYTES)


@dataclass(frozen=True, slots=True, order=True)
class Base:
    """One base backup: when it began, and the first segment its recovery reads."""

    at: datetime
    start: LogSegment

    @property
    def folder(self) -> str:
        """Where its files are."""
        return f"base/{self.at:{STAMP}}-{self.start.name}/"


def moment(stamp: str) -> datetime:
    """The moment in a name."""
    return datetime.strptime(stamp, STAMP).replace(tzinfo=UTC)


def bases(names: Iterable[str]) -> list[Base]:
    """The whole base backups, oldest first. `about` is written last: without it one is not whole."""
    matches = (_BASE.match(name) for name in names)
    return sorted(Base(moment(it[1]), segment(it[2])) for it in matches if it and it[3] == "about")


def dumps(names: Iterable[str]) -> list[datetime]:
    """The whole dumps, oldest first."""
    matches = (_DUMP.match(name) for name in names)
    return sorted(moment(it[1]) for it in matches if it and it[2] == "about")


def segments(names: Iterable[str]) -> dict[LogSegment, str]:
    """The log that is there, in order: each segment's file, the whole one before a partial one."""
    logged: dict[LogSegment, str] = {}
    for name in sorted(names, key=lambda name: ".partial" in name):
        match = _SEGMENT.match(name)
        if match:
            logged.setdefault(segment(match[1]), name)
    return dict(sorted(logged.items()))


def histories(names: Iterable[str]) -> dict[int, str]:
    """The files that say where a timeline left the one before."""
    matches = ((_HISTORY.match(name), name) for name in names)
    return {int(it[1], 16): name for it, name in matches if it}


def forks(history: str) -> dict[int, LogSegment]:
    """From a timeline's history: the last segment of each timeline before it."""
    lines = (line.split("\t") for line in history.splitlines() if "\t" in line)
    return {int(parts[0]): segment_at(int(parts[0]), parts[1]) for parts in lines}


def forked_after(stop: LogSegment, history: str) -> bool:
    """Whether a later timeline, by its history, goes on from a base backup that ended in `stop`."""
    left = forks(history).get(stop.timeline)
    return left is not None and left.number >= stop.number


def goes_on_in(stop: LogSegment, histories: Mapping[int, str]) -> int:
    """The newest timeline that goes on from a base backup: after a restore the log has a new one."""
    later = (it for it, text in histories.items() if it > stop.timeline and forked_after(stop, text))
    return max(later, default=stop.timeline)


def two_machines(every: Iterable[Base]) -> bool:
    """Whether two machines sent at the same time: one went on after the other had been restored from it."""
    every = sorted(every)
    return any(it.start.timeline > later.start.timeline for it, later in pairwise(every))


def gaps(
    start: LogSegment,
    stop: LogSegment,
    *,
    have: Iterable[LogSegment],
    forked: Mapping[int, LogSegment] | None = None,
) -> list[LogSegment]:
    """The segments that are missing between a base backup and the end of the log.

    The base brings what lies between `start` and `stop` with it. `forked` are the last segments of earlier
    timelines, when the log goes on in a later one.
    """
    there = {it for it in have if it.timeline >= start.timeline and it.number >= start.number}
    if not there:
        return []
    newest = max(it.timeline for it in there)
    last = max(it.number for it in there if it.timeline == newest)
    missing, timeline, left = [], start.timeline, dict(forked or {})
    for number in range(stop.number + 1, last + 1):
        while timeline in left and number > left[timeline].number:
            timeline = min((it for it in [*left, newest] if it > timeline), default=newest)
        wanted = LogSegment(timeline, number)
        later = any(LogSegment(it, number) in there for it in range(timeline + 1, newest + 1))
        if wanted not in there and not later:
            missing.append(wanted)
    return missing


def base_due(last: Base | None, *, timeline: int, at: datetime, hour: int) -> bool:
    """Whether a base backup is to be taken: none yet, a new timeline, or the day's hour has come since."""
    if last is None or last.start.timeline != timeline:
        return True
    return last.at < day_begins(at, hour=hour)


def day_begins(at: datetime, *, hour: int) -> datetime:
    """The latest moment not after `at` at which the day's base backup was due."""
    due = at.replace(hour=hour, minute=0, second=0, microsecond=0)
    return due if due <= at else due - timedelta(days=1)


def outdated(names: Iterable[str], *, at: datetime, keep_days: int) -> list[str]:
    """What may be removed: bases and dumps past their time, and the log no kept base needs.

    The two newest bases stay whatever their age. Of dumps, all of two days stay, then one a day.
    """
    names = list(names)
    limit = at - timedelta(days=keep_days)
    every = bases(names)
    kept = [it for it in every if it.at >= limit or it in every[-2:]]
    whole = {it.folder for it in every}
    newest = every[-1].at if every else None
    names_to_go = []
    for name in names:
        base, log = _BASE.match(name), _SEGMENT.match(name)
        if base:
            folder = name[: base.start(3)]
            broken = folder not in whole and newest is not None and moment(base[1]) < newest
            if broken or (folder in whole and folder not in {it.folder for it in kept}):
                names_to_go.append(name)
        elif log and kept and segment(log[1]).number < min(it.start.number for it in kept):
            names_to_go.append(name)
    return names_to_go + _outdated_dumps(names, at=at, keep_days=keep_days)


def _outdated_dumps(names: list[str], *, at: datetime, keep_days: int) -> list[str]:
    every = dumps(names)
    first_of_day = {it.date(): it for it in reversed(every)}
    kept = {
        it
        for it in every
        if it >= at - timedelta(days=2)
        or (it >= at - timedelta(days=keep_days) and first_of_day[it.date()] == it)
        or it in every[-2:]
    }
    newest = every[-1] if every else None
    names_to_go = []
    for name in names:
        match = _DUMP.match(name)
        if match is None or newest is None:
            continue
        stamp = moment(match[1])
        if stamp not in kept and (stamp in every or stamp < newest):
            names_to_go.append(name)
    return names_to_go


def is_newer(version: str, than: str) -> bool:
    """Whether one version of OpenKAP came after another: 0.10.0 after 0.9.2."""
    return _parts(version) > _parts(than)


def _parts(version: str) -> list[int]:
    return [int(part) for part in re.findall(r"\d+", version)]


def fingerprint(secret: str) -> str:
    """A name for an installation, from a secret it does not betray."""
    return hashlib.sha256(f"openkap backup {secret}".encode()).hexdigest()[:12]


def told(seconds: float) -> str:
    """A length of time for a person."""
    if seconds < 120:
        return f"{seconds:.0f} s"
    if seconds < 7200:
        return f"{seconds / 60:.0f} min"
    return f"{seconds / 3600:.0f} h" if seconds < 172_800 else f"{seconds / 86_400:.0f} days"


def size(count: float) -> str:
    """A size for a person."""
    return f"{count / 1e6:.1f} MB" if count < 1e9 else f"{count / 1e9:.2f} GB"
