"""Each app says what it offers and asks for; adding one touches its folder and one list."""

from __future__ import annotations

import ast
import re
import tomllib
from importlib import import_module
from inspect import isfunction
from pathlib import Path
from types import ModuleType

import pytest
from django.urls import reverse

from openkap.config.installed import APPS, manifests
from openkap.kernel.ids import uuid7
from openkap.ui import cards, links
from openkap.ui.cards import CardPlace
from openkap.ui.timeline import TimelineKind
from tests.architecture.reading import SOURCE, files

ROOT = SOURCE.parent.parent
CONTRACTS = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["importlinter"]["contracts"]
OUTSIDE_THE_APPS = {"kernel", "config"}  # `kernel` has no tables or pages, `config` puts the apps together


def _layers() -> dict[str, int]:
    """How high each app stands; several on one layer do not see each other."""
    lowest_first = reversed(CONTRACTS[0]["layers"])
    return {app.strip(" ()"): place for place, row in enumerate(lowest_first) for app in row.split("|")}


def test_every_app_is_listed_and_has_a_manifest():
    folders = {path.parent.name for path in SOURCE.glob("*/apps.py")}
    assert folders - OUTSIDE_THE_APPS == set(APPS)
    assert all(manifest.title for manifest in manifests().values())
    assert {path.parent.name for path in SOURCE.glob("*/manifest.py")} - {"kernel"} == set(APPS)


def test_the_apps_stand_in_the_order_of_their_layers():
    layers = _layers()
    assert [layers[app] for app in APPS] == sorted(layers[app] for app in APPS)
    assert set(APPS) <= set(layers)


def test_what_an_app_calls_pure_is_held_pure():
    named = {f"openkap.{app}.{module}" for app, manifest in manifests().items() for module in manifest.pure}
    assert named | {"openkap.kernel"} == set(CONTRACTS[1]["source_modules"])


@pytest.mark.parametrize("app", APPS)
def test_a_manifest_names_what_there_is_and_all_of_it(app: str):
    manifest, folder = manifests()[app], SOURCE / app
    assert manifest.jobs is (folder / "jobs.py").exists()
    handlers = import_module(f"openkap.{app}.handlers") if (folder / "handlers.py").exists() else None
    defined = {name for name in vars(handlers or object) if name.startswith("on_")}
    assert set(manifest.subscriptions.values()) == defined
    assert set(manifest.patient_keys) == _modules_with(folder, "PATIENT_OF")
    assert set(manifest.explains) == _modules_with(folder, "EXPLAINED")
    has_cards = app != "ui" and (folder / "cards.py").exists()  # in `ui` stands the register of all
    drawing = import_module(f"openkap.{app}.cards") if has_cards else None
    assert {card.name for card in manifest.cards} == _functions_of(drawing)
    assert {card.place for card in manifest.cards} <= set(CardPlace)
    tells = app != "ui" and (folder / "timeline.py").exists()
    telling = import_module(f"openkap.{app}.timeline") if tells else None
    assert set(manifest.timeline) == _functions_of(telling)
    assert set(manifest.timeline.values()) <= set(TimelineKind)
    in_navigation, in_tabs = ([it.url_name for it in of] for of in (manifest.navigation, manifest.tabs))
    for url_name in (*manifest.links.values(), *in_navigation, *in_tabs):
        assert url_name.split(":")[0] == app
    for tab in manifest.tabs:
        assert reverse(tab.url_name, args=[uuid7()])
    for entry in manifest.navigation:
        assert reverse(entry.url_name)


def _functions_of(module: ModuleType | None) -> set[str]:
    """The public functions a module defines itself."""
    return {
        name
        for name, value in vars(module or object).items()
        if isfunction(value) and value.__module__ == getattr(module, "__name__", "") and name[0] != "_"
    }


def _modules_with(folder: Path, name: str) -> set[str]:
    return {
        ".".join(path.relative_to(folder).with_suffix("").parts)
        for path in folder.rglob("*.py")
        if "tests" not in path.parts
        and re.search(rf"^{name}\b[^\n]*=", path.read_text("utf-8"), re.MULTILINE)
    }


def _templates() -> list[Path]:
    return sorted(SOURCE.glob("*/templates/**/*.html"))


def test_no_app_names_a_url_of_an_app_above_or_beside_it():
    """The trial counted 31: a lower app would have to be edited whenever a higher page moves."""
    layers, upward = _layers(), []
    for path in [*files(), *_templates()]:
        app = path.relative_to(SOURCE).parts[0]
        if "tests" in path.parts or app in OUTSIDE_THE_APPS or app not in layers:
            continue
        for other, page in re.findall(r"""["']([a-z_]+):([a-z_]+)["']""", path.read_text("utf-8")):
            if other in APPS and other != app and layers[other] >= layers[app]:
                upward.append(f"{path.relative_to(SOURCE)}: {other}:{page}")
    assert upward == []


def _asked_for() -> set[str]:
    asked: set[str] = set()
    for path in _templates():
        asked |= set(re.findall(r"""\{% to ["'](\w+)["']""", path.read_text("utf-8")))
    for path in files():
        if "tests" in path.parts:
            continue
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and ast.unparse(node.func) == "links.to":
                name = node.args[0]
                asked |= {name.value} if isinstance(name, ast.Constant) else set()
    return asked


def test_every_link_that_is_asked_for_is_offered_and_the_other_way_round():
    offered = [name for manifest in manifests().values() for name in manifest.links]
    assert len(offered) == len(set(offered))
    assert _asked_for() <= set(offered)
    assert set(offered) <= _asked_for() | {"preparation", "integration"}  # stages of a course, by their key


def test_a_link_nobody_offers_leads_nowhere_and_two_for_one_name_are_a_mistake(monkeypatch):
    monkeypatch.setattr(links, "_offered", {"record": "desk:chart"})
    assert links.to("invoice") == ""
    links.offer("record", "desk:chart")
    with pytest.raises(ValueError, match="leads to desk:chart already"):
        links.offer("record", "people:patients")


def test_the_pages_over_many_apps_lay_out_what_the_apps_draw():
    """Adding an app adds its cards: `desk` names no card of another app, and draws only its own."""
    standing = {place: cards.names_at(place) for place in CardPlace}
    named = {f"{app}.{card.name}" for app, manifest in manifests().items() for card in manifest.cards}
    assert {name for names in standing.values() for name in names} == named
    drawn = [path for path in _templates() if path.parts[-2] == "desk" and path.name.startswith("card_")]
    assert {path.stem.removeprefix("card_") for path in drawn} == {"trend", "merges"}
    assert standing[CardPlace.CHART_TOP][:2] == ["dosing.in_session", "alerts.open_on_chart"]
