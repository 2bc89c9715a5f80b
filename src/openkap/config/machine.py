"""What this process may use of its machine: memory and processors, a container's share where that is less."""

from __future__ import annotations

import os
from pathlib import Path

MIB = 1024 * 1024
MEMORY_LIMITS = ("/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory/memory.limit_in_bytes")
PROCESSOR_LIMIT = "/sys/fs/cgroup/cpu.max"
WORKER_BYTES = 512 * MIB  # of the machine for each web worker; one takes about 130 MiB itself
WORKERS_AT_MOST = 16


def memory(limits: tuple[str, ...] = MEMORY_LIMITS) -> int:
    """The bytes of memory this process may use."""
    known = [os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")]
    for name in limits:
        path = Path(name)
        text = path.read_text().strip() if path.is_file() else ""
        known += [int(text)] if text.isdigit() else []
    return min(known)


def processors(limit: str = PROCESSOR_LIMIT) -> int:
    """The processors this process may use, at least one: a container's quota, rounded up."""
    allowed = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else (os.cpu_count() or 1)
    path = Path(limit)
    words = path.read_text().split() if path.is_file() else []
    if len(words) == 2 and words[0].isdigit() and int(words[1]):
        allowed = min(allowed, -(-int(words[0]) // int(words[1])))
    return max(allowed, 1)


def web_workers() -> int:
    """How many web workers suit the machine: one a processor, while there is memory for them."""
    return max(1, min(processors(), memory() // WORKER_BYTES, WORKERS_AT_MOST))
