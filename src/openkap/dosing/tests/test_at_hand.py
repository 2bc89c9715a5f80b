"""What must be at hand in a bad moment: whom to call, what else the person takes, and the rate as it is."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from openkap.chart import actions as chart_actions
from openkap.courses.models import Course
from openkap.dosing import actions
from openkap.dosing.tests.scene import Scene, scene
from openkap.tenancy.models import Clinic
from tests.cast import Cast
from tests.packs import adopted


@pytest.fixture
def running(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> Scene:
    """A dose that runs now: views read the clock."""
    monkeypatch.setattr("openkap.dosing.tests.scene.NOW", timezone.now() - timedelta(seconds=2))
    it = scene(cast)
    actions.start(it.session.id, initials="AO", birth_year=1985, by=cast.sam, at=timezone.now())
    return it


@pytest.mark.parametrize("page", ["room", "emergency"])
def test_the_emergency_card_calls_and_says_what_the_person_takes(
    cast: Cast, running: Scene, client_as, page: str
) -> None:
    """H47: the button says that it holds numbers; the one that sends an ambulance is the first."""
    Clinic.objects.filter(id=cast.clinic.id).update(phone="+1 212 555 0100")
    added = {"kind": "medicine", "text": "Sertraline 100 mg"}
    chart_actions.add_entry(cast.amara.id, **added, by=cast.sam, at=timezone.now())
    shown = client_as(cast.sam).get(reverse(f"dosing:{page}", args=[running.session.id])).content.decode()
    card = shown.split('id="h-emergency"')[1].split("</dl>")[0]
    assert 'href="tel:911"' in card
    assert "Call the clinic, +1 212 555 0100" in card
    assert card.index("tel:911") < card.index("Call the clinic")
    assert "Sertraline 100 mg" in card


@pytest.mark.parametrize(
    ("way", "first"),
    [
        ("im", "Give no more of the drug."),
        ("sublingual", "What is left in the mouth comes out."),
    ],
)
def test_the_first_step_of_an_emergency_speaks_of_the_way_the_drug_is_given(
    cast: Cast, client_as, way: str, first: str
) -> None:
    """H47: nobody looks for a pump where there is none."""
    it = scene(cast)
    address = reverse("dosing:emergency", args=[it.session.id])
    assert "Stop the infusion at the pump." in client_as(cast.sam).get(address).content.decode()
    Course.objects.filter(id=it.session.course_id).update(pack_version=adopted(cast, way))
    shown = client_as(cast.sam).get(address).content.decode()
    assert first in shown
    assert "pump" not in shown


def test_whoever_changes_the_rate_reads_the_rate_of_now_and_the_ordered_one(
    cast: Cast, running: Scene, client_as
) -> None:
    """H05: a new rate was typed on a page that did not say the old one."""
    address = reverse("dosing:rate", args=[running.session.id])
    assert client_as(cast.sam).get(address).content.decode().count("54 mg/h") == 2
    actions.change_rate(
        running.session.id, rate_mg_per_h=40, why="restless", by=cast.okafor, at=timezone.now()
    )
    shown = client_as(cast.sam).get(address).content.decode()
    assert shown.index("40 mg/h") < shown.index("54 mg/h")
