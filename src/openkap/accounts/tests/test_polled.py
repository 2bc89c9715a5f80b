"""A page that refreshes itself writes down only who is new on it, and never its own address again (H40)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client

from openkap.accounts.calls import ClinicRequest
from openkap.accounts.grants import clinical_staff
from openkap.accounts.routes import route
from openkap.audit.models import Reading
from openkap.config import urls
from openkap.people import actions
from openkap.people.models import Patient
from openkap.people.tests.test_people import WHO
from tests.cast import NOW, Cast


def _names(request: ClinicRequest) -> HttpResponse:
    return HttpResponse(", ".join(patient.name for patient in Patient.objects.order_by("mrn")))


urlpatterns = [
    *urls.urlpatterns,
    route("shown/", show=_names, name="shown", get=clinical_staff),
    route("polled/", show=_names, name="polled", quiet=True, get=clinical_staff),
]
handler404 = urls.handler404


@pytest.mark.urls(__name__)
def test_somebody_new_on_a_page_that_refreshes_itself_is_written_down_once(
    cast: Cast, client_as: Callable[..., Client], django_capture_on_commit_callbacks: Callable[..., Any]
) -> None:
    def get(browser: Client, path: str) -> str:
        with django_capture_on_commit_callbacks(execute=True):
            return browser.get(path).content.decode()

    sam = client_as(cast.sam)
    get(sam, "/shown/")
    for _ in range(3):
        assert "Amara" in get(sam, "/polled/")
    assert [row.page for row in Reading.objects.order_by("seq")] == ["shown"]
    luca = actions.register(particulars=WHO, by=cast.kit, at=NOW)
    for _ in range(3):
        assert "Luca" in get(sam, "/polled/")
    rows = list(Reading.objects.order_by("seq"))
    assert [row.page for row in rows] == ["shown", "polled"]
    assert rows[1].patients == [luca.id]
    june = client_as(cast.june)
    get(june, "/polled/")
    assert set(Reading.objects.order_by("seq").last().patients) == {cast.amara.id, luca.id}
