"""What is said in the record is kept as a code and rendered for whoever reads it (H39)."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal

import pytest

from openkap.kernel import wording
from openkap.kernel.statement import KernelStatement, Stated, Statement, restored
from openkap.kernel.wording import Phrase


class Lamp(Phrase):
    """Parts of a lamp."""

    WICK = "the wick"


class LampStatement(Statement):
    """What is said of lamps."""

    BURNS = "{what} burns since {since}"
    DRY = "No oil since {since:day}"
    NESTED = "{parts}. {why}"


MOMENT = datetime(2026, 3, 4, 22, 30, tzinfo=UTC)


def _back(said: Stated) -> Stated:
    return restored(json.loads(json.dumps(said.kept())))


def test_a_statement_comes_back_as_it_was_kept_and_no_sentence_is_kept() -> None:
    burns = LampStatement.BURNS(what=Lamp.WICK, since=MOMENT)
    said = LampStatement.NESTED(parts=[burns, "text", 3, Decimal("1.50"), date(2026, 1, 2)], why=True)
    assert _back(said) == said
    assert "burns" not in json.dumps(said.kept())


def test_it_is_rendered_in_the_readers_language_and_by_the_clinics_clock(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    said = _back(LampStatement.BURNS(what=Lamp.WICK, since=MOMENT))
    assert str(said) == "the wick burns since 22:30"
    words = {"{what} burns since {since}": "{what} brennt seit {since}", "the wick": "der Docht"}
    zone = timezone(timedelta(hours=2))
    monkeypatch.setattr(wording, "_edge", [])
    wording.render_with(
        translate=lambda text: words.get(text, text),
        localise=lambda moment: moment.astimezone(zone),
        write_day=lambda day, pattern: f"{day:%d.%m.} ({pattern})",
    )
    assert str(said) == "der Docht brennt seit 00:30"
    assert str(_back(LampStatement.DRY(since=MOMENT))) == "No oil since 05.03. (D j M Y, H:i)"


def test_what_this_release_does_not_know_is_shown_by_its_code_and_not_lost() -> None:
    gone = restored({"code": "LampStatement.STOLEN", "params": {"by_whom": "Eve"}})
    assert gone.statement is KernelStatement.UNKNOWN
    assert str(gone) == "LampStatement.STOLEN: by_whom Eve"
    changed = restored({"code": "LampStatement.DRY", "params": {}})
    assert "LampStatement.DRY" in str(changed)


def test_a_statement_is_given_what_its_sentence_speaks_of_and_nothing_it_cannot_keep() -> None:
    with pytest.raises(TypeError, match="other things"):
        LampStatement.DRY(until=MOMENT)
    with pytest.raises(TypeError, match="cannot keep"):
        LampStatement.BURNS(what=object(), since=MOMENT).kept()
    with pytest.raises(ValueError, match="shows nothing"):
        str(LampStatement.DRY(since="yesterday"))
