"""What concerns the whole installation is told to each clinic once."""

from __future__ import annotations

from openkap.alerts.models import Alert
from openkap.alerts.statements import AlertStatement
from openkap.config import reporting
from openkap.config.reporting import report_to_clinics
from openkap.tenancy.context import inside
from tests.cast import NOW, Cast, found_clinic, people_of


def _report(*, cause: str = "one") -> None:
    report_to_clinics(
        "told", AlertStatement.NO_MAIL_SYSTEM(), cause=("backup", cause), at=NOW, to="administrator"
    )


def _told() -> list[tuple[str, str]]:
    return [(it.kind, it.owner.role) for it in Alert.objects.order_by("at", "id")]


def test_each_clinic_has_one_alert_of_one_cause_and_nobody_is_looked_for_twice(
    cast: Cast, monkeypatch
) -> None:
    other = found_clinic("Another Clinic")
    with inside(other.id, role="system"):
        people_of(other)
    visited: list[object] = []
    real = reporting.inside
    monkeypatch.setattr(reporting, "inside", lambda clinic_id: visited.append(clinic_id) or real(clinic_id))
    _report()
    assert sorted(visited) == sorted([cast.clinic.id, other.id])
    _report()
    assert len(visited) == 2
    _report(cause="two")
    assert len(visited) == 4
    for clinic_id in (cast.clinic.id, other.id):
        with inside(clinic_id, role="system"):
            assert _told() == [("told", "administrator")] * 2


def test_a_clinic_that_could_not_be_told_is_tried_again(cast: Cast, caplog) -> None:
    """A clinic in which nobody works yet: it is told as soon as somebody does."""
    empty = found_clinic("Empty Clinic")
    _report()
    assert "Nobody could be told" in caplog.text
    with inside(empty.id, role="system"):
        assert _told() == []
        people_of(empty)
    _report()
    with inside(empty.id, role="system"):
        assert _told() == [("told", "administrator")]
