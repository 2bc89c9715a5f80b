"""Small samples written for the tests, of which every name and number is invented.

What a test proves, it proves with these. With OPENKAP_TEST_WHOLE=1 (`make faults`) it also reads the larger
ones that may lie beside the clone: a real monitor's hour, whole synthetic patients.
"""

from __future__ import annotations

import os
from pathlib import Path

HERE = Path(__file__).resolve().parent
BESIDE = HERE.parents[2] / "shared" / "data"


def beside(pattern: str) -> list[Path]:
    """The larger samples, in a run that has the time for them."""
    return sorted(BESIDE.glob(pattern)) if os.environ.get("OPENKAP_TEST_WHOLE") else []


def recordings() -> list[Path]:
    """Bedside monitors' numbers, one row a minute, with what real monitors do."""
    return [HERE / "monitor.csv", *beside("monitor_*.csv")]


def messages() -> list[Path]:
    """HL7 v2 messages in the layouts of monitors and gateways; `expected.json` says what to read."""
    return [*sorted(HERE.glob("hl7v2/*.hl7")), *beside("hl7v2/*.hl7")]


def referrals() -> list[Path]:
    """Referral bundles of whole invented patients, as another system would send them."""
    return [HERE / "referral.json", *beside("synthea/*.json")]
