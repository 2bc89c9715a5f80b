"""What is said twice holds once; what is taken back outside a session alarms nobody."""

from __future__ import annotations

from openkap.alerts.models import Alert
from openkap.audit.models import Event
from openkap.consent import actions, documents, queries
from openkap.consent.models import Consent
from openkap.dosing.tests.scene import consented
from openkap.kernel.ids import uuid7
from tests.cast import NOW, Cast


def test_a_consent_taken_back_outside_a_session_raises_no_alert(cast: Cast) -> None:
    consented(cast)
    actions.withdraw(Consent.objects.get().id, by=cast.amara_herself, at=NOW)
    assert queries.valid(cast.amara.id) is None
    assert not Alert.objects.exists()


def test_what_was_understood_and_what_was_chosen_is_written_once(cast: Cast) -> None:
    by = {"by": cast.amara_herself, "at": NOW}
    answers = {element.id: "As I understand it." for element in documents.current().elements}
    assert len(actions.answer_parts(cast.amara.id, answers=answers, **by)) == len(answers)
    assert actions.answer_parts(cast.amara.id, answers=answers, **by) == []
    chosen = queries.choices(cast.amara.id)
    actions.choose(cast.amara.id, values=chosen, **by)
    events = Event.objects.count()
    actions.choose(cast.amara.id, values=chosen, **by)
    assert Event.objects.count() == events


def test_a_time_that_never_began_ends_without_a_word(cast: Cast) -> None:
    events = Event.objects.count()
    actions.end_impairment(cast.amara.id, cause=("dose", uuid7()), by=cast.sam, at=NOW)
    assert Event.objects.count() == events
