"""A mark is answered with one hand: nothing is lost, nothing hidden, when the room is drawn anew (H08)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from playwright.sync_api import expect

from openkap.dosing.tests.scene import Scene, scene
from openkap.watch.models import Mark
from openkap.watch.plausibility import BREATHING, DBP, SBP, SPO2
from tests.cast import NOW, Committed

TICKED = "input:checked + span"


@pytest.fixture
def here(committed: Committed, site_clock: Any) -> Scene:
    """Ten minutes into a dose, with a pressure that asks for an act."""
    site_clock.ahead = NOW + timedelta(minutes=10) - datetime.now(UTC)
    with committed.inside():
        it = scene(committed.cast)
        it.start(minutes=1)
        it.take({SBP: 192, DBP: 104}, minutes=9)
        return it


def test_a_mark_is_answered_by_taps_that_outlive_the_next_reading(
    committed: Committed, here: Scene, visitor: Any
) -> None:
    nurse = visitor(committed.cast.sam, width=1024, height=768)
    page = nurse.open(f"/sessions/{here.session.id}/")
    mark = page.locator("article.mark", has_text="192 mmHg")
    button = mark.get_by_role("button", name="Seen")
    expect(mark.locator(TICKED)).to_have_count(0)
    button.click()
    expect(mark.get_by_text("Tap what was done, or write it.")).to_be_visible()
    mark.get_by_text("Measured again").click()
    mark.get_by_text("Prescriber called").click()
    mark.locator("[name=action]").click()
    page.keyboard.type("Cuff on the")
    with committed.inside():
        here.take({SPO2: 86}, minutes=9.5)
        here.take({SPO2: 86}, minutes=9.6)
    another = page.locator("article.mark", has_text="saturation 86")
    expect(another).to_be_visible(timeout=30_000)
    expect(another.locator(TICKED)).to_have_count(0)
    page.keyboard.type(" other arm")  # the new mark is there, and her cursor is where it was
    expect(mark.locator(TICKED)).to_have_text(["Measured again", "Prescriber called"])
    expect(mark.locator("[name=action]")).to_have_value("Cuff on the other arm")
    button.click()
    expect(page.get_by_text("Measured again; Prescriber called; Cuff on the other arm.")).to_be_visible()
    with committed.inside():
        kept = Mark.objects.get(session=here.session, acknowledged_at__isnull=False)
    assert kept.action_taken == "Measured again; Prescriber called; Cuff on the other arm"


def test_a_finger_on_a_button_and_what_it_was_told_outlive_a_part_drawn_anew(
    committed: Committed, here: Scene, visitor: Any
) -> None:
    """A part drawn anew between finger down and finger up swallowed the tap, and a later one the sentence."""
    page = visitor(committed.cast.sam, width=1024, height=768).open(f"/sessions/{here.session.id}/")
    mark = page.locator("article.mark", has_text="192 mmHg")
    button, missing = (
        mark.get_by_role("button", name="Seen"),
        mark.get_by_text("Tap what was done, or write it."),
    )
    button.hover()
    page.mouse.down()
    with committed.inside():
        here.take({SPO2: 86}, minutes=9.5)
        here.take({SPO2: 86}, minutes=9.6)
    expect(page.locator("#part-tiles")).to_contain_text("86")
    another = page.locator("article.mark", has_text="saturation 86")
    expect(another).to_have_count(0)
    page.mouse.up()
    expect(another).to_be_visible()
    expect(missing).to_be_visible()
    expect(button).to_be_focused()
    with committed.inside():
        here.take({BREATHING: 7}, minutes=9.8)
    expect(page.locator("article.mark")).to_have_count(3)
    expect(missing).to_be_visible()


def test_what_is_wrong_is_said_once_at_its_field_and_in_our_words(
    committed: Committed, here: Scene, visitor: Any
) -> None:
    prescriber = visitor(committed.cast.okafor, width=390, height=844)
    page = prescriber.open(f"/sessions/{here.session.id}/")
    page.get_by_role("link", name="Vitals by hand").click()
    dialog = page.locator("dialog[open]")
    dialog.locator("[name=pressure]").fill("76/122")
    dialog.get_by_role("button", name="Write it down").click()
    expect(dialog.locator(".at-field")).to_have_count(1)
    expect(dialog.locator(".at-field")).to_contain_text("Exchanged?")
    expect(dialog.locator("[name=pressure]")).to_have_value("76/122")
    dialog.get_by_role("link", name="Cancel").click()
    page.get_by_text("Go on although this mark stands").click()
    with committed.inside():
        here.take({SPO2: 86}, minutes=9.5)
        here.take({SPO2: 86}, minutes=9.6)
    expect(page.locator("article.mark")).to_have_count(2)
    page.get_by_role("button", name="Prescriber: go on").click()
    expect(page.get_by_text("Nothing stands here yet, and it is needed.")).to_be_visible()
    expect(page.locator("[name=reason]:focus")).to_have_count(1)
