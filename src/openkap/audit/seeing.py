"""Who is seen on a page: whoever's name is read while the page is drawn.

A list cannot forget to say whom it shows: the name itself says it (`Patient.name`), and the guarded route
around the page writes it down. Each of them once a page opened; a page that refreshes itself says only who
is new on it.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime, timedelta
from threading import Lock

_seen: ContextVar[set[uuid.UUID] | None] = ContextVar("openkap_seen", default=None)
NEW_AGAIN_AFTER = timedelta(hours=1)
READERS_MAX = 5000


@contextmanager
def watching() -> Iterator[set[uuid.UUID]]:
    """Collect everybody whose name is read within."""
    seen: set[uuid.UUID] = set()
    token = _seen.set(seen)
    try:
        yield seen
    finally:
        _seen.reset(token)


def see(patient_id: uuid.UUID) -> None:
    """This person's name is read."""
    seen = _seen.get()
    if seen is not None:
        seen.add(patient_id)


class Lately:
    """Whom each reader has seen within the hour, so that a page that refreshes itself is not written twice.

    It is kept in memory: after a restart, and by another worker of the site,
    somebody is written down once more, and nobody is left out.
    """

    def __init__(self) -> None:
        self._lock = Lock()
        self._seen: dict[uuid.UUID, dict[uuid.UUID, datetime]] = {}

    def new(self, reader: uuid.UUID, seen: set[uuid.UUID], *, at: datetime) -> set[uuid.UUID]:
        """Those of the seen whom the reader has not seen within the hour."""
        with self._lock:
            before = self._seen.get(reader, {})
            return {one for one in seen if one not in before or at - before[one] > NEW_AGAIN_AFTER}

    def note(self, reader: uuid.UUID, seen: set[uuid.UUID], *, at: datetime) -> None:
        """They were seen and written down now."""
        with self._lock:
            if len(self._seen) > READERS_MAX:
                self._seen.clear()
            self._seen.setdefault(reader, {}).update(dict.fromkeys(seen, at))


lately = Lately()
