"""What of a backup is kept, what is missing, when the next is due, who is told: pure (H43)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openkap.config.backup import plan, watch
from openkap.config.backup.plan import Base, LogSegment
from openkap.config.backup.state import BackupState

NOW = datetime(2026, 11, 26, 12, tzinfo=UTC)
DAY = timedelta(days=1)


def _files(base: Base, *parts: str) -> list[str]:
    return [f"{base.folder}{part}" for part in parts or ("cluster.tar.gz.age", "about.json.gz.age")]


def _log(*segments: LogSegment) -> list[str]:
    return [f"log/{it.name}.gz.age" for it in segments]


@given(st.integers(1, 2**31), st.integers(0, 2**40 - 1))
def test_a_segments_name_says_which_it_is(timeline: int, number: int) -> None:
    assert plan.segment(LogSegment(timeline, number).name) == LogSegment(timeline, number)


def test_a_position_in_the_log_has_its_segment() -> None:
    """As pg_walfile_name says it: 1/A000028 on timeline 2 lies in 00000002000000010000000A."""
    assert plan.segment_at(2, "1/A000028").name == "00000002000000010000000A"
    assert plan.segment_at(1, "0/1FFFFFF").name == "000000010000000000000001"


def test_a_base_without_about_is_not_one() -> None:
    whole, part = Base(NOW, LogSegment(1, 3)), Base(NOW + DAY, LogSegment(1, 9))
    names = [*_files(whole), *_files(part, "cluster.tar.gz.age"), "log/x", "notes.txt"]
    assert plan.bases(names) == [whole]


def test_a_whole_segment_is_taken_before_the_part_of_it() -> None:
    it = LogSegment(1, 7)
    names = [f"log/{it.name}.partial.gz.age", f"log/{it.name}.gz.age"]
    assert plan.segments(names) == {it: f"log/{it.name}.gz.age"}


@given(st.integers(0, 30), st.integers(0, 5), st.integers(1, 40), st.sets(st.integers(0, 80)))
def test_every_missing_piece_between_base_and_end_is_found(
    start: int, length: int, more: int, away: set[int]
) -> None:
    stop = start + length
    have = set(range(start, stop + more + 1)) - away
    found = plan.gaps(LogSegment(1, start), LogSegment(1, stop), have=[LogSegment(1, it) for it in have])
    end = max(have, default=0)
    assert {it.number for it in found} == {it for it in range(stop + 1, end + 1) if it not in have}


def test_a_log_that_goes_on_in_a_later_timeline_has_no_gap_at_the_fork() -> None:
    """Restored at 6, written on: the fork's segment is in the new timeline alone, or in both."""
    forked = plan.forks("1\t0/6000028\tno recovery target specified\n")
    assert forked == {1: LogSegment(1, 6)}
    old, new = [LogSegment(1, it) for it in (4, 5, 6)], [LogSegment(2, it) for it in (6, 7, 8)]
    start = LogSegment(1, 3)
    assert plan.gaps(start, start, have=[*old, *new], forked=forked) == []
    assert plan.gaps(start, start, have=[*old[:2], *new], forked=forked) == []
    assert plan.gaps(start, start, have=[old[0], *new], forked=forked) == [LogSegment(1, 5)]
    assert plan.gaps(start, start, have=[*old, new[0], new[2]], forked=forked) == [LogSegment(2, 7)]


@pytest.mark.parametrize(
    ("last", "at", "due"),
    [
        (None, NOW, True),
        (Base(NOW.replace(hour=9, minute=1), LogSegment(1, 1)), NOW, False),
        (Base(NOW.replace(hour=8, minute=59), LogSegment(1, 1)), NOW, True),
        (Base((NOW - DAY).replace(hour=10), LogSegment(1, 1)), NOW.replace(hour=8), False),
        (Base(NOW.replace(hour=9, minute=1), LogSegment(2, 1)), NOW, True),
    ],
)
def test_a_base_backup_is_due_each_day_and_after_a_restore(
    last: Base | None, at: datetime, due: bool
) -> None:
    assert plan.base_due(last, timeline=1, at=at, hour=9) is due


