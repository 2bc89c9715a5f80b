"""The stages of a course as a page draws them: state, day or what is in the way, and where each leads."""

from __future__ import annotations

from collections.abc import Sequence

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from openkap.courses.models import Course
from openkap.courses.rules import CourseStep
from openkap.kernel.wording import in_words
from openkap.ui import links

STATES = {"done": _("done"), "later": _("later"), "now": _("now"), "blocked": _("blocked")}


def drawn(steps: Sequence[CourseStep], course: Course, *, every_reason: bool = False) -> list[dict[str, str]]:
    """Every stage for `ui/stepper.html`.

    What is in the way is said at the stage that comes next, and with `every_reason` at each later one.
    """
    following = next((step for step in steps if not step.done), None)
    return [_drawn(step, course, is_next=step == following, every_reason=every_reason) for step in steps]


def _drawn(step: CourseStep, course: Course, *, is_next: bool, every_reason: bool) -> dict[str, str]:
    state = "done" if step.done else "later"
    if is_next:
        state = "blocked" if step.blocks else "now"
    says_why = state == "blocked" or (state == "later" and every_reason)
    note = " ".join(it.text for it in step.blocks) if says_why else ""
    day = in_words(step.planned_on, "short") if step.planned_on and not step.done else ""
    return {
        "label": step.label,
        "state": state,
        "in_words": str(STATES[state]),
        "note": note or day,
        "url": address(step, course),
    }


def address(step: CourseStep, course: Course) -> str:
    """The page on which this stage of the course is done."""
    if step.key in ("screening", "consent"):
        page = {"screening": "screening:screening", "consent": "consent:document"}[step.key]
        return reverse(page, args=[course.patient_id])
    if step.key == "dosing":
        return reverse("courses:course", args=[course.id])
    if step.key == "follow_up":
        return links.to("check_ins", course.patient_id)
    return links.to(step.key, course.id)
