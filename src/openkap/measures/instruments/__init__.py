"""Pure: the instruments, one file each; a new one is found by its file."""

from __future__ import annotations

from importlib import import_module
from pkgutil import iter_modules

from openkap.measures.instruments.instrument import Instrument

_FILES = sorted(module.name for module in iter_modules(__path__) if module.name != "instrument")
ALL: dict[str, Instrument] = {
    name: import_module(f"{__name__}.{name}").INSTRUMENT
    for name in _FILES  # a file is named by its key
}
