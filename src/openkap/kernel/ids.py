"""UUIDv7: keys that sort by the time they were made (RFC 9562, section 5.7).

PostgreSQL 16 has no generator for them, and a browser's outbox must make the key
before the server has heard of the entry; so keys are made here.
"""

from __future__ import annotations

import os
import threading
import time
import uuid

_guard = threading.Lock()
_last_ms = 0
_counter = 0


def uuid7() -> uuid.UUID:
    """A new key: 48 bits of milliseconds, a 12-bit counter, 62 random bits.

    Keys made in one process are strictly increasing, also within a millisecond and
    when the clock steps back, so "newest last" needs no second column.
    """
    global _last_ms, _counter
    with _guard:
        now_ms = time.time_ns() // 1_000_000
        if now_ms > _last_ms:
            _last_ms = now_ms
            _counter = int.from_bytes(os.urandom(2), "big") & 0x7FF
        else:
            _counter += 1
            if _counter > 0xFFF:
                _last_ms += 1
                _counter = 0
        milliseconds, counter = _last_ms, _counter
    random_62 = int.from_bytes(os.urandom(8), "big") & ((1 << 62) - 1)
    value = (milliseconds << 80) | (0x7 << 76) | (counter << 64) | (0b10 << 62) | random_62
    return uuid.UUID(int=value)
