"""The look is kept: contrast, ages in words, one press per form, papers that names cannot break."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django import forms
from django.template import Context, Template
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from openkap.kernel import wording
from openkap.kernel.refusal import Refused
from openkap.ui import days, documents, navigation
from openkap.ui.templatetags.ui import age_words, initials, years_old
from tests.refusals import said

SOURCE = Path(__file__).resolve().parents[2]
TOKENS = Path(__file__).resolve().parents[4] / "frontend" / "src" / "styles" / "tokens.css"


def _themes() -> dict[str, dict[str, str]]:
    css = TOKENS.read_text(encoding="utf-8")
    blocks = re.findall(r"(:root|\[data-theme=\"quiet\"\]) \{(.*?)\}", css, re.DOTALL)
    found: dict[str, dict[str, str]] = {}
    for selector, body in blocks:
        theme = "light" if selector == ":root" else "quiet"
        found.setdefault(theme, {}).update(dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6});", body)))
    return found


def _luminance(colour: str) -> float:
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """Contrast ratio by WCAG 2.2."""
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


GROUNDS = ("ground", "surface", "raised")
VALUES = [(ink, ground) for ink in ("ink", "pressure", "heart-rate", "spo2") for ground in GROUNDS]
TEXTS = [(ink, ground) for ink in ("soft", "brand", "due", "over", "stop", "ok") for ground in GROUNDS]
TEXTS += [(kind, f"{kind}-soft") for kind in ("brand", "due", "over", "stop", "ok")]
TEXTS += [("soft", f"{kind}-soft") for kind in ("brand", "due", "over", "stop", "ok", "quiet")]
TEXTS += [("ink", f"{kind}-soft") for kind in ("brand", "due", "over", "stop", "ok", "quiet")]
TEXTS += [("on-brand", "brand")]


@pytest.mark.parametrize("theme", ["light", "quiet"])
@pytest.mark.parametrize(("ink", "ground"), VALUES)
def test_values_and_names_stand_out_sevenfold(theme, ink, ground):
    """A nurse reads them in the dark, at arm's length (hazard H48)."""
    colours = _themes()[theme]
    assert contrast(colours[ink], colours[ground]) >= 7


@pytest.mark.parametrize("theme", ["light", "quiet"])
@pytest.mark.parametrize(("ink", "ground"), TEXTS)
def test_all_text_is_readable(theme, ink, ground):
    colours = _themes()[theme]
    assert contrast(colours[ink], colours[ground]) >= 4.5


@pytest.mark.parametrize("theme", ["light", "quiet"])
def test_the_edge_of_a_control_can_be_seen(theme):
    colours = _themes()[theme]
    assert all(contrast(colours["edge"], colours[ground]) >= 3 for ground in GROUNDS)


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(0, "0 s ago"), (89, "89 s ago"), (90, "1 min ago"), (7200, "2 h ago"), (-600, "in 10 min")],
)
def test_an_age_is_said_as_people_say_it(seconds, words):
    assert age_words(timedelta(seconds=seconds)) == words


def test_a_value_without_a_time_was_never_taken():
    shown = Template("{% load ui %}{{ at|ago }}").render(Context({"at": None}))
    assert shown == "never"
    fresh = Template("{% load ui %}{{ at|ago }}").render(Context({"at": datetime.now(tz=UTC)}))
    assert "data-age" in fresh


def test_nobody_known_has_an_age_made_up():
    assert years_old(None) == "age not known"
    assert initials("Amara Osei") == "AO"
    assert initials("") == "?"


class _Form(forms.Form):
    dose = forms.CharField(label="Dose in mg", help_text="As ordered")


def test_what_is_wrong_stands_at_its_field_and_is_read_out():
    context = Context({"form": _Form({"dose": "1"}), "refused": Refused(said("Too much.", "dose"))})
    shown = Template("{% load ui %}{% field form.dose %}").render(context)
    assert 'aria-invalid="true"' in shown
    assert 'aria-describedby="id_dose_help id_dose_error"' in shown
    assert "✕ Too much." in shown


