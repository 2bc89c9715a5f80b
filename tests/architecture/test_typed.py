"""What was typed is read by one way alone, so that no page forgets to give it back (H35)."""

from __future__ import annotations

from tests.architecture.reading import SOURCE

# Below the views: what was typed, the outage page, the route, a form's token; the ways in outside a clinic.
MAY_READ_A_POST = {
    "ui/typed.py",
    "ui/outage.py",
    "accounts/calls.py",
    "accounts/submissions.py",
    "accounts/views/entering.py",
}


def test_views_read_what_was_typed_by_one_way_alone():
    """A view that looks at the request's form itself forgets to give it back after a refusal."""
    reading = {
        str(path.relative_to(SOURCE))
        for path in SOURCE.rglob("*.py")
        if "tests" not in path.parts and "request.POST" in path.read_text(encoding="utf-8")
    }
    assert reading == MAY_READ_A_POST
