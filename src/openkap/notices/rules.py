"""Pure: what a notice says, and when it is tried again.

A notice never speaks of treatment, of a person's answers or of the kind of clinic: whoever reads over a
shoulder learns nothing (H42). It says that there is something to look at, and where.
"""

from __future__ import annotations

from datetime import timedelta

from openkap.kernel.refusal import Objection
from openkap.notices.reasons import NoticesReason

TRIES = 6
WORDS = {
    "invitation": ("An invitation", "You are invited to OpenKAP. The link works once, for seven days."),
    "factor_reset": (
        "Your way in",
        "You said that you have lost your way in. With this link you can set up another. It works once, for "
        "two days. If you did not ask for it, tell us.",
    ),
    "test": ("A test", "A test of your clinic's e-mail. There is nothing to do."),
    "measure": ("A few questions for you", "The clinic has some questions for you. They take a few minutes."),
    "alert_waiting": ("An alert waits", "An alert waits in OpenKAP. Please sign in and take it."),
    "check_in_link": ("How are you today?", "The clinic would like to hear how you are. It takes a minute."),
}
OTHER = ("Something to look at", "There is something for you to look at.")


def subject_and_text(kind: str, *, clinic: str, link: str) -> tuple[str, str]:
    """Subject and body of an e-mail: nothing clinical, one link, and what to do when it is not for you."""
    subject, words = WORDS.get(kind, OTHER)
    lines = [words, ""]
    if link:
        lines += ["Open it here:", link, "", "The link is yours alone. Please do not pass it on."]
    lines += ["If this is not for you, please delete it.", "", clinic]
    return subject, "\n".join(lines)


def wait_before(tries: int) -> timedelta:
    """How long to wait after so many failed tries: 1, 2, 4, 8, 16 minutes."""
    return timedelta(minutes=2 ** max(tries - 1, 0))


def has_failed(tries: int) -> bool:
    """Whether to give up and leave it to the owner."""
    return tries >= TRIES


def objections_to_queueing(*, has_owner: bool) -> list[Objection]:
    """Nothing goes out that nobody here answers for (hazard H34)."""
    return [] if has_owner else [NoticesReason.NOBODY_ANSWERS()]


def objections_to_trying_again(*, failed: bool) -> list[Objection]:
    """What was sent is not sent twice."""
    return [] if failed else [NoticesReason.NOT_FAILED()]


def objections_to_withdrawing(*, waits: bool, why: str) -> list[Objection]:
    """What stands against taking a notice back."""
    objections = [] if waits else [NoticesReason.GONE_OUT()]
    if not why.strip():
        objections.append(NoticesReason.WHY_MISSING("why"))
    return objections
