"""The tutorial is true: each of its steps is pressed in a demo as a new user starts it.

A step of the text and a step here belong together by section, number, and a mark of the words: who changes a
sentence is asked to look whether it still holds. Whatever a step names in *italics* has to stand on a page.
"""

from __future__ import annotations

import signal
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.screenshots import start_demo
from tests.tutorial import PRESSED, Walk, mark_of, named, step, told

AMARA = "Amara, the patient"
OKAFOR = "Dr Okafor, the prescriber: an alert, answered"
ROOM = "Sam, the nurse: the dosing room"
TIMEOUT = "Sam and June: a time-out"
OTHERS = "Noor, the therapist, and Kit, the coordinator"
ADA = "Ada, the administrator: did anyone change the record?"


@step(AMARA, 1, says="b75075")
def her_page(walk: Walk) -> None:
    walk.page.set_viewport_size({"width": 390, "height": 844})
    walk.be("Amara Osei")
    for words in ("Come today", "Harbour House, Room 2", "With you:", "Before you come", "takes you home"):
        walk.expect(words)
    expect(walk.page.get_by_role("link", name="Call 988")).to_be_in_viewport()


@step(AMARA, 2, says="3b4ad9")
def her_questions(walk: Walk) -> None:
    walk.press("Answer")
    asked = set()
    while walk.page.locator("button[name=value]").count():
        asked.add(walk.page.locator("h1").first.inner_text())
        last = len(asked) >= 9
        walk.page.locator("button[name=value]").nth(0 if last else 1).click()
        walk.look()
    assert len(asked) >= 9
    walk.press("Hand in")


@step(OKAFOR, 1, says="dcdce1")
def the_alert(walk: Walk) -> None:
    walk.page.set_viewport_size({"width": 1440, "height": 900})
    walk.be("Dr Ife Okafor")
    main = walk.page.locator("main").inner_text()
    assert main.index("Yours to answer") < main.index("Room 1")
    walk.page.get_by_role("link", name="the alert about Kim Brandt").click()
    for words in ("1: Several days", "of 27", "Last safety plan", "Call Kim Brandt"):
        walk.expect(words)


@step(OKAFOR, 2, says="275b78")
def the_answer(walk: Walk) -> None:
    walk.press("I have seen it")
    walk.page.locator("[name=outcome]").first.check()
    walk.page.fill("[name=note]", "Called her. Plan renewed.")
    walk.press("Close with this answer")
    walk.expect("closed")


@step(OKAFOR, 3, says="1770b5")
def the_chart(walk: Walk) -> None:
    walk.press("Open the chart")
    told = walk.page.locator("#everything li.alerts").inner_text()
    assert "Called her. Plan renewed." in told
    assert "answered after" in told


@step(OKAFOR, 4, says="20b088")
def her_chart(walk: Walk) -> None:
    walk.find("Amara")
    assert "PHQ-9" in walk.page.locator("#everything li").first.inner_text()


@step(ROOM, 1, says="673208")
def the_room(walk: Walk) -> None:
    walk.be("Sam Rivera")
    assert "Jon Okoye" in walk.page.locator("main").inner_text()
    walk.press("Open the room")
    expect(walk.page.locator("[data-tile=rate]")).to_contain_text("monitor")


@step(ROOM, 2, says="94c5e1")
def the_monitor(walk: Walk) -> None:
    replay = walk.run(ROOM, 2)
    try:
        expect(walk.page.locator("#live-state")).to_contain_text("monitor heard")
    finally:
        replay.terminate()
        replay.wait(timeout=60)


def _vitals(walk: Walk, **typed: str) -> None:
    walk.page.locator("[data-dialog=vitals], a[href*='open=vitals']").first.click()
    for name, value in typed.items():
        walk.page.fill(f"dialog[open] [name={name}]", value)
    walk.look()
    walk.page.locator("dialog[open] button[type=submit]").click()


@step(ROOM, 3, says="db0a3d")
def what_is_typed(walk: Walk) -> None:
    _vitals(walk, pressure="122/76")
    expect(walk.page.locator("dialog[open]")).to_have_count(0)
    walk.expect("122")
    _vitals(walk, pressure="1240/80")
    expect(walk.page.locator("dialog[open]")).to_contain_text("1240")
    walk.page.keyboard.press("Escape")


@step(ROOM, 4, says="829090")
def what_else_is_noted(walk: Walk) -> None:
    walk.page.locator("[data-dialog=adverse_event], a[href*='open=adverse_event']").first.click()
    walk.page.fill("dialog[open] [name=term]", "Nausea")
    walk.page.select_option("dialog[open] [name=grade]", "1")
    walk.look()
    walk.page.locator("dialog[open] button[type=submit]").click()
    walk.expect("Nausea")
    walk.page.context.set_offline(True)
    walk.page.locator("[data-dialog=emergency], a[href*='emergency']").first.click()
    walk.expect("Jon Okoye")
    walk.page.keyboard.press("Escape")
    _vitals(walk, heart_rate="72")
    walk.expect("1 entry is kept on this device")
    walk.page.context.set_offline(False)
    expect(walk.page.get_by_text("1 entry is kept on this device")).to_be_hidden()


@step(TIMEOUT, 1, says="499634")
def the_list(walk: Walk) -> None:
    walk.be("Sam Rivera")
    walk.press("Course of Amara Osei")
    for words in ("steps are done", "Next: Dosing 3", "After that"):
        walk.expect(words)
    walk.press("Open the room")
    walk.press("Open the session")
    walk.expect("8 things stand in the way")


