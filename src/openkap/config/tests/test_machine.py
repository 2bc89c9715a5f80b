"""What OpenKAP takes of a machine: its processors and memory, a container's where that is less."""

from __future__ import annotations

import pytest

from openkap.config import environment, machine
from openkap.config.environment import BadSetting
from openkap.config.machine import MIB, memory, processors


def test_a_containers_limit_counts_where_it_is_less(tmp_path):
    whole = memory(())
    unlimited, small = tmp_path / "memory.max", tmp_path / "memory.limit_in_bytes"
    unlimited.write_text("max\n")
    assert memory((str(unlimited), str(tmp_path / "none"))) == whole > 0
    small.write_text(f"{300 * MIB}\n")
    assert memory((str(unlimited), str(small))) == min(whole, 300 * MIB)


@pytest.mark.parametrize(
    ("quota", "counted"), [("max 100000", 8), ("150000 100000", 2), ("50000 100000", 1), ("", 8)]
)
def test_a_containers_share_of_the_processors_counts(tmp_path, monkeypatch, quota, counted):
    monkeypatch.setattr(machine.os, "sched_getaffinity", lambda _: set(range(8)))
    limit = tmp_path / "cpu.max"
    limit.write_text(f"{quota}\n")
    assert processors(str(limit)) == counted
    assert processors(str(tmp_path / "none")) == 8


@pytest.mark.parametrize(
    ("cores", "mebibytes", "workers"),
    [(1, 8000, 1), (2, 4000, 2), (8, 2048, 4), (8, 256, 1), (64, 256_000, 16)],
)
def test_as_many_workers_as_processors_while_there_is_memory(monkeypatch, cores, mebibytes, workers):
    monkeypatch.setattr(machine, "processors", lambda: cores)
    monkeypatch.setattr(machine, "memory", lambda: mebibytes * MIB)
    assert environment.read({}).web_workers == workers


def test_who_runs_it_may_say_how_many():
    assert environment.read({"OPENKAP_WEB_WORKERS": "3"}).web_workers == 3
    for wrong in ("0", "17", "two"):
        with pytest.raises(BadSetting, match="OPENKAP_WEB_WORKERS"):
            environment.read({"OPENKAP_WEB_WORKERS": wrong})
