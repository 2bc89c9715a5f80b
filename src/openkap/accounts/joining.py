"""Pure: what stands against inviting, accepting, ending a membership, and letting a second factor fall."""

from __future__ import annotations

from collections.abc import Iterable

from openkap.accounts.reasons import AccountsReason
from openkap.kernel.refusal import Conflict, Objection, Refused


def no_such_duty() -> Refused:
    """The duty is not this clinic's."""
    return Refused(AccountsReason.NO_SUCH_DUTY())


def wrong_password() -> Refused:
    """What somebody is told who gives another password than their own."""
    return Refused(AccountsReason.PASSWORD_WRONG("password"))


def too_many_tries(texts: Iterable[str]) -> Refused:
    """The sign-in library refuses further tries for a time."""
    return Refused(AccountsReason.BY_SIGN_IN("password", text=" ".join(texts)))


def other_content() -> Conflict:
    """One token never names two contents (hazard H24)."""
    return Conflict(AccountsReason.OTHER_CONTENT())


def objections_to_name(typed: str, *, name: str) -> list[Objection]:
    """Who signs types the name they go by here (21 CFR Part 11)."""
    same = " ".join(typed.split()).casefold() == " ".join(name.split()).casefold()
    return [] if same else [AccountsReason.NAME_DIFFERS("typed_name", name=name)]


def objections_to_inviting(*, email: str, role: str, is_here: bool) -> list[Objection]:
    """A person is a member in one role once."""
    return [AccountsReason.ALREADY_HERE("email", email=email, role=role)] if is_here else []


def objections_to_withdrawing(*, accepted: bool) -> list[Objection]:
    """What was accepted is a membership, and is ended as one."""
    return [AccountsReason.ACCEPTED_ALREADY()] if accepted else []


def objections_to_invitation(*, spent: bool) -> list[Objection]:
    """An invitation works once, and not for ever."""
    return [AccountsReason.INVITATION_SPENT()] if spent else []


def objections_to_password(faults: Iterable[str]) -> list[Objection]:
    """A password is as long and as rare as the sign-in library asks."""
    return [AccountsReason.BY_SIGN_IN("password", text=text) for text in faults]


def objections_to_setting_password(*, must_sign_in: bool) -> list[Objection]:
    """A known address is never opened by a new password (hazard H41)."""
    return [AccountsReason.SIGNS_IN_ALREADY()] if must_sign_in else []


def objections_to_person(*, invited: str, email: str) -> list[Objection]:
    """An invitation is accepted by the person it was made for."""
    same = invited.casefold() == email.casefold()
    return [] if same else [AccountsReason.ANOTHER_PERSON(invited=invited, email=email)]


def objections_to_joining(*, role: str, is_here: bool) -> list[Objection]:
    """Who is a member in this role has nothing to accept."""
    return [AccountsReason.NOTHING_TO_ACCEPT(role=role)] if is_here else []


def objections_to_ending_membership(*, ended: bool, own: bool, why: str) -> list[Objection]:
    """What stands against ending a person's access."""
    objections = [AccountsReason.MEMBERSHIP_ENDED_ALREADY()] if ended else []
    if own:
        objections.append(AccountsReason.NOT_OWN_MEMBERSHIP())
    if not why.strip():
        objections.append(AccountsReason.WHY_ENDS_MISSING("why"))
    return objections


def objections_to_vouching(*, ended: bool, own: bool, why: str) -> list[Objection]:
    """What stands against vouching that a person has lost their second factor."""
    objections = [AccountsReason.MEMBERSHIP_ENDED()] if ended else []
    if not why.strip():
        objections.append(AccountsReason.HOW_KNOWN_MISSING("why"))
    if own:
        objections.append(AccountsReason.NOT_FOR_ONESELF())
    return objections


def hands_over(*, has_password: bool, mail_is_set_up: bool) -> bool:
    """Whether a link to a new second factor may be handed over by whoever has vouched.

    Beside it a password is asked for, which they do not know. Whoever signs in without one proves themself by
    the link alone: it goes to their own address, where mail can go out.
    """
    return has_password or not mail_is_set_up


def objections_to_dropping_factor(
    *, spent: bool, mailed: bool, handed_will_do: bool, places_elsewhere: bool
) -> list[Objection]:
    """A link that was handed over proves no address: not enough for whom other clinics trust as well."""
    objections = [AccountsReason.LINK_SPENT()] if spent else []
    if not mailed and not handed_will_do:
        objections.append(AccountsReason.ONLY_MAILED())
    if places_elsewhere and not mailed:
        objections.append(AccountsReason.SEVERAL_CLINICS())
    return objections


def objections_to_particulars(*, name: str, changed: bool) -> list[Objection]:
    """A clinic has a name, and nothing is written down where nothing changed."""
    if not name:
        return [AccountsReason.CLINIC_NAME_MISSING("name")]
    return [] if changed else [AccountsReason.NOTHING_CHANGED()]


def objections_to_place(*, is_own: bool) -> list[Objection]:
    """A person works where they have a place now."""
    return [] if is_own else [AccountsReason.NOT_A_PLACE()]
