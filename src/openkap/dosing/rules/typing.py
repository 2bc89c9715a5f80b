"""What a hand typed that nobody can have: the dialog stays open, the sentence at the field. Pure (H38)."""

from __future__ import annotations

from collections.abc import Mapping

from openkap.dosing.readings import LIMITS, NAMES, Judged, Standing
from openkap.kernel.quantity import plain
from openkap.kernel.refusal import Objection, unlisted


def objections_to_typed(judged: Mapping[str, Judged]) -> list[Objection]:
    """A probe's fault and a slip of hand are not the same: what is typed and cannot be is asked again.

    What could be a dying person's is taken at once, and asked about in the room.
    """
    return [
        unlisted("TYPED_IMPOSSIBLE", _sentence(one), code)
        for code, one in judged.items()
        if one.standing is Standing.IMPLAUSIBLE
    ]


def _sentence(one: Judged) -> str:
    limit = LIMITS.get(one.code)
    if limit is None or limit.lowest <= one.value <= limit.highest:
        return one.reason
    name, low, high = NAMES.get(one.code, one.code), plain(limit.lowest), plain(limit.highest)
    return f"{name} {plain(one.value)} cannot be right; it lies between {low} and {high}. Type it again."
