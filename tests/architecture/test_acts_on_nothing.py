"""Whoever acts on something that is not there gets a sentence, whichever app they ask."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal

import pytest

from openkap.accounts import actions as accounts_actions
from openkap.alerts import actions as alerts_actions
from openkap.consent import actions as consent_actions
from openkap.courses import actions as courses_actions
from openkap.defaults import actions as defaults_actions
from openkap.dosing import actions as dosing_actions
from openkap.dosing.tests import scene as scenery
from openkap.kernel.refusal import Refused
from openkap.measures import actions as measures_actions
from openkap.people import actions as people_actions
from openkap.protocols import actions as protocols_actions
from openkap.screening import actions as screening_actions
from openkap.watch import actions as watch_actions
from tests.cast import NOW, Cast

NOTHING = uuid.UUID("0190ffff-ffff-7fff-bfff-ffffffffffff")
WHY = {"why": "It proved wrong."}
SIGN = {"typed_name": "Ife Okafor"}
SCREENED = {"outcome": "eligible", "reason": "", "confirmed": (), **SIGN}

Act = Callable[..., object]
ON_NOTHING: dict[str, tuple[Act, dict[str, object]]] = {
    "a duty": (accounts_actions.end_duty, WHY),
    "an alert": (alerts_actions.acknowledge, {}),
    "a consent": (consent_actions.withdraw, {}),
    "a record that consents": (consent_actions.begin_impairment, {"cause": ("dose", NOTHING)}),
    "a course": (courses_actions.end_course, WHY),
    "an order": (courses_actions.withdraw_order, WHY),
    "a proposed default": (defaults_actions.sign_proposal, SIGN),
    "a measure": (measures_actions.hand_in, {}),
    "a proposed number": (protocols_actions.sign_number, SIGN),
    "a decision": (screening_actions.second, SIGN),
    "a mark": (watch_actions.acknowledge_mark, {"action": "Looked."}),
    "a session": (watch_actions.sweep, {}),
    "a value put aside": (watch_actions.see_put_aside, {}),
}


@pytest.mark.parametrize("what", ON_NOTHING)
def test_an_act_on_something_that_is_not_there_is_refused_in_words(cast: Cast, what: str) -> None:
    act, more = ON_NOTHING[what]
    with pytest.raises(Refused) as refusal:
        act(NOTHING, **more, by=cast.okafor, at=NOW)
    assert str(refusal.value).endswith(".")


def test_a_person_is_screened_and_treated_by_a_protocol_the_clinic_has(cast: Cast) -> None:
    by = {"by": cast.okafor, "at": NOW}
    with pytest.raises(Refused):
        screening_actions.decide(
            cast.amara.id, pack_version_id=NOTHING, outcome="eligible", reason="", typed_name="x", **by
        )
    with pytest.raises(Refused):
        courses_actions.open_course(
            cast.amara.id, pack_version_id=NOTHING, first_day=NOW.date(), per_week=2, **by
        )


def test_a_merge_is_of_two_records(cast: Cast) -> None:
    with pytest.raises(Refused):
        people_actions.propose_merge(
            cast.amara.id, gone_id=NOTHING, why="One person.", seen="x", by=cast.kit, at=NOW
        )


def test_a_dose_that_was_not_started_is_neither_paused_nor_changed_nor_ordered_again(cast: Cast) -> None:
    here = scenery.scene(cast)
    by = {"by": cast.okafor, "at": here.later(2)}
    with pytest.raises(Refused):
        dosing_actions.pause(here.session.id, why="It hurts.", **by)
    with pytest.raises(Refused):
        dosing_actions.change_rate(here.session.id, rate_mg_per_h=Decimal(20), why="Slower.", **by)
    with pytest.raises(Refused):
        dosing_actions.order_rest(
            here.session.id, dose_mg=Decimal(10), why="The rest.", typed_name="Ife Okafor", **by
        )
    assert dosing_actions.release_lock(here.session.id, by=cast.sam, at=NOW + timedelta(hours=30)) is False


def test_a_record_that_went_while_its_twin_was_looked_at_is_said(cast: Cast, client_as, once) -> None:
    form = {"gone": NOTHING, "seen": "x", "why": "Her passport.", "once": once()}
    answer = client_as(cast.kit).post(f"/patients/{cast.amara.id}/merges/", form)
    assert answer.status_code == 422
    assert "That record is not here any more." in answer.content.decode()
