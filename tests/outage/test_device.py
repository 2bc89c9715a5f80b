"""What is typed on a device, in a real browser: nothing is lost, nothing doubled, nobody else reads it."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from tests import browser as chromium
from tests.standing import RunningClinic

pytestmark = [
    pytest.mark.enable_socket,
    pytest.mark.skipif(chromium.find() is None, reason="no Chromium here; `make chromium` brings one"),
]
expect.set_options(timeout=30_000)


@pytest.fixture(scope="module")
def chrome() -> Iterator[Browser]:
    with sync_playwright() as tool:
        it = tool.chromium.launch(executable_path=chromium.find(), args=chromium.flags())
        yield it
        it.close()


def signed_in(chrome: Browser, standing: RunningClinic, who: str) -> BrowserContext:
    """A browser of its own, in which this person is signed in."""
    context = chrome.new_context(viewport={"width": 1180, "height": 820})
    _as(context, standing, who)
    return context


def _as(context: BrowserContext, standing: RunningClinic, who: str) -> None:
    key = standing.told["keys"][who]
    context.add_cookies([{"name": "sessionid", "value": key, "url": standing.url("/")}])


def _room(standing: RunningClinic) -> str:
    return standing.url(f"/sessions/{standing.told['session']}/")


def _open_room(page: Page, standing: RunningClinic) -> None:
    """The room, live, with the key that seals what is kept on the device."""
    with page.expect_response(lambda answer: "device-key" in answer.url):
        page.goto(_room(standing))
    expect(page.locator("#live-state")).to_contain_text("Screen live")


def _write(page: Page, text: str) -> None:
    page.click("[data-dialog='d-words']")
    page.fill("#d-words textarea", text)
    page.check("#d-words [name='agreed']")


def _count(standing: RunningClinic, text: str) -> int:
    """How many remarks of the session say so."""
    with standing.server._superuser("openkap") as link:
        row = link.execute("SELECT count(*) FROM watch_remark WHERE text = %s", [text]).fetchone()
    assert row is not None
    return int(str(row[0]))


def _kept(page: Page) -> list[dict[str, str]]:
    """What lies on the device, as whoever opens its disk finds it."""
    return page.evaluate(READ_DEVICE)


READ_DEVICE = """async () => {
    const asked = (ask) => new Promise((done) => { ask.onsuccess = () => done(ask.result); });
    const db = await asked(indexedDB.open('openkap-device'));
    const all = (name) => asked(db.transaction(name).objectStore(name).getAll());
    const rows = [...await all('entries'), ...await all('drafts')];
    db.close();
    return rows.map((row) => ({ by: row.by, keys: Object.keys(row).sort().join(),
        data: String.fromCharCode(...new Uint8Array(row.sealed.data)) }));
}"""


def _all_sent(page: Page) -> None:
    """Wait until nothing lies on the device any more."""
    end = time.monotonic() + 60
    while _kept(page) and time.monotonic() < end:
        page.wait_for_timeout(200)
    assert _kept(page) == []


def test_three_taps_on_a_site_that_hangs_are_one_entry_and_the_button_says_so(
    chrome: Browser, standing: RunningClinic
) -> None:
    """H05, H24: attack K4.4. The dialog stayed open without a word, and three taps made three rows."""
    context = signed_in(chrome, standing, "sam")
    page = context.new_page()
    _open_room(page, standing)
    _write(page, "tapped three times")
    save = page.locator("#d-words button[type='submit']").first
    os.kill(standing.pid_of("web"), signal.SIGSTOP)
    try:
        began = time.monotonic()
        for _ in range(3):
            save.click(force=True)
            page.wait_for_timeout(150)
        expect(save).to_be_disabled()
        expect(save).to_contain_text("aving")
        expect(page.locator("#kept")).to_contain_text("1 entry is kept on this device", timeout=15_000)
        assert time.monotonic() - began < 14
        expect(page.locator("#d-words")).not_to_be_visible()
        rows = _kept(page)
        assert len(rows) == 1
        assert "tapped three times" not in rows[0]["data"]
        assert rows[0]["keys"] == "by,id,sealed"
    finally:
        os.kill(standing.pid_of("web"), signal.SIGCONT)
    _all_sent(page)
    expect(page.locator("#kept")).to_be_hidden()
    context.close()
    assert _count(standing, "tapped three times") == 1


def test_a_tap_before_the_devices_key_has_come_says_so_and_is_taken(
    chrome: Browser, standing: RunningClinic
) -> None:
    """H24: the room is live a moment before it can keep anything; without the key the form is sent."""
    context = signed_in(chrome, standing, "sam")
    page = context.new_page()
    page.route("**/device-key/", lambda route: None)
    page.goto(_room(standing))
    _write(page, "tapped too soon")
    save = page.locator("#d-words button[type='submit']").first
    with page.expect_navigation(timeout=30_000):
        save.click()
        expect(save).to_be_disabled()
        expect(save).to_contain_text("aving")
    context.close()
    assert _count(standing, "tapped too soon") == 1


def test_a_key_that_did_not_come_at_first_is_asked_for_at_the_next_tap(
    chrome: Browser, standing: RunningClinic
) -> None:
    """H23: a room opened in a bad moment sent its entries as pages ever after, and kept none of them."""
    context = signed_in(chrome, standing, "sam")
    page = context.new_page()
    page.route("**/device-key/", lambda route: route.abort(), times=1)
    page.route("**/words/", lambda route: route.abort())
    with page.expect_event("requestfailed", lambda request: "device-key" in request.url):
        page.goto(_room(standing))
    _write(page, "the key came late")
    page.click("#d-words button[type='submit']")
    expect(page.locator("#kept")).to_contain_text("1 entry is kept on this device")
    page.unroute("**/words/")
    page.evaluate(
        "dispatchEvent(new Event('online'))"
    )  # as when the network is back: no wait for the next try
    _all_sent(page)
    context.close()
    assert _count(standing, "the key came late") == 1


def test_what_waits_is_sent_from_any_page_and_counted_at_sign_out(
    chrome: Browser, standing: RunningClinic
) -> None:
    """H23: attack K4.6. Entries left a tablet only while somebody had a room open."""
    context = signed_in(chrome, standing, "sam")
    page = context.new_page()
    _open_room(page, standing)
    with standing.without_database():
        _write(page, "while it was away")
        page.click("#d-words button[type='submit']")
        expect(page.locator("#kept")).to_contain_text("1 entry is kept on this device")
        page.close()
    standing.wait_open()
    other = signed_in(chrome, standing, "noor")
    other.close()
    page = context.new_page()
    page.route("**/words/", lambda route: route.abort())  # the line to the clinic is bad just now
    page.goto(standing.url("/"))
    expect(page.locator("#kept")).to_contain_text("1 entry is kept on this device")
    page.locator("[data-sign-out] button").first.click()
    dialog = page.locator("dialog[open]")
    expect(dialog).to_contain_text("1 entry is kept on this device and not sent yet")
    dialog.get_by_text("Stay, and send them").click()
    assert page.url == standing.url("/")
    page.unroute("**/words/")
    page.reload()
    _all_sent(page)
    expect(page.locator("#kept")).to_be_hidden()
    context.close()
    assert _count(standing, "while it was away") == 1


def test_nobody_else_at_the_tablet_reads_or_sends_what_waits(
    chrome: Browser, standing: RunningClinic
) -> None:
    """H41: it carries a name in the record."""
    context = signed_in(chrome, standing, "sam")
    page = context.new_page()
    _open_room(page, standing)
    page.route("**/words/", lambda route: route.abort())
    _write(page, "for Sam alone")
    page.click("#d-words button[type='submit']")
    expect(page.locator("#kept")).to_contain_text("1 entry is kept on this device")
    _as(context, standing, "okafor")
    page.unroute("**/words/")
    page.goto(standing.url("/"))
    expect(page.locator("#kept")).to_contain_text("1 entry is kept here for somebody else")
    page.wait_for_timeout(1_000)
    assert _count(standing, "for Sam alone") == 0
    _as(context, standing, "sam")
    page.goto(standing.url("/"))
    _all_sent(page)
    context.close()
    assert _count(standing, "for Sam alone") == 1


def test_a_short_line_outlives_the_sending_of_another_form_of_its_page(
    chrome: Browser, standing: RunningClinic
) -> None:
    """H23: two forms on a page, and sending one emptied the other."""
    context = signed_in(chrome, standing, "sam")
    page = context.new_page()
    page.goto(standing.url(f"/patients/{standing.told['patient']}/lists/"))
    page.wait_for_load_state("networkidle")
    page.get_by_text("Add an allergy").first.click()
    page.get_by_label("Allergic to").fill("Penicillin, a rash")
    page.get_by_role("button", name="I have asked: no").first.click()
    expect(page.get_by_label("Allergic to")).to_have_value("Penicillin, a rash")
    expect(page.get_by_text("was not sent, and is back")).to_be_visible()
    page.get_by_role("button", name="Start afresh").click()
    expect(page.get_by_label("Allergic to")).to_have_value("")
    page.reload()
    page.wait_for_load_state("networkidle")
    expect(page.get_by_label("Allergic to")).to_have_value("")
    context.close()


def test_a_note_outlives_a_sign_out_in_another_tab_and_an_outage(
    chrome: Browser, standing: RunningClinic
) -> None:
    """H23: every long text keeps a draft, for its own writer."""
    path = standing.url(f"/patients/{standing.told['patient']}/particulars/")
    context = signed_in(chrome, standing, "sam")
    page = context.new_page()
    page.goto(path)
    area = page.locator("main textarea").first
    expect(area).to_be_visible()
    page.wait_for_load_state("networkidle")
    area.fill("12 Harbour Street, second floor, ring twice")
    page.wait_for_timeout(1_500)
    (row,) = _kept(page)
    assert "Harbour" not in row["data"]
    context.clear_cookies(name="sessionid")
    page.locator("main form button[type='submit']").last.click()
    page.wait_for_url("**/sign-in/**")
    _as(context, standing, "sam")
    page.goto(path)
    expect(page.locator(".draft")).to_contain_text("was not sent, and is back")
    expect(page.locator("main textarea").first).to_have_value("12 Harbour Street, second floor, ring twice")
    page.locator("main form button[type='submit']").last.click()
    page.wait_for_load_state("networkidle")
    page.goto(path)
    page.wait_for_load_state("networkidle")
    expect(page.locator(".draft")).to_have_count(0)
    expect(page.locator("main textarea").first).to_have_value("12 Harbour Street, second floor, ring twice")
    assert _kept(page) == []
    context.close()


def test_a_lost_database_in_a_browser_page_and_form_and_all_is_well_again(
    chrome: Browser, standing: RunningClinic
) -> None:
    """H35: the sentence on a page that is opened and on a form that is sent, which is then sent again."""
    context = signed_in(chrome, standing, "sam")
    page = context.new_page()
    address = standing.url(f"/patients/{standing.told['patient']}/lists/")
    page.goto(address)
    page.get_by_text("Add an allergy").first.click()
    form = page.locator("main form[action$='/allergy/add/']")
    form.locator("[name='text']").fill("Horse <serum>")
    with standing.without_database():
        form.locator("button[type='submit']").first.click()
        expect(page.locator("h1")).to_contain_text("does not answer")
        expect(page.locator("dl.facts")).to_contain_text("Horse <serum>")
        other = context.new_page()
        assert other.goto(address).status == 503  # type: ignore[union-attr]
        expect(other.locator("h1")).to_contain_text("does not answer")
        expect(other.get_by_role("link", name="Try again")).to_be_visible()
    standing.wait_open()
    other.get_by_role("link", name="Try again").click()
    expect(other.locator("h1")).not_to_contain_text("does not answer")
    page.get_by_role("button", name="Send it again").click()
    expect(page.locator("main")).to_contain_text("Horse <serum>")
    with standing.server._superuser("openkap") as link:
        row = link.execute("SELECT count(*) FROM chart_entry WHERE text = 'Horse <serum>'").fetchone()
    assert row == (1,)
    context.close()
