"""What is put aside inside a message that was placed: on a page, with an owner and an alarm, and in the room.

H31, H34: nothing a monitor sends is invisible because the rest of its message was charted.
"""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest

from openkap.alerts.models import Alert
from openkap.dosing.live import live
from openkap.dosing.tests.scene import Scene
from openkap.interop.hl7v2 import actions, sending
from openkap.interop.hl7v2.tests.bedside import NAME
from openkap.kernel.refusal import Refused
from openkap.watch import actions as watch_actions
from openkap.watch import queries as watch_queries
from openkap.watch.models import PutAside, PutAsideSeen, Vital
from openkap.watch.plausibility import HEART_RATE, SPO2
from tests.cast import NOW, Cast

KPA = "OBX|2|NM|150021^MDC_PRESS_BLD_NONINV_SYS^MDC|1.1.7.1|{}|265987^MDC_DIM_KILO_PASCAL^MDC|||||R"
HEART = "OBX|2|NM|147842^MDC_ECG_HEART_RATE^MDC|1.7.4.1|84|264864^MDC_DIM_BEAT_PER_MIN^MDC|||||R"
CO2 = "OBX|3|NM|151708^MDC_CONC_AWAY_CO2_ET^MDC|1.2.1.1|38|266016^MDC_DIM_MMHG^MDC|||||R"


def _send(it: Scene, *lines: str, minutes: float = 1, patient: str = "") -> None:
    at = it.later(minutes)
    content = sending.message({SPO2: Decimal(97)}, monitor=NAME, at=at, patient=patient).decode()
    actions.receive(("\r".join([content.rstrip("\r"), *lines]) + "\r").encode(), at=at)


def test_a_cuff_in_kilopascals_is_seen_in_the_room_and_on_the_page(
    cast: Cast, here: Scene, client_as
) -> None:
    """The saturation was stored, the cuff put aside, and no page showed it."""
    _send(here, KPA.format("26.9"))
    assert Vital.objects.filter(code=SPO2).count() == 1
    row = PutAside.objects.get()
    assert (str(row.what), row.value_text) == ("Systolic blood pressure", "26.9 kPa")
    assert row.owner_id is not None
    assert "The unit kPa is not one this clinic takes" in str(row.reason)
    room = client_as(cast.sam).get(f"/sessions/{here.session.id}/").content.decode()
    assert "Not charted: Systolic blood pressure 26.9" in room
    page = client_as(cast.kit).get("/devices/inbox/").content.decode()
    assert "the room waits for it" in page
    assert "26.9 kPa" in page


def test_it_is_an_alarm_once_a_session_however_often_it_comes(cast: Cast, here: Scene) -> None:
    for minute in range(1, 6):
        _send(here, KPA.format(f"2{minute}.9"), minutes=minute)
    assert PutAside.objects.count() == 1
    alert = Alert.objects.get()
    assert alert.kind == "values_not_charted"
    assert alert.patient_id == cast.amara.id
    assert alert.owner_id is not None


def test_what_this_clinic_does_not_take_is_listed_once_and_alarms_nobody(cast: Cast, here: Scene) -> None:
    _send(here, CO2)
    _send(here, CO2.replace("|38|", "|39|"), minutes=2)
    row = PutAside.objects.get()
    assert (row.expected, str(row.what)) == (False, "MDC_CONC_AWAY_CO2_ET")
    assert not Alert.objects.exists()
    assert live(here.session, at=here.later(3)).put_aside == []
    assert list(watch_queries.put_aside_waiting()) == [row]


