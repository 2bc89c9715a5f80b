"""Controls of what every app stands on: the clinic's numbers, sealed fields, events, statements, stock."""

from __future__ import annotations

from tests.faults.control import Control

CONTROLS = (
    Control(
        "H45",
        "who proposed a number does not sign it",
        "defaults/rules.py",
        "    if signer is None or proposed_by == signer:",
        "    if False:",
        "defaults/tests/test_defaults.py",
    ),
    Control(
        "H45",
        "a number changes within the range that ships",
        "defaults/rules.py",
        "    if not number.low <= value <= number.high:",
        "    if False:",
        "defaults/tests/test_defaults.py",
    ),
    Control(
        "H45",
        "a number acts only once it is signed",
        "defaults/queries.py",
        "    return kind.of({**loading.values(kind.group), **_signed_values(kind.group)})",
        "    return kind.of(loading.values(kind.group))",
        "defaults/tests/test_defaults.py",
    ),
    Control(
        "H40",
        "a sealed value opens in its own row alone",
        "tenancy/sealed.py",
        "        place = (row.clinic_id, _table(type(instance)), self.column, row.id)",
        '        place = ("", "", "", "")',
        "tenancy/tests/test_sealed.py",
    ),
    Control(
        "H40",
        "a sealed field is not searched",
        "tenancy/sealed.py",
        "        if value is not None and not isinstance(value, Sealed):",
        "        if False:",
        "tenancy/tests/test_sealed.py",
    ),
    Control(
        "H40",
        "no role and no care team opens a psychotherapy note",
        "accounts/grants.py",
        "    return content is Content.MAIN_RECORD or content.relation in subject.relations",
        "    return True",
        "accounts/tests/test_grants.py",
    ),
    Control(
        "H39",
        "what an earlier release said is shown and not lost",
        "kernel/statement.py",
        "    if isinstance(statement, Statement) and placeholders(statement.sentence) == params.keys():",
        "    if isinstance(statement, Statement):",
        "kernel/tests/test_statement.py",
    ),
    Control(
        "H05",
        "a dose is taken from stock once",
        "dispensary/actions.py",
        "    if earlier is not None:",
        "    if False:",
        "dosing/tests/test_issuing.py",
    ),
)
