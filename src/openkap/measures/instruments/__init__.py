"""Pure: the instruments, one file each."""

from __future__ import annotations

from openkap.measures.instruments import gad_7, madrs, pcl_5, phq_9
from openkap.measures.instruments.instrument import Instrument

ALL: dict[str, Instrument] = {
    one.key: one for one in (phq_9.INSTRUMENT, gad_7.INSTRUMENT, pcl_5.INSTRUMENT, madrs.INSTRUMENT)
}
