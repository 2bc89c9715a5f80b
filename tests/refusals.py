"""A reason for tests: any sentence, refused for no other purpose than to see what comes back."""

from __future__ import annotations

from openkap.kernel.refusal import Objection, Reason


class ReasonOfTests(Reason):
    """Why a test refuses."""

    SAID = "{text}"


def said(text: str, field: str = "") -> Objection:
    """An objection with this sentence."""
    return ReasonOfTests.SAID(field, text=text)
