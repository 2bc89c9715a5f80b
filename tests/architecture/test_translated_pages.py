"""Every page, walked in a language nobody speaks: each sentence stands between marks, or it was forgotten."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import asdict
from html import unescape
from pathlib import Path
from typing import Any
from zoneinfo import available_timezones

import pytest
import yaml
from django.apps import apps
from django.db import models
from django.template import engines
from django.test import Client
from django.utils import translation

from openkap.measures.instruments import ALL
from openkap.tenancy.context import inside
from tests import pseudo
from tests.architecture.test_translation import WORD, _spoken, _words
from tests.harbour import someone
from tests.settings import ROOT

LINK = re.compile(r'<a [^>]*href="(/[^"#]*)')
PAGES_MAX = 90
NOT_THERE = "not there: "
PAGES_SEEN = {"kit": 25, "okafor": 40, "sam": 35, "noor": 35, "ada": 12, "robin": 3, "amara": 5}


@pytest.mark.django_db
@pytest.mark.parametrize("who", PAGES_SEEN)
def test_no_page_shows_a_sentence_that_no_translator_would_find(client_as, who, monkeypatch, harbour):
    """Every page this person can walk to, in a language nobody speaks. None asks for what is not there."""
    with inside(harbour, role="system"):
        actor = someone(harbour, who)
        kept = _kept()
        pseudo.speak(monkeypatch)
        monkeypatch.setattr(engines["django"].engine, "string_if_invalid", f"{NOT_THERE}%s")
        outside: dict[str, str] = {}
        pages = list(_pages(client_as(actor)))
        for path, page in pages:
            for text in _spoken(pseudo.outside(page)):
                left = _left(text, kept)
                if left:
                    outside.setdefault(left, f"{path}: {' '.join(text.split())[:120]}")
    assert outside == {}
    assert {it for _, page in pages for it in re.findall(rf"{NOT_THERE}[\w.]+", page)} == set()
    assert len(pages) >= PAGES_SEEN[who]


def _pages(browser: Client) -> Iterator[tuple[str, str]]:
    waiting, seen = ["/"], set()
    kinds: dict[str, int] = {}
    while waiting and len(seen) < PAGES_MAX:
        path = waiting.pop(0)
        kind = re.sub(r"[0-9a-f-]{36}|\d+", "#", path.split("?")[0])
        if path in seen or kinds.get(kind, 0) >= 2 or "/sign-out/" in path:
            continue
        seen.add(path)
        kinds[kind] = kinds.get(kind, 0) + 1
        answer = browser.get(path)
        if answer.status_code == 302:
            waiting.append(answer["Location"])
        if answer.status_code == 200 and "text/html" in answer["Content-Type"]:
            page = answer.content.decode()
            waiting += [unescape(link) for link in LINK.findall(page)]
            yield path, page


def _left(text: str, kept: list[str]) -> str:
    """What of a text is neither translated nor kept as it was written."""
    text = " ".join(text.split())
    for own in kept if WORD.search(text) else ():
        if own in text:
            text = re.sub(rf"(?<!\w){re.escape(own)}(?!\w)", " ", text)
    return " ".join(_words(text))


def _kept() -> list[str]:
    """What is kept as it was written: the record's words, packs, documents, instruments (ADR 0028)."""
    own: set[str] = set()
    for model in apps.get_models():
        fields = [it.attname for it in model._meta.concrete_fields if _holds_words(it)]
        if fields and model.__module__.startswith("openkap."):
            own |= {
                part
                for row in model._base_manager.all()
                for name in fields
                for text in _strings(getattr(row, name))
                for part in (text, *text.splitlines())
            }
    sources = Path(ROOT, "src", "openkap")
    for path in sources.rglob("*.yaml"):
        own |= set(_strings(yaml.safe_load(path.read_text("utf-8"))))
    own |= set(_strings(json.loads((sources / "config/demo/referral.json").read_text("utf-8"))))
    own |= {name.replace("_", " ") for name in available_timezones()}
    own |= {text for it in ALL.values() for text in _strings(asdict(it))}
    return sorted((" ".join(it.split()) for it in own if len(it) > 1), key=len, reverse=True)


def _holds_words(field: Any) -> bool:
    kinds = (models.CharField, models.TextField, models.JSONField)
    return not field.choices and (isinstance(field, kinds) or "Sealed" in type(field).__name__)


def _strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for it in value.values():
            yield from _strings(it)
    elif isinstance(value, (list, tuple)):
        for it in value:
            yield from _strings(it)


@pytest.mark.django_db
def test_a_page_names_its_language_and_brings_the_words_of_its_scripts(client):
    """English needs no catalogue of scripts; any other language brings it, from this site."""
    assert b'<html lang="en"' in client.get("/sign-in/").content
    assert b"words.js" not in client.get("/sign-in/").content
    with translation.override("es"):
        page = client.get("/sign-in/").content
    assert b'<html lang="es"' in page
    assert b'<script src="/words.js"></script>' in page
    answer = client.get("/words.js")
    assert answer["Content-Type"].startswith("text/javascript")
    assert b"django.gettext" in answer.content
