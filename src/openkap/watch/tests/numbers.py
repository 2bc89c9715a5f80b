"""The numbers as they ship, and the IV protocol by them, for tests of pure rules."""

from __future__ import annotations

from openkap.defaults.loading import shipped
from openkap.protocols.loading import load_bundled
from openkap.protocols.pack import Pack
from openkap.watch import protocol
from openkap.watch.numbers import SensorNumbers, WatchNumbers
from openkap.watch.readings import sensors_by
from tests.packs import BUNDLED

NUMBERS = shipped(WatchNumbers)
SENSORS = sensors_by(shipped(SensorNumbers))
WORSE_BY = NUMBERS.worse_by


def iv_protocol(pack: Pack | None = None) -> protocol.Protocol:
    """The session's part of the IV pack, or of a changed one."""
    known = pack or load_bundled(BUNDLED)
    return protocol.of(known, numbers=NUMBERS, sensors=shipped(SensorNumbers))
