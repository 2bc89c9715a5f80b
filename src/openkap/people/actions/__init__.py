"""The writers of people."""

from openkap.people.actions.merging import confirm_merge, propose_merge, undo_merge, withdraw_merge
from openkap.people.actions.registering import (
    add_to_care_team,
    close_room,
    correct,
    give_sign_in,
    leave_care_team,
    let_in,
    name_escort,
    open_room,
    open_site,
    register,
)

__all__ = [
    "add_to_care_team",
    "close_room",
    "confirm_merge",
    "correct",
    "give_sign_in",
    "leave_care_team",
    "let_in",
    "name_escort",
    "open_room",
    "open_site",
    "propose_merge",
    "register",
    "undo_merge",
    "withdraw_merge",
]
