"""What a hand typed that nobody can have: the dialog stays open, the sentence at the field. Pure (H38)."""

from __future__ import annotations

from collections.abc import Mapping

from openkap.kernel.refusal import Objection
from openkap.watch.readings import NAMED, Judged, ReadingStanding, Sensors
from openkap.watch.reasons import WatchReason


def objections_to_typed(judged: Mapping[str, Judged], *, sensors: Sensors) -> list[Objection]:
    """A probe's fault and a slip of hand are not the same: what is typed and cannot be is asked again.

    What could be a dying person's is taken at once, and asked about in the room.
    """
    return [
        _against(one, code, sensors=sensors)
        for code, one in judged.items()
        if one.standing is ReadingStanding.IMPLAUSIBLE
    ]


def _against(one: Judged, field: str, *, sensors: Sensors) -> Objection:
    limit = sensors.limits.get(one.code)
    if limit is None or limit.lowest <= one.value <= limit.highest:
        return WatchReason.TYPED_UNLIKELY(field, text=one.reason)
    name = NAMED.get(one.code, one.code)
    return WatchReason.TYPED_IMPOSSIBLE(
        field, name=name, value=one.value, low=limit.lowest, high=limit.highest
    )