@given(st.lists(st.tuples(st.integers(0, 200), st.integers(0, 3)), max_size=30), st.integers(2, 90))
def test_what_is_kept_can_always_be_restored(days: list[tuple[int, int]], keep: int) -> None:
    """The newest two stay; each kept base keeps its own files and every later piece of the log."""
    every = sorted({Base(NOW - age * DAY, LogSegment(1, 1000 - 4 * age + extra)) for age, extra in days})
    log = [LogSegment(1, number) for number in range(100, 1010)]
    names = [*(name for it in every for name in _files(it)), *_log(*log)]
    gone = set(plan.outdated(names, at=NOW, keep_days=keep))
    left = [name for name in names if name not in gone]
    kept = plan.bases(left)
    assert kept[-2:] == every[-2:]
    assert {it for it in every if it.at >= NOW - keep * DAY} <= set(kept)
    for it in kept:
        assert set(_files(it)) <= set(left)
        assert set(_log(*(one for one in log if one >= it.start))) <= set(left)
    if kept:
        assert not set(_log(*(one for one in log if one < min(it.start for it in kept)))) & set(left)


def test_a_base_that_broke_off_is_removed_once_a_newer_one_is_whole() -> None:
    broken, whole = Base(NOW - DAY, LogSegment(1, 3)), Base(NOW, LogSegment(1, 9))
    part = _files(broken, "cluster.tar.gz.age")
    assert plan.outdated(part, at=NOW, keep_days=30) == []
    assert plan.outdated([*part, *_files(whole)], at=NOW, keep_days=30) == part


def test_a_backup_of_a_newer_version_is_told_from_an_older_one() -> None:
    newer = [("0.10.0", "0.9.2"), ("1.0.0", "0.99.99"), ("0.1.1", "0.1.0"), ("0.1.0.1", "0.1.0")]
    for one, other in newer:
        assert plan.is_newer(one, other)
        assert not plan.is_newer(other, one)
    assert not plan.is_newer("0.1.0", "0.1.0")


def test_dumps_are_thinned_to_one_a_day_after_two_days() -> None:
    stamps = [NOW - timedelta(hours=6) * number for number in range(160)]
    names = [f"dump/{at:{plan.STAMP}}/{part}" for at in stamps for part in ("database.x", "about.x")]
    gone = plan.outdated(names, at=NOW, keep_days=30)
    left = plan.dumps(name for name in names if name not in gone)
    assert len([at for at in left if at >= NOW - 2 * DAY]) == 9
    older = [at.date() for at in left if at < NOW - 3 * DAY]
    assert len(older) == len(set(older))
    assert min(left) >= NOW - 30 * DAY
    assert plan.outdated([*names, "dump/20200101T000000Z/database.x"], at=NOW, keep_days=30)[-1:]


def _kinds(it: BackupState, *, set_up: bool = True, at: datetime = NOW) -> list[str]:
    return [lack.kind for lack in watch.lacks(it, set_up=set_up, at=at)]


def test_a_backup_that_is_missing_fails_or_is_old_is_told_once_for_each_cause() -> None:
    fresh = BackupState(began=NOW - DAY, sent=NOW, based=NOW, drilled=NOW)
    assert _kinds(fresh) == []
    assert _kinds(BackupState()) == []
    assert _kinds(BackupState(), set_up=False) == ["backup_missing"]
    assert _kinds(BackupState(began=NOW - timedelta(minutes=16))) == ["backup_failed"]
    later = NOW + timedelta(hours=31)
    assert _kinds(fresh, at=later) == ["backup_failed", "backup_old"]
    assert "drill_old" in _kinds(BackupState(began=NOW, sent=NOW, based=NOW), at=NOW + 93 * DAY)
    failing = BackupState(began=NOW, sent=NOW, based=NOW, drilled=NOW, failed="The disk is full.")
    (one,) = watch.lacks(failing, set_up=True, at=NOW + timedelta(minutes=20))
    (again,) = watch.lacks(failing, set_up=True, at=NOW + timedelta(minutes=40))
    assert one.cause == again.cause
    assert "20 minutes. The disk is full." in str(one.says)
    assert one.severity == "urgent"