@pytest.mark.parametrize("flag", ["QUES", "INV", "CALIB"])
def test_what_the_monitor_itself_doubts_for_a_moment_alarms_nobody(
    cast: Cast, here: Scene, flag: str
) -> None:
    _send(
        here, f"OBX|2|NM|147842^MDC_ECG_HEART_RATE^MDC|1.7.4.1|84|264864^MDC_DIM_BEAT_PER_MIN^MDC||{flag}|||R"
    )
    assert PutAside.objects.get().expected is False
    assert not Alert.objects.exists()


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (lambda text: text.replace("|P|2.6", "|D|2.6"), "demonstration mode"),
        (lambda text: text + "PID|2||KAP-0099\r", "several people or places"),
        (lambda text: text.replace("PID|||", "PID|||KAP-0777"), "names another patient"),
    ],
)
def test_a_message_that_does_not_reach_its_room_is_said_in_the_room(
    cast: Cast, here: Scene, change, says: str
) -> None:
    content = sending.message({HEART_RATE: Decimal(84)}, monitor=NAME, at=here.later(1)).decode()
    actions.receive(change(content).encode(), at=here.later(1))
    [row] = live(here.session, at=here.later(1)).put_aside
    assert str(row.what) == "Every value of this monitor"
    assert says in str(row.reason)
    assert Alert.objects.count() == 1


def test_a_slow_clock_without_a_message_time_is_said_in_the_room(cast: Cast, here: Scene) -> None:
    """H27: SpO₂ 82 measured now stood at 20 minutes ago without a word."""
    content = sending.message({SPO2: Decimal(82)}, monitor=NAME, at=here.later(1)).decode()
    header = content.split("|")
    header[6] = ""
    actions.receive("|".join(header).encode(), at=here.later(21))
    assert not Vital.objects.filter(code=SPO2).exists()
    assert "its newest time is 20 min off" in str(PutAside.objects.get().reason)


def test_what_differs_in_its_numbers_alone_is_put_aside_once(cast: Cast, here: Scene) -> None:
    """A clock that runs hours ahead names another time in every message; the room is told once."""
    for minute in (1, 2, 3):
        ahead = here.later(600 + minute).strftime("%Y%m%d%H%M%S+0000")
        _send(here, HEART + f"|||{ahead}", minutes=minute)
    assert "lies in the future" in str(PutAside.objects.get().reason)


def test_the_cuff_of_the_person_before_is_listed_and_alarms_nobody(cast: Cast, here: Scene) -> None:
    """Monitors go on sending an earlier cuff; the room does not wait for it (H36)."""
    earlier = sending.message({SPO2: Decimal(97)}, monitor=NAME, at=NOW - timedelta(minutes=3))
    actions.receive(earlier, at=here.later(1))
    assert PutAside.objects.get().expected is False
    assert not Alert.objects.exists()


def test_whoever_has_seen_it_takes_it_off_the_room_and_the_page_once(
    cast: Cast, here: Scene, client_as, once
) -> None:
    _send(here, KPA.format("26.9"))
    row = PutAside.objects.get()
    answer = client_as(cast.sam).post(f"/put-aside/{row.id}/seen/", {"once": once()})
    assert answer.status_code in (200, 204, 302)
    assert live(here.session, at=here.later(2)).put_aside == []
    assert not watch_queries.put_aside_waiting()
    with pytest.raises(Refused):
        watch_actions.see_put_aside(row.id, by=cast.sam, at=here.later(3))
    _send(here, KPA.format("27.1"), minutes=3)
    assert PutAside.objects.count() == 1
    assert PutAsideSeen.objects.count() == 1


def test_those_who_look_after_monitors_see_it_off_their_page(
    cast: Cast, here: Scene, client_as, once
) -> None:
    _send(here, CO2)
    row = PutAside.objects.get()
    answer = client_as(cast.kit).post(f"/devices/put-aside/{row.id}/", {"once": once()})
    assert answer.status_code == 302
    assert not watch_queries.put_aside_waiting()


def test_a_message_that_cannot_be_read_is_an_alarm_once_in_a_while(cast: Cast, here: Scene) -> None:
    """H31: a malformed frame must alarm."""
    for seconds in range(5):
        actions.receive(b"GET / HTTP/1.1 %d" % seconds, at=NOW + timedelta(seconds=seconds))
    alert = Alert.objects.get(kind="message_unreadable")
    assert "cannot be read" in str(alert.says)
    assert alert.owner_id is not None
