"""H34: what waits too long to be looked at raises an alert with an owner, once a day."""

from __future__ import annotations

import json
from datetime import timedelta
from decimal import Decimal

import pytest

from openkap.accounts.actor import Actor
from openkap.alerts.models import Alert
from openkap.interop.fhir.tests import samples
from openkap.interop.hl7v2 import actions as hl7v2_actions
from openkap.interop.hl7v2 import sending
from openkap.interop.hl7v2.models import DeviceMessage
from openkap.interop.referrals import actions as referrals_actions
from openkap.interop.waiting import report_what_waits
from openkap.watch import actions as watch_actions
from tests.cast import NOW, Cast

MESSAGE_AFTER, REFERRAL_AFTER = timedelta(hours=1), timedelta(days=1)


def _look(cast: Cast, *, after: timedelta, day: str = "2026-11-24") -> list[Alert]:
    clock = Actor.system(cast.clinic.id, "The clock")
    report_what_waits(by=clock, at=NOW + after, day=day)
    return list(Alert.objects.filter(kind__in=("messages_wait", "referrals_wait")))


def _message(monitor: str) -> None:
    content = sending.message({"8867-4": Decimal(84)}, monitor=monitor, at=NOW)
    hl7v2_actions.receive(content, at=NOW)


def test_a_message_nobody_has_looked_at_raises_an_alert_once_a_day(cast: Cast) -> None:
    _message("UNKNOWN-9")
    assert _look(cast, after=MESSAGE_AFTER - timedelta(minutes=1)) == []
    [alert] = _look(cast, after=MESSAGE_AFTER)
    assert "1 monitor message nobody has looked at" in str(alert.says)
    assert alert.owner_id is not None
    assert _look(cast, after=MESSAGE_AFTER * 2) == [alert]
    assert len(_look(cast, after=timedelta(days=1), day="2026-11-25")) == 2


def test_a_message_somebody_has_seen_and_one_no_room_waits_for_alarm_nobody(cast: Cast) -> None:
    _message("UNKNOWN-9")
    hl7v2_actions.settle(DeviceMessage.objects.get().id, note="tried out", by=cast.kit, at=NOW)
    watch_actions.add_monitor(identifier="SPARE", name="Spare", by=cast.sam, at=NOW)
    _message("SPARE")
    assert _look(cast, after=timedelta(hours=5)) == []


@pytest.mark.parametrize("taken", [False, True])
def test_a_referral_nobody_has_taken_in_raises_an_alert(cast: Cast, taken: bool) -> None:
    content = json.dumps(samples.bundle(samples.DEPRESSION)).encode()
    referral = referrals_actions.receive(content, sender="Dr Weiss", by=cast.kit, at=NOW)
    assert _look(cast, after=REFERRAL_AFTER - timedelta(hours=1)) == []
    if taken:
        referrals_actions.take(referral.id, patient_id=cast.amara.id, by=cast.kit, at=NOW)
    told = [str(it.says) for it in _look(cast, after=REFERRAL_AFTER)]
    assert told == ([] if taken else ["1 referral nobody has taken into a chart yet: from Dr Weiss."])
