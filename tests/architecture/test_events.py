"""Events: each is declared once, recorded, comes back as it was written, and reaches whoever subscribed."""

from __future__ import annotations

import ast
import json
import uuid
from collections import Counter
from collections.abc import Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from importlib import import_module
from types import UnionType
from typing import Any, get_args, get_origin, get_type_hints

import pytest

from openkap.audit import delivery
from openkap.audit.chain import canonical
from openkap.config.installed import manifests
from openkap.kernel.event import DomainEvent
from tests.architecture.reading import SOURCE, files, tree_of

DECLARED = {
    app: [
        it
        for it in vars(import_module(f"openkap.{app}.events")).values()
        if isinstance(it, type) and issubclass(it, DomainEvent) and it is not DomainEvent
    ]
    for app in manifests()
    if (SOURCE / app / "events.py").exists()
}
EVENTS = [(app, event) for app, events in DECLARED.items() for event in events]
SUBSCRIPTIONS = [
    (event, app, handler)
    for app, manifest in manifests().items()
    for event, handler in manifest.subscriptions.items()
]
ACTS = {"message_on_call"}
EXAMPLES: dict[Any, Any] = {
    str: "two words",
    int: 7,
    bool: True,
    Decimal: Decimal("12.50"),
    uuid.UUID: uuid.UUID(int=9),
    datetime: datetime(2026, 3, 4, 5, 6, tzinfo=UTC),
    date: date(2026, 3, 4),
}


def _example(kind: Any) -> Any:
    if isinstance(kind, UnionType):
        return _example(get_args(kind)[0])
    if get_origin(kind) is tuple:
        return (_example(get_args(kind)[0]),) * 2
    return {"code": "early"} if get_origin(kind) is Mapping else EXAMPLES[kind]


def _named(app: str) -> set[str]:
    """The event classes an app's writers name, where they are more than imported."""
    return {
        node.id
        for path in files()
        if path.relative_to(SOURCE).parts[0] == app and path.stem not in ("events", "manifest", "handlers")
        for node in ast.walk(tree_of(path))
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load)
    }


def test_every_event_stands_under_a_verb_of_its_own_that_begins_with_its_app():
    assert len(EVENTS) > 100
    assert {event.verb.split(".")[0] == app for app, event in EVENTS} == {True}
    assert [verb for verb, times in Counter(it.verb for _, it in EVENTS).items() if times > 1] == []


@pytest.mark.parametrize("app", DECLARED)
def test_every_event_an_app_declares_is_recorded_by_it(app):
    """An event nobody records would never reach its handler, unnoticed."""
    assert {event.__name__ for event in DECLARED[app]} - _named(app) == set()


@pytest.mark.parametrize("event", [event for _, event in EVENTS], ids=lambda event: event.__name__)
def test_every_event_comes_back_as_it_was_recorded(event):
    kinds = get_type_hints(event)
    kinds.pop("verb")
    told = event(**{name: _example(kind) for name, kind in kinds.items()})
    assert event.of(json.loads(canonical(told.details()))) == told


@pytest.mark.parametrize(("event", "app", "handler"), SUBSCRIPTIONS)
def test_a_handler_gets_the_event_it_reads(event, app, handler):
    hints = get_type_hints(getattr(import_module(f"openkap.{app}.handlers"), handler))
    assert hints["delivery"] == delivery.Delivery[event]
    assert event in DECLARED[event.verb.split(".")[0]]


def test_every_subscription_stands_under_a_name_of_its_own():
    expected = {(event.verb, f"{app}.{handler}") for event, app, handler in SUBSCRIPTIONS}
    assert {(verb, name) for verb, names in delivery.subscribed().items() for name in names} >= expected
    assert len(expected) == len(SUBSCRIPTIONS)


def _is_an_act(statement: ast.stmt) -> bool:
    """A call of another act, which records itself."""
    call = statement.value if isinstance(statement, ast.Expr) else None
    return isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id in ACTS


def _after_the_record(path: Any) -> list[str]:
    """Statements that follow a `record(...)` in its own block, but for handing something back."""
    found = []
    for node in ast.walk(tree_of(path)):
        for block in (getattr(node, name, None) for name in ("body", "orelse")):
            statements = block if isinstance(block, list) else []
            for place, each in enumerate(statements):
                call = each.value if isinstance(each, ast.Expr) else None
                if not (isinstance(call, ast.Call) and isinstance(call.func, ast.Name)):
                    continue
                if call.func.id == "record":
                    rest = [it for it in statements[place + 1 :] if not isinstance(it, ast.Return)]
                    found += [f"{path.name}:{it.lineno}" for it in rest if not _is_an_act(it)]
    return found


def test_the_event_is_recorded_last():
    """The chain's head is locked while an event is recorded: whatever came after would hold up every act."""
    assert [line for path in files() for line in _after_the_record(path)] == []
