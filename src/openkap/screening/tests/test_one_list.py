"""The screening page is one list: what is to be asked, what is found, the decision."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone

from openkap.people.models import Patient
from openkap.protocols import actions as protocols_actions
from openkap.tenancy.context import inside
from tests.cast import NOW, Cast
from tests.harbour import someone
from tests.packs import BUNDLED


def _ask(page: str) -> tuple[str, str]:
    """The part that asks: what stands open in it, and what is folded."""
    part = page.split('id="ask"')[1].split("</section>")[0]
    stands_open, _, folded = part.partition("<details")
    return stands_open, folded


def test_before_anything_was_asked_every_question_stands_open(cast: Cast, client_as) -> None:
    protocols_actions.adopt(BUNDLED, by=cast.okafor, at=NOW)
    page = client_as(cast.sam).get(f"/patients/{cast.amara.id}/screening/").content.decode()
    stands_open, folded = _ask(page)
    assert stands_open.count('class="question"') > 20
    assert folded == ""


def test_what_has_run_out_stands_open_and_what_holds_is_folded(client_as, harbour, monkeypatch) -> None:
    """Hazard H16: twenty-three answers that hold hid the one that had run out."""
    with inside(harbour, role="system"):
        luca, browser = Patient.objects.get(given_name="Luca"), client_as(someone(harbour, "okafor"))
        page = browser.get(f"/patients/{luca.id}/screening/").content.decode()
        stands_open, folded = _ask(page)
        assert stands_open.count('class="question expired"') == 1
        assert stands_open.count('class="question"') == 0
        assert folded.count('class="question"') > 20
        assert page.index('id="ask"') < page.index('id="found"') < page.index('id="decide"')
        later = timezone.now() + timedelta(days=400)
        monkeypatch.setattr(timezone, "now", lambda: later)
        browser = client_as(someone(harbour, "okafor"))
        stands_open, folded = _ask(browser.get(f"/patients/{luca.id}/screening/").content.decode())
        assert stands_open.count('class="question expired"') > 20
        assert folded.count('class="question"') == 1, "one holds for life"


def test_the_page_begins_with_the_protocol_the_person_was_decided_on(client_as, harbour) -> None:
    """A clinic with several protocols asks each person the questions of their own."""
    with inside(harbour, role="system"):
        browser = client_as(someone(harbour, "okafor"))
        for name, title in (("Luca", "Intravenous ketamine"), ("Greta", "Esketamine"), ("Omar", "muscle")):
            patient = Patient.objects.get(given_name=name)
            page = browser.get(f"/patients/{patient.id}/screening/").content.decode()
            assert title in page.split('class="lead">')[1].split(",")[0], name