def test_every_form_carries_a_fresh_token():
    template = Template("{% load ui %}{% once %}")
    assert template.render(Context()) != template.render(Context())


def test_a_state_is_never_colour_alone():
    shown = Template('{% load ui %}{% tag "over" "overdue" %}').render(Context())
    assert "▲" in shown
    assert "overdue" in shown


def test_a_finding_shows_rule_source_and_status():
    text = '{% load ui %}{% finding "block" "Pregnancy" rule="C_PREG" source="Label" status="verified" %}'
    shown = Template(text).render(Context())
    assert all(word in shown for word in ("✕", "Stop", "Rule C_PREG", "verified", "Source: Label"))


def test_an_entry_is_seen_by_its_roles_alone():
    navigation.register(navigation.NavigationItem("Vault", "ui:vault", frozenset({"therapist"}), 1))
    try:
        assert "Vault" in [it.label for it in navigation.entries_for("therapist")]
        assert "Vault" not in [it.label for it in navigation.entries_for("nurse")]
    finally:
        navigation._entries.pop("ui:vault")


@given(st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), max_size=40))
def test_no_name_can_break_a_paper(name):
    """Whatever a person is called, the paper is printed and the name stands in it as text."""
    assert documents.typst.compile(documents.escaped(name).encode()).startswith(b"%PDF")


def test_markup_in_a_name_stays_a_name():
    assert documents.escaped('#read("x")') == '\\#read\\(\\"x\\"\\)'


def test_every_page_writes_a_day_in_one_of_few_ways():
    """The trial: “Wednesday 02 December” beside “2 Dec”. Pages use filters of `ui`."""
    asked = {
        f"{path.relative_to(SOURCE)}: {pattern}"
        for kind in ("*.html", "*.typ")
        for path in SOURCE.rglob(kind)
        for pattern in re.findall(r'\|date:"([^"]+)"', path.read_text("utf-8"))
        if pattern not in ("Y-m-d", "c")
    }
    assert asked == set()


WAYS = re.compile(r"write_day\([^\n]*?['\"]([A-Za-z ,:]+)['\"]\)")


def test_a_day_stands_in_the_order_of_the_clinics_country_and_its_month_is_a_word():
    day = datetime(2026, 2, 11, 9, 30)
    assert days.write_day(day, "D j M Y") == "Wed 11 Feb 2026"
    with days.in_order(month_first=True):
        assert days.write_day(day, "D j M Y") == "Wed, Feb 11, 2026"
        with translation.override("es"):
            assert days.write_day(day, "j M Y").startswith("11 ")
    assert days.write_day(day, "j M") == "11 Feb"


def test_every_way_of_writing_a_day_has_both_orders():
    texts = "".join(path.read_text("utf-8") for path in SOURCE.rglob("*.py") if "tests" not in path.parts)
    asked = set(WAYS.findall(texts)) | {pattern for pattern, _ in wording.DAYS.values()}
    assert len(asked) >= 7
    assert asked <= set(days.ORDERS)


def _alone(css: str) -> set[str]:
    """The classes that a sheet gives a look by themselves."""
    parts = re.findall(r"([^{}]+)\{", re.sub(r"/\*.*?\*/", "", css, flags=re.DOTALL))
    found = (re.fullmatch(r"\s*\.([\w-]+)\s*", one) for part in parts for one in part.split(","))
    return {it.group(1) for it in found if it}


def test_the_room_and_the_other_pages_give_no_class_two_looks():
    """A chart of scores took the room's class for its lanes, and bent the curves of every session."""
    sheets = TOKENS.parent
    shared = "".join((sheets / name).read_text("utf-8") for name in ("base.css", "components.css"))
    room = (sheets.parent / "dosing" / "room.css").read_text("utf-8")
    assert len(_alone(room)) > 10
    assert _alone(room) & _alone(shared) == set()
