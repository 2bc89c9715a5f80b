"""The clinic's numbers: one proposes within the range, another signs, and from then on it acts (H45)."""

from __future__ import annotations

from dataclasses import fields
from datetime import timedelta
from html import unescape
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

import pytest
from django.db import DatabaseError, transaction

from openkap.accounts.actor import Actor
from openkap.alerts import actions as alerts_actions
from openkap.alerts.numbers import AlertNumbers
from openkap.config.installed import APPS
from openkap.defaults import actions, loading, queries, rules
from openkap.defaults.models import ProposedDefault, SignedDefault
from openkap.defaults.numbers import UNITS, Numbers
from openkap.kernel.ids import uuid7
from openkap.kernel.refusal import Refused
from tests.cast import NOW, Cast
from tests.statements import StatementInATest

KEY = "alerts.acknowledge_urgent_minutes"
LATER = NOW + timedelta(minutes=1)


def _propose(cast: Cast, value: int = 5, *, by: Actor | None = None) -> ProposedDefault:
    return actions.propose(KEY, value=value, why="We are few at night.", by=by or cast.sam, at=NOW)


def _sign(cast: Cast, row: ProposedDefault, *, by: Actor | None = None) -> SignedDefault:
    by = by or cast.okafor
    return actions.sign_proposal(row.id, typed_name=by.name, by=by, at=LATER)


def test_every_number_ships_inside_its_range_with_a_sentence_and_a_unit() -> None:
    for group in loading.groups():
        assert group.title
        for number in group.numbers:
            assert number.low <= number.value <= number.high, number.key
            assert number.low < number.high, number.key
            assert number.says[0].isupper(), number.key
            assert not number.says.endswith("."), number.key
            assert any(number.name.endswith(end) for end in UNITS), number.key


def test_every_group_is_named_by_one_class_with_exactly_its_numbers() -> None:
    """A number that ships and that nothing reads, or that is read and does not ship, is found here."""
    for app in (app for app in APPS if find_spec(f"openkap.{app}.numbers")):
        import_module(f"openkap.{app}.numbers")
    known = {kind.group: kind for kind in Numbers.__subclasses__() if kind.group}
    assert set(known) == {group.name for group in loading.groups()}
    for group in loading.groups():
        assert {it.name for it in group.numbers} == {it.name for it in fields(known[group.name])}


def test_until_something_is_signed_what_ships_acts(cast: Cast) -> None:
    assert queries.of(AlertNumbers) == loading.shipped(AlertNumbers)
    _propose(cast)
    assert queries.of(AlertNumbers) == loading.shipped(AlertNumbers)


def test_a_number_that_was_proposed_and_signed_acts_from_then_on(cast: Cast) -> None:
    _sign(cast, _propose(cast, 5))
    assert queries.of(AlertNumbers).acknowledge_urgent_minutes == 5
    alert = alerts_actions.raise_alert(
        cast.amara.id,
        kind="x",
        says=StatementInATest.WORDS(words="Look."),
        owner_membership_id=cast.okafor.membership_id,
        cause=("test", uuid7()),
        by=cast.sam,
        at=LATER,
    )
    assert alert.due_at == LATER + timedelta(minutes=5)
    _sign(cast, _propose(cast, 8), by=cast.okafor)
    assert queries.of(AlertNumbers).acknowledge_urgent_minutes == 8


@pytest.mark.parametrize(
    ("key", "value", "why", "code"),
    [
        (KEY, 1, "Why not.", "OUT_OF_RANGE"),
        (KEY, 31, "Why not.", "OUT_OF_RANGE"),
        (KEY, 10, "Why not.", "NOTHING_CHANGED"),
        (KEY, 5, "  ", "WHY_MISSING"),
        ("alerts.no_such", 5, "Why not.", "NO_SUCH_NUMBER"),
    ],
)
def test_outside_the_range_or_without_a_reason_nothing_is_proposed(
    cast: Cast, key: str, value: int, why: str, code: str
) -> None:
    with pytest.raises(Refused) as refused:
        actions.propose(key, value=value, why=why, by=cast.sam, at=NOW)
    assert code in refused.value.codes
    assert not ProposedDefault.objects.exists()


def test_only_the_director_signs_and_never_their_own_proposal(cast: Cast) -> None:
    mine = _propose(cast, by=cast.okafor)
    for by, code in ((cast.okafor, "OWN_PROPOSAL"), (cast.bello, "NOT_THE_DIRECTOR")):
        with pytest.raises(Refused) as refused:
            _sign(cast, mine, by=by)
        assert code in refused.value.codes
    assert queries.of(AlertNumbers) == loading.shipped(AlertNumbers)


def test_a_proposal_is_signed_once(cast: Cast) -> None:
    row = _propose(cast)
    _sign(cast, row)
    with pytest.raises(Refused) as refused:
        _sign(cast, row)
    assert "SIGNED_ALREADY" in refused.value.codes


def test_the_director_signs_numbers_as_they_ship_each_once(cast: Cast) -> None:
    other = "alerts.answer_urgent_minutes"
    rows = actions.sign_shipped([KEY, other], typed_name=cast.okafor.name, by=cast.okafor, at=NOW)
    assert {(row.name, row.value) for row in rows} == {
        ("acknowledge_urgent_minutes", 10),
        ("answer_urgent_minutes", 60),
    }
    for keys, code in (([KEY], "NUMBER_SIGNED"), ([], "NOTHING_CHOSEN"), (["a.b"], "NO_SUCH_NUMBER")):
        with pytest.raises(Refused) as refused:
            actions.sign_shipped(keys, typed_name=cast.okafor.name, by=cast.okafor, at=LATER)
        assert code in refused.value.codes


def test_what_was_signed_stays_as_it_was_signed(cast: Cast) -> None:
    signed = _sign(cast, _propose(cast))
    with pytest.raises(DatabaseError), transaction.atomic():
        SignedDefault.objects.filter(id=signed.id).update(value=30)


def test_without_a_director_nothing_is_signed() -> None:
    (told,) = rules.objections_to_signer(director="", is_director=False)
    assert told.code == "NO_DIRECTOR"


def test_the_page_shows_every_number_and_the_director_signs_there(cast: Cast, client_as) -> None:
    row = _propose(cast)
    page = client_as(cast.sam).get("/numbers/")
    for group in loading.groups():
        for number in group.numbers:
            assert number.says in unescape(page.content.decode()), number.key
    assert "Sign this number" not in page.content.decode()
    assert "Sign this number" in client_as(cast.okafor).get("/numbers/").content.decode()
    assert row.why in page.content.decode()


def test_the_reference_lists_every_number_as_it_ships() -> None:
    page = (Path(__file__).resolve().parents[4] / "docs/reference/numbers.md").read_text("utf-8")
    rows = {line for line in page.splitlines() if line.startswith("| `")}
    expected = set()
    for group in loading.groups():
        for it in group.numbers:
            value = f"{it.value} {it.unit}".strip()
            expected.add(f"| `{it.key}` | {it.says} | {value} | {it.low} to {it.high} | {it.status.value} |")
    assert rows == expected
