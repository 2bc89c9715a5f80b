"""The clock wakes the clinics in which something is due, and never leaves one out (hazards H07, H12, H13)."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from openkap.accounts.actor import Actor
from openkap.accounts.models import Membership, User
from openkap.alerts import actions as alerts_actions
from openkap.alerts.models import Alert, OnCall
from openkap.consent.models import Impairment
from openkap.dosing.tests.scene import Scene, scene
from openkap.followup import actions as followup_actions
from openkap.followup import queries as followup
from openkap.followup.models import CheckIn
from openkap.interop.fhir.tests import samples
from openkap.interop.hl7v2 import actions as hl7v2_actions
from openkap.interop.hl7v2 import sending
from openkap.interop.hl7v2.models import DeviceMessage
from openkap.interop.referrals import actions as referrals_actions
from openkap.kernel.ids import uuid7
from openkap.notices import actions as notices_actions
from openkap.notices.channels import email_to
from openkap.people.models import Patient
from openkap.tenancy.context import inside
from openkap.watch.models import Session
from tests.cast import NOW, Cast, found_clinic, sign_cover
from tests.rounds import ROUNDS

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.fixture(autouse=True)
def _mail(settings) -> None:
    settings.OPENKAP_MAIL_IS_SET_UP = True
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"


@pytest.fixture
def calm(cast: Cast) -> Cast:
    """Somebody is on call, nothing waits."""
    sign_cover(cast.ada, on_call=(cast.eve,), at=NOW)
    return cast


def _due(*names: str, at: datetime = NOW) -> list[str]:
    return [name for name in names or ROUNDS if ROUNDS[name].due(at)]


def _clock(cast: Cast) -> Actor:
    return Actor.system(cast.clinic.id, "The clock")


def test_a_clinic_at_rest_is_woken_by_nobody(calm: Cast) -> None:
    assert _due() == []


# The watch and the lock on signing


def test_an_open_session_is_watched_until_it_is_closed(calm: Cast) -> None:
    it = scene(calm)
    assert _due("watch") == ["watch"]
    Session.objects.filter(id=it.session.id).update(closed_at=NOW)
    assert _due("watch") == []


def test_who_may_not_sign_is_looked_at_until_they_may(calm: Cast) -> None:
    assert _due("dosing") == []
    scene(calm).start(minutes=0)
    assert _due("dosing") == ["dosing"]
    Impairment.objects.update(ended_at=NOW)
    assert _due("dosing") == []


# Check-ins


def _planned(cast: Cast) -> CheckIn:
    keys = {"patient_id": cast.amara.id, "course_id": uuid7(), "session_id": uuid7()}
    return followup_actions.plan(**keys, left_at=NOW, by=cast.sam, at=NOW)[0]


def _closed_after_a_dose(cast: Cast, *, at: datetime) -> Scene:
    it = scene(cast)
    Session.objects.filter(id=it.session.id).update(dose_began_at=NOW - HOUR, closed_at=at)
    return it


def test_a_session_without_its_check_ins_is_found_as_long_as_it_is_looked_for(calm: Cast) -> None:
    it = _closed_after_a_dose(calm, at=NOW)
    assert _due("followup", at=NOW) == ["followup"]
    assert _due("followup", at=NOW + 14 * DAY) == ["followup"]
    assert _due("followup", at=NOW + 14 * DAY + HOUR) == []
    followup_actions.do(followup.ToDo("plan", it.session.id), by=calm.sam, at=NOW)
    assert _due("followup", at=NOW) == []


def test_a_session_closed_without_a_dose_needs_none(calm: Cast) -> None:
    it = _closed_after_a_dose(calm, at=NOW)
    Session.objects.filter(id=it.session.id).update(dose_began_at=None)
    assert _due("followup") == []


def test_a_check_in_is_sent_when_it_is_due_and_alarmed_when_it_is_late(calm: Cast) -> None:
    row, by = _planned(calm), {"by": _clock(calm)}
    before, late = row.due_at - timedelta(seconds=1), row.late_at
    assert _due("followup", at=before) == []
    assert _due("followup", at=row.due_at) == ["followup"]
    followup_actions.send(row.id, **by, at=row.due_at)
    assert _due("followup", at=late - timedelta(seconds=1)) == []
    assert _due("followup", at=late) == ["followup"]
    followup_actions.alarm_silence(row.id, **by, at=late)
    assert _due("followup", at=late) == []


def test_nobody_without_an_address_keeps_the_clock_awake(calm: Cast) -> None:
    row = _planned(calm)
    Patient.objects.filter(id=calm.amara.id).update(email="")
    assert _due("followup", at=row.due_at) == []
    assert _due("followup", at=row.late_at) == ["followup"]


@pytest.mark.parametrize("ended", ["answered_at", "called_off_at"])
def test_a_check_in_that_is_over_is_not_due(calm: Cast, ended: str) -> None:
    row = _planned(calm)
    CheckIn.objects.filter(id=row.id).update(**{ended: NOW})
    assert _due("followup", at=row.late_at) == []


# Messages and alerts


def test_a_message_is_due_from_its_time_until_it_is_sent(calm: Cast) -> None:
    told = {"owner_membership_id": calm.kit.membership_id, "by": calm.kit, "at": NOW + HOUR}
    notice = notices_actions.queue(kind="measure", to=email_to("a@example.org"), link_path="", **told)
    assert (_due("notices"), _due("notices", at=NOW + HOUR)) == ([], ["notices"])
    notices_actions.send(notice.id, by=calm.kit, at=NOW + HOUR)
    assert _due("notices", at=NOW + 2 * HOUR) == []


def _raised(cast: Cast, **more: Any) -> Alert:
    from openkap.alerts.statements import AlertStatement

    told = {"kind": "silence", "says": AlertStatement.NOBODY_ON_CALL(), "cause": ("check_in", uuid7())}
    owner = {"owner_membership_id": cast.okafor.membership_id, "by": cast.kit, "at": NOW}
    return alerts_actions.raise_alert(cast.amara.id, **{**told, **owner, **more})


def test_an_open_alert_is_looked_at_until_it_is_answered_and_its_visitors_have_left(calm: Cast) -> None:
    sign_cover(calm.ada, on_call=(calm.eve,), hours=None, at=NOW)
    alert = _raised(calm)
    assert _due("alerts") == ["alerts"]
    alerts_actions.acknowledge(alert.id, by=calm.eve, at=NOW)
    alerts_actions.answer(alert.id, outcome="spoke", note="Spoke with her.", by=calm.eve, at=NOW)
    assert _due("alerts") == ["alerts"], "Eve, who was let in for it, is still in the care team"
    alerts_actions.sweep(by=_clock(calm), at=NOW + 2 * DAY)
    assert _due("alerts") == []


@pytest.mark.parametrize("gone", ["left", "other_work", "shut_out", "never_named", "no_cover"])
def test_a_clinic_with_nobody_on_call_is_found_until_its_alert_stands(calm: Cast, gone: str) -> None:
    """H12: also when whoever was on call has left, does other work, or may not sign in any more."""
    member = Membership.objects.filter(id=calm.eve.membership_id)
    if gone == "left":
        member.update(ended_at=NOW)
    elif gone == "other_work":
        member.update(role="researcher")
    elif gone == "shut_out":
        User.objects.filter(id=calm.eve.user_id).update(is_active=False)
    elif gone == "never_named":
        sign_cover(calm.ada, at=NOW + HOUR)
    else:
        with inside(found_clinic("Another Clinic").id, role="system"):
            assert not OnCall.objects.exists()
            assert _due("alerts") == ["alerts"]
            return
    assert _due("alerts") == ["alerts"]
    alerts_actions.sweep(by=_clock(calm), at=NOW)
    alert = Alert.objects.get(kind="nobody_on_call")
    assert _due("alerts") == ["alerts"]
    Alert.objects.filter(id=alert.id).update(acknowledged_at=NOW, answered_at=NOW)
    assert _due("alerts") == []


def test_a_clinic_that_has_not_been_told_that_no_mail_leaves_is_found(calm: Cast, settings) -> None:
    settings.OPENKAP_MAIL_IS_SET_UP = False
    assert _due("alerts") == ["alerts"]
    alerts_actions.sweep(by=_clock(calm), at=NOW)
    Alert.objects.update(acknowledged_at=NOW, answered_at=NOW)
    assert _due("alerts") == []


# What waits from outside


def test_a_monitors_message_waits_until_it_is_settled(calm: Cast) -> None:
    content = sending.message({"8867-4": Decimal(84)}, monitor="UNKNOWN-9", at=NOW)
    hl7v2_actions.receive(content, at=NOW)
    assert _due("interop") == ["interop"]
    hl7v2_actions.settle(DeviceMessage.objects.get().id, note="tried out", by=calm.kit, at=NOW)
    assert _due("interop") == []


def test_a_referral_waits_until_it_is_taken_in(calm: Cast) -> None:
    content = json.dumps(samples.bundle(samples.DEPRESSION)).encode()
    referral = referrals_actions.receive(content, sender="Dr Weiss", by=calm.kit, at=NOW)
    assert _due("interop") == ["interop"]
    referrals_actions.take(referral.id, patient_id=calm.amara.id, by=calm.kit, at=NOW)
    assert _due("interop") == []
