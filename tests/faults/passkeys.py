"""Controls of what a page offers and of passkeys, each with how it is switched off."""

from __future__ import annotations

from tests.faults.control import Control

A = "accounts"

CONTROLS = (
    Control(
        "H40",
        "a page draws no form that its reader may not send",
        "ui/templatetags/offers.py",
        '        if not offers_of(context).may(address, method="POST"):',
        "        if False:",
        "../../tests/architecture/test_offered.py",
    ),
    Control(
        "H41",
        "whoever has no password is let back in by mail alone",
        f"{A}/joining.py",
        "    if not mailed and not handed_will_do:",
        "    if False:",
        f"{A}/tests/test_lost_keys.py",
    ),
    Control(
        "H40",
        "a passkey counts only when its device made sure of its owner",
        f"{A}/forms.py",
        "if not auth.complete_registration(credential).is_user_verified():",
        "if False:",
        f"{A}/tests/test_lost_keys.py",
    ),
    Control(
        "H40",
        "a key never takes the place of a password",
        f"{A}/actions/members.py",
        "if credential and user.has_usable_password():",
        "if False:",
        f"{A}/tests/test_lost_keys.py",
    ),
)
