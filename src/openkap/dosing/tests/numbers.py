"""The IV pack's rows for a start and for going home, by the numbers as they ship."""

from __future__ import annotations

from openkap.dosing import pack_rules
from openkap.dosing.discharge import DischargeRule
from openkap.dosing.rules import PressureLines
from openkap.protocols.pack import Pack
from openkap.watch.tests.numbers import iv_protocol


def iv_discharge(pack: Pack | None = None) -> DischargeRule:
    """What must hold before the person goes home, by the IV pack or a changed one."""
    protocol = iv_protocol(pack)
    return pack_rules.discharge_rule(protocol.pack, protocol.numbers)


def iv_pressure_lines(pack: Pack | None = None) -> PressureLines:
    """The pressures before the dose that ask for a decision."""
    protocol = iv_protocol(pack)
    return pack_rules.pressure_lines(protocol.pack, protocol.numbers)
