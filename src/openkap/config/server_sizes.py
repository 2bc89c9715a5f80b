"""What the embedded PostgreSQL may use of this machine: its memory, within bounds, and less to write.

PostgreSQL's own defaults suit any machine at all. The shares are those its manual gives as a start (a quarter
of a machine of its own), halved, because the site, the jobs and the listener live here too.
"""

from __future__ import annotations

from openkap.config import machine
from openkap.config.machine import MIB
from openkap.config.waiting import POOL_SIZE

# Every worker's pool full, its live screens' one, and the rest of the tree: listener 9, jobs 9, backup 3,
# commands, PostgreSQL's own. The same on every machine: a backup is not replayed where there are fewer.
BESIDE_THE_SITE = 72
CONNECTIONS = machine.WORKERS_AT_MOST * (POOL_SIZE + 1) + BESIDE_THE_SITE
LEAST, MOST = 128 * MIB, 1024 * MIB


def sizes(memory: int) -> dict[str, str]:
    """The settings for so many bytes of memory."""
    shared = min(max(memory // 8, LEAST), MOST)
    return {
        "max_connections": str(CONNECTIONS),
        "shared_buffers": f"{shared // MIB}MB",
        "effective_cache_size": f"{max(memory // 2, LEAST) // MIB}MB",
        "maintenance_work_mem": f"{min(max(memory // 64, 32 * MIB), 256 * MIB) // MIB}MB",
        "wal_compression": "pglz",  # the wheel is built without lz4
        "random_page_cost": "1.1",  # no disk that turns
    }


def here() -> dict[str, str]:
    """The settings for this machine."""
    return sizes(machine.memory())
