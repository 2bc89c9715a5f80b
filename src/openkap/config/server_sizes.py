"""What the embedded PostgreSQL may use of this machine: its memory, within bounds, and less to write.

PostgreSQL's own defaults suit any machine at all. The shares are those its manual gives as a start (a quarter
of a machine of its own), halved, because the site, the jobs and the listener live here too.
"""

from __future__ import annotations

import os
from pathlib import Path

MIB = 1024 * 1024
LEAST, MOST = 128 * MIB, 1024 * MIB
_LIMITS = ("/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory/memory.limit_in_bytes")


def sizes(memory: int) -> dict[str, str]:
    """The settings for so many bytes of memory."""
    shared = min(max(memory // 8, LEAST), MOST)
    return {
        "shared_buffers": f"{shared // MIB}MB",
        "effective_cache_size": f"{max(memory // 2, LEAST) // MIB}MB",
        "maintenance_work_mem": f"{min(max(memory // 64, 32 * MIB), 256 * MIB) // MIB}MB",
        "wal_compression": "pglz",  # the wheel is built without lz4
        "random_page_cost": "1.1",  # no disk that turns
    }


def memory_here(limits: tuple[str, ...] = _LIMITS) -> int:
    """The bytes of memory this process may use: the machine's, or a container's where that is less."""
    known = [os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")]
    for name in limits:
        path = Path(name)
        text = path.read_text().strip() if path.is_file() else ""
        known += [int(text)] if text.isdigit() else []
    return min(known)


def here() -> dict[str, str]:
    """The settings for this machine."""
    return sizes(memory_here())
