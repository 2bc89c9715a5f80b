"""H08, H24, H31: messages that come together are each taken as if alone, and cost little more than one."""

from __future__ import annotations

from decimal import Decimal

from openkap.audit.models import Event
from openkap.dosing.tests.scene import Scene, beside
from openkap.interop.hl7v2 import sending
from openkap.interop.hl7v2.actions import receive_all
from openkap.interop.hl7v2.models import DeviceMessage
from openkap.interop.hl7v2.tests.bedside import NAME, frames, message
from openkap.watch.models import Mark, Vital
from openkap.watch.plausibility import HEART_RATE, SPO2
from tests.cast import Cast
from tests.queries import counted


def test_of_messages_that_come_together_each_goes_where_it_belongs(cast: Cast, here: Scene) -> None:
    """Two sessions, an unknown monitor, a name that is not hers, another type, and bytes that say nothing."""
    [other], at = beside(here, count=1), here.later(2)
    whole = [
        message(71, at),
        message(72, at, monitor=other),
        message(73, here.later(1)),
        message(74, at, monitor="NOBODY-KNOWS"),
        message(75, at, patient="KAP-9999"),
        message(76, at).replace(b"ORU^R01^ORU_R01", b"ADT^A01"),
        b"no HL7 at all",
    ]
    outcomes = receive_all(frames(*whole), at=at)
    assert [it.code for it in outcomes] == ["AA", "AA", "AA", "AA", "AA", "AR", "AE"]
    kept = {bytes(row.content): row for row in DeviceMessage.objects.all()}
    assert set(kept) == set(whole)
    hers, theirs = kept[whole[0]].session_id, kept[whole[1]].session_id
    assert hers == here.session.id != theirs
    assert [kept[it].session_id for it in whole[2:]] == [hers, None, None, None, None]
    rates = Vital.objects.filter(code=HEART_RATE).order_by("value").values_list("session_id", "value")
    assert list(rates) == [(hers, 71), (theirs, 72), (hers, 73)]
    assert all(row.owner_id and row.reason for row in kept.values() if row.session_id is None)


def test_a_limit_that_was_crossed_and_left_among_them_raises_its_mark(cast: Cast, here: Scene) -> None:
    """H08: what came together is judged at its worst, not only at its end."""
    low = {HEART_RATE: Decimal(72), SPO2: Decimal(84)}
    deep = [sending.message(low, monitor=NAME, at=here.later(minutes)) for minutes in (1.0, 1.25, 1.5)]
    receive_all(frames(*deep, message(72, here.later(1.75))), at=here.later(2))
    one_by_one = {(mark.cause, mark.level) for mark in Mark.objects.filter(session=here.session)}
    assert "saturation" in {cause for cause, _ in one_by_one}


def test_the_same_bytes_twice_among_them_are_one_message(cast: Cast, here: Scene) -> None:
    """H24."""
    content = message(80, here.later(1))
    assert [it.code for it in receive_all(frames(content, content), at=here.later(1))] == ["AA", "AA"]
    assert DeviceMessage.objects.count() == 1
    assert Vital.objects.filter(code=HEART_RATE).count() == 1


def test_what_a_write_costs_is_paid_once_for_all_that_come_together(cast: Cast, here: Scene) -> None:
    """Eight messages of eight sessions ask little more than one; of each session the record has one entry."""
    names = [NAME, *beside(here, count=7)]

    def taken(*names: str, minutes: float) -> int:
        at = here.later(minutes)
        with counted() as count:
            receive_all(frames(*(message(70, at, monitor=name) for name in names)), at=at)
        return len(count)

    taken(*names, minutes=1)
    alone = taken(NAME, minutes=1.1)
    before = Event.objects.filter(verb="watch.values_charted").count()
    together = taken(*names, minutes=2.2)
    assert Event.objects.filter(verb="watch.values_charted").count() - before == len(names)
    assert alone <= 33
    assert together <= alone + 2 * len(names)


def test_a_message_asks_as_much_after_hours_as_after_minutes(cast: Cast, here: Scene) -> None:
    def asked(minutes: float) -> int:
        with counted() as count:
            receive_all(frames(message(71, here.later(minutes))), at=here.later(minutes))
        return len(count)

    early = [asked(minutes) for minutes in (1.0, 1.1)][-1]
    for minutes in range(2, 300, 3):
        receive_all(frames(message(70, here.later(minutes))), at=here.later(minutes))
    assert [asked(minutes) for minutes in (300.0, 300.1)][-1] <= early
