"""An upgrade of a clinic with people in it: tables derived from others are filled for what was there."""

from __future__ import annotations

from collections import Counter

import pytest
from django.db import connections
from django.db.migrations.executor import MigrationExecutor

from openkap.config import database
from openkap.followup.models import CheckIn
from openkap.people.models import SearchWord
from openkap.tenancy.context import inside
from openkap.watch.models import VitalMinute

BEFORE = [("people", "0003_due"), ("watch", "0001_initial"), ("followup", "0002_one_person")]
MINUTE = [f.attname for f in VitalMinute._meta.fields if f.name not in ("id", "changed_at")]


def _derived(clinic_id) -> dict[str, Counter]:
    with inside(clinic_id, role="system"):
        return {
            "words": Counter(SearchWord.objects.values_list("record_id", "word")),
            "minutes": Counter(VitalMinute.objects.values_list(*MINUTE)),
            "answers": Counter(CheckIn.objects.values_list("id", "answered_at")),
        }


@pytest.mark.slow
@pytest.mark.django_db(databases=["default", "owner"], transaction=True)
def test_a_clinic_of_the_version_before_is_brought_up_to_date_with_all_it_holds(harbour_served) -> None:
    """H44: the demo's clinic taken back to before these tables, and forward as `openkap migrate` does."""
    kept = _derived(harbour_served)
    assert all(len(rows) > 5 for rows in kept.values())
    connections["default"].close()
    owner = connections["owner"]
    MigrationExecutor(owner).migrate(BEFORE)
    owner.close()
    database.migrate()
    assert _derived(harbour_served) == kept
