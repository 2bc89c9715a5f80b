"""A reason is compared by its code and read as a sentence; no sentence is stored."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from enum import Enum

import pytest

from openkap.kernel import wording
from openkap.kernel.refusal import Objection, Reason, Refused
from openkap.kernel.wording import placeholders, render, render_with, shown


class Tried(Reason):
    """Reasons for these tests."""

    TOO_SOON = "It is {hours} h too soon."
    NOT_HERE = "It is not here."


class Part(Enum):
    """Phrases that are translated by themselves."""

    LEFT = "the left arm"


@pytest.fixture
def edge():
    before = list(wording._edge)
    yield render_with
    wording._edge[:] = before


def _day(day: date, pattern: str) -> str:
    return f"{day.day} de marzo"


@pytest.mark.parametrize(
    ("how", "words"),
    [("short", "1 Mar"), ("long", "Sun 1 Mar 2026"), ("born", "1 Mar 2026"), ("weekday", "Sunday 1 March")],
)
def test_without_an_edge_a_day_is_written_plainly(
    monkeypatch: pytest.MonkeyPatch, how: str, words: str
) -> None:
    monkeypatch.setattr(wording, "_edge", [])
    assert wording.in_words(date(2026, 3, 1), how) == words


@pytest.mark.parametrize(
    ("value", "how"), [(date(2026, 3, 1), "day"), (date(2026, 3, 1), "year"), ("x", "long")]
)
def test_a_day_is_written_in_no_other_way(value: date, how: str) -> None:
    with pytest.raises(ValueError, match="shows nothing as"):
        wording.in_words(value, how)


def test_a_reason_makes_an_objection_with_what_it_speaks_of() -> None:
    one = Tried.TOO_SOON("when", hours=Decimal("3.50"))
    assert one == Objection(Tried.TOO_SOON, "when", {"hours": Decimal("3.50")})
    assert (one.code, one.text) == ("TOO_SOON", "It is 3.5 h too soon.")
    assert hash(one) == hash(Tried.TOO_SOON("when", hours=Decimal(1)))


@pytest.mark.parametrize("params", [{}, {"minutes": 3}, {"hours": 3, "minutes": 3}])
def test_a_reason_that_speaks_of_other_things_cannot_be_made(params: dict[str, int]) -> None:
    with pytest.raises(TypeError, match="speaks of other things"):
        Tried.TOO_SOON(**params)


def test_the_record_keeps_the_code_and_no_sentence() -> None:
    kept = Tried.TOO_SOON("when", hours=3).as_record()
    assert kept == {"code": "TOO_SOON", "field": "when", "params": {"hours": "3"}}
    assert Tried.NOT_HERE().as_record() == {"code": "NOT_HERE", "field": ""}


def test_a_sentence_is_rendered_in_the_language_of_whoever_reads_it(edge) -> None:
    one = Tried.TOO_SOON(hours=3)
    spanish = {"It is {hours} h too soon.": "Faltan {hours} h."}
    edge(translate=lambda text: spanish.get(text, text), localise=lambda at: at, write_day=_day)
    assert one.text == "Faltan 3 h."
    assert str(Refused(one, Tried.NOT_HERE())) == "Faltan 3 h.; It is not here."
    assert Refused(one, Tried.NOT_HERE()).codes == ("TOO_SOON", "NOT_HERE")


def test_every_kind_of_value_is_shown_as_a_person_reads_it(edge) -> None:
    edge(
        translate=lambda text: {"the left arm": "el brazo izquierdo"}.get(text, text),
        localise=lambda at: at - timedelta(hours=5),
        write_day=_day,
    )
    assert shown(Part.LEFT) == "el brazo izquierdo"
    assert shown(datetime(2026, 3, 1, 14, 5, tzinfo=UTC)) == "09:05"
    assert shown(date(2026, 3, 1)) == "1 de marzo"
    assert render("{on:weekday}", {"on": date(2026, 3, 1)}) == "1 de marzo"
    assert shown((Decimal("0.50"), "x", 7)) == "0.5, x, 7"
    assert placeholders("a {b} {{c}} {d}") == {"b", "d"}
    assert render("{a} of {b}", {"a": "{b}", "b": 2}) == "{b} of 2"


def test_a_refusal_without_a_reason_is_none() -> None:
    with pytest.raises(ValueError, match="at least one"):
        Refused()