@step(TIMEOUT, 2, says="8d8e5c")
def the_check(walk: Walk) -> None:
    walk.be("June Park")
    _time_out(walk)
    for strength in ("50", "10"):
        walk.page.fill("[name=strength]", strength)
        walk.page.fill("[name=rate]", "54")
        walk.press("I have checked it")
        if strength == "50":
            walk.expect("The vial says 50 mg/mL")
    walk.expect("vial 10 mg/mL, pump 54 mg/h")


def _time_out(walk: Walk) -> None:
    walk.find("Amara")
    walk.press("Open the room")
    walk.press("Time-out")


@step(TIMEOUT, 3, says="e2f49c")
def the_promise(walk: Walk) -> None:
    walk.be("Amara Osei")
    walk.press("Read and promise")
    walk.page.fill("[name=signed_name]", "Amara Osei")
    walk.press("I promise")


@step(TIMEOUT, 4, says="06134c")
def the_day(walk: Walk) -> None:
    walk.be("Sam Rivera")
    _time_out(walk)
    walk.press("Gone through with the person")
    names = {box.get_attribute("name") or "" for box in walk.page.locator("input[type=radio]").all()}
    assert len(names) == 8
    for name in names:
        answer = "yes" if any(part in name for part in ("food", "drink_food", "equipment", "fast")) else "no"
        walk.page.check(f"input[name={name}][value={answer}]")
    walk.press("Write down what was said")
    walk.page.select_option("[name=monitor]", label="Monitor 2")
    walk.press("This monitor is at this person")
    walk.press("Take vitals")
    dialog = walk.page.locator("dialog[open]")
    for name, value in {"pressure": "124/78", "heart_rate": "72", "spo2": "98"}.items():
        dialog.locator(f"[name={name}]").fill(value)
    dialog.locator("button[type=submit]").click()
    expect(walk.page.locator("dialog#d-vitals[open]")).to_have_count(0)
    walk.page.locator("a[href*='open=alertness']").first.click()
    walk.page.check("dialog[open] input[name=moaas][value='5']")
    walk.page.locator("dialog[open] button[type=submit]").click()
    expect(walk.page.locator("dialog#d-alertness[open]")).to_have_count(0)
    walk.press("Time-out")


@step(TIMEOUT, 5, says="cc60e4")
def the_start(walk: Walk) -> None:
    walk.page.fill("[name=initials]", "AO")
    walk.page.fill("[name=birth_year]", "1985")
    walk.press("Start the dose")
    walk.expect("Infusion running")


@step(OTHERS, 1, says="2e3b09")
def preparation(walk: Walk) -> None:
    walk.be("Noor Haddad")
    walk.press("Course of Luca Marchetti")
    walk.page.locator("main").get_by_role("link", name="Preparation").first.click()
    for name, words in {"hopes": "To sleep.", "concerns": "Losing control."}.items():
        walk.page.fill(f"[name={name}]", words)
    walk.press("Save their words")
    walk.page.locator("form:has([value=goal]) [name=text]").fill("Sleep through the night")
    walk.press("Add the goal")
    visit = walk.page.locator("form", has=walk.page.locator("[name=held_at]"))
    visit.locator("[name=note]").fill("Saw the room; practised breathing.")
    visit.locator("[name=minutes]").fill("60")
    visit.locator("button[type=submit]").click()
    walk.press("Preparation is done")
    walk.page.goto(f"{walk.site}/")
    line = walk.page.locator("li", has_text="Luca Marchetti").first
    expect(line).to_contain_text("Dosing 1")


@step(OTHERS, 2, says="671802")
def the_referral(walk: Walk) -> None:
    walk.be("Kit Moran")
    walk.press("Referrals")
    walk.press("Look at it")
    walk.expect("not understood")
    walk.page.locator("[name=whose]").first.check()
    walk.press("Take into the chart")
    walk.expect("Priya Nair")


@step(OTHERS, 3, says="8fd74f")
def the_week(walk: Walk) -> None:
    walk.press("Schedule")
    walk.expect("Amara Osei")
    if not walk.page.get_by_role("link", name="Plan").count():
        walk.press("Week after")
    walk.press("Plan", nth=0)
    walk.expect("When and where the sessions are")


@step(ADA, 1, says="b2ce32")
def what_is_missing(walk: Walk) -> None:
    walk.be("Ada Lind")
    walk.expect("Before the first patient")


@step(ADA, 2, says="31ee07")
def the_chain(walk: Walk) -> None:
    assert walk.run(ADA, 2).wait(timeout=120) == 0


@pytest.fixture
def demo(tmp_path: Path) -> Iterator[tuple[str, str]]:
    """A demo as `make demo` starts it, on ports of its own."""
    process, site, port = start_demo(str(tmp_path))
    (tmp_path / "mllp").write_text(str(port))
    yield site, str(tmp_path)
    process.send_signal(signal.SIGTERM)
    process.wait(timeout=120)


def test_every_step_of_the_text_is_pressed_as_it_reads():
    marks = {key: mark_of(text) for key, text in told().items()}
    pressed = {key: says for key, (says, _) in PRESSED.items()}
    assert pressed == marks, "press it as it reads now, then keep its mark"


@pytest.mark.slow
def test_the_tutorial_holds_sentence_by_sentence(demo: tuple[str, str], browser: Browser) -> None:
    site, folder = demo
    page = browser.new_context().new_page()
    walk = Walk(page, site, folder)
    for key, text in told().items():
        walk.seen.clear()
        PRESSED[key][1](walk)
        walk.look()
        seen = " ".join(" ".join(walk.seen).split()).lower()
        missing = [words for words in named(text) if words.lower() not in seen]
        assert missing == [], f"{key}: {text}"
    page.context.close()
