"""What must not be merged just now. `config/wiring.py` hands in who knows it: a session that runs, above."""

from __future__ import annotations

import uuid
from collections.abc import Callable

Held = Callable[[uuid.UUID], bool]
_known: list[tuple[str, Held]] = []


def hold_with(why: str, held: Held) -> None:
    """Let merging ask this before two records become one; `why` is the sentence when it says yes."""
    if (why, held) not in _known:
        _known.append((why, held))


def reasons(*patient_ids: uuid.UUID) -> list[str]:
    """Why these records cannot be merged at this moment."""
    return [why for why, held in _known if any(held(it) for it in patient_ids)]
