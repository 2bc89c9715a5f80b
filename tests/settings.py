"""The settings of the tests: a data folder of their own, and nothing of the person's surroundings."""

from __future__ import annotations

import json
import os
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
DATA = Path(os.environ.get("OPENKAP_TEST_DIR") or ROOT / ".cache" / "test")
for _name in [name for name in os.environ if name.startswith("OPENKAP_")]:
    if _name != "OPENKAP_CHROMIUM" and not _name.startswith("OPENKAP_TEST_"):
        del os.environ[_name]
# A database of somebody's own, for the proof that everything runs there too: the addresses `prepare` printed.
OWN = json.loads(os.environ.get("OPENKAP_TEST_OWN", "{}"))
os.environ.update(OWN)
os.environ["OPENKAP_DATA_DIR"] = str(DATA)
os.environ["OPENKAP_EMAIL_URL"] = f"folder://{DATA / 'mail'}"

from openkap.config.keys import load_or_make  # noqa: E402

KEYS = load_or_make(DATA)

from openkap.config.settings import *  # noqa: E402, F403
