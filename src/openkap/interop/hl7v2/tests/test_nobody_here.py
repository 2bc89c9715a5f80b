"""Before the first clinic, and when the same bytes come over two connections at once (H31)."""

from __future__ import annotations

import pytest
from django.db import IntegrityError

from openkap.alerts.models import Alert
from openkap.dosing.tests.scene import Scene
from openkap.interop import rules
from openkap.interop.hl7v2 import actions
from openkap.interop.hl7v2.actions import receiving, taking
from openkap.interop.hl7v2.models import DeviceMessage
from openkap.interop.hl7v2.tests.bedside import send
from openkap.interop.reasons import InteropReason
from openkap.watch.plausibility import HEART_RATE
from tests.cast import NOW, Cast


def test_without_a_clinic_nothing_is_answered_so_the_sender_keeps_it(
    cast: Cast, here: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    content, _ = send(here, {HEART_RATE: "84"})
    monkeypatch.setattr(receiving, "clinic_ids", list)
    for sent in (content.replace(b"84", b"85"), b"not HL7"):
        with pytest.raises(actions.NobodyHere):
            actions.receive(sent, at=NOW)
        with pytest.raises(actions.NobodyHere):
            actions.keep_unread(sent, reason="Noise.", at=NOW)
    actions.report_turned_away("10.0.0.9", 3, at=NOW)
    assert not Alert.objects.filter(kind="monitors_turned_away").exists()


def test_the_same_bytes_at_once_are_kept_once_and_any_other_clash_is_said(
    cast: Cast, here: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    content, _ = send(here, {HEART_RATE: "84"})
    monkeypatch.setattr(taking, "_new", lambda arrivals, at: list(arrivals))
    assert actions.receive(content, at=here.later(1)).code == "AA"
    assert DeviceMessage.objects.count() == 1

    def clash(*args: object, **kwargs: object) -> None:
        raise IntegrityError("something else")

    monkeypatch.setattr(taking, "journal", clash)
    others = [actions.SentFrame(content.replace(b"84", value)) for value in (b"85", b"86")]
    with pytest.raises(IntegrityError):
        actions.receive(others[0].content, at=here.later(2))
    with pytest.raises(IntegrityError):  # which of them it was, the caller finds out by taking each alone
        actions.receive_all(others, at=here.later(2))


def test_a_message_whose_session_runs_is_settled_there() -> None:
    told = rules.objections_to_settling(in_a_session=True, settled=False, note="Seen.")
    assert [it.reason for it in told] == [InteropReason.IN_A_SESSION]
